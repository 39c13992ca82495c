#!/usr/bin/env bash
# Version: typst 0.15.2, pikepdf 10.18.0, pypdf 7.1.0
# Does: of two files in PDF/A-2a and PDF/UA-1, `pages.extend` of pikepdf makes one of two pages whose structure tree has
#   the heading of the first file alone; both pages point to entry 0 of it, and the metadata still claim PDF/UA.
#   `append` of pypdf drops tree, language and claim; onto a clone of the first it keeps the claim, and the first's tree.
# Surprises: each input is accessible, and the result says that it is, though nothing in it leads to the second heading.
# Here: where a paper is bound of several, its structure tree is joined too.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check typst==0.15.2 pikepdf==10.18.0 pypdf==7.1.0
"$folder/venv/bin/python" - "$folder" >"$folder/seen" <<'PY'
import sys
from io import BytesIO
from pathlib import Path
import pikepdf, pypdf, typst
HEAD = """#set document(title: "Svar", date: datetime(year: 2026, month: 12, day: 1))
#set text(lang: "nb", region: "NO")
"""
def paper(title):
    source = Path(sys.argv[1], "paper.typ")
    source.write_text(f"{HEAD}= {title}\n\nEn tekst.")
    return typst.compile(str(source), pdf_standards=["a-2a", "ua-1"])
def headings(element):
    if not isinstance(element, pikepdf.Dictionary):
        return 0
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    return str(element.get("/S", "")).startswith("/H") + sum(map(headings, kids))
def tell(how, content):
    pdf = pikepdf.open(BytesIO(content))
    tree = pdf.Root.get("/StructTreeRoot")
    points = [int(page.obj.get("/StructParents", -1)) for page in pdf.pages]
    claims = "/Metadata" in pdf.Root and b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
    print(f"{how}: pages point to {points}, {headings(tree)} headings, "
          f"language {pdf.Root.get('/Lang')}, claims PDF/UA: {claims}")
def saved(save):
    out = BytesIO()
    save(out)
    return out.getvalue()
one, two = paper("Skolevei"), paper("Brygge")
tell("one of them", one)
both = pikepdf.open(BytesIO(one))
both.pages.extend(pikepdf.open(BytesIO(two)).pages)
tell("pikepdf", saved(both.save))
empty, clone = pypdf.PdfWriter(), pypdf.PdfWriter(clone_from=BytesIO(one))
empty.append(BytesIO(one))
for how, writer in (("pypdf", empty), ("pypdf, cloned", clone)):
    writer.append(BytesIO(two))
    tell(how, saved(writer.write))
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
one of them: pages point to [0], 1 headings, language nb-NO, claims PDF/UA: True
pikepdf: pages point to [0, 0], 1 headings, language nb-NO, claims PDF/UA: True
pypdf: pages point to [-1, -1], 0 headings, language None, claims PDF/UA: False
pypdf, cloned: pages point to [0, -1], 1 headings, language nb-NO, claims PDF/UA: True
SEEN
