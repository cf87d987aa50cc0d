"""Formats that libraries and shops send as well and that are not read here, by name and with what to ask for."""

from __future__ import annotations

import re
from typing import NamedTuple

from catalogue.sentence import Sentence


class ForeignFormat(NamedTuple):
    """What a payload is instead, and what to do."""

    sign: re.Pattern[str]
    name: str
    remedy: str


_MARC = Sentence("ask for MARCXML or ISO 2709 of the same records")
FOREIGN = (
    ForeignFormat(
        re.compile(r"<(?:\w+:)?feed\b|http://www\.w3\.org/2005/Atom"),
        Sentence("an Atom feed (OPDS 1)"),
        Sentence("ask for the OPDS 2.0 feed (JSON) of the same service"),
    ),
    ForeignFormat(
        re.compile(r"\s*\d{5}[a-z][\w ]{3}.{14,16}\r?\n00\d "),
        Sentence("MARC as yaz-marcdump shows it"),
        Sentence("make MARCXML of the file it was made from (yaz-marcdump -o marcxml FILE)"),
    ),
    ForeignFormat(re.compile(r"<(?:\w+:)?mods(?:Collection)?\b|www\.loc\.gov/mods/"), "MODS", _MARC),
    ForeignFormat(
        re.compile(r'"anies"\s*:'),
        Sentence("JSON of the Alma API"),
        Sentence("ask for application/xml of the same records"),
    ),
    ForeignFormat(re.compile(r'"@(?:graph|context)"\s*:'), "JSON-LD", _MARC),
    ForeignFormat(re.compile(r"id\.loc\.gov/ontologies/bibframe"), "BIBFRAME", _MARC),
    ForeignFormat(re.compile(r"<(?:\w+:)?dc\b|purl\.org/dc/elements/1\.1/"), "Dublin Core", _MARC),
    ForeignFormat(re.compile(r"\s*TY  - "), "RIS", _MARC),
)


def foreign_format(text: str) -> ForeignFormat | None:
    """The first format whose sign stands in the beginning of a payload."""
    return next((each for each in FOREIGN if each.sign.search(text)), None)
