#!/usr/bin/env bash
# Everything that needs a browser: the tracker scripts' smoke test, Matomo's own test suite against matomo.js, the UI over its
# stand-in server, and pages tracked by the real server from end to end. Matomo's suite and the original matomo.js in the last are
# those of MATOMO_SRC, a checkout of matomo-org/matomo, and left out with a notice without it.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/packages.sh

failed=()
# Runs a part's script, and goes on with the others when it fails. The runner of node:test closes with lines that begin with a
# sign of its own; the test logs know them by a `#`.
part() {
  printf '\n-- %s\n' "$1"
  packages "$2" && NO_COLOR=1 npm --prefix "$2" run --silent "$3" </dev/null 2>&1 | sed 's/^ℹ /# /' || failed+=("$1")
}

[ ! -f tracker/browser/smoke.mjs ] || part "tracker scripts in a browser" tracker test:browser
part "Matomo's own test suite" tracker test:matomo
part "UI in a browser" ui test:browser
part "end to end" e2e test

[ "${#failed[@]}" = 0 ] || { printf '\nfailed in the browser: %s\n' "${failed[*]}"; exit 1; }
