"""Identifiers and relations."""

from __future__ import annotations

import pytest


def mapped_identifiers(map_product, onix, rows):
    nodes = [onix(ProductIDType=kind, IDValue=value) for kind, value in rows]
    return map_product(ProductIdentifier=nodes)


@pytest.mark.parametrize(
    ("kind", "given", "scheme", "value", "valid", "defect"),
    [
        ("15", "978-951-0-12345-4", "isbn", "9789510123454", True, None),
        ("02", "951-0-12345-5", "isbn", "9789510123454", True, None),
        ("02", "9789510123454", "isbn", "9789510123454", True, None),
        ("03", "9789510123454", "isbn", "9789510123454", True, None),
        ("14", "09789510123454", "isbn", "9789510123454", True, None),
        ("15", "9789510123450", "isbn", "9789510123450", False, "isbn.checksum"),
        ("15", "951-ABC", "isbn", "951ABC", False, "isbn.form"),
        ("03", "6430060032019", "gtin", "6430060032019", True, None),
        ("03", "6430060032018", "gtin", "6430060032018", False, "identifier.checksum"),
        ("06", "https://doi.org/10.1000/ABC", "doi", "10.1000/abc", True, None),
        ("22", "URN:ISBN:978-951-0-12345-4", "isbn", "9789510123454", True, None),
        ("22", "URN:NBN:fi-fe2024", "urn", "URN:NBN:fi-fe2024", True, None),
        ("34", "9771456789009", "issn", "1456-789X", True, None),
        ("99", "abc", "onix-5:99", "abc", True, "code.unknown"),
    ],
)
def test_identifiers_have_one_normal_form(map_product, onix, kind, given, scheme, value, valid, defect):
    mapped = mapped_identifiers(map_product, onix, [(kind, given)])
    found = mapped.record.identifiers[0]
    assert (found.scheme, found.value, found.valid) == (scheme, value, valid)
    assert found.as_given == (given if given != value else None)
    assert [d.code for d in mapped.defects] == ([defect] if defect else [])


@pytest.mark.parametrize("value", ["", "0000000000000", "9999999999999", "n/a"])
def test_placeholders_are_left_out_and_told(map_product, onix, value):
    mapped = mapped_identifiers(map_product, onix, [("15", value)])
    assert mapped.record.identifiers == ()
    assert [(d.code, d.locus) for d in mapped.defects] == [("identifier.placeholder", "ProductIdentifier/IDValue")]


def test_one_isbn_in_three_notations_is_one(map_product, onix):
    rows = [("03", "9789510123454"), ("15", "978-951-0-12345-4"), ("22", "urn:isbn:9789510123454")]
    assert len(mapped_identifiers(map_product, onix, rows).record.identifiers) == 1


def test_a_senders_own_number_keeps_its_namespace(map_product, onix):
    rows = [onix(ProductIDType="01", IDTypeName="Tuotenumero", IDValue="77"), onix(ProductIDType="01", IDValue="78")]
    found = map_product(ProductIdentifier=rows).record.identifiers
    assert [(i.scheme, i.value) for i in found] == [("proprietary:Tuotenumero", "77"), ("proprietary", "78")]


@pytest.mark.parametrize(
    ("relation", "kind", "role"),
    [
        ("06", "alternative_format", "other_format"),
        ("13", "print_of", "other_format"),
        ("27", "electronic_version", "other_format"),
        ("02", "part_of", "set"),
        ("03", "replaces", "related"),
        ("05", "replaced_by", "related"),
        ("11", "other_language", "related"),
        ("23", "similar", None),
        ("Q9", "onix-51:Q9", None),
    ],
)
def test_isbns_of_related_products_have_a_role(map_product, onix, relation, kind, role):
    identifier = onix(ProductIDType="15", IDValue="9789510123454")
    related = onix(RelatedProduct=onix(ProductRelationCode=relation, ProductIdentifier=identifier))
    record = map_product(RelatedMaterial=related).record
    assert [(r.kind, r.scheme, r.value) for r in record.relations] == [(kind, "isbn", "9789510123454")]
    assert [i.role for i in record.identifiers] == ([role] if role else [])


def test_an_isbn_of_ones_own_stays_so_when_it_is_repeated_as_related(map_product, onix):
    identifier = onix(ProductIDType="15", IDValue="9789510123454")
    related = onix(RelatedProduct=onix(ProductRelationCode="06", ProductIdentifier=identifier))
    record = map_product(ProductIdentifier=identifier, RelatedMaterial=related).record
    assert [i.role for i in record.identifiers] == ["own"]


def test_work_ids_are_relations(map_product, onix):
    work = onix(WorkIDType="01", IDTypeName="teostunniste", IDValue="TT1")
    related = onix(RelatedWork=onix(WorkRelationCode="01", WorkIdentifier=work))
    found = map_product(RelatedMaterial=related).record.relations
    assert [(r.kind, r.scheme, r.value) for r in found] == [("manifestation_of", "proprietary:teostunniste", "TT1")]
