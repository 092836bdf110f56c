#!/usr/bin/env bash
# Puts the prebuilt DuckDB library where the build looks for it. Building DuckDB from source takes half an hour on two cores;
# an npm package carries the same library ready-made.
set -euo pipefail
. "$(dirname "$0")/env.sh"
package_version=1.5.6-r.1
case "$(uname -m)" in
  x86_64) package="@duckdb/node-bindings-linux-x64" ;;
  aarch64) package="@duckdb/node-bindings-linux-arm64" ;;
  *) echo "no prebuilt DuckDB is known for $(uname -m); build with: cargo build --features bundled" >&2; exit 1 ;;
esac
[ -f "$DUCKDB_LIB_DIR/libduckdb.so" ] && exit 0
echo "fetching DuckDB $DUCKDB_VERSION ($package@$package_version, 25 MB) into $DUCKDB_LIB_DIR"
mkdir -p "$DUCKDB_LIB_DIR"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$package@$package_version" >/dev/null && tar xzf ./*.tgz)
install -m 644 "$work/package/libduckdb.so" "$DUCKDB_LIB_DIR/libduckdb.so.new"
mv "$DUCKDB_LIB_DIR/libduckdb.so.new" "$DUCKDB_LIB_DIR/libduckdb.so"
