#!/usr/bin/env bash
# Measures the page and races Fanout's limiter in headless Chromium. Prints one JSON object per line and nothing else;
# what is built and installed for it goes to standard error.
set -euo pipefail
cd "$(dirname "$0")/.."

./scripts/setup.sh test >&2
make dist >&2
node benches/page.mjs "$(./scripts/browser.sh chromium)" dist

target="${CARGO_TARGET_DIR:-target}"
folder="$target/bench"
mkdir -p "$folder"

# Twice: the way the page is built, from release profile to wasm-opt's level, so the figures are the
# page's; and for speed, which shows what the size of the page costs.
build() { # PROFILE FOLDER WASM_OPT
  cargo build --profile "$1" --target wasm32-unknown-unknown --example race >&2
  wasm-bindgen --target web --no-typescript --out-dir "$folder/$2" \
    "$target/wasm32-unknown-unknown/$1/examples/race.wasm" >&2
  wasm-opt "$3" -o "$folder/$2/race_bg.wasm" "$folder/$2/race_bg.wasm" >&2
}
build release page -Oz
build speed speed -O3

# Installed again only where the lock file is another than the one installed from.
installed="$folder/node_modules/installed-from.json"
if ! cmp -s benches/package-lock.json "$installed"; then
  cp benches/package.json benches/package-lock.json "$folder/"
  npm ci --prefix "$folder" --no-audit --no-fund >&2
  cp benches/package-lock.json "$installed"
fi
node benches/drive.mjs "$(./scripts/browser.sh chromium)" "$folder"

# The same simulation natively, beside SimPy where Python has it or can get it.
cargo build --profile speed --example native >&2
ours=$("$target/speed/examples/native")
python="$folder/python"
if [[ ! -x "$python/bin/python" ]] && python3 -m venv "$python" >&2; then
  "$python/bin/pip" install --quiet simpy==4.1.2 >&2 || true
fi
if peer=$("$python/bin/python" benches/peer.py 2>/dev/null); then
  ratio=$(awk "BEGIN { printf \"%.1f\", $ours / $peer }")
  echo "{\"name\":\"simulated calls natively\",\"value\":$ours,\"unit\":\"calls/s\",\"peer\":\"SimPy 4.1.2 $peer calls/s\",\"ratio\":$ratio}"
else
  echo "{\"name\":\"simulated calls natively\",\"value\":$ours,\"unit\":\"calls/s\",\"peer\":null,\"ratio\":null}"
fi
