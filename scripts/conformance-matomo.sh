#!/usr/bin/env bash
# Replays Matomo's recorded scenarios, each against a fresh server. FIXTURE limits them; further arguments go to the runner.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
pack="${CONFORMANCE:-../shared/conformance}/matomo"
[ -f "$pack/run_pack.py" ] || { echo "no pack at $pack: set CONFORMANCE"; exit 1; }
export PORT="${PORT:-18190}" TOKEN=0123456789abcdef0123456789abcdef PASSWORD=pack-password-1
STATE=$(mktemp -d); export STATE
trap 'kill -9 "$(cat "$STATE/pid")" 2>/dev/null || true; rm -rf "$STATE"' EXIT
fixtures=()
[ -z "${FIXTURE:-}" ] || fixtures=(--fixture $FIXTURE)
python3 "$pack/run_pack.py" --base-url "http://127.0.0.1:$PORT" --token "$TOKEN" --password "$PASSWORD" \
  --restart-cmd "$PWD/scripts/empty-server.sh" "${fixtures[@]}" --json "${OUT:-$STATE/out.json}" "$@" || true
