#!/bin/sh
# Print the Python to build .venv with: $PYTHON, or the first one of 3.11 or newer on PATH.
# 3.11 comes first because it is the version that the checks run on.
for candidate in "$PYTHON" python3.11 python3.12 python3.13 python3.14 python3 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "setup needs Python 3.11 or newer with the venv module; none of python3.11 ... python3 has both." >&2
echo "On Debian or Ubuntu: apt-get install python3 python3-venv. Elsewhere: make setup PYTHON=/path/to/python3" >&2
exit 1
