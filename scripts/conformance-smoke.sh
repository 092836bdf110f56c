#!/usr/bin/env bash
# A quick look at both packs: a few of Matomo's fixtures and Plausible's cases. Fails when fewer pass than did before
# (docs/conformance.md holds the full counts; the floor here only rises).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
packs="${CONFORMANCE:-../shared/conformance}"
if [ ! -d "$packs" ]; then
  echo "no conformance packs at $packs (set CONFORMANCE): skipped"
  exit 0
fi
. scripts/conformance-floor.env
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
FIXTURE="$MATOMO_FIXTURES" OUT="$work/matomo.json" scripts/conformance-matomo.sh >"$work/matomo.log" 2>&1 || { tail -20 "$work/matomo.log"; exit 1; }
FILTER="$PLAUSIBLE_FILTER" OUT="$work/plausible.json" scripts/conformance-plausible.sh >"$work/plausible.log" 2>&1 || { tail -20 "$work/plausible.log"; exit 1; }
python3 - "$work" "$MATOMO_FLOOR" "$PLAUSIBLE_FLOOR" <<'PY'
import json, sys
work, floors = sys.argv[1], {"matomo": int(sys.argv[2]), "plausible": int(sys.argv[3])}
def matomo(path):
    found = json.load(open(path))
    return found["data_pass"], found["data_total"]
def plausible(path):
    found = json.load(open(path))
    words = [row["outcome"] for row in found if row["outcome"] != "skip"]
    return sum(word in ("pass", "order") for word in words), len(words)
bad = 0
for name, count in (("matomo", matomo), ("plausible", plausible)):
    passed, total = count(f"{work}/{name}.json")
    print(f"{name}: {passed} passed, {total - passed} failed")
    if passed < floors[name]:
        print(f"  fewer than the {floors[name]} that passed before")
        bad = 1
sys.exit(bad)
PY
