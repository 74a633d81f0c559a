#!/bin/sh
# Print the Chromium for the browser tests, installing one where there is none:
# $CHROME, one on PATH, apt-get when root, or else the one in the npm package @sparticuz/chromium.
cd "$(dirname "$0")/.." || exit 1
unpacked="$PWD/.venv/chromium/chromium"

find_one() {
    for candidate in "$CHROME" chromium chromium-browser google-chrome google-chrome-stable "$unpacked"; do
        [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1 && command -v "$candidate" && return
    done
    return 1
}

install_with_apt() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "no Chromium: installing it with apt-get" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } >&2 </dev/null
}

install_with_npm() {
    echo "no Chromium: installing the one of the npm package @sparticuz/chromium" >&2
    scripts/npm.sh ci --prefix tests/browser/chromium --ignore-scripts --loglevel=error >&2 &&
        .venv/bin/python scripts/unpack_chromium.py \
            tests/browser/chromium/node_modules/@sparticuz/chromium/bin .venv/chromium
}

find_one || { install_with_apt && find_one; } || { install_with_npm && find_one; } || {
    echo "The browser tests need Chromium: apt-get install chromium, or CHROME=/path/to/chromium make test" >&2
    exit 1
}
