# Sourced: own crates are optimised, dependencies are those of the tests. Same profile directory, so nothing else is built twice.
export CARGO_PROFILE_DEV_OPT_LEVEL=3 CARGO_PROFILE_DEV_INCREMENTAL=false
