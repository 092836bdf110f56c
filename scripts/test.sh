#!/usr/bin/env bash
# Every check, cheapest first. Closing lines of all runners are printed again at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
export NO_COLOR=1
closing=$(mktemp)
trap 'rm -f "$closing"' EXIT

step() { printf '\n== %s\n' "$1"; }
# Runs a command, shows its output, and keeps the lines that close a runner's report.
run() {
  local log
  log=$(mktemp)
  if ! "$@" 2>&1 | tee "$log"; then
    rm -f "$log"
    printf '\nfailed: %s\n' "$*"
    exit 1
  fi
  grep -aE '^ *(Summary \[|Tests +[0-9]|# (tests|pass|fail) |[0-9]+ passed, [0-9]+ failed|[a-z]+: [0-9]+ passed, [0-9]+ failed)' "$log" >>"$closing" || true
  rm -f "$log"
}

step "formatting"
cargo fmt --all --check
step "lints"
cargo clippy --locked --workspace --all-targets -- -D warnings
# Fuzz targets are a workspace of their own: only what runs them builds them, and they have to keep up with what they call.
cargo clippy --locked --manifest-path fuzz/Cargo.toml -- -D warnings
step "licences and sources of dependencies"
# Those of other platforms are looked at too, and no build has fetched them.
cargo fetch --locked --quiet
cargo deny --offline --log-level error check bans licenses sources
step "rust tests"
run cargo nextest run --locked --workspace --no-fail-fast
step "tracker scripts"
(cd tracker && npm run --silent check)
run npm --prefix tracker test --silent
step "UI"
(cd ui && npm run --silent check)
run npm --prefix ui test --silent
step "binary"
cargo build --locked --workspace --bin footfall
step "browser tests"
run scripts/browser-tests.sh
step "clients"
run scripts/clients.sh
step "conformance packs, a part of each"
run scripts/conformance-smoke.sh
printf '\n== closing lines\n'
cat "$closing"
