#!/usr/bin/env bash
# Version: frictionless 5.21.0
# Does: reads a column of a Data Package whose type is `datetime` and whose format is `any`, and finds it
#   valid; extracted as CSV (as JSON too), each value is the word "any".
# Surprises: `any` is a format of the Table Schema, the data are valid, nothing is reported, and the times are lost: the
#   name of the format is taken for a pattern of strftime when cells are written.
# Here: the archive's datapackage.json spells the pattern out.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check frictionless==5.21.0
cd "$folder"
printf 'at\n2026-11-24T08:30:00Z\n2026-11-25T09:00:00Z\n' >times.csv
package() {
    printf '{"resources": [{"name": "times", "path": "times.csv", "schema": {"fields": [%s]}}]}\n' \
        "{\"name\": \"at\", \"type\": \"datetime\", \"format\": \"$1\"}" >package.json
    "$folder/venv/bin/frictionless" validate package.json --json |
        "$folder/venv/bin/python" -c 'import json, sys; print("valid:", json.load(sys.stdin)["valid"])'
    "$folder/venv/bin/frictionless" extract package.json --csv | tr -d "\r"
}
{
    echo "any"
    package any
    echo "a pattern"
    package '%Y-%m-%dT%H:%M:%SZ'
} >"$folder/seen" 2>&1
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
any
valid: True
at
any
any
a pattern
valid: True
at
2026-11-24T08:30:00Z
2026-11-25T09:00:00Z
SEEN
