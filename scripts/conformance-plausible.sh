#!/usr/bin/env bash
# Replays Plausible's recorded cases against a fresh server. FILTER limits them; further arguments go to the runner.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
pack="${CONFORMANCE:-../shared/conformance}/plausible"
[ -f "$pack/run_pack.py" ] || { echo "no pack at $pack: set CONFORMANCE"; exit 1; }
export PORT="${PORT:-18191}" TOKEN=0123456789abcdef0123456789abcdef PASSWORD=pack-password-1
STATE=$(mktemp -d); export STATE BASE="http://127.0.0.1:$PORT"
trap 'kill -9 "$(cat "$STATE/pid")" 2>/dev/null || true; rm -rf "$STATE"' EXIT
export FOOTFALL_GEO_DATABASE="$STATE/places.mmdb" FOOTFALL_API_HOURLY_REQUESTS=0
export FOOTFALL_TRACKING_EXCHANGE_RATES="BRL=0.7, EUR=1.2"
python3 scripts/geo_fixture.py "$FOOTFALL_GEO_DATABASE"
scripts/empty-server.sh
filter=()
[ -z "${FILTER:-}" ] || filter=(--filter "$FILTER")
run() {
  python3 "$pack/run_pack.py" --base-url "$BASE" --api-key "$TOKEN" --sites-api-key "$TOKEN" --owner-email pack@example.org \
    --import-url "$BASE/api/v1/import/events" --now-header x-now --ties-ok --setup-cmd scripts/conformance-setup-plausible.py \
    "${filter[@]}" "$@" || true
}
# Cases that list every site of the account hold only while there are no others.
run --with isolated-account --json "$STATE/alone.json" "${@}" >"$STATE/alone.log"
grep -v '^file\|^ALL' "$STATE/alone.log" || true
run --without isolated-account --json "$STATE/others.json" "${@}"
python3 - "$STATE/alone.json" "$STATE/others.json" "${OUT:-$STATE/out.json}" <<'PY'
import collections, json, os, sys
found = [row for path in sys.argv[1:3] if os.path.exists(path) for row in json.load(open(path))]
json.dump(found, open(sys.argv[3], "w"), indent=1)
print("together:", dict(collections.Counter(row["outcome"] for row in found)))
PY
