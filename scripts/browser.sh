#!/usr/bin/env bash
# Prints where Chromium (`browser.sh chrome`) or its WebDriver (`browser.sh driver`) is, or fails.
set -eu
case "${1:-}" in
  chrome) set -- "${CHROME:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ;;
  driver) set -- "${CHROMEDRIVER:-}" chromedriver chromium.chromedriver ;;
  *) echo "usage: browser.sh chrome|driver" >&2; exit 2 ;;
esac
for name in "$@"; do
  [ -n "$name" ] && command -v "$name" && exit 0
done
exit 1
