#!/usr/bin/env bash
# Installs what is missing of the tools a build (`build`) or the tests (`test`) need. Knows Debian and its relatives.
set -euo pipefail
what=${1:-build}

need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
missing=()
need cc gcc
need curl curl
need tar tar
if [ "$what" = test ]; then
  need chromium chromium
  need python3 python3
  need jq jq
fi
if [ "${#missing[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null || { echo "please install: ${missing[*]}" >&2; exit 1; }
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo"
  echo "installing ${missing[*]}"
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi
for tool in cargo node npm; do
  command -v "$tool" >/dev/null || { echo "\`$tool\` is missing: install Rust (rustup) and Node.js 20 or newer" >&2; exit 1; }
done
if [ "$what" = test ]; then
  cargo nextest --version >/dev/null 2>&1 || { echo "installing cargo-nextest"; cargo install --locked --quiet cargo-nextest; }
  cargo deny --version >/dev/null 2>&1 || { echo "installing cargo-deny (some minutes)"; cargo install --locked --quiet cargo-deny; }
fi
