"""Writes docs/benchmarks.md from what scripts/bench.sh measured. Ratios first; the machine is named."""
import platform, re, statistics, subprocess, sys

scale_file, rows, idle, peak, lag, journaled, counted = sys.argv[1:8]
pairs = [tuple(map(float, line.split())) for line in rows.strip().splitlines()]
cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
cores = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip()
print("# Benchmarks\n")
print(f"`make bench` writes this page. Machine: {cpu}, {cores} cores, {platform.system()} {platform.release()}; the load generator")
print("runs on the same cores. Figures drift with the machine's neighbours, so ratios to a rival in the same run are what counts.\n")
print("## Tracking, durably answered, whole pipeline running\n")
print("The rival is a bare axum handler that answers the same bytes and does nothing (`crates/server/examples/bare.rs`).\n")
print("| connections | bare handler, requests/s | Footfall, requests/s | ratio |")
print("|---|---|---|---|")
for connections in sorted({row[0] for row in pairs}):
    group = [row for row in pairs if row[0] == connections]
    bare, own = (statistics.median(row[i] for row in group) for i in (1, 2))
    ratio = statistics.median(row[2] / row[1] for row in group)
    print(f"| {connections:.0f} | {bare:,.0f} | {own:,.0f} | **{ratio:.0%}** |")
print("\nMedians of three rounds in turn (ratios pair by pair). The target is 35 %, for the first version 25 %.\n")
print("| | |\n|---|---|")
print(f"| hits made durable, hits counted in reports | {int(float(journaled)):,}, {int(float(counted)):,} |")
print(f"| until the store had the last of them, after the load ended | {float(lag):.1f} s |")
print(f"| resident memory, idle with an empty store | {idle} MB |")
print(f"| resident memory, most seen under load | {peak} MB |")
print("\n## Reports and size\n")
print("From `crates/store-duckdb/examples/scale.rs`: the planner's query against SQL written by hand for the same file.\n")
print("```text")
print(re.sub(r"/[^\s]*/", "", open(scale_file).read().rstrip()))
print("```")
