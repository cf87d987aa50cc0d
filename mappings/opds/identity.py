"""Identifiers of the publication, and what its other formats and its serial are known by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from catalogue import identifiers as numbers
from mappings.opds.reading import Reading, Values, by_value, listed, objects, plain

_URN = re.compile(r"^(?:urn:)?(isbn|issn|doi|uuid)[: ]\s*(.+)$", re.IGNORECASE)
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(.+)$", re.IGNORECASE)
_HOME = re.compile(r"^(?:https?:)?//(?:www\.)?|^urn:")
_EXAMPLES = ("schema:workExample", "workExample")


def read_identifiers(reading: Reading) -> list[Values]:
    """``identifier`` and ``altIdentifier`` of the publication, then the ISBNs of its other formats; none twice."""
    found: dict[tuple[str, str], Values] = {}
    for value, locus in _written(reading):
        _keep(found, identifier(reading, value, locus))
    for example, locus in examples(reading):
        for value, place in listed(example.get("schema:isbn", example.get("isbn")), f"{locus}.schema:isbn"):
            other = identifier(reading, value, place)
            if other:
                _keep(found, {**other, "role": "other_format"})
    return list(found.values())


def examples(reading: Reading) -> Iterator[tuple[dict[str, Any], str]]:
    """The same work in other formats (``schema:workExample``)."""
    yield from objects(*reading.member(*_EXAMPLES))


def identifier(reading: Reading, value: Any, locus: str) -> Values | None:
    """One identifier in its normal form: a URI, or ``{value, scheme}``. None where it says nothing."""
    scheme = plain(value.get("scheme")).lower().rstrip("/") if isinstance(value, dict) else ""
    given = plain(value.get("value")) if isinstance(value, dict) else plain(value)
    kind = by_value("identifiers").get(scheme, "")
    urn = _URN.match(given)
    if urn and not kind:
        kind, given_value = urn[1].lower(), urn[2]
    else:
        given_value = given
    if numbers.is_placeholder(given_value):
        reading.report("identifier.placeholder", locus, value=given)
        return None
    found = _normal(reading, kind, given_value, locus)
    if found["scheme"] == "proprietary" and scheme:
        found["scheme"] = f"proprietary:{_HOME.sub('', scheme)}"
    return found | {"as_given": given} if found["value"] != given else found


def _normal(reading: Reading, kind: str, value: str, locus: str) -> Values:
    if kind == "isbn" or (not kind and numbers.isbn13(value)):
        return _checked(reading, "isbn", (value, numbers.isbn13(value), numbers.isbn_text(value)), locus)
    if kind == "issn":
        return _checked(reading, "issn", (value, numbers.issn(value), value), locus)
    if kind == "doi" or _DOI.match(value):
        doi = _DOI.match(value)
        return {"scheme": "doi", "value": (doi[1] if doi else value).lower()}
    if kind == "uuid":
        return {"scheme": "uuid", "value": value.lower()}
    if value.startswith(("http://", "https://")):
        return {"scheme": "uri", "value": value}
    return {"scheme": "urn" if value.lower().startswith("urn:") else kind or "proprietary", "value": value}


def _checked(reading: Reading, scheme: str, forms: tuple[str, str | None, str], locus: str) -> Values:
    given, right, bare = forms
    if right:
        return {"scheme": scheme, "value": right}
    code = f"{scheme}.checksum" if scheme == "issn" or len(bare) in (10, 13) else "isbn.form"
    reading.report(code, locus, value=given)
    return {"scheme": scheme, "value": bare or given, "valid": False}


def _written(reading: Reading) -> Iterator[tuple[Any, str]]:
    yield from listed(*reading.member("identifier"))
    yield from listed(*reading.member("altIdentifier"))


def _keep(found: dict[tuple[str, str], Values], each: Values | None) -> None:
    if each:
        found.setdefault((each["scheme"], each["value"]), each)
