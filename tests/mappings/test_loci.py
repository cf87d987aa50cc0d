"""Where each format says a field."""

from __future__ import annotations

from typing import Any

import pytest

from mappings.loci import field_of, loci

OPDS = {
    "metadata": {"title": "x", "subject": [{"code": "1"}, "y"], "author": {"name": "z"}},
    "licenses": [{"metadata": {"format": ["application/epub+zip"]}}],
}
ONIX = {"DescriptiveDetail": [{"Language": [{"LanguageCode": ["fin"]}]}]}
MARC = ["0" * 24, [["008", "x"], ["245", "10", [["a", "x"]]]]]


@pytest.mark.parametrize(
    ("dialect", "content", "field", "expected"),
    [
        ("opds-2.0", OPDS, "titles.main", ("metadata.title",)),
        ("opds-2.0", OPDS, "topics.classification", ("metadata.subject.code",)),
        ("opds-2.0", OPDS, "formats", ("licenses.metadata.format",)),
        ("opds-2.0", OPDS, "extent.pages", ()),
        ("onix-3.0", ONIX, "languages.text", ("DescriptiveDetail/Language/LanguageCode",)),
        ("marc21", MARC, "titles.main", ("245$a",)),
        ("marc21", MARC, "languages.text", ("008/35-37",)),
    ],
)
def test_the_places_of_a_field(dialect: str, content: Any, field: str, expected: tuple[str, ...]) -> None:
    assert loci(dialect, content, field) == expected


@pytest.mark.parametrize(
    ("dialect", "locus", "field"),
    [
        ("opds-2.0", "metadata.language[2]", "languages.text"),
        ("opds-2.0", "metadata.altIdentifier[0]", "identifiers.isbn"),
        ("onix-2.1", "Product/NumberOfPages", "extent.pages"),
        ("marc21", "245$a", "titles.main"),
        ("opds-2.0", "metadata.unheard", None),
    ],
)
def test_the_field_of_a_place(dialect: str, locus: str, field: str | None) -> None:
    assert field_of(dialect, locus) == field
