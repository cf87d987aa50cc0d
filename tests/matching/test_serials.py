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


@pytest.mark.parametrize(
    ("issues", "magazines"),
    [
        # Two issues of each: the subtitle is the magazine's.
        (["Terveisiä : Turku 1", "Terveisiä : Turku 2", "Terveisiä : Oulu 1", "Terveisiä : Oulu 2"], [(0, 1), (2, 3)]),
        (["Hälsningar : Åbo 1", "Hälsningar : Åbo 2", "Hälsningar : Vasa 3", "Hälsningar : Vasa 4"], [(0, 1), (2, 3)]),
        (["Greetings : Bath 1", "Greetings : Bath 2", "Greetings : York 1", "Greetings : York 2"], [(0, 1), (2, 3)]),
        # One number of one source with both.
        (["Terveisiä : Turku 1", "Terveisiä : Oulu 1"], [(0,), (1,)]),
        # A subtitle that one issue bears is that issue's.
        (["Luotolainen : majakat 1", "Luotolainen : hylkeet 2", "Luotolainen 3"], [(0, 1, 2)]),
        (["Skärgården : fyrar 1", "Skärgården : sälar 2", "Skärgården : sjömän 3"], [(0, 1, 2)]),
        (["The islander : lighthouses 1", "The islander : seals 2"], [(0, 1)]),
        # One that comes every year is the issue's too where it names a season or a kind of issue.
        (["Luoto : joulunumero 12", "Luoto : joulunumero 24", "Luoto : kesä 6", "Luoto : kesä 18"], [(0, 1, 2, 3)]),
        (["Skär : julnummer 12", "Skär : julnummer 24", "Skär : sommar 6", "Skär : sommar 18"], [(0, 1, 2, 3)]),
        (
            ["Isles : christmas issue 12", "Isles : christmas issue 24", "Isles : may 5", "Isles : may 17"],
            [(0, 1, 2, 3)],
        ),
        # A magazine's subtitle that some issues leave out, or an issue's in its place.
        (["Luonto : saariston lehti 1", "Luonto : saariston lehti 2", "Luonto 3", "Luonto : sää 4"], [(0, 1, 2, 3)]),
        # Where magazines share a title, an issue with neither's subtitle goes by the title alone.
        (["Hej : Åbo 1", "Hej : Åbo 2", "Hej : Vasa 1", "Hej : Vasa 2", "Hej : Borgå 3"], [(0, 1), (2, 3), (4,)]),
    ],
)
def test_issues_without_their_serial_are_told_apart_by_a_magazines_subtitle(
    issues: list[str], magazines: list[tuple[int, ...]]
) -> None:
    numbered = [text.rpartition(" ") for text in issues]
    records = [periodical(f"n{n}", title, f"{number}/2025") for n, (title, _, number) in enumerate(numbered)]
    found = resolve([extract(record) for record in records])
    assert found.editions == found.works == magazines


def test_e_issues_of_two_printed_magazines_of_one_title_are_two_editions() -> None:
    printed = [
        periodical(name, f"Terveisiä : {name}").model_copy(update={"medium": "print"}) for name in ("Turku", "Oulu")
    ]
    issues = [periodical(f"n{n}", f"Terveisiä : {name}", "1/2025") for n, name in enumerate(("Turku", "Oulu"))]
    found = resolve([extract(record) for record in [*printed, *issues]])
    assert sorted(found.editions) == [(0,), (1,), (2,), (3,)]
    assert sorted(tuple(sorted(work)) for work in found.works) == [(0, 2), (1, 3)]
