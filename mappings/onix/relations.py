"""Related products and works (ONIX lists 51 and 164), and what their ISBNs are to this product."""

from __future__ import annotations

from catalogue import identifiers as numbers
from catalogue.parsed import OnixNode
from mappings.onix.identifiers import add_identifier, normal_form, product_identifier
from mappings.onix.reading import Reading, Values, counted, text_of, texts_of
from mappings.onix.tables import by_code

_PATH = "RelatedMaterial/"


def read_relations(reading: Reading, identifiers: list[Values]) -> list[Values]:
    """One relation per kind and related product, by its ISBN or else its first id.

    ISBNs of other formats, sets and other editions are added to `identifiers` with their role.
    """
    relations: list[Values] = []
    for part, locus in counted(reading.descriptive, "ProductPart", "DescriptiveDetail/"):
        _part(reading, part, locus, relations)
    for node, locus in counted(reading.related, "RelatedProduct", _PATH):
        named: list[Values] = []
        for each, place in counted(node, "ProductIdentifier", f"{locus}/"):
            add_identifier(named, product_identifier(reading, each, place, role="related"))
        _related_product(reading, node, locus, (named, relations, identifiers))
    for node, locus in counted(reading.related, "RelatedWork", _PATH):
        _related_work(reading, node, locus, relations)
    return relations


def _part(reading: Reading, part: OnixNode, locus: str, relations: list[Values]) -> None:
    """A product that is sold in this one, by its ISBN or else its first id."""
    named: list[Values] = []
    for each, place in counted(part, "ProductIdentifier", f"{locus}/"):
        add_identifier(named, product_identifier(reading, each, place, role="related"))
    if chosen := _best(named):
        _add(relations, {"kind": "has_part", "scheme": chosen["scheme"], "value": chosen["value"]})


def _best(named: list[Values]) -> Values | None:
    valid = (each for each in named if each["scheme"] == "isbn" and each.get("valid", True))
    return next(valid, next(iter(named), None))


def _related_product(
    reading: Reading,
    node: OnixNode,
    locus: str,
    lists: tuple[list[Values], list[Values], list[Values]],
) -> None:
    named, relations, identifiers = lists
    chosen = _best(named)
    relation_codes = texts_of(node, "ProductRelationCode")
    for number, code in enumerate(relation_codes, 1):
        kind = by_code("relations", "product").get(code)
        if kind is None:
            reading.unknown(code, 51, f"{locus}/ProductRelationCode{f'[{number}]' if number > 1 else ''}")
            kind = f"onix-51:{code}"
        if chosen:
            _add(relations, {"kind": kind, "scheme": chosen["scheme"], "value": chosen["value"]})
    role = next((r for c in relation_codes if (r := by_code("relations", "role").get(c))), None)
    for each in named if role else ():
        if each["scheme"] == "isbn":
            add_identifier(identifiers, each | {"role": role})


def _related_work(reading: Reading, node: OnixNode, locus: str, relations: list[Values]) -> None:
    code = text_of(node, "WorkRelationCode") or "01"
    kind = by_code("relations", "work").get(code)
    if kind is None:
        reading.unknown(code, 164, f"{locus}/WorkRelationCode")
        kind = f"onix-164:{code}"
    for each, place in counted(node, "WorkIdentifier", f"{locus}/"):
        value, id_type = text_of(each, "IDValue"), text_of(each, "WorkIDType")
        if numbers.is_placeholder(value):
            continue
        scheme = by_code("identifiers", "work").get(id_type or "01")
        if scheme is None:
            reading.unknown(id_type, 16, f"{place}/WorkIDType")
            scheme = f"onix-16:{id_type}"
        identifier = normal_form(reading, scheme, value, (each, place))
        _add(relations, {"kind": kind, "scheme": identifier["scheme"], "value": identifier["value"]})


def _add(relations: list[Values], relation: Values) -> None:
    if relation not in relations:
        relations.append(relation)
