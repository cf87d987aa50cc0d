"""Products as plain nodes, so that a rule of the ONIX mapping can be tested without a feed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.parsed import Dialect, MessageHeader, ParsedRecord
from mappings.mapped import Mapped
from mappings.onix.record import map_onix

Mapper = Callable[..., Mapped]


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
