# `make serve` shows the page, `make test` runs every test; both set up what is missing first.

SHELL := /bin/bash
TOOLS := $(if $(FANOUT_TOOLS),$(FANOUT_TOOLS),$(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/fanout/tools)
export PATH := $(TOOLS)/bin:$(TOOLS)/node_modules/.bin:$(PATH)
# Trunk takes NO_COLOR for a switch of its own and refuses the usual value 1.
unexport NO_COLOR

.PHONY: serve test check dist pictures audit bench soak fuzz

## Builds the page and serves it on http://127.0.0.1:8080
serve: setup-build
	./scripts/lean.sh trunk serve --release --skip-version-check

## Runs every test, those in real browsers included: in all three, or in those FANOUT_BROWSERS names
test: export FANOUT_DIST := dist
test: export RUST_TEST_THREADS := 2
test: export FANOUT_SERVERS := $(TOOLS)/node_modules
test: setup-test dist
	./scripts/test.sh

## Checks format and lints, for both targets
check: setup-build
	cargo fmt --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo clippy --all-targets -- -D warnings
	cargo clippy --target wasm32-unknown-unknown -- -D warnings

## Builds dist/ for any static host, and prints what it weighs
dist: setup-build
	./scripts/lean.sh trunk build --release --skip-version-check
	./scripts/lean.sh node scripts/sizes.mjs dist

## Takes a picture of every view, in light, in dark and on a phone, into pictures/
pictures: export FANOUT_SERVERS := $(TOOLS)/node_modules
pictures: setup-look dist
	node scripts/pictures.mjs

## Prints Lighthouse's scores of the page, and fails where one is too low
audit: export FANOUT_SERVERS := $(TOOLS)/node_modules
audit: setup-look dist
	node scripts/audit.mjs

## Measures the page, races the limiter in a real browser and runs natively; prints one JSON object per line and nothing else
bench:
	@./benches/run.sh

## Holds the engine against the oracle in a million random configurations
soak: export FANOUT_CONFIGURATIONS ?= 1000000
soak: setup-build
	cargo test --release --test engine random_configurations

## Feeds every reader FUZZ_RUNS inputs that a fuzzer makes up (10,000,000 where unset)
fuzz:
	@./fuzz/run.sh

.PHONY: setup-build setup-test setup-look
setup-build:
	@./scripts/setup.sh build
setup-test:
	@./scripts/setup.sh test
setup-look:
	@./scripts/setup.sh look
