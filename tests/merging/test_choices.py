"""A person's value stands while the sources say what they said, and what she removed does not come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.merged import FieldChoice
from catalogue.record import (
    CatalogueRecord,
    Languages,
    Publication,
    PublicationDates,
    Series,
    Title,
    Topic,
    Topics,
)
from merging.choices import asked, chosen_value, said
from merging.edition import merge_edition
from merging.work import merge_work

Maker = Callable[..., CatalogueRecord]
DATE = "publication.dates.published"


def dated(date: str | None) -> dict[str, Any]:
    return {"publication": Publication(dates=PublicationDates(published=date))}


def choice(field: str, value: Any, over: tuple[str, ...]) -> FieldChoice:
    return FieldChoice(record="lib:1", field=field, value=value, over=over)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (("2005", "2021"), "2019"),
        (("2005", "2005"), "2019"),
        (("2005", None), "2019"),
        (("2019", "2021"), "2019"),
        (("2005", "2022"), "2022"),
    ],
)
def test_a_chosen_value_stands_until_a_source_says_something_new(
    library: Maker, publisher: Maker, now: tuple[str, str], expected: str
) -> None:
    then = [library("lib:1", **dated("2005")), publisher("pub:1", **dated("2021"))]
    picked = choice(DATE, "2019", said(DATE, then))
    merged = merge_edition([library("lib:1", **dated(now[0])), publisher("pub:1", **dated(now[1]))], [picked])
    assert merged.description.publication.dates.published == expected
    (row,) = [r for r in merged.provenance if r.field == DATE]
    assert (row.rule == "cataloguer") is (expected == "2019")


def test_a_choice_answers_the_question(library: Maker, publisher: Maker) -> None:
    members = [library("lib:1", **dated("2005")), publisher("pub:1", **dated("2021"))]
    assert merge_edition(members).conflicts
    merged = merge_edition(members, [choice(DATE, "2005", said(DATE, members))])
    assert merged.conflicts == ()
    (row,) = [r for r in merged.provenance if r.field == DATE]
    assert (row.sources, row.lost[0].value, row.lost[0].sources) == (("lib:1",), "2021", ("pub:1",))


def test_a_removed_value_stays_removed(library: Maker) -> None:
    members = [library("lib:1", **dated("2005"))]
    merged = merge_edition(members, [choice(DATE, None, said(DATE, members))])
    assert merged.description.publication.dates.published is None
    (row,) = [r for r in merged.provenance if r.field == DATE]
    assert (row.value, row.rule, row.lost[0].value) == (None, "cataloguer", "2005")


def test_a_removed_subject_does_not_come_back_from_another_source(library: Maker, publisher: Maker) -> None:
    def about(*words: str) -> dict[str, Any]:
        return {"topics": Topics(subjects=tuple(Topic(source_text=w) for w in words))}

    then = [library("lib:1", **about("kissat", "koirat"))]
    picked = choice("topics.subjects", ["kissat"], said("topics.subjects", then))
    later = [*then, publisher("pub:1", **about("Koirat", "linnut"))]
    merged = merge_edition(later, [picked])
    assert [t.source_text for t in merged.description.topics.subjects] == ["kissat", "linnut"]
    gone = next(r for r in merged.provenance if r.field == "topics.subjects" and r.value is None)
    assert (gone.rule, gone.lost[0].value["source_text"]) == ("cataloguer", "koirat")


def test_an_added_subject_is_there(library: Maker) -> None:
    merged = merge_edition([library("lib:1")], [choice("topics.subjects", "kissat", ())])
    assert [t.source_text for t in merged.description.topics.subjects] == ["kissat"]


def test_a_chosen_title_replaces_the_title_of_its_language_alone(library: Maker) -> None:
    finnish, swedish = Title(text="Meri", language="fin"), Title(text="Havet", language="swe")
    members = [library("lib:1", titles=(finnish, swedish), languages=Languages(text=("fin", "swe")))]
    better = {"text": "Meret", "language": "fin"}
    merged = merge_edition(members, [choice("titles.main", better, said("titles.main", members))])
    assert [t.text for t in merged.description.titles] == ["Meret", "Havet"]


def test_a_persons_title_outranks_other_editions_in_the_work(library: Maker) -> None:
    picked = choice("titles.main", "Sinuhe, egyptiläinen", said("titles.main", [library("lib:1")]))
    language = Languages(text=("fin",))
    one, other = library("lib:1", languages=language), library("aaa:1", languages=language, title="Sinuhe e.")
    work = merge_work([merge_edition([one], [picked]), merge_edition([other])], {"lib:1": one, "aaa:1": other})
    assert [t.text for t in work.description.titles] == ["Sinuhe, egyptiläinen"]


def test_the_choice_of_a_record_that_left_the_cluster_does_not_count(library: Maker) -> None:
    picked = FieldChoice(record="gone:1", field=DATE, value="1999", over=())
    assert merge_edition([library("lib:1")], [picked]) == merge_edition([library("lib:1")])


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("extent.pages", "320", 320),
        ("extent.pages", None, None),
        ("titles.main", "Meri", (Title(text="Meri"),)),
        ("titles.subtitle", {"text": "ja maa"}, (Title(kind="subtitle", text="ja maa"),)),
        ("topics.genres", [], ()),
        ("availability.from", "2021-05-03", "2021-05-03"),
    ],
)
def test_chosen_values_are_read_as_the_model_has_them(field: str, value: Any, expected: Any) -> None:
    assert chosen_value(field, value) == expected


@pytest.mark.parametrize(
    ("field", "value"), [("colour", "red"), ("extent.pages", "many"), ("identifiers", "x"), ("level", "book")]
)
def test_values_that_cannot_be_are_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=field):
        chosen_value(field, value)


def in_series(*numbered: tuple[str, str | None]) -> dict[str, Any]:
    return {"series": tuple(Series(title=title, number=number) for title, number in numbered)}


def test_a_choice_between_numbers_leaves_other_series_alone(library: Maker) -> None:
    members = [
        library("lib:1", **in_series(("Sarja", "1"), ("Toinen", "7"))),
        library("lab:1", **in_series(("Sarja", "2"), ("Toinen", "8"))),
    ]
    first, second = merge_edition(members).conflicts
    over = asked("series", [each.value for each in first.candidates])
    assert over == ("sarja 1", "sarja 2")
    merged = merge_edition(members, [choice("series", first.candidates[1].value, over)])
    numbers = {(s.title, s.number) for s in merged.description.series}
    assert ("Sarja", first.candidates[1].value["number"]) in numbers
    assert {title for title, _ in numbers} == {"Sarja", "Toinen"}
    assert merged.conflicts == (second,)


@pytest.mark.parametrize("field", ["titles.main", "publication.dates.published"])
def test_a_choice_of_one_value_is_made_over_all_that_is_said(field: str) -> None:
    assert asked(field, ["2019"]) is None


def test_a_source_that_says_a_third_number_asks_again(library: Maker) -> None:
    members = [library(f"{s}:1", **in_series(("Sarja", n))) for s, n in (("lib", "1"), ("lab", "2"))]
    picked = choice("series", {"title": "Sarja", "number": "2"}, ("sarja 1", "sarja 2"))
    assert merge_edition(members, [picked]).conflicts == ()
    assert merge_edition([*members, library("lac:1", **in_series(("Sarja", "3")))], [picked]).conflicts
