# Sourced by make and by people who call cargo themselves: where build output and the DuckDB library lie.
: "${FOOTFALL_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/footfall}"
: "${CARGO_TARGET_DIR:=$FOOTFALL_CACHE/target}"
: "${DUCKDB_VERSION:=1.5.6}"
: "${DUCKDB_LIB_DIR:=$FOOTFALL_CACHE/duckdb-$DUCKDB_VERSION}"
export FOOTFALL_CACHE CARGO_TARGET_DIR DUCKDB_VERSION DUCKDB_LIB_DIR
export LD_LIBRARY_PATH="$DUCKDB_LIB_DIR${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
