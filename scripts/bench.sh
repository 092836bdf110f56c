#!/usr/bin/env bash
# Measures the table of the design's part 8 on this machine, each figure beside its rival in the same run, and writes
# docs/benchmarks.md. Load goes to loopback only. HITS (millions, default 10) and SECONDS_EACH (default 10) shorten it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
cargo build --locked --workspace --bin footfall --examples
bin="$CARGO_TARGET_DIR/debug"
work=$(mktemp -d)
pids=()
trap 'kill -9 "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
seconds=${SECONDS_EACH:-10}
"$bin/examples/bare" 127.0.0.1:18300 & pids+=($!)
export PORT=18301 STATE="$work" TOKEN=0123456789abcdef0123456789abcdef PASSWORD=pack-password-1
scripts/empty-server.sh
pids+=("$(cat "$work/pid")")
api() { curl -fsS "http://127.0.0.1:$PORT/index.php?module=API&format=json&token_auth=$TOKEN&$1"; }
rss() { awk '/VmRSS/ {printf "%.0f", $2/1024}' "/proc/$(cat "$work/pid")/status"; }
api 'method=SitesManager.addSite&siteName=bench&urls\[0\]=https://bench.example' >/dev/null
idle=$(rss)
peak=0
rows=""
for connections in 64 256; do
  for round in 1 2 3; do
    bare=$("$bin/examples/load" 127.0.0.1:18300 1 $connections "$seconds" | jq .per_second)
    own=$("$bin/examples/load" 127.0.0.1:$PORT 1 $connections "$seconds" | jq .per_second)
    now=$(rss); [ "$now" -gt "$peak" ] && peak=$now
    rows+="$connections $bare $own"$'\n'
    echo "$connections connections: bare $bare/s, footfall $own/s"
  done
done
start=$(date +%s.%N)
answered=$(curl -fsS "http://127.0.0.1:$PORT/metrics" | awk '/^footfall_hits_journaled_total/ {print $2}')
while :; do
  counted=$(curl -fsS "http://127.0.0.1:$PORT/metrics" | awk '/^footfall_hits_counted_total/ {print $2}')
  depth=$(curl -fsS "http://127.0.0.1:$PORT/metrics" | awk '/^footfall_journal_depth/ {print $2}')
  [ "$depth" = 0 ] && break
  sleep 0.2
done
lag=$(echo "$(date +%s.%N) - $start" | bc)
"$bin/examples/scale" "${HITS:-10}" >"$work/scale.txt"
python3 scripts/bench_page.py "$work/scale.txt" "$rows" "$idle" "$peak" "$lag" "$answered" "$counted" >docs/benchmarks.md
cat docs/benchmarks.md
