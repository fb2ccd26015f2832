#!/usr/bin/env bash
# Installs what building (`setup.sh build`), testing (`setup.sh test`) or looking at the page (`setup.sh
# look`) needs and this machine lacks. What is there in the right version is used as it is, so a second call
# does nothing and needs no network. Own installs go to one folder per user, never into
# the system, except for Debian's browser packages. FANOUT_BROWSERS says which browsers the tests are
# for; without it, all three there are.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${FANOUT_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/fanout/tools}"
export PATH="$tools/bin:$tools/node_modules/.bin:$PATH"
trunk_version=0.21.14
binaryen_version=132.0.0
esbuild_version=0.28.2
aimock_version=1.43.0
mock_llm_version=0.1.29
axe_version=4.14.1
playwright_version=1.65.1
# The last that runs on Node.js 20.
lighthouse_version=12.8.2
geckodriver_version=0.36.0
browsers="${FANOUT_BROWSERS:-chromium firefox webkit}"
goal="${1:-build}"
steps=4
[ "$goal" = build ] || steps=6
step=0

say() { printf '%s\n' "setup: $*"; }
begin() { step=$((step + 1)); printf '%s\n' "setup [$step/$steps] $*"; }
stop() { printf '\n%s\n' "setup: $*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# The version a program reports, or nothing. Some print a commit behind it.
version_of() {
  have "$1" || return 0
  "$1" --version 2>/dev/null | head -n 1 | grep -oE '[0-9]+(\.[0-9]+)*' | head -n 1 || true
}

# Built for running a few times, not for speed: half the build time of the default.
cargo_install() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR="$tools/build" \
    cargo install --root "$tools" --locked "$@"
}

wasm_target() {
  begin "Rust target wasm32-unknown-unknown"
  have cargo || stop "Rust is missing. Get it from https://rustup.rs and call this again."
  local libs
  libs="$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null || true)"
  if [ -n "$libs" ] && ls "$libs"/libcore-*.rlib >/dev/null 2>&1; then say "  there"; library_source; return; fi
  have rustup || stop "the standard library for wasm32-unknown-unknown is missing and there is no rustup to add it.
  Install Rust through https://rustup.rs, or your system's package for it (Debian: libstd-rust-dev-wasm32)."
  rustup target add wasm32-unknown-unknown \
    || stop "rustup could not add the target. Check the network and run: rustup target add wasm32-unknown-unknown"
  library_source
}

# Without it the page is a tenth larger, so it is asked for and not insisted on.
library_source() {
  [ -f "$(rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ] && return
  have rustup && rustup component add rust-src && return
  say "  the source of Rust's library is missing, so the page will be a tenth larger. To get it: rustup component add rust-src"
}

wasm_bindgen() {
  local wanted
  wanted="$(grep -A 1 '^name = "wasm-bindgen"$' Cargo.lock | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' || true)"
  [ -n "$wanted" ] || stop "Cargo.lock names no version of wasm-bindgen. Restore it: git checkout Cargo.lock"
  begin "wasm-bindgen $wanted (first time: about 2 minutes)"
  if [ "$(version_of wasm-bindgen)" = "$wanted" ] && [ "$(version_of wasm-bindgen-test-runner)" = "$wanted" ]; then
    say "  there"; return
  fi
  cargo_install wasm-bindgen-cli --version "$wanted" \
    || stop "could not build wasm-bindgen. By hand: cargo install wasm-bindgen-cli --version $wanted --locked"
}

trunk_bundler() {
  begin "Trunk (first time: about 5 minutes)"
  if [ -n "$(version_of trunk)" ]; then say "  there: $(version_of trunk)"; return; fi
  cargo_install trunk --version "$trunk_version" --no-default-features --features rustls \
    || stop "could not build Trunk. By hand: cargo install trunk --version $trunk_version --locked, or see https://trunkrs.dev"
}

packers() {
  begin "wasm-opt and esbuild"
  local optimiser bundler
  optimiser="$(version_of wasm-opt)" bundler="$(version_of esbuild)"
  if [ "$optimiser" = "${binaryen_version%%.*}" ] && [ "$bundler" = "$esbuild_version" ]; then
    say "  there: $optimiser, $bundler"; return
  fi
  have npm || stop "npm is missing. Install Node.js from https://nodejs.org and call this again."
  npm install --prefix "$tools" --no-audit --no-fund --loglevel=error \
    "binaryen@$binaryen_version" "esbuild@$esbuild_version" \
    || stop "npm could not install them. By hand: npm install --prefix $tools binaryen@$binaryen_version esbuild@$esbuild_version"
}

browsers() {
  local name packages=()
  begin "Browsers and their drivers: $browsers"
  for name in $browsers; do
    case "$name" in
      chromium) have_browser chromium || packages+=(chromium chromium-driver) ;;
      firefox) ./scripts/browser.sh firefox >/dev/null || packages+=(firefox-esr) ;;
      webkit) have_browser webkit || packages+=(webkit2gtk-driver xvfb matchbox-window-manager) ;;
      *) stop "there is no browser “$name” for the tests, only chromium, firefox and webkit. Name some of them:
  FANOUT_BROWSERS=\"chromium firefox\" make test" ;;
    esac
  done
  [ -n "${browsers// /}" ] || stop "FANOUT_BROWSERS names no browser."
  if [ ${#packages[@]} -gt 0 ] && have apt-get; then system_packages "${packages[@]}" fonts-dejavu-core; fi
  for name in $browsers; do
    [ "$name" != firefox ] || ./scripts/browser.sh firefox driver >/dev/null || geckodriver
    have_browser "$name" || stop_browser "$name"
    say "  there: $(./scripts/browser.sh "$name")"
  done
}

have_browser() {
  ./scripts/browser.sh "$1" >/dev/null && ./scripts/browser.sh "$1" driver >/dev/null || return 1
  # WebKitGTK draws on a screen, if need be on one that nobody sees.
  [ "$1" != webkit ] || { have Xvfb && have matchbox-window-manager; }
}

# What cannot be had so is missed, and named, by who asked for it.
system_packages() {
  local root=""
  [ "$(id -u)" = 0 ] || root=sudo
  [ -z "$root" ] || have sudo || return 0
  say "  installing from Debian: $*"
  $root apt-get update -q && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -q --no-install-recommends "$@" \
    || say "  apt-get could not install them"
}

# Debian has none.
geckodriver() {
  say "  geckodriver (first time: about 2 minutes)"
  cargo_install geckodriver --version "$geckodriver_version" \
    || stop "could not build geckodriver. By hand: cargo install geckodriver --version $geckodriver_version --locked"
}

stop_browser() {
  case "$1" in
    chromium) stop "Chromium or ChromeDriver is missing and could not be installed here.
  Debian, Ubuntu: apt-get install chromium chromium-driver    Fedora: dnf install chromium chromedriver
  Arch: pacman -S chromium                                    macOS: brew install --cask google-chrome chromedriver
  Installed elsewhere? Name them: CHROME=/path/to/chrome CHROMEDRIVER=/path/to/chromedriver make test
$without" ;;
    firefox) stop "Firefox is missing and could not be installed here.
  Debian: apt-get install firefox-esr    Ubuntu, Fedora, Arch: the package firefox, and not a snap
  macOS: brew install --cask firefox
  Installed elsewhere? Name it: FIREFOX=/path/to/firefox make test
$without" ;;
    webkit) stop "WebKitGTK's MiniBrowser, its driver, Xvfb or matchbox-window-manager is missing and could not be installed here.
  Debian, Ubuntu: apt-get install webkit2gtk-driver xvfb matchbox-window-manager
  Fedora: dnf install webkit2gtk4.1-devel xorg-x11-server-Xvfb matchbox-window-manager
  Arch: pacman -S webkit2gtk-4.1 xorg-server-xvfb, and matchbox-window-manager from the AUR
  Installed elsewhere? Name them: MINIBROWSER=/path/to/MiniBrowser WEBKITDRIVER=/path/to/WebKitWebDriver make test
$without" ;;
  esac
}
without="  Do without: FANOUT_BROWSERS=\"chromium firefox\" make test runs the tests in those only."

# What others made to try a page: installed without their scripts, started by the tests.
# Servers that stand in for providers, and axe-core, which looks for what keeps people out.
counterparts() {
  packages "@copilotkit/aimock@$aimock_version" "@dwmkerr/mock-llm@$mock_llm_version" "axe-core@$axe_version"
}

# What drives a browser for pictures, and what audits the page.
eyes() {
  packages "playwright-core@$playwright_version" "lighthouse@$lighthouse_version"
}

packages() {
  begin "$*"
  local package there=yes
  for package in "$@"; do
    grep -qsF "\"version\": \"${package##*@}\"" "$tools/node_modules/${package%@*}/package.json" || there=no
  done
  if [ "$there" = yes ]; then say "  there"; return; fi
  npm install --prefix "$tools" --no-audit --no-fund --loglevel=error --ignore-scripts "$@" \
    || stop "npm could not install them. By hand: npm install --prefix $tools $*"
}

mkdir -p "$tools"
wasm_target
wasm_bindgen
trunk_bundler
packers
case "$goal" in
  test) browsers; counterparts ;;
  look) browsers=chromium; browsers; eyes ;;
esac
rm -rf "$tools/build"
say "everything is there"
