"""Which value survives in an edition, what is asked, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.merged import MergedRecord
from catalogue.record import (
    AccessibilityFact,
    AuthorityId,
    CatalogueRecord,
    Contributor,
    EditionStatement,
    Extent,
    Identifier,
    Labels,
    Languages,
    Link,
    Publication,
    PublicationDates,
    Series,
    Text,
    Texts,
    Title,
    Topic,
    Topics,
)
from merging.edition import merge_edition

Maker = Callable[..., CatalogueRecord]


def published(date: str) -> Publication:
    return Publication(dates=PublicationDates(published=date))


def row(merged: MergedRecord, field: str) -> Any:
    return next(r for r in merged.provenance if r.field == field)


@pytest.mark.parametrize(
    ("library_title", "publisher_title", "expected"),
    [
        ("Sinuhe egyptiläinen", "SINUHE EGYPTILÄINEN", "Sinuhe egyptiläinen"),
        ("SINUHE EGYPTILÄINEN", "Sinuhe egyptiläinen", "Sinuhe egyptiläinen"),
        ("Sinuhe", "Sinuhe egyptiläinen", "Sinuhe egyptiläinen"),
        ("Sinuhe egyptiläinen", "Sinuhe egyptiläinen (e-kirja)", "Sinuhe egyptiläinen"),
        ("Sinuhe egyptiern", "Sinuhe egyptiern e-bok", "Sinuhe egyptiern"),
        ("Sinuhe egyptiläinen", "Sinuhe Egyptiläinen!", "Sinuhe egyptiläinen"),
        ("Sinuhe egyptiläinen", "Sinuhe egyptilainen", "Sinuhe egyptiläinen"),
    ],
)
def test_title_form(library: Maker, publisher: Maker, library_title: str, publisher_title: str, expected: str) -> None:
    merged = merge_edition([publisher("pub:1", title=publisher_title), library("lib:1", title=library_title)])
    assert [t.text for t in merged.description.titles] == [expected]
    assert merged.conflicts == ()


def test_a_title_split_from_its_subtitle_stands_above_both_in_one(library: Maker, publisher: Maker) -> None:
    split = (Title(text="Sinuhe"), Title(kind="subtitle", text="viisitoista kirjaa"))
    merged = merge_edition([publisher("pub:1", title="Sinuhe : viisitoista kirjaa"), library("lib:1", titles=split)])
    assert merged.description.titles == split
    assert [lost.value["text"] for lost in row(merged, "titles").lost] == ["Sinuhe : viisitoista kirjaa"]


@pytest.mark.parametrize(("one", "other"), [("Sinuhe egyptiläinen", "Suuri sarja"), ("Saa nähdä", "Sää nähdä")])
def test_a_different_title_is_asked_about(library: Maker, publisher: Maker, one: str, other: str) -> None:
    merged = merge_edition([publisher("pub:1", title=other), library("lib:1", title=one)])
    (conflict,) = merged.conflicts
    assert (conflict.field, conflict.chosen["text"]) == ("titles.main", one)
    assert [c.sources for c in conflict.candidates] == [("lib:1",), ("pub:1",)]


def test_finnish_and_swedish_titles_each_keep_their_own(library: Maker, publisher: Maker) -> None:
    both = Languages(text=("fin", "swe"))
    finnish = Title(text="Meri", language="fin")
    swedish = Title(text="Havet", language="swe")
    merged = merge_edition(
        [
            library("lib:1", titles=(finnish,), languages=both),
            publisher("pub:1", titles=(finnish, swedish), languages=both),
        ]
    )
    assert merged.description.titles == (finnish, swedish)
    assert merged.conflicts == ()


@pytest.mark.parametrize(
    ("library_date", "publisher_date", "expected", "asked"),
    [
        ("2021", "2021-05-03", "2021-05-03", False),
        ("2020", "2021-05-03", "2021-05-03", False),
        ("2021-05-03", "2021", "2021-05-03", False),
        ("2005", "2021", "2021", True),
    ],
)
def test_publication_date(
    library: Maker, publisher: Maker, library_date: str, publisher_date: str, expected: str, asked: bool
) -> None:
    merged = merge_edition(
        [
            library("lib:1", publication=published(library_date)),
            publisher("pub:1", publication=published(publisher_date)),
        ]
    )
    assert merged.description.publication.dates.published == expected
    assert [c.field for c in merged.conflicts] == ["publication.dates.published"] * asked


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ("WSOY", "Wsoy Oy", False),
        ("Schildts Förlag", "Schildts Ab", False),
        ("Kustannusosakeyhtiö Otava", "Otava", False),
        ("Otava", "Gummerus", True),
    ],
)
def test_company_words_do_not_tell_publishers_apart(library: Maker, one: str, other: str, asked: bool) -> None:
    merged = merge_edition(
        [
            library("lib:1", publication=Publication(publisher=one)),
            library("lab:1", publication=Publication(publisher=other)),
        ]
    )
    assert bool(merged.conflicts) is asked


def test_the_publishers_other_name_for_itself_is_no_question(library: Maker, publisher: Maker) -> None:
    merged = merge_edition(
        [
            library("lib:1", publication=Publication(publisher="Werner Söderström Osakeyhtiö")),
            publisher("pub:1", publication=Publication(publisher="WSOY")),
        ]
    )
    assert merged.description.publication.publisher == "Werner Söderström Osakeyhtiö"
    assert merged.conflicts == ()


@pytest.mark.parametrize(("one", "other", "asked"), [(300, 304, False), (300, 412, True)])
def test_page_counts(library: Maker, publisher: Maker, one: int, other: int, asked: bool) -> None:
    merged = merge_edition([library("lib:1", extent=Extent(pages=one)), publisher("pub:1", extent=Extent(pages=other))])
    assert merged.description.extent.pages == one
    assert bool(merged.conflicts) is asked


def test_a_lone_voice_against_two_senders_is_outvoted(library: Maker) -> None:
    members = [library(f"{s}:1", publication=Publication(publisher=p)) for s, p in zip("abc", "XXY", strict=True)]
    merged = merge_edition(members)
    assert (merged.description.publication.publisher, merged.conflicts) == ("X", ())


def test_a_minimal_library_record_yields_to_the_publisher(minimal: Maker, publisher: Maker) -> None:
    merged = merge_edition(
        [
            minimal("lib:1", edition_statement=EditionStatement(text="2. p.")),
            publisher("pub:1", edition_statement=EditionStatement(text="2. painos")),
        ]
    )
    assert merged.description.edition_statement.text == "2. painos"


def test_one_person_in_two_forms_is_one_contributor(library: Maker, publisher: Maker) -> None:
    inverted = Contributor(name="Mika Waltari", name_inverted="Waltari, Mika", roles=("aut",), dates="1908-1979")
    direct = Contributor(name="Waltari, Mika", roles=("nrt",), ids=(AuthorityId(scheme="isni", value="1"),))
    initial = Contributor(name="M. Waltari", roles=("oth",))
    merged = merge_edition(
        [
            library("lib:1", contributors=(inverted,)),
            publisher("pub:1", contributors=(direct,)),
            publisher("pab:1", contributors=(initial,)),
        ]
    )
    (person,) = merged.description.contributors
    assert person.ids == direct.ids
    assert set(person.roles) == {"aut", "nrt"}
    assert person.dates == "1908-1979"
    assert row(merged, "contributors").sources == ("lib:1", "pab:1", "pub:1")


def test_two_persons_an_initial_may_mean_stay_apart(library: Maker, publisher: Maker) -> None:
    two = (Contributor(name="Mika Waltari"), Contributor(name="Maria Waltari"))
    merged = merge_edition(
        [library("lib:1", contributors=two), publisher("pub:1", contributors=(Contributor(name="M. Waltari"),))]
    )
    assert len(merged.description.contributors) == 3


def test_concepts_are_united_and_words_for_them_dropped_into_them(library: Maker, publisher: Maker) -> None:
    def subjects(*found: Topic) -> Topics:
        return Topics(subjects=found)

    merged = merge_edition(
        [
            library("lib:1", topics=subjects(Topic(uri="yso:1", scheme="yso", labels=Labels(fi="kissat")))),
            library("lab:1", topics=subjects(Topic(uri="yso:1", scheme="yso", labels=Labels(sv="katter")))),
            publisher("pub:1", topics=subjects(Topic(source_text="Katter"), Topic(source_text="novellit"))),
        ]
    )
    concept, word = merged.description.topics.subjects
    assert concept.labels == Labels(fi="kissat", sv="katter")
    assert word.source_text == "novellit"
    assert row(merged, "topics.subjects").sources == ("lab:1", "lib:1", "pub:1")


@pytest.mark.parametrize(
    ("library_role", "publisher_role", "expected"),
    [("own", "other_format", "other_format"), ("other_format", "own", "own"), ("cancelled", "own", "own")],
)
def test_the_publisher_knows_its_own_numbers(
    library: Maker, publisher: Maker, library_role: Any, publisher_role: Any, expected: str
) -> None:
    def isbn(role: Any) -> tuple[Identifier, ...]:
        return (Identifier(scheme="isbn", value="9789510000007", role=role),)

    merged = merge_edition(
        [library("lib:1", identifiers=isbn(library_role)), publisher("pub:1", identifiers=isbn(publisher_role))]
    )
    assert [i.role for i in merged.description.identifiers] == [expected]
    assert [lost.value["role"] for lost in row(merged, "identifiers").lost] == [library_role]


def test_prepublication_gives_a_full_record_only_what_it_may(library: Maker, advance: Maker) -> None:
    early = advance(
        "pub:1",
        title="Työnimi",
        identifiers=(Identifier(scheme="isbn", value="9789510000007"),),
        accessibility=(AccessibilityFact(code="10"),),
        contributors=(Contributor(name="Joku Toinen"),),
        series=(Series(title="Sarja"),),
        extent=Extent(pages=1),
        texts=Texts(
            descriptions=(Text(kind="main", text="Tulossa."),),
            links=(Link(kind="cover", url="https://a.example/1"),),
            notes=(Text(kind="note", text="Huom."),),
        ),
    )
    merged = merge_edition([early, library("lib:1")])
    shown = merged.description
    assert (shown.title(), shown.contributors, shown.series, shown.extent.pages, shown.texts.notes) == (
        Title(text="Sinuhe egyptiläinen"), (), (), None, (),
    )  # fmt: skip
    assert (shown.identifiers, shown.accessibility) == (early.identifiers, early.accessibility)
    assert (shown.texts.descriptions, shown.texts.links) == (early.texts.descriptions, early.texts.links)
    held = {r.field: r.lost[0].value for r in merged.provenance if r.rule == "prepublication"}
    assert set(held) == {"contributors", "series", "extent.pages", "texts.notes", "titles"}


def test_descriptions_are_the_publishers_one_for_each_language(library: Maker, publisher: Maker) -> None:
    def texts(*found: tuple[str, str]) -> Texts:
        return Texts(descriptions=tuple(Text(kind="main", language=code, text=text) for code, text in found))

    merged = merge_edition(
        [
            library("lib:1", texts=texts(("fin", "Kirjaston pitkä kuvaus."), ("swe", "Bibliotekets text."))),
            publisher("pub:1", texts=texts(("fin", "Kustantajan kuvaus."))),
        ]
    )
    assert {t.language: t.text for t in merged.description.texts.descriptions} == {
        "fin": "Kustantajan kuvaus.",
        "swe": "Bibliotekets text.",
    }


def test_an_unspecific_language_is_dropped_for_a_telling_one(library: Maker, publisher: Maker) -> None:
    merged = merge_edition(
        [library("lib:1", languages=Languages(text=("und",))), publisher("pub:1", languages=Languages(text=("swe",)))]
    )
    assert merged.description.languages.text == ("swe",)


def test_an_edition_without_live_records_is_refused(library: Maker) -> None:
    with pytest.raises(ValueError, match="live record"):
        merge_edition([library("lib:1", status="deleted")])


def test_thousands_of_contributors_and_words_are_merged_in_passable_time(library: Maker, publisher: Maker) -> None:
    people = tuple(Contributor(name=f"Etu{n} Suku{n}", roles=("aut",)) for n in range(3000))
    words = Topics(subjects=tuple(Topic(source_text=f"aihe {n}") for n in range(8000)))
    records = [make(key, contributors=people, topics=words) for make, key in ((library, "lib:1"), (publisher, "pub:1"))]
    merged = merge_edition(records).description
    assert (len(merged.contributors), len(merged.topics.subjects)) == (3000, 8000)
