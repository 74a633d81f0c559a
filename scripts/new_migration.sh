#!/bin/sh
# Write a migration from what the models have and the migrations lack: new_migration.sh "what changed".
# It compares with an empty database of its own, so that no data of anybody is looked at.
set -e
[ -n "$1" ] || { echo 'say what changed: make migration M="visits remember the photo"' >&2; exit 1; }
cd "$(dirname "$0")/.."
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
export COLLECTOR_ENV=development COLLECTOR_INSTANCE="$folder" DATABASE_URL="sqlite:///$folder/empty.sqlite3"
number="$(printf '%04d' "$(($(ls migrations/versions | grep -c '^[0-9].*\.py$') + 1))")"
.venv/bin/flask --app wsgi db upgrade
.venv/bin/flask --app wsgi db migrate --rev-id "$number" -m "$1"
.venv/bin/ruff format -q migrations/versions
