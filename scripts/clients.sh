#!/usr/bin/env bash
# Other people's clients, run against a started server: packages of npm and PyPI, and what checkouts hold that are named by
# MATOMO_PHP_TRACKER_SRC (matomo-org/matomo-php-tracker, with `php`) and MATOMO_LOG_ANALYTICS_SRC (matomo-org/matomo-log-analytics,
# with `python3`). What is not at hand is skipped with a notice. docs/clients.md says what each is asked to do.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/packages.sh
packages e2e
# The runner of node:test closes with lines that begin with a sign of its own; the test logs know them by a `#`.
NO_COLOR=1 npm --prefix e2e run --silent clients </dev/null 2>&1 | sed 's/^ℹ /# /'
