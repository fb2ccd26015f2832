#!/usr/bin/env bash
# Runs test targets as WebAssembly in Chromium: `wasm-test.sh engine providers`.
set -euo pipefail
cd "$(dirname "$0")/.."
CHROMEDRIVER="$(./scripts/browser.sh chromium driver)"
export CHROMEDRIVER
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner
targets=()
for name in "$@"; do targets+=(--test "$name"); done
cargo test --target wasm32-unknown-unknown "${targets[@]}"
