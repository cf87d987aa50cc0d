"""Names of classes: YKL in Finnish, Swedish and English, Thema in English (no other is to be had freely)."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import resources

from catalogue.record import Labels
from catalogue.vocabularies.tables import read_rows

THEMA = "thema-1.6-en.json.gz"
"""EDItEUR's list as it was received: it may be given on only unaltered."""


def class_names(scheme: str, code: str) -> Labels:
    """What a class of ``ykl`` or ``thema`` is called; empty labels for other schemes and unknown codes."""
    plain = code.strip()
    if scheme == "ykl":
        return _ykl().get(plain, Labels())
    if scheme == "thema":
        return Labels(en=_thema().get(plain.upper()))
    return Labels()


def thema_codes(packed: bytes) -> dict[str, str]:
    """Code → English text of the list."""
    rows = json.loads(gzip.decompress(packed))["CodeList"]["ThemaCodes"]["Code"]
    return {str(row["CodeValue"]): row["CodeDescription"] for row in rows}


@cache
def _ykl() -> dict[str, Labels]:
    rows = (row.split("\t") for row in read_rows("ykl"))
    return {code: Labels(fi=fi or None, sv=sv or None, en=en or None) for code, fi, sv, en in rows}


@cache
def _thema() -> dict[str, str]:
    return thema_codes(resources.files("catalogue.vocabularies").joinpath("data", THEMA).read_bytes())
