#!/usr/bin/env bash
# Version: python-stdnum 2.2
# Does: stdnum.no.fodselsnummer takes numbers of people who are not residents (day + 40) and made-up ones whose month is
#   raised by 40, and refuses those of the national test population (month + 80) and of Nav's part of it (month + 65).
# Surprises: the check digits are right in all, only the date is refused. A filter that is to keep such numbers out lets
#   through all that testers type; one that is to take test people in refuses most of them.
# Here: check digits count, whatever was added to the month.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check python-stdnum==2.2
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from stdnum.no import fodselsnummer

def number(date):
    """The first one of this date, made up here, whose check digits exist."""
    for serial in range(1000):
        digits = f"{date}{serial:03}"
        for check in (fodselsnummer.calc_check_digit1, fodselsnummer.calc_check_digit2):
            digits += check(digits)
        if len(digits) == 11 and digits.isdigit():
            return digits

for kind, date in (
    ("not a resident, day + 40", "410190"),
    ("made up, month + 40", "014190"),
    ("national test population, month + 80", "018190"),
    ("Nav's test population, month + 65", "016690"),
    ("both, day + 40 and month + 80", "418190"),
):
    digits = number(date)
    checks = fodselsnummer.calc_check_digit1(digits) + fodselsnummer.calc_check_digit2(digits)
    print(f"{kind}: check digits {checks == digits[9:]}, valid {fodselsnummer.is_valid(digits)}")
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
not a resident, day + 40: check digits True, valid True
made up, month + 40: check digits True, valid True
national test population, month + 80: check digits True, valid False
Nav's test population, month + 65: check digits True, valid False
both, day + 40 and month + 80: check digits True, valid False
SEEN
