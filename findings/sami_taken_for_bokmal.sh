#!/usr/bin/env bash
# Version: lingua-language-detector 2.1.1
# Does: of the languages of a Norwegian municipality it knows Bokmål, Nynorsk, English and Polish, and no Sámi one; asked
#   to choose among those four, it calls Northern Sámi Bokmål, more surely than it does Bokmål itself.
# Surprises: the figure is called a confidence, and a text that is none of its languages looks better than one that is.
#   A limit on it lets the wrong ones through and holds the right ones back.
# Here: people choose their language; none is guessed from what they write.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check lingua-language-detector==2.1.1
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from lingua import Language, LanguageDetectorBuilder

TEXTS = {
    "Northern Sámi": "Mánáid skuvlageaidnu ferte leat oadjebas.",
    "Bokmål": "Skolen må få flere plasser.",
}
known = sorted(each.name for each in Language.all())
print("Sámi among", len(known), "languages:", any("SAMI" in name for name in known))
offered = (Language.BOKMAL, Language.NYNORSK, Language.ENGLISH, Language.POLISH)
detector = LanguageDetectorBuilder.from_languages(*offered).build()
surest = {}
for language, text in TEXTS.items():
    first = detector.compute_language_confidence_values(text)[0]
    surest[language] = first.value
    print(language, "->", first.language.name, f"{first.value:.1f}")
print("surer of the wrong one:", surest["Northern Sámi"] > surest["Bokmål"])
PY
cat "$folder/seen"
diff "$folder/seen" - <<'SEEN'
Sámi among 75 languages: False
Northern Sámi -> BOKMAL 0.8
Bokmål -> BOKMAL 0.7
surer of the wrong one: True
SEEN
