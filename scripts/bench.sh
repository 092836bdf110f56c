#!/usr/bin/env bash
# Measures the table of the design's part 8 on this machine, each figure beside its rival in the same run, and writes
# docs/benchmarks.md. Load goes to loopback only. HITS (millions, default 10), SECONDS_EACH (default 10), ROUNDS (default 3)
# shorten it; PORT_BARE and PORT (18300, 18301) are the ports it uses; PAGE is the file it writes; BUILT is a folder with
# `footfall`, `bare`, `load` and `scale` that are measured instead of what is built here.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
say() { echo "bench: $(date +%T) $*" >&2; }

work=$(mktemp -d)
pids=()
finish() {
  local status=$?
  trap - EXIT
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  rm -rf "$work"
  [ "$status" = 0 ] || say "stopped before its end (exit code $status)"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM
# Copies, so that another build meanwhile does not change what is measured.
if [ -n "${BUILT:-}" ]; then
  cp "$BUILT"/{footfall,bare,load,scale} "$work/"
else
  say "building as releases are"
  cargo build --locked --release --workspace --bin footfall --example bare --example load --example scale
  cp "$CARGO_TARGET_DIR/release/footfall" "$CARGO_TARGET_DIR"/release/examples/{bare,load,scale} "$work/"
fi

seconds=${SECONDS_EACH:-10} rounds=${ROUNDS:-3} hits=${HITS:-10}
bare_port=${PORT_BARE:-18300} port=${PORT:-18301} page=${PAGE:-docs/benchmarks.md}
token=0123456789abcdef0123456789abcdef
facts="$work/facts"
note() { echo "$*" >>"$facts"; }
rss() { awk '/^VmRSS/ {printf "%.0f", $2 / 1024}' "/proc/$server/status"; }
hwm() { awk '/^VmHWM/ {printf "%.0f", $2 / 1024}' "/proc/$server/status"; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
api() { curl -fsS "http://127.0.0.1:$port/index.php?module=API&format=json&token_auth=$token&$1"; }
metric() { curl -fsS -H "Authorization: Bearer $token" "http://127.0.0.1:$port/metrics" | awk -v name="footfall_$1" '$1 == name {print $2}'; }
wait_for() {
  for _ in $(seq 1 3000); do
    curl -fsS -o /dev/null "$1" 2>/dev/null && return 0
    kill -0 "$2" 2>/dev/null || { say "a server ended by itself"; cat "$work/log" >&2; return 1; }
    sleep 0.01
  done
  say "nothing answers at $1"; return 1
}
# Starts Footfall on a data directory; gives the milliseconds until it was ready.
serve() {
  local began; began=$(now_ms)
  FOOTFALL_DATA_DIR="$1" FOOTFALL_LISTEN="127.0.0.1:$port" FOOTFALL_BASE_URL="http://127.0.0.1:$port" FOOTFALL_LOG_LEVEL=warn \
    ADMIN_USER_EMAIL=bench@example.org ADMIN_USER_NAME=bench ADMIN_USER_PWD=bench-password-1 FOOTFALL_ADMIN_USER_TOKEN=$token \
    "$work/footfall" serve >"$work/log" 2>&1 &
  server=$!
  pids+=("$server")
  wait_for "http://127.0.0.1:$port/health/ready" "$server"
  started=$(($(now_ms) - began))
}
stop() { kill "$server"; wait "$server" || true; }

say "tracking: $rounds rounds of ${seconds} s at 64 and at 256 connections, the bare handler and Footfall in turn"
"$work/bare" "127.0.0.1:$bare_port" & pids+=($!)
mkdir "$work/data"
serve "$work/data"
wait_for "http://127.0.0.1:$bare_port/matomo.php" "${pids[0]}"
api 'method=SitesManager.addSite&siteName=bench&urls%5B0%5D=https://bench.example' >/dev/null
sleep 3
note "start_empty_ms $started"
note "idle_mb $(rss)"
for connections in 64 256; do
  for round in $(seq 1 "$rounds"); do
    bare=$("$work/load" "127.0.0.1:$bare_port" 1 $connections "$seconds" | jq .per_second)
    own=$("$work/load" "127.0.0.1:$port" 1 $connections "$seconds" | jq .per_second)
    depth=$(metric journal_depth)
    began=$(now_ms)
    for _ in $(seq 1 1200); do
      [ "$(metric journal_depth)" = 0 ] && break
      sleep 0.05
    done
    lag=$(($(now_ms) - began))
    note "round $connections $bare $own $depth $lag"
    say "$connections connections, round $round: bare $bare/s, footfall $own/s; $depth hits behind at the end, stored ${lag} ms later"
  done
done
note "journaled $(metric hits_journaled_total)"
note "counted $(metric hits_counted_total)"
note "peak_mb $(hwm)"
stop

say "reports: $hits million made-up hits into a store, then the questions (at 10 million about ten minutes)"
mkdir "$work/large"
"$work/scale" "$hits" "$work/large/events.duckdb" >"$work/scale.txt"
cat "$work/scale.txt" >&2

say "a server on that store"
serve "$work/large"
api 'method=SitesManager.addSite&siteName=bench&urls%5B0%5D=https://www.example.com' >/dev/null
domain=$(curl -fsS -H "Authorization: Bearer $token" "http://127.0.0.1:$port/api/v1/sites" | jq -r '.sites[0].domain')
stop
sync
cold=warm
{ echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null && cold=cold
serve "$work/large"
note "start_large_ms $started"
sleep 3
note "idle_large_mb $(rss)"
for days in 2026-05-30,2026-06-28 2025-07-01,2026-06-30; do
  took=$(curl -fsS -o "$work/answer" -w '%{time_total}' -H "Authorization: Bearer $token" \
    "http://127.0.0.1:$port/api/v1/stats/aggregate?site_id=$domain&period=custom&date=$days&metrics=visitors,visits,pageviews,bounce_rate,visit_duration")
  note "first $days $took $cold"
done
for method in VisitsSummary.get Actions.getPageUrls UserCountry.getCountry Referrers.getReferrerType DevicesDetection.getBrowsers; do
  for _ in 1 2 3; do
    took=$(curl -fsS -o "$work/answer" -w '%{time_total}' "http://127.0.0.1:$port/index.php?module=API&format=json&token_auth=$token&idSite=1&period=range&date=2026-05-30,2026-06-28&flat=1&filter_limit=100&method=$method")
    note "report $method $took $(wc -c <"$work/answer")"
  done
done

say "reports over 30 days and a year, whole"
reported() { # name, parameters
  for _ in 1 2 3 4 5; do
    local began; began=$(date +%s%N)
    api "idSite=1&$2" >"$work/answer"
    note "http $1 $((($(date +%s%N) - began) / 1000)) $(wc -c <"$work/answer") 2"
  done
}
month='period=range&date=2026-05-30,2026-06-28'
conditions='browserName==Firefox;deviceType==desktop;actions>=3;pageUrl=@docs'
reported last-visits,-100-with-their-actions "$month&method=Live.getLastVisitsDetails&filter_limit=100"
reported page-tree,-all-paths:-expanded "$month&method=Actions.getPageUrls&filter_limit=-1&expanded=1"
reported page-tree,-all-paths:-flat "$month&method=Actions.getPageUrls&filter_limit=-1&flat=1"
reported segment-of-four-conditions "$month&method=VisitsSummary.get&segment=$(jq -rn --arg it "$conditions" '$it|@uri')"
reported unique-visitors-of-a-year "period=year&date=2026-06-01&method=VisitsSummary.getUniqueVisitors"

say "Plausible's Stats API over twelve months, which hold every hit"
# A call of Plausible's APIs; gives the answer.
stats() { curl -fsS -X "$1" -H "Authorization: Bearer $token" -H 'content-type: application/json' ${3:+-d "$3"} "http://127.0.0.1:$port$2"; }
goals=()
for start in /blog /docs /shop /help; do
  goals+=("$(stats PUT /api/v1/sites/goals "{\"site_id\":\"$domain\",\"goal_type\":\"page\",\"page_path\":\"$start/**\"}" | jq .id)")
done
again=$(stats PUT /api/v1/sites/goals "{\"site_id\":\"$domain\",\"goal_type\":\"page\",\"page_path\":\"/blog/*/**\"}" | jq .id)
funnel=$(stats PUT /api/v1/sites/funnels "{\"site_id\":\"$domain\",\"name\":\"Reading\",\"goal_ids\":[$(IFS=,; echo "${goals[*]}"),$again]}" | jq .id)
asked="\"site_id\":\"$domain\",\"date_range\":[\"2025-07-01\",\"2026-06-30\"],\"pagination\":{\"limit\":100}"
timed() { # name, method, path, body
  for _ in 1 2 3 4 5; do
    local began; began=$(date +%s%N)
    stats "$2" "$3" "${4:-}" >"$work/answer"
    note "http $1 $((($(date +%s%N) - began) / 1000)) $(wc -c <"$work/answer") ${5:-1.5}"
  done
}
pages='"metrics":["visitors","pageviews"],"dimensions":["event:page"]'
timed page-breakdown POST /api/v2/query "{$asked,$pages}"
timed two-filters POST /api/v2/query "{$asked,$pages,\"filters\":[[\"is\",\"visit:browser\",[\"Firefox\"]],[\"contains\",\"event:page\",[\"docs\"]]]}"
timed conversion-rate POST /api/v2/query "{$asked,\"metrics\":[\"visitors\",\"conversion_rate\"],\"dimensions\":[\"visit:country\"],\"filters\":[[\"is\",\"event:goal\",[\"Visit /blog/**\"]]]}"
timed funnel-of-five-steps GET "/api/v1/stats/funnel?site_id=$domain&funnel_id=$funnel&period=custom&date=2025-07-01,2026-06-30" "" 2
note "peak_large_mb $(hwm)"
for script in js/script.js js/script.file-downloads.hash.outbound-links.pageview-props.revenue.tagged-events.js matomo.js; do
  note "script $script $(curl -fsS -H 'accept-encoding: gzip' -o /dev/null -w '%{size_download}' "http://127.0.0.1:$port/$script" || echo 0)"
done
note "ui_first_load_kb $(cd ui && node scripts/size.mjs | awk '/first load/ {print $1}')"
stop

python3 scripts/bench_page.py "$facts" "$work/scale.txt" >"$work/page.md"
mv "$work/page.md" "$page"
cat "$page"
say "written to $page"
