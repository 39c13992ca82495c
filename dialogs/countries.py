"""Countries by what people call them: the names of our languages, everyday names, and those of their own."""

from __future__ import annotations

from babel import Locale

# Everyday names, and what people at home call it, beside what Babel knows in our languages.
_ALSO = {
    "AE": "emiratene, uae",
    "AT": "österreich",
    "AU": "straya",
    "BA": "bosnia, bosna i hercegovina",
    "BE": "belgië, belgie, belgique",
    "BG": "българия, bulgariya",
    "BR": "brasil",
    "CH": "schweiz, suisse, svizzera",
    "CN": "中国",
    "CZ": "tsjekkia, czech republic, česko, česká republika, cesko",
    "DE": "deutschland",
    "DK": "danmark",
    "EE": "eesti",
    "ER": "ertra",
    "ES": "españa, espana",
    "FI": "suomi",
    "FO": "føroyar",
    "FR": "la france",
    "GB": "uk, gb, britain, great britain, england, scotland, wales, northern ireland, skottland, nord-irland",
    "GL": "kalaallit nunaat",
    "GR": "ελλάδα, ellada, hellas",
    "HR": "hrvatska",
    "HU": "magyarország, magyarorszag",
    "IE": "éire, eire, republic of ireland",
    "IR": "persia",
    "IS": "ísland, island",
    "IT": "italia",
    "JP": "日本, nippon",
    "KR": "sør-korea, south korea, korea, 대한민국",
    "LT": "lietuva",
    "LV": "latvija",
    "ME": "crna gora",
    "MK": "makedonia, macedonia",
    "NL": "holland, nederland, the netherlands",
    "NO": "norge, noreg, norga, norway",
    "PL": "polska",
    "PT": "portugal",
    "RO": "românia, romania",
    "RS": "srbija, србија",
    "RU": "russia, russland, россия, rossiya",
    "SE": "sverige, ruoŧŧa",
    "SI": "slovenija",
    "SK": "slovensko",
    "SY": "syria",
    "TR": "türkiye, turkiye, tyrkia, turkey",
    "TW": "taiwan, 台灣",
    "UA": "україна, ukraina, ukrayina",
    "US": "usa, us, united states of america, america, amerika, sambandsstatene, statene",
    "VN": "việt nam, vietnam",
    "XK": "kosovo, kosova",
}


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace(".", "").removeprefix("the ").split())


def _codes() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in ("en", "nn", "nb"):
        names |= {_folded(name): code for code, name in Locale(language).territories.items() if code.isalpha()}
    names |= {code.casefold(): code for code in names.values() if len(code) == 2}
    return names | {_folded(name): code for code, also in _ALSO.items() for name in also.split(",")}


_CODES = _codes()


def country_code(name: str) -> str:
    """The ISO 3166 code of a country, however people write it; "" where we know none."""
    return _CODES.get(_folded(name), "")


def ends_with_a_country(text: str) -> tuple[str, str]:
    """`text` without the name of a country at its end, and that country's code; "" where there is none.

    After a comma also a code counts; else a name only, for a town may end like a code.
    """
    place, comma, last = text.rpartition(",")
    if comma and (code := country_code(last)):
        return place.strip(" ,"), code
    words = text.split()
    for count in (3, 2, 1):
        name = " ".join(words[-count:])
        if len(words) > count and len(name) > 3 and (code := country_code(name)):
            return " ".join(words[:-count]).strip(" ,"), code
    return text, ""
