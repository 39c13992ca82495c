"""What the form of an organisation says about who answers: a public body, or one person's own business."""

from __future__ import annotations

PUBLIC_BODY = "public_body"
SOLE_PROPRIETOR = "sole_proprietor"

# Parts of the state, of a county or of a municipality, and what municipalities run together. State enterprises (SF),
# the Church of Norway (KIRK) and bodies under laws of their own (SÆR) are legal persons beside them.
_PUBLIC = frozenset({"STAT", "FYLK", "KOMM", "ORGL", "ADOS", "KF", "FKF", "IKS"})


def kind_of(form: str) -> str:
    """`public_body`, `sole_proprietor` (the name is a private person's), or "" for all others and an unknown form."""
    if form in _PUBLIC:
        return PUBLIC_BODY
    return SOLE_PROPRIETOR if form == "ENK" else ""
