#!/usr/bin/env bash
# Version: Babel 2.18.0
# Does: format_list with the style "unit" works for two things in every language, and for three in English and Danish; in
#   Bokmål, Nynorsk, Northern Sámi and Swedish three raise KeyError. "or" in Northern Sámi is the English word.
# Surprises: the style is documented, the languages are complete in CLDR, and whoever tries it with two sees nothing. What
#   is missing is inherited in CLDR, and lists that inherit a part of their pattern are not filled up here.
# Here: lists are joined with words of our own.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check Babel==2.18.0
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from babel.lists import format_list

def said(things, style, language):
    try:
        return format_list(things, style, language)
    except KeyError as error:
        return f"KeyError {error}"

for language in ("en", "da", "sv", "nb", "nn", "se"):
    print(language, "|", said(["2 t", "5 min"], "unit", language), "|", said(["2 t", "5 min", "9 s"], "unit", language))
print("se | or:", said(["a", "b", "c"], "or", "se"), "| and:", said(["a", "b", "c"], "standard", "se"))
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
en | 2 t, 5 min | 2 t, 5 min, 9 s
da | 2 t og 5 min | 2 t, 5 min og 9 s
sv | 2 t, 5 min | KeyError 'start'
nb | 2 t og 5 min | KeyError 'start'
nn | 2 t, 5 min | KeyError 'start'
se | 2 t, 5 min | KeyError 'start'
se | or: a, b, or c | and: a, b ja c
SEEN
