"""The evidence a decision was made on: what counts, what does not, and in no order."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.decision import case_id, evidence_key
from catalogue.record import (
    Availability,
    CatalogueRecord,
    Contributor,
    Extent,
    Identifier,
    Labels,
    Languages,
    Publication,
    PublicationDates,
    Series,
    Text,
    Texts,
    Title,
    Topic,
    Topics,
)


def record(**changes: Any) -> CatalogueRecord:
    values: dict[str, Any] = {
        "source": "kaarna",
        "source_id": "1",
        "medium": "ebook",
        "formats": ("epub",),
        "titles": (Title(text="Hiljaiset vedet"),),
        "contributors": (Contributor(name="Juhani Vaskela", roles=("aut",)),),
        "identifiers": (Identifier(scheme="isbn", value="9789524991057"),),
        "languages": Languages(text=("fin",)),
        "extent": Extent(pages=268),
    }
    return CatalogueRecord(**values | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"titles": (Title(text="HILJAISET VEDET."),)},
        {"topics": Topics(subjects=(Topic(labels=Labels(fi="kalastajat")),))},
        {"texts": Texts(descriptions=(Text(kind="summary", text="Kolme sisarusta"),))},
        {"availability": Availability(lendable_fi=True)},
    ],
)
def test_what_does_not_decide_leaves_the_key_alone(changes: dict[str, Any]) -> None:
    assert evidence_key([record(**changes)]) == evidence_key([record()])


@pytest.mark.parametrize(
    "changes",
    [
        {"titles": (Title(text="Hiljaiset vedet II"),)},
        {"contributors": (Contributor(name="Juhani Vaskela", roles=("edt",)),)},
        {"identifiers": ()},
        {"formats": ("pdf",)},
        {"medium": "audiobook"},
        {"languages": Languages(text=("swe",))},
        {"extent": Extent(pages=269)},
        {"publication": Publication(dates=PublicationDates(published="2020"))},
        {"series": (Series(title="Vedet", number="2"),)},
        {"source_id": "2"},
    ],
)
def test_what_decides_changes_the_key(changes: dict[str, Any]) -> None:
    assert evidence_key([record(**changes)]) != evidence_key([record()])


def test_the_order_of_records_and_of_their_values_does_not_count() -> None:
    one, two = record(), record(source="lintula")
    assert evidence_key([one, two]) == evidence_key([two, one])
    names = (Contributor(name="A B", roles=("aut",)), Contributor(name="C D", roles=("ill",)))
    assert evidence_key([record(contributors=names)]) == evidence_key([record(contributors=names[::-1])])


def test_a_case_keeps_its_id_while_its_question_stays() -> None:
    first = case_id("match", "edition", ["b:1", "a:1"], "key")
    assert first == case_id("match", "edition", ["a:1", "b:1"], "key")
    assert first.startswith("m")
    assert len(first) == 13
    assert first != case_id("match", "work", ["a:1", "b:1"], "key")
    assert first != case_id("match", "edition", ["a:1", "b:1"], "other")
