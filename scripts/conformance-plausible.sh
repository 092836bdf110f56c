#!/usr/bin/env bash
# Replays Plausible's recorded cases against a fresh server. FILTER limits them; further arguments go to the runner.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
pack="${CONFORMANCE:-../shared/conformance}/plausible"
[ -f "$pack/run_pack.py" ] || { echo "no pack at $pack: set CONFORMANCE"; exit 1; }
export PORT="${PORT:-18191}" TOKEN=0123456789abcdef0123456789abcdef PASSWORD=pack-password-1
STATE=$(mktemp -d); export STATE
trap 'kill -9 "$(cat "$STATE/pid")" 2>/dev/null || true; rm -rf "$STATE"' EXIT
scripts/empty-server.sh
filter=()
[ -z "${FILTER:-}" ] || filter=(--filter "$FILTER")
base="http://127.0.0.1:$PORT"
python3 "$pack/run_pack.py" --base-url "$base" --api-key "$TOKEN" --sites-api-key "$TOKEN" --owner-email pack@example.org \
  --import-url "$base/api/v1/import/events" --now-header x-now --ties-ok "${filter[@]}" --json "${OUT:-$STATE/out.json}" "$@" || true
