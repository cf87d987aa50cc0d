"""What editions share is the work's; what differs stays on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue.record import (
    CatalogueRecord,
    Contributor,
    Extent,
    Identifier,
    Labels,
    Languages,
    Publication,
    PublicationDates,
    Text,
    Texts,
    Title,
    Topic,
    Topics,
)
from merging.edition import merge_edition
from merging.work import merge_work

Maker = Callable[..., CatalogueRecord]


@pytest.fixture
def editions(library: Maker, publisher: Maker) -> list[CatalogueRecord]:
    author = Contributor(name="Tove Jansson", roles=("aut",))
    swedish = library(
        "lib:1",
        titles=(Title(text="Sommarboken"),),
        languages=Languages(text=("swe",)),
        contributors=(author,),
        identifiers=(Identifier(scheme="isbn", value="9789510000007"),),
        publication=Publication(publisher="Schildts", dates=PublicationDates(published="2012", original="1972")),
        extent=Extent(pages=140),
        topics=Topics(subjects=(Topic(uri="yso:1", labels=Labels(sv="öar")),)),
        texts=Texts(descriptions=(Text(kind="main", text="En sommar."),)),
    )
    finnish = publisher(
        "pub:1",
        medium="audiobook",
        formats=("mp3",),
        titles=(Title(text="Kesäkirja"), Title(kind="original", text="Sommarboken")),
        languages=Languages(text=("fin",), original=("swe",)),
        contributors=(author, Contributor(name="Lukija Eka", roles=("nrt",)), Contributor(name="K", roles=("trl",))),
        publication=Publication(publisher="WSOY", dates=PublicationDates(published="2009-05")),
        topics=Topics(subjects=(Topic(uri="yso:1", labels=Labels(fi="saaret")),)),
        texts=Texts(descriptions=(Text(kind="main", text="Yksi kesä."),)),
    )
    return [swedish, finnish]


def test_a_work_has_what_its_editions_share(editions: list[CatalogueRecord]) -> None:
    known = {str(r.key): r for r in editions}
    work = merge_work([merge_edition([r]) for r in editions], known)
    shown = work.description
    assert {(t.kind, t.language, t.text) for t in shown.titles} == {
        ("main", "swe", "Sommarboken"),
        ("main", "fin", "Kesäkirja"),
        ("original", None, "Sommarboken"),
    }
    assert [(c.name, c.roles) for c in shown.contributors] == [("Tove Jansson", ("aut",))]
    assert set(shown.languages.text) == {"fin", "swe"}
    assert shown.languages.original == ("swe",)
    assert (shown.medium, shown.formats) == ("ebook", ("mp3",))
    assert shown.topics.subjects[0].labels == Labels(fi="saaret", sv="öar")
    assert shown.publication.dates == PublicationDates(published="2009-05", original="1972")
    assert {t.language: t.text for t in shown.texts.descriptions} == {"swe": "En sommar.", "fin": "Yksi kesä."}
    assert (shown.identifiers, shown.extent, shown.publication.publisher) == ((), Extent(), None)


def test_a_works_provenance_names_source_records(editions: list[CatalogueRecord]) -> None:
    work = merge_work([merge_edition([r]) for r in editions], {str(r.key): r for r in editions})
    sources = {(r.field, str(r.value)): r.sources for r in work.provenance}
    assert sources["languages.text", "fin"] == ("pub:1",)
    assert next(r.sources for r in work.provenance if r.field == "contributors") == ("lib:1", "pub:1")
    assert (work.level, work.members, work.conflicts) == ("work", ("lib:1", "pub:1"), ())


def test_a_narrator_all_editions_share_is_the_works(editions: list[CatalogueRecord]) -> None:
    work = merge_work([merge_edition([editions[1]])], {})
    assert [c.roles for c in work.description.contributors] == [("aut",), ("nrt",), ("trl",)]


def test_a_work_needs_an_edition() -> None:
    with pytest.raises(ValueError, match="edition"):
        merge_work([], {})


def test_the_title_a_work_was_written_under_stands_first(library: Maker) -> None:
    def edition(key: str, language: str, title: str) -> CatalogueRecord:
        languages = Languages(text=(language,), original=("fin",) if language != "fin" else ())
        return library(key, titles=(Title(text=title),), languages=languages)

    records = [
        edition("a:1", "ger", "Im Universum zu Hause"),
        edition("b:1", "swe", "Hemma i världsrymden"),
        edition("c:1", "fin", "Kotona maailmankaikkeudessa"),
    ]
    work = merge_work([merge_edition([r]) for r in records], {str(r.key): r for r in records})
    assert work.description.titles[0].text == "Kotona maailmankaikkeudessa"
