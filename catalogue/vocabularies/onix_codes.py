"""Codes of ONIX for Books: which there are, and what they are called.

EDItEUR's lists (``data/editeur/``) are read where they lie, on the first question, and not changed; they name the
codes in English. The Finnish and Swedish names are ours (``onix_codes.toml``).
"""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

from catalogue.accessibility import fact_names
from catalogue.record import Labels
from catalogue.vocabularies.tables import read_toml

Release = Literal["2.1", "3.0", "3.1"]

FILES: Mapping[str, str] = {
    "2.1": "editeur/ONIX_BookProduct_CodeLists-2.1.xsd.gz",
    "3.1": "editeur/ONIX_BookProduct_CodeLists-3.1.xsd.gz",
}
"""EDItEUR's schema modules as they were received, under ``data/``: they may be given on only unaltered."""

_ACCESSIBILITY = (196, 143)
_LIST = re.compile(r'<xs:simpleType name="List(\d+)">(.*?)</xs:simpleType>', re.DOTALL)
_NAME = re.compile(r'<xs:documentation source="ONIX Code List \d+">([^<]*)<')
_CODE = re.compile(r'<xs:enumeration value="([^"]*)"')
_NAMED = re.compile(r'<xs:enumeration value="([^"]*)">\s*<xs:annotation>\s*<xs:documentation[^>]*>([^<]*)<')


def onix_codes(number: int, release: Release = "3.1") -> frozenset[str]:
    """The codes of a list; empty where the release has no such list.

    Both releases take their codes from lists of one numbering, which grew on after the issue we have for 2.1: a list
    that 3.1 has too counts for 2.1 with the codes of both.
    """
    later = _codes("3.1").get(number, frozenset())
    return _codes("2.1").get(number, frozenset()) | later if release == "2.1" else later


@lru_cache(maxsize=4096)
def is_onix_code(number: int, code: str, release: Release = "3.1") -> bool:
    """Whether a code is in a list of a release."""
    return code in onix_codes(number, release)


def onix_code_names(number: int, code: str) -> Labels:
    """What a code of a list is called: English as EDItEUR names it, Finnish and Swedish where we do; else empty."""
    english = _english(number).get(code)
    if english is None:
        return Labels()
    if number in _ACCESSIBILITY:
        ours = fact_names(code if number == 196 else f"{number}:{code}")
        return Labels(fi=ours.fi, sv=ours.sv, en=english)
    table = _own()
    fi, sv = table.get(str(table["same"].get(str(number), number)), {}).get(code, (None, None))
    return Labels(fi=fi, sv=sv, en=english)


def onix_list_names(number: int) -> Labels:
    """What a list is called; empty labels for a number that names none."""
    fi, sv = _own()["lists"].get(str(number), (None, None))
    english = next((found[number] for release in ("3.1", "2.1") if number in (found := _list_names(release))), None)
    return Labels(fi=fi, sv=sv, en=english)


def code_lists(packed: bytes) -> dict[int, str]:
    """Number → definition of every list of a gzipped schema module of EDItEUR."""
    text = gzip.decompress(packed).decode("utf-8")
    return {int(found[1]): found[2] for found in _LIST.finditer(text)}


def list_codes(definition: str) -> list[str]:
    """The codes of a list, in its order."""
    return [html.unescape(code) for code in _CODE.findall(definition)]


@cache
def _codes(release: str) -> Mapping[int, frozenset[str]]:
    return {number: frozenset(list_codes(definition)) for number, definition in _definitions(release).items()}


@cache
def _list_names(release: str) -> Mapping[int, str]:
    found = {number: _NAME.search(definition) for number, definition in _definitions(release).items()}
    return {number: html.unescape(name[1]) for number, name in found.items() if name}


@lru_cache(maxsize=64)
def _english(number: int) -> Mapping[str, str]:
    """Names by code; of a code that is in both issues that of the later."""
    found: dict[str, str] = {}
    for release in FILES:
        rows = _NAMED.findall(_definitions(release).get(number, ""))
        found |= {html.unescape(code): " ".join(html.unescape(name).split()) for code, name in rows}
    return found


def _definitions(release: str) -> dict[int, str]:
    file = resources.files("catalogue.vocabularies").joinpath("data", FILES[release])
    return code_lists(file.read_bytes())


@cache
def _own() -> dict[str, Any]:
    return read_toml("onix_codes.toml")
