"""What to say of a payload in which nothing could be seen."""

from __future__ import annotations

import re

from catalogue.defect import Defect
from catalogue.sentence import Sentence
from parsers.detect import Format, as_text

MOST_NAMES = 5
_TAG = re.compile(r"<([A-Za-z_][\w:.-]*)")

EXPECTED: dict[Format, str] = {
    "onix": Sentence("elements Product (or product) in ONIXMessage"),
    "iso2709": Sentence("records that end with the byte 1D"),
    "marcxml": Sentence("elements record with leader and datafield"),
    "marcjson": Sentence("objects with leader and fields"),
    "alephseq": Sentence("lines that begin with a number of nine digits and a tag"),
    "mrk": Sentence("lines that begin with =LDR or LDR, then with a tag"),
    "deleteids": Sentence("one id a line"),
    "opds": Sentence("objects in publications"),
    "oai": Sentence("elements record with MARC or ONIX in metadata (verb ListRecords)"),
}


def no_records(format: Format, head: bytes) -> Defect:  # noqa: A002 - the contract's word
    """What to say of a payload in which nothing was found to be a record; `head` is its beginning."""
    text = as_text(head)
    names = list(dict.fromkeys(_TAG.findall(text)))[:MOST_NAMES]
    found = ", ".join(names) or " ".join(text[:40].split())
    return Defect("payload.no_records", params={"format": format, "expected": EXPECTED[format], "found": found})
