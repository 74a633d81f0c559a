#!/bin/sh
# Print the Python to run the peers of `make bench-roads` with: $PEERS_PYTHON, or the first one of
# 3.12 or newer on PATH. Prints nothing, and says why, when there is none.
for candidate in "$PEERS_PYTHON" python3.12 python3.13 python3.14 python3 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "OSRM and Valhalla are left out: they need Python 3.12 or newer (PEERS_PYTHON=/path/to/python3.12)" >&2
