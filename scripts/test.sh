#!/usr/bin/env bash
# Runs every test: those in a browser in each that FANOUT_BROWSERS names, all others once.
set -euo pipefail
cd "$(dirname "$0")/.."
which=()
for FANOUT_BROWSER in ${FANOUT_BROWSERS:-chromium firefox webkit}; do
  FANOUT_PROGRAM="$(./scripts/browser.sh "$FANOUT_BROWSER")"
  FANOUT_DRIVER="$(./scripts/browser.sh "$FANOUT_BROWSER" driver)"
  export FANOUT_BROWSER FANOUT_PROGRAM FANOUT_DRIVER
  printf '%s\n' "test: in $FANOUT_BROWSER, $("$FANOUT_PROGRAM" --version 2>/dev/null | head -n 1)"
  cargo test ${which[@]+"${which[@]}"}
  which=(--test browser)
done
./scripts/wasm-test.sh engine providers
