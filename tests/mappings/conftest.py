"""Products as plain nodes and MARC records as lines, so that a rule of a mapping can be tested without a feed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.parsed import Dialect, MessageHeader, ParsedRecord
from catalogue.record import CatalogueRecord
from mappings.mapped import Mapped
from mappings.marc.record import map_marc
from mappings.onix.record import map_onix

Mapper = Callable[..., Mapped]
BOOK = "00000nam a2200000 i 4500"
PRINTED_2018 = "180101s2018    fi ||||       |0| 0|fin| "


def node(**elements: Any) -> dict[str, Any]:
    """A composite: every element once, unless a list is given."""
    return {
        tag: value if isinstance(value, list) or tag.startswith("@") else [value] for tag, value in elements.items()
    }


def title_detail(text: str, kind: str = "01", **more: Any) -> dict[str, Any]:
    element = node(TitleElementLevel="01", TitleText=text, **more)
    return node(TitleType=kind, TitleElement=element)


@pytest.fixture
def onix() -> Callable[..., dict[str, Any]]:
    """`node`: a composite out of keyword arguments."""
    return node


@pytest.fixture
def titled() -> Callable[..., dict[str, Any]]:
    """`title_detail`: a TitleDetail with one product element."""
    return title_detail


@pytest.fixture
def map_product() -> Mapper:
    """Map one 3.0 product, given as blocks: ``descriptive={…}``; reference R1 and the title "Nimi" unless given."""

    def mapped(
        descriptive: dict[str, Any] | None = None,
        header: MessageHeader | None = None,
        **elements: Any,
    ) -> Mapped:
        described = {"TitleDetail": [title_detail("Nimi")], "ProductForm": ["EA"], **node(**(descriptive or {}))}
        content = {"RecordReference": ["R1"], "NotificationType": ["03"], **node(**elements)}
        content = {k: v for k, v in content.items() if v != [None]}
        content["DescriptiveDetail"] = [{k: v for k, v in described.items() if v != [None]}]
        return map_onix(ParsedRecord("onix-3.0", content, 1, header=header or MessageHeader()), "kustantaja", "f1")

    return mapped


@pytest.fixture
def map_node() -> Mapper:
    """Map a whole product node of any release."""

    def mapped(content: dict[str, Any], dialect: Dialect = "onix-2.1") -> Mapped:
        return map_onix(ParsedRecord(dialect, content, 1), "kustantaja", "f1")

    return mapped


def marc_field(text: str) -> list[Any]:
    """``"245 10 $aTitle /$cName"`` as the parsers give it; blanks in the indicators are ``_``."""
    tag, _, rest = text.partition(" ")
    if tag < "010":
        return [tag, rest]
    indicators, _, subfields = rest.partition(" ")
    return [tag, indicators.replace("_", " "), [[part[0], part[1:]] for part in subfields.split("$")[1:]]]


@pytest.fixture(scope="session")
def field() -> Callable[[str], list[Any]]:
    """`marc_field`: a field out of a line."""
    return marc_field


@pytest.fixture(scope="session")
def mapped() -> Mapper:
    """Map a MARC record of these lines: a printed book, number 123, title "Nimi", unless they say otherwise."""

    def of(*fields: str, leader: str = BOOK, fixed: str = PRINTED_2018) -> Mapped:
        named = any(line.startswith("245") for line in fields)
        own = [["001", "123"], ["008", fixed], *([] if named else [marc_field("245 00 $aNimi")])]
        return map_marc(ParsedRecord("marc21", [leader, [*own, *map(marc_field, fields)]], 1), "koe", "f1")

    return of


@pytest.fixture(scope="session")
def record(mapped: Mapper) -> Callable[..., CatalogueRecord]:
    """The same, where a record must come of it."""

    def of(*fields: str, **more: str) -> CatalogueRecord:
        found = mapped(*fields, **more).record
        assert found is not None
        return found

    return of
