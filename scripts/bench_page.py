"""Writes docs/benchmarks.md from what scripts/bench.sh noted. Ratios first; the machine is named."""

import platform
import re
import statistics
import subprocess
import sys
from pathlib import Path

facts, scale = (Path(name).read_text() for name in sys.argv[1:3])
lines = [line.split() for line in facts.splitlines()]
single = {line[0]: line[1] for line in lines if len(line) == 2}
rounds = [tuple(map(float, line[1:])) for line in lines if line[0] == "round"]
reports: dict[str, list[float]] = {}
for line in lines:
    if line[0] == "report" and int(line[3]) > 2:
        reports.setdefault(line[1], []).append(float(line[2]) * 1000)
http: dict[str, list[float]] = {}
targets: dict[str, str] = {}
for line in lines:
    if line[0] == "http" and int(line[3]) > 2:
        name = line[1].replace("-", " ")
        http.setdefault(name, []).append(float(line[2]) / 1000)
        targets[name] = line[4]
by_hand = {name: float(took) for name, took in re.findall(r"^over HTTP, by hand: (.+?)\s+([\d.]+) ms$", scale, re.M)}
# What is asked over HTTP, with its own milliseconds and those of the SQL; what stands behind a colon is how it is shown.
asked = [
    (name, statistics.median(times), by_hand[name.split(":")[0]], targets[name])
    for name, times in http.items()
    if name.split(":")[0] in by_hand
]


def number(pattern: str) -> float:
    found = re.search(pattern, scale)
    return float(found.group(1)) if found else float("nan")


def machine() -> str:
    cpu = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    cores = subprocess.run(["nproc"], capture_output=True, text=True, check=True).stdout.strip()
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal")) / 2**20
    return f"{cpu}, {cores} cores, {memory:.0f} GB of memory, {platform.system()} {platform.release()}"


def row(what: str, target: str, measured: str) -> None:
    print(f"| {what} | {target} | {measured} |")


table = re.findall(r"^(.+?)\s{2,}([\d.]+)\s+(-?\d+)\s+([\d.]+)\s+(-?\d+)\s+(-?[\d.]+)$", scale, re.M)
ratios = [(name.strip(), float(own), float(hand)) for name, own, _, hand, _, _ in table]
groups = {count: [each for each in rounds if each[0] == count] for count in sorted({each[0] for each in rounds})}
ratio = {count: statistics.median(own / bare for _, bare, own, _, _ in group) for count, group in groups.items()}
size = number(r"bytes in the file, ([\d.]+) a hit")
millions = number(r"appended (\d+) hits") / 1e6

print("# Benchmarks\n")
print("`make bench` writes this page; every figure is from one run, beside its rival. Figures drift with the machine's neighbours,")
print("so ratios are what counts. The load generator runs on the same cores.\n")
print(f"Machine: {machine()}.\n")
print("| What | Target | Measured |\n|---|---|---|")
for count, value in ratio.items():
    row(f"Tracking, durably answered, whole pipeline running, {count:.0f} connections, to a bare handler", "≥ 25 %", f"**{value:.0%}**")
if ratios:
    worst = max(ratios, key=lambda each: each[1] / each[2])
    middle = statistics.median(own / hand for _, own, hand in ratios)
    measured = f"**{middle:.2f} ×** in the middle, {worst[1] / worst[2]:.2f} × at worst ({worst[0]})"
    row(f"Core reports over 30 days on {millions:.1f} M hits, to SQL written by hand", "≤ 2 ×", measured)
for name, own, hand, target in asked:
    what = f"{millions:.1f} M hits, over HTTP, {name}, to SQL written by hand"
    row(what, f"≤ {target} ×", f"**{own / hand:.2f} ×** ({own:.0f} ms)")
row("Bytes a hit on disk, all columns, dictionary and visits", "≤ 60", f"**{size:.1f}**")
row("Resident memory, idle, empty store", "≤ 100 MB", f"**{single['idle_mb']} MB**")
row(f"Resident memory, idle, {millions:.1f} M hits", "≤ 100 MB", f"{single['idle_large_mb']} MB")
row("Resident memory, most seen under tracking load", "≤ 400 MB", f"{single['peak_mb']} MB")
row("Resident memory, most seen while reports were asked", "≤ 400 MB", f"{single['peak_large_mb']} MB")
lag = max(each[4] for each in rounds)
row("From the last answer under full load until everything is in the reports", "≤ 2 s", f"{lag / 1000:.1f} s at most")
row("Start to ready, empty store", "≤ 0.3 s", f"{int(single['start_empty_ms']) / 1000:.2f} s")
row(f"Start to ready, {millions:.1f} M hits", "≤ 1 s", f"{int(single['start_large_ms']) / 1000:.2f} s")
for _, days, took, cold in [line for line in lines if line[0] == "first"]:
    asked_for = "30 days" if days.startswith("2026-05") else "12 months"
    what = f"`/api/v1/stats/aggregate` over {asked_for} of {millions:.1f} M hits, asked right after a {cold} start, the shorter range first"
    row(what, "≤ 1 s", f"{float(took):.2f} s")
scripts = [int(line[2]) for line in lines if line[0] == "script"]
names = ["Plausible's script, plain, as sent", "Plausible's script with every extension, as sent", "`matomo.js`, as sent"]
for name, most, sent in zip(names, ["1", "2", "15"], scripts):
    row(name, f"≤ {most} kB", f"{sent / 1000:.1f} kB")
row("UI, what a dashboard loads first, gzip", "≤ 150 kB", f"{float(single['ui_first_load_kb']):.1f} kB")

print("\n## Tracking\n")
print("The rival is a bare axum handler that answers the same bytes and does nothing (`crates/server/examples/bare.rs`); the load is")
print("300 000 visitors, 20 000 pages, eight referrers, twelve user agents (`crates/server/examples/load.rs`). Rounds in turn.\n")
print("| connections | bare handler, requests/s | Footfall, requests/s | ratio | hits behind when the load ended | stored after |")
print("|---|---|---|---|---|---|")
for count, bare, own, depth, lag in rounds:
    print(f"| {count:.0f} | {bare:,.0f} | {own:,.0f} | {own / bare:.0%} | {depth:,.0f} | {lag / 1000:.1f} s |")
print(f"\nHits made durable: {int(single['journaled']):,}; counted in reports: {int(single['counted']):,}.")
print("\n## Reports and size\n")
print("From `crates/store-duckdb/examples/scale`: the planner's query against SQL written by hand for the same file; milliseconds by")
print("the clock (the median of eleven runs), and of all cores together. A whole list comes in the same order from both: among equal")
print("counts by its texts (until November 2026 the rival left those as they came).\n")
print("```text")
print(scale.rstrip())
print("```\n")
print("Over HTTP, Matomo's API, 30 days of that store, milliseconds (the median of three):\n")
print("| report | ms |\n|---|---|")
for name, times in reports.items():
    print(f"| {name} | {statistics.median(times):.0f} |")
if asked:
    print("\nOver HTTP, whole reports of Matomo's API over 30 days (visitors: a year), then questions of Plausible's Stats API within")
    print("12 months; milliseconds (the median of five), and the SQL by hand:\n")
    print("| question | ms | by hand, ms |\n|---|---|---|")
    for name, own, hand, _ in asked:
        print(f"| {name} | {own:.0f} | {hand:.0f} |")
