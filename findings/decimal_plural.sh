#!/usr/bin/env bash
# Version: fluent.runtime 0.4.0 (Babel 2.18.0)
# Does: chooses the variant `[one]`, or `[0]`, of a message for an int and a float; for the same number as a
#   decimal.Decimal it falls through to the default variant, and reports no error.
# Surprises: Decimal is among the types that it formats as numbers, and the number itself is printed right, so that
#   only the grammar is wrong: "1 dager".
# Here: counts go in as int.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check fluent.runtime==0.4.0 Babel==2.18.0
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from decimal import Decimal
from fluent.runtime import FluentBundle, FluentResource

MESSAGE = """
left = { $days ->
    [0] siste dag
    [one] { $days } dag igjen
   *[other] { $days } dager igjen
}
"""
bundle = FluentBundle(["nb"], use_isolating=False)
bundle.add_resource(FluentResource(MESSAGE))
for number in (0, 1, 1.0, 2, Decimal(0), Decimal(1), Decimal(2)):
    text, errors = bundle.format_pattern(bundle.get_message("left").value, {"days": number})
    print(f"{number!r}: {text} {errors}")
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
0: siste dag []
1: 1 dag igjen []
1.0: 1 dag igjen []
2: 2 dager igjen []
Decimal('0'): 0 dager igjen []
Decimal('1'): 1 dager igjen []
Decimal('2'): 2 dager igjen []
SEEN
