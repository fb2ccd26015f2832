#!/usr/bin/env bash
# Runs every fuzz target, or those that are named, for FUZZ_RUNS inputs each: `fuzz/run.sh links`.
# Stops at the first input that breaks something; it is kept under fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
runs="${FUZZ_RUNS:-10000000}"
tools="${FANOUT_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/fanout/tools}"
export PATH="$tools/bin:$PATH"

command -v c++ >/dev/null || { echo "fuzz: a C++ compiler is missing, which libFuzzer is built with (Debian: apt-get install g++)" >&2; exit 1; }
command -v cargo-fuzz >/dev/null || CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off \
  cargo install --root "$tools" --locked cargo-fuzz --version 0.13.2

# The program has no unsafe code for a sanitizer to watch; without one any Rust will do.
fuzz() { cargo fuzz "$1" --sanitizer none "${@:2}"; }

targets=("$@")
[ $# -gt 0 ] || targets=(events replies answers files links repeats)
for target in "${targets[@]}"; do
  n="$runs" longest=2048
  case "$target" in
    # Lines are short, and each of its inputs is also read byte by byte.
    events) longest=512 ;;
    # Each of its inputs becomes 64 kB and is read eight times, so it gets a thousandth of their number.
    repeats) n=$((runs / 1000)) longest=256 ;;
  esac
  mkdir -p "fuzz/corpus/$target"
  echo "fuzz: $target, $n inputs"
  fuzz run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- -runs="$n" -max_len="$longest" \
    -timeout=5 -rss_limit_mb=2048 -dict=fuzz/words.dict -print_final_stats=1
done
