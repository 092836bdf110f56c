# Everything a person needs: `make demo` to try it, `make build` to build it, `make test` to check it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Build output lies outside the checkout unless CARGO_TARGET_DIR says otherwise, so that a fresh clone rebuilds little.
export FOOTFALL_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/footfall
export CARGO_TARGET_DIR ?= $(FOOTFALL_CACHE)/target
export DUCKDB_VERSION ?= 1.5.6
export DUCKDB_LIB_DIR ?= $(FOOTFALL_CACHE)/duckdb-$(DUCKDB_VERSION)
export LD_LIBRARY_PATH := $(DUCKDB_LIB_DIR)$(if $(LD_LIBRARY_PATH),:$(LD_LIBRARY_PATH))

BINARY := $(CARGO_TARGET_DIR)/release/footfall
CONFORMANCE ?= ../shared/conformance

.PHONY: help
help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 28

.PHONY: tools
tools: ## Install what the build and the tests need (Debian packages, cargo tools)
	@scripts/install-tools.sh build

.PHONY: tools-test
tools-test: tools
	@scripts/install-tools.sh test

.PHONY: duckdb
duckdb:
	@scripts/fetch-duckdb.sh

tracker/node_modules/.package-lock.json: tracker/package-lock.json
	@echo "installing what the tracker scripts are built with"
	cd tracker && npm ci --no-audit --no-fund --loglevel=error

ui/node_modules/.package-lock.json: ui/package-lock.json
	@echo "installing what the UI is built with"
	cd ui && npm ci --no-audit --no-fund --loglevel=error

tracker/dist/.built: tracker/node_modules/.package-lock.json $(shell find tracker/src tracker/*.json tracker/*.mjs tracker/scripts -type f 2>/dev/null)
	@echo "building the tracker scripts"
	cd tracker && npm run --silent build
	@touch $@

ui/dist/.built: ui/node_modules/.package-lock.json $(shell find ui/src ui/public ui/index.html ui/*.json ui/*.ts crates/api/openapi.json -type f 2>/dev/null)
	@echo "building the UI"
	cd ui && npm run --silent build
	@touch $@

.PHONY: assets
assets: tracker/dist/.built ui/dist/.built

.PHONY: build
build: tools duckdb assets ## Build the binary with its UI
	@echo "building footfall; the first time this takes some minutes (cargo shows how far it is)"
	cargo build --locked --release --workspace --bin footfall
	@echo "built $(BINARY)"

.PHONY: demo
demo: build ## Build, fill two demo sites with two months of traffic, and serve them
	@"$(BINARY)" demo

.PHONY: test
test: tools-test duckdb assets ## Run every check: formatting, lints, licences, Rust, tracker, UI and browser tests, the packs' smoke part
	@scripts/test.sh

.PHONY: bench
bench: build ## Measure speed and size against named rivals and write docs/benchmarks.md
	@scripts/bench.sh

.PHONY: conformance-matomo
conformance-matomo: build ## Replay Matomo's recorded scenarios (FIXTURE='Name*' for some)
	@BINARY="$(BINARY)" scripts/conformance-matomo.sh

.PHONY: conformance-plausible
conformance-plausible: build ## Replay Plausible's recorded cases (FILTER=regex for some)
	@BINARY="$(BINARY)" scripts/conformance-plausible.sh

.PHONY: fmt
fmt: ## Format everything
	cargo fmt --all
