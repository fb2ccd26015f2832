#!/usr/bin/env bash
# Races Fanout's limiter in headless Chromium. Prints one JSON object per line and nothing else;
# what is built and installed for it goes to standard error.
set -euo pipefail
cd "$(dirname "$0")/.."

./scripts/setup.sh test >&2
target="${CARGO_TARGET_DIR:-target}"
folder="$target/bench"
mkdir -p "$folder"

# Built the way the page is, from release profile to wasm-opt's level, so the figures are the page's.
cargo build --release --target wasm32-unknown-unknown --example race >&2
wasm-bindgen --target web --no-typescript --out-dir "$folder/fanout" \
  "$target/wasm32-unknown-unknown/release/examples/race.wasm" >&2
wasm-opt -Oz -o "$folder/fanout/race_bg.wasm" "$folder/fanout/race_bg.wasm" >&2

# Installed again only where the lock file is another than the one installed from.
installed="$folder/node_modules/installed-from.json"
if ! cmp -s benches/package-lock.json "$installed"; then
  cp benches/package.json benches/package-lock.json "$folder/"
  npm ci --prefix "$folder" --no-audit --no-fund >&2
  cp benches/package-lock.json "$installed"
fi
node benches/drive.mjs "$(./scripts/browser.sh chrome)" "$folder"
