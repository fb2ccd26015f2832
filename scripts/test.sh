#!/usr/bin/env bash
# Runs every test: those in a browser in each that FANOUT_BROWSERS names, all others once, and those that
# also run as WebAssembly where there is Chromium.
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
if ./scripts/browser.sh chromium driver >/dev/null; then
  ./scripts/wasm-test.sh engine providers
else
  echo "test: left out, since there is no Chromium with its driver: engine and providers as WebAssembly" >&2
fi
