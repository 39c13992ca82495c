#!/usr/bin/env bash
# Runs every finding, one after the other, and names those that have changed.
set -uo pipefail
cd "$(dirname "$0")" || exit 2
changed=()
for script in *.sh; do
    [[ "$script" == run-all.sh ]] && continue
    echo "== $script"
    bash "$script" || changed+=("$script")
done
(( ${#changed[@]} == 0 )) || { echo "changed: ${changed[*]}" >&2; exit 1; }
