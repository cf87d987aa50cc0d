"""What only printed books have: a height, a binding; and illustrations, which all have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mappings.mapped import Mapped

Mapper = Callable[..., Mapped]
Node = Callable[..., dict[str, Any]]


def measures(onix: Node, *sides: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [onix(MeasureType=kind, Measurement=size, MeasureUnitCode=unit) for kind, size, unit in sides]


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ([("01", "222", "mm"), ("02", "145", "mm"), ("03", "21", "mm"), ("08", "400", "gr")], "23 cm"),
        ([("01", "21", "cm")], "21 cm"),
        ([("01", "21,0", "cm"), ("02", "14", "cm")], "21 cm"),
        ([("01", "9.25", "in")], "24 cm"),
        ([("01", "200", "mm"), ("02", "250", "mm")], "20 x 25 cm"),
        ([("01", "300", "mm"), ("02", "120", "mm")], "30 x 12 cm"),
        ([("02", "145", "mm")], None),
        ([("01", "0", "mm")], None),
        ([("01", "222", "px")], None),
        ([("01", "22200", "cm")], None),
    ],
)
def test_the_height_of_print_is_in_whole_centimetres(
    map_product: Mapper, onix: Node, sides: list[tuple[str, str, str]], said: str | None
) -> None:
    found = map_product({"ProductForm": "BB", "Measure": measures(onix, *sides)})
    assert found.record is not None
    assert found.record.extent.dimensions == said


def test_a_file_has_no_height(map_product: Mapper, onix: Node) -> None:
    found = map_product({"ProductForm": "ED", "Measure": measures(onix, ("01", "222", "mm"))})
    assert found.record is not None
    assert found.record.extent.dimensions is None


@pytest.mark.parametrize(
    ("form", "language", "word"),
    [
        ("BB", "fin", "kovakantinen"), ("BC", "fin", "pehmeäkantinen"), ("BB", "swe", "inbunden"),
        ("BC", "swe", "häftad"), ("BC", "eng", "paperback"), ("BB", "est", "hardback"), ("BA", "fin", None),
        ("ED", "fin", None),
    ],
)  # fmt: skip
def test_the_isbn_of_print_says_its_binding(
    map_product: Mapper, onix: Node, form: str, language: str, word: str | None
) -> None:
    found = map_product(
        {"ProductForm": form, "Language": onix(LanguageRole="01", LanguageCode=language)},
        ProductIdentifier=onix(ProductIDType="15", IDValue="9789510123454"),
    )
    assert found.record is not None
    assert [i.qualifier for i in found.record.identifiers if i.scheme == "isbn"] == [word]


def test_illustrations_are_told_in_the_senders_words(map_product: Mapper) -> None:
    found = map_product({"ProductForm": "BB", "IllustrationsNote": "12 värikuvaa"})
    assert found.record is not None
    assert found.record.extent.illustrations == "12 värikuvaa"


@pytest.mark.parametrize(
    ("said", "language", "words"),
    [
        ({"Illustrated": "02"}, "fin", "kuvitettu"),
        ({"Illustrated": "02", "NumberOfIllustrations": "20"}, "swe", "illustrerad"),
        ({"NumberOfIllustrations": "20"}, "est", "illustrations"),
        ({"Illustrated": "02", "IllustrationsNote": "20 kuvaa"}, "fin", "20 kuvaa"),
        ({"Illustrated": "01", "NumberOfIllustrations": "20"}, "fin", None),
        ({"NumberOfIllustrations": "0"}, "fin", None),
        ({}, "fin", None),
    ],
)
def test_a_book_with_illustrations_is_called_so_in_its_language(map_product, onix, said, language, words):
    described = said | {"Language": onix(LanguageRole="01", LanguageCode=language)}
    assert map_product(described).record.extent.illustrations == words
