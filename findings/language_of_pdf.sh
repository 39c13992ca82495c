#!/usr/bin/env bash
# Version: typst 0.15.2, pikepdf 10.18.0
# Does: a region that was set with one language stays when the language is changed. After `lang: "nb", region: "NO"`,
#   text in English is tagged `en-NO` and one in Northern Sámi `se-NO`; and where all of the text stands in a block of
#   its own, the language of that block is the language of the whole file.
# Surprises: a language without a region reads as "of no region". A screen reader looks for a voice for `en-NO`, and the
#   language of the file is not what its first line says, but what its content happens to share.
# Here: no region is set, and a test reads the language of the finished file.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check typst==0.15.2 pikepdf==10.18.0
"$folder/venv/bin/python" - "$folder" >"$folder/seen" <<'PY'
import sys
from io import BytesIO
from pathlib import Path
import pikepdf, typst

BEGINNING = (
    '#set document(title: "Svar", date: datetime(year: 2026, month: 12, day: 1))\n'
    '#set text(lang: "nb", region: "NO")\n'
)

def language_of(rest):
    source = Path(sys.argv[1], "paper.typ")
    source.write_text(BEGINNING + rest)
    pdf = typst.compile(str(source), pdf_standards=["a-2a", "ua-1"])
    with pikepdf.open(BytesIO(pdf)) as opened:
        return str(opened.Root.Lang)

print("Bokmål:", language_of("Hei"))
print("then English:", language_of('#set text(lang: "en")\nHello'))
print("then Northern Sámi:", language_of('#set text(lang: "se")\nBures'))
print("then English, of no region:", language_of('#set text(lang: "en", region: none)\nHello'))
print("an English block in Bokmål:", language_of('Hei\n\n#[#set text(lang: "en")\nHello]'))
print("an English block alone:", language_of('#[#set text(lang: "en")\nHello]'))
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
Bokmål: nb-NO
then English: en-NO
then Northern Sámi: se-NO
then English, of no region: en
an English block in Bokmål: nb-NO
an English block alone: en-NO
SEEN
