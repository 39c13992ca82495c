#!/usr/bin/env bash
# Version: snowballstemmer 3.0.1
# Does: the Norwegian stemmer gives nouns of agents (lærer, planlegger, beboer) three stems: one for the indefinite
#   singular, one for læreren and lærere, one for lærerne; so does the genitive plural of any noun (elever, elevers).
#   Other nouns (høring, merknad) keep one.
# Surprises: -er, -ere and -erne are its own endings, but it takes off one layer: the -er of lærer is an ending, that of
#   lærere is not. A search for "lærer" finds no text about lærere, of all words in a consultation about a school.
# Here: a search goes by the beginnings of words, not by stems.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check snowballstemmer==3.0.1
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
import snowballstemmer

stemmer = snowballstemmer.stemmer("norwegian")
for words in (
    "lærer læreren lærere lærerne",
    "planlegger planleggeren planleggere planleggerne",
    "beboer beboeren beboere beboerne",
    "elev eleven elever elevene elevers",
    "høring høringen høringer høringene",
    "merknad merknaden merknader merknadene",
):
    stems = stemmer.stemWords(words.split())
    print(f"{words}: {' '.join(stems)} ({len(set(stems))})")
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
lærer læreren lærere lærerne: lær lærer lærer lærern (3)
planlegger planleggeren planleggere planleggerne: planlegg planlegger planlegger planleggern (3)
beboer beboeren beboere beboerne: bebo beboer beboer beboern (3)
elev eleven elever elevene elevers: elev elev elev elev elevers (2)
høring høringen høringer høringene: høring høring høring høring (1)
merknad merknaden merknader merknadene: merknad merknad merknad merknad (1)
SEEN
