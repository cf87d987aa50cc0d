"""Identifiers of the product (ONIX lists 5, 13, 16, 44) in their normal forms."""

from __future__ import annotations

import re
from functools import lru_cache

from catalogue import identifiers as numbers
from catalogue.folding import fold
from catalogue.parsed import OnixNode
from mappings.onix.reading import Reading, Values, counted, leaf, text_of
from mappings.onix.tables import by_code, table

_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_URN_ISBN = re.compile(r"^urn:isbn:(.+)$", re.IGNORECASE)
_QUALIFIED = re.compile(r"([^()]{10,30})\(([^()]{1,60})\)")  # as in MARC 020: "978-951-0-12345-4 (sid.)"
_ISBN_DIGITS = re.compile(r"\d{9}[\dX]|\d{13}")


def own_identifiers(reading: Reading) -> list[Values]:
    """The identifiers of the product itself, of its parts and of the set it belongs to; none twice."""
    found: list[Values] = []
    for node, locus in counted(reading.product, "ProductIdentifier", ""):
        add_identifier(found, product_identifier(reading, node, locus))
    for part, path in counted(reading.descriptive, "ProductPart", "DescriptiveDetail/"):
        for node, locus in counted(part, "ProductIdentifier", f"{path}/"):
            add_identifier(found, product_identifier(reading, node, locus, role="related"))
    for each, path in counted(reading.descriptive, "Collection", "DescriptiveDetail/"):
        for node, locus in counted(each, "SetIdentifier", f"{path}/"):
            add_identifier(found, product_identifier(reading, node, locus, role="set"))
    return found


def add_identifier(found: list[Values], identifier: Values | None) -> None:
    """Add it where the same value is not there yet: an ISBN written as ISBN-10, ISBN-13 and GTIN is one."""
    if identifier and not any(i["value"] == identifier["value"] and i["scheme"] == identifier["scheme"] for i in found):
        found.append(identifier)


def product_identifier(reading: Reading, node: OnixNode, locus: str, role: str = "own") -> Values | None:
    """One ProductIdentifier, or None where its value says nothing."""
    code, given = text_of(node, "ProductIDType"), text_of(node, "IDValue")
    if _is_placeholder(given):
        reading.report("identifier.placeholder", f"{locus}/IDValue", value=given)
        return None
    scheme = by_code("identifiers", "product").get(code)
    if scheme is None:
        reading.unknown(code, 5, f"{locus}/ProductIDType")
        scheme = f"onix-5:{code}"
    identifier = normal_form(reading, scheme, given, (node, locus))
    identifier["role"] = "related" if scheme == "co_publisher" else role
    return identifier


def normal_form(reading: Reading, scheme: str, given: str, place: tuple[OnixNode, str]) -> Values:
    """Scheme, value, validity and the written form of an identifier of a known scheme."""
    node, locus = place
    if scheme in ("isbn", "co_publisher"):
        value = _isbn(reading, given, f"{locus}/IDValue")
    elif scheme in ("gtin", "upc"):
        value = _gtin(reading, scheme, given, f"{locus}/IDValue")
    elif scheme == "issn":
        value = _issn(reading, given, f"{locus}/IDValue")
    elif scheme == "doi":
        value = {"scheme": "doi", "value": _DOI.sub("", given).lower()}
    elif scheme == "proprietary":
        value = {"scheme": namespace(reading, node, locus), "value": given}
    else:
        value = _other(scheme, given)
    if value["value"] != given:
        value["as_given"] = given
    return value


def namespace(reading: Reading, node: OnixNode, locus: str) -> str:
    """``proprietary:NAME``, or the name of a namespace that libraries share; plain where the sender names none."""
    name = reading.text(node, "IDTypeName", locus)
    if not name:
        return "proprietary"
    return _shared_namespace(name) or f"proprietary:{name}"


@lru_cache(maxsize=1024)
def _shared_namespace(name: str) -> str | None:
    shared: dict[str, list[str]] = table("identifiers")["proprietary"]
    return next((scheme for scheme, names in shared.items() if fold(name) in names), None)


# Most products give theirs twice, as ISBN and GTIN.
_isbn13 = lru_cache(maxsize=1024)(numbers.isbn13)
_is_placeholder = lru_cache(maxsize=1024)(numbers.is_placeholder)


def _isbn(reading: Reading, given: str, locus: str) -> Values:
    value = _isbn13(given)
    if value:
        return {"scheme": "isbn", "value": value}
    qualified = _QUALIFIED.fullmatch(given)
    if qualified and (value := _isbn13(qualified[1])):
        return {"scheme": "isbn", "value": value, "qualifier": qualified[2].strip()}
    bare = numbers.isbn_text(given)
    if _ISBN_DIGITS.fullmatch(bare) and (len(bare) == 10 or bare[:3] in ("978", "979")):
        reading.report("isbn.checksum", locus, value=given)
    else:
        reading.report("isbn.form", locus, value=given)
        if numbers.is_gtin(bare):
            return {"scheme": "gtin", "value": bare}
    return {"scheme": "isbn", "value": bare or given, "valid": False}


def _gtin(reading: Reading, scheme: str, given: str, locus: str) -> Values:
    bare = numbers.isbn_text(given)
    bookland = bare.removeprefix("0") if len(bare) == 14 else bare  # a GTIN-14 of a single item begins with 0
    if len(bookland) == 13 and bookland.startswith(("978", "979")) and not bookland.startswith("9790"):
        return _isbn(reading, bookland, locus)  # 9790 is music (ISMN)
    if numbers.is_gtin(bare):
        return {"scheme": scheme, "value": bare}
    reading.report("identifier.checksum", locus, value=given)
    return {"scheme": scheme, "value": bare or given, "valid": False}


def _issn(reading: Reading, given: str, locus: str) -> Values:
    bare = numbers.isbn_text(given)
    value = numbers.issn(bare[3:10] + _issn_check(bare[3:10])) if bare.startswith("977") and len(bare) == 13 else None
    value = value or numbers.issn(given)
    if value:
        return {"scheme": "issn", "value": value}
    reading.report("issn.checksum", locus, value=given)
    return {"scheme": "issn", "value": given, "valid": False}


def _issn_check(seven: str) -> str:
    """Check character of an ISSN (ISO 3297), which its GTIN-13 form leaves out."""
    if not seven.isdigit():
        return ""
    rest = -sum(int(d) * (8 - n) for n, d in enumerate(seven)) % 11
    return "X" if rest == 10 else str(rest)


def _other(scheme: str, given: str) -> Values:
    if scheme == "urn" and (found := _URN_ISBN.match(given)) and (isbn := numbers.isbn13(found[1])):
        return {"scheme": "isbn", "value": isbn}
    if scheme == "oclc":
        return {"scheme": "oclc", "value": given.removeprefix("(OCoLC)").lstrip("0") or given}
    return {"scheme": scheme, "value": given}


def collection_issn(reading: Reading, collection: OnixNode, locus: str) -> str | None:
    """The ISSN of a collection, if a valid one is given."""
    for node, place in counted(collection, "CollectionIdentifier", f"{locus}/"):
        code = text_of(node, "CollectionIDType")
        scheme = by_code("identifiers", "collection").get(code)
        name = leaf(node["IDTypeName"][0]).upper() if node.get("IDTypeName") else ""
        if scheme is None and code:
            reading.unknown(code, 13, f"{place}/CollectionIDType")
        if scheme != "issn" and name != "ISSN":
            continue
        given = text_of(node, "IDValue")
        if numbers.is_placeholder(given):
            reading.report("identifier.placeholder", f"{place}/IDValue", value=given)
            continue
        found = _issn(reading, given, f"{place}/IDValue")
        if found.get("valid", True):
            return str(found["value"])
    return None


def name_identifiers(reading: Reading, node: OnixNode, locus: str) -> list[Values]:
    """Authority ids of a name (list 44): ``isni`` 16 characters, ``orcid`` with hyphens, others as given."""
    found = []
    for each, place in counted(node, "NameIdentifier", f"{locus}/"):
        code, given = text_of(each, "NameIDType"), text_of(each, "IDValue")
        if numbers.is_placeholder(given):
            reading.report("identifier.placeholder", f"{place}/IDValue", value=given)
            continue
        scheme = by_code("identifiers", "name").get(code)
        if scheme is None:
            reading.unknown(code, 101 if reading.legacy else 44, f"{place}/NameIDType")
            scheme = f"onix-44:{code}"
        if scheme == "proprietary":
            scheme = namespace(reading, each, place)
        bare = given.rstrip("/").rpartition("/")[2] if "://" in given else given
        if scheme == "isni":
            bare = re.sub(r"[\s-]", "", bare.upper().removeprefix("ISNI"))
        found.append({"scheme": f"onix-44:{code}" if scheme == "other" else scheme, "value": bare})
    return found
