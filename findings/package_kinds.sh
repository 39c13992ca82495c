#!/usr/bin/env bash
# Version: puremagic 1.30 (XlsxWriter 3.3.1 and odfpy 1.4.1 make the files)
# Does: from_string says Word document of an XLSX, of an ODT whose first entry names its type as the format demands, and
#   of an ASiC-E container (the signed package in which Norwegian authorities send each other documents).
# Surprises: OpenDocument and ASiC-E begin with an uncompressed entry "mimetype" so that the first bytes tell them apart;
#   all package formats have the same confidence here, and the first of the list is the answer. With a file name the
#   suffix decides: a name that a stranger chose.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check puremagic==1.30 XlsxWriter==3.3.1 odfpy==1.4.1
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
import zipfile
from io import BytesIO
import puremagic, xlsxwriter
from odf.opendocument import OpenDocumentText

sheet, text, container = BytesIO(), BytesIO(), BytesIO()
book = xlsxwriter.Workbook(sheet)
book.add_worksheet().write_string(0, 0, "Høringssvar")
book.close()
OpenDocumentText().write(text)
with zipfile.ZipFile(container, "w") as package:
    package.writestr("mimetype", "application/vnd.etsi.asic-e+zip")
    for name in ("arkivmelding.xml", "META-INF/asicmanifest.xml", "META-INF/signature.p7s"):
        package.writestr(name, "<?xml version='1.0'?><x/>", zipfile.ZIP_DEFLATED)
for kind, file in (("xlsx", sheet), ("odt", text), ("asic-e", container)):
    declared = file.getvalue()[38:80].split(b"PK")[0]
    content, by_name = file.getvalue(), puremagic.from_string(file.getvalue(), filename=f"x.{kind[:4]}")
    says = declared.decode() if declared.startswith(b"application") else "nothing"
    print(kind, "->", puremagic.from_string(content), "| with its name:", by_name, "| declares", says)
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
xlsx -> .docx | with its name: .xlsx | declares nothing
odt -> .docx | with its name: .odt | declares application/vnd.oasis.opendocument.text
asic-e -> .docx | with its name: .docx | declares application/vnd.etsi.asic-e+zip
SEEN
