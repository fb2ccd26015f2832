#!/usr/bin/env bash
# Runs a command that builds the page: `lean.sh trunk build --release`. The standard library is
# compiled along, for size, and a panic stops the program without carrying a text: a tenth of the
# page. Rust calls these options unstable, so they are switched on for this command alone; where
# the compiler or the library's source lacks them, the page is built as usual, and larger.
set -euo pipefail
export RUSTC_BOOTSTRAP=1
options="-Zlocation-detail=none -Zfmt-debug=none -Zunstable-options -Cpanic=immediate-abort"
library="$(rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock"
# shellcheck disable=SC2086
if [ -f "$library" ] && rustc $options --print cfg >/dev/null 2>&1; then
  export CARGO_UNSTABLE_BUILD_STD=std,panic_abort
  export CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
  # In place of those in .cargo/config.toml.
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--cfg erase_components $options"
else
  unset RUSTC_BOOTSTRAP
  export FANOUT_LEAN=no
  echo "lean.sh: this Rust has no source of its library or no immediate abort; building a larger page" >&2
fi
exec "$@"
