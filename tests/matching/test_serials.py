"""Issues without an ISSN among serials that share a title."""

from __future__ import annotations

import pytest

from catalogue.record import CatalogueRecord, Issue, Publication, Title
from matching.features import extract
from matching.resolution import resolve


def periodical(name: str, title: str, number: str | None = None) -> CatalogueRecord:
    main, _, subtitle = title.partition(" : ")
    titles = (Title(text=main), *([Title(kind="subtitle", text=subtitle)] if subtitle else []))
    return CatalogueRecord(
        source="s",
        source_id=name,
        level="issue" if number else "serial",
        medium="emagazine",
        titles=titles,
        issue=Issue(number=number) if number else None,
        publication=Publication(publisher="Kaarna"),
    )


@pytest.mark.parametrize(
    ("serials", "issue", "expected"),
    [
        (["Terveisiä : Turku", "Terveisiä : Oulu"], "Terveisiä : Oulu", "Terveisiä : Oulu"),
        (["Hälsningar : Åbo", "Hälsningar : Vasa"], "Hälsningar : Åbo", "Hälsningar : Åbo"),
        (["Terveisiä : Turku", "Terveisiä : Oulu"], "Terveisiä : Pori", None),
        (["Terveisiä : Turku", "Terveisiä"], "Terveisiä : joulunumero", "Terveisiä"),
        (["Luotolainen : saariston luontolehti"], "Luotolainen : joulunumero", "Luotolainen : saariston luontolehti"),
        (["Luotolainen"], "Luotolainen : joulunumero", "Luotolainen"),
    ],
)
def test_the_subtitle_tells_serials_of_one_title_apart(serials: list[str], issue: str, expected: str | None) -> None:
    records = [*(periodical(title, title) for title in serials), periodical("numero", issue, "3/2025")]
    found = resolve([extract(record) for record in records])
    (members,) = [cluster for cluster in found.editions if len(records) - 1 in cluster]
    assert [records[n].source_id for n in members if n < len(serials)] == ([expected] if expected else [])
