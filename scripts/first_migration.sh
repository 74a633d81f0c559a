#!/bin/sh
# Write the one first migration anew from the models (until the first release there is only one).
set -e
cd "$(dirname "$0")/.."
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
rm -f migrations/versions/*.py
COLLECTOR_ENV=development COLLECTOR_INSTANCE="$folder" DATABASE_URL="sqlite:///$folder/empty.sqlite3" \
    .venv/bin/flask --app wsgi db migrate --rev-id 0001 -m "first tables"
.venv/bin/ruff format -q migrations/versions
