#!/usr/bin/env bash
# Prints where a browser (`browser.sh chromium|firefox|webkit`) or its WebDriver (`browser.sh chromium
# driver`) is, or fails.
set -eu
case "${1:-} ${2:-}" in
  "chromium ") set -- "${CHROME:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ;;
  "chromium driver") set -- "${CHROMEDRIVER:-}" chromedriver chromium.chromedriver ;;
  "firefox ") set -- "${FIREFOX:-}" firefox-esr firefox /Applications/Firefox.app/Contents/MacOS/firefox ;;
  "firefox driver") set -- "${GECKODRIVER:-}" geckodriver ;;
  # WebKitGTK's own small browser, which is on no path.
  "webkit ") set -- "${MINIBROWSER:-}" /usr/lib/*/webkit2gtk-4.1/MiniBrowser \
    /usr/lib/webkit2gtk-4.1/MiniBrowser /usr/libexec/webkit2gtk-4.1/MiniBrowser ;;
  "webkit driver") set -- "${WEBKITDRIVER:-}" WebKitWebDriver ;;
  *) echo "usage: browser.sh chromium|firefox|webkit [driver]" >&2; exit 2 ;;
esac
for name in "$@"; do
  [ -n "$name" ] && command -v "$name" && exit 0
done
exit 1
