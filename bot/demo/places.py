"""Some postal codes and their towns: enough to try with, from Norway's register of postal codes (Posten/Bring)."""

from __future__ import annotations

NEAR_BY = {
    "1383": "ASKER",
    "1384": "ASKER",
    "1385": "ASKER",
    "1386": "ASKER",
    "1387": "ASKER",
    "1388": "BORGEN",
    "1389": "HEGGEDAL",
    "1390": "VOLLEN",
    "1392": "VETTRE",
    "1394": "NESBRU",
    "1395": "HVALSTAD",
    "1396": "BILLINGSTAD",
    "1397": "NESØYA",
    "3430": "SPIKKESTAD",
    "3440": "RØYKEN",
    "3470": "SLEMMESTAD",
    "3480": "FILTVET",
    "3484": "HOLMSBU",
    "3490": "KLOKKARSTUA",
}
"""Where the people of the demo live."""

POSTAL_CODES = {
    **NEAR_BY,
    "0150": "OSLO",
    "0350": "OSLO",
    "0650": "OSLO",
    "1337": "SANDVIKA",
    "1364": "FORNEBU",
    "1371": "ASKER",
    "1400": "SKI",
    "2000": "LILLESTRØM",
    "2317": "HAMAR",
    "3015": "DRAMMEN",
    "3427": "GULLAUG",
    "3717": "SKIEN",
    "4006": "STAVANGER",
    "4612": "KRISTIANSAND S",
    "5003": "BERGEN",
    "6004": "ÅLESUND",
    "7010": "TRONDHEIM",
    "8006": "BODØ",
    "9008": "TROMSØ",
    "9510": "ALTA",
    "9730": "KARASJOK",
    "9845": "TANA",
}
