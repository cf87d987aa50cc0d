"""The view of a case as data: rows in order, findings in words, the result that "same" would make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from catalogue.decision import Case
from catalogue.keys import RecordKey
from catalogue.record import CatalogueRecord, Labels, Languages, Title, Topic, Topics
from jobs import reviewing
from jobs.harvesting import harvest
from jobs.resolving import resolve
from jobs.reviewing import Author
from jobs.views import fieldwords, findingwords
from jobs.views.casefile import CaseFile, case_file, lettered
from jobs.views.fieldrows import WEIGHTS, Row, Side, rows_of
from jobs.views.fieldvalues import read_field
from jobs.views.originals import original
from matching.comparisons import COMPARISONS
from matching.scoring import ASKS, VETOES
from merging.edition import merge_edition
from merging.fields import leaves
from merging.registry import RULES
from ops.messages import Language
from ops.sources import load_sources
from store import cases, records
from store.database import Store, open_store

NOW = "2026-01-01T00:00:00Z"
REVIEW = Path(__file__).parents[3] / "fixtures" / "review"


@pytest.fixture(scope="module")
def full(review_data: Path) -> Iterator[Store]:
    """A store full of questions; nothing in this module writes to it."""
    opened = open_store(f"sqlite:///{review_data / 'lyhde.sqlite'}", review_data)
    yield opened
    opened.close()


def all_cases(store: Store) -> list[Case]:
    with store.read() as connection:
        return cases.listed(connection)


def live(store: Store, case: Case) -> list[CatalogueRecord]:
    with store.read() as connection:
        numbers = records.numbers_of(connection, [RecordKey.parse(key) for key in case.members])
        found = records.by_number(connection, sorted(numbers.values())).values()
    return [one.record for one in found if one.record is not None]


def files(store: Store, language: Language = "en") -> list[CaseFile]:
    return [case_file(store, case.case, language) for case in all_cases(store)]


def test_every_level_of_every_comparison_has_a_sentence() -> None:
    levels = {f"{name}.{level}" for name, c in COMPARISONS.items() for level in c.levels}
    assert levels | {"prior.edition", "prior.work"} == set(findingwords.FINDINGS)
    assert set(COMPARISONS) == set(findingwords.COMPARED)


def test_every_ask_veto_rule_and_field_has_a_name() -> None:
    assert {name for rules in ASKS.values() for name in rules} <= set(findingwords.ASKS)
    assert {name for rules in VETOES.values() for name in rules} == set(findingwords.VETOES)
    assert {*RULES, "cataloguer", "prepublication"} == set(fieldwords.RULES)
    named = {
        path.partition(".")[0] if path.startswith(("titles.", "identifiers.")) else path for path in fieldwords.FIELDS
    }
    assert named == set(leaves())


def test_same_is_previewed_by_the_merging_of_the_night_run(full: Store) -> None:
    matched = [case for case in all_cases(full) if case.kind == "match" and case.level == "edition"]
    assert matched
    for case in matched:
        assert case_file(full, case.case, "en").result == merge_edition(live(full, case))


def test_a_field_case_shows_what_stands_and_every_candidate(full: Store) -> None:
    asked = [case for case in all_cases(full) if case.kind == "field"]
    for case in asked:
        file = case_file(full, case.case, "en")
        assert [one.value for one in file.candidates] == [each["value"] for each in case.candidates]
        assert [one.stands for one in file.candidates] == [True, *[False] * (len(case.candidates) - 1)]
        assert file.result_id
        assert file.result
        assert file.rows[0].weight == "deciding"
        letters = {column.letter: {m.key for m in column.members} for column in file.columns}
        assert all(letters[one.letter] == set(one.sources) for one in file.candidates)


def test_rows_are_in_order_and_hold_every_member(full: Store) -> None:
    for file in files(full):
        order = [WEIGHTS.index(row.weight) for row in file.rows]
        assert order == sorted(order)
        assert {member.key for member in file.members} == set(file.case.members)
        assert all(len(row.cells) == len(file.columns) for row in file.rows)
        assert all(value.rule for row in file.rows for value in row.result)


def test_the_weights_add_up(full: Store) -> None:
    explained = [file.explained for file in files(full) if file.explained]
    assert explained
    for each in explained:
        assert each.steps[-1].total == pytest.approx(sum(step.bits for step in each.steps))
        assert each.total == pytest.approx(each.steps[-1].total, abs=0.01)
        assert max(step.share for step in each.steps) == 100


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_file_speaks_one_language(full: Store, language: Language) -> None:
    english, other = files(full), files(full, language)
    for ours, theirs in zip(english, other, strict=True):
        assert ours.question != theirs.question
        assert not set(ours.reasons) & set(theirs.reasons)
        if ours.explained and theirs.explained:
            differ = [a.words != b.words for a, b in zip(ours.explained.steps, theirs.explained.steps, strict=True)]
            assert all(differ)


def record(source: str, title: str = "Kirja", subjects: tuple[Topic, ...] = (), **more: object) -> CatalogueRecord:
    values: dict[str, object] = {
        "source": source,
        "source_id": "1",
        "medium": "ebook",
        "titles": (Title(text=title),),
        "languages": Languages(text=("fin",)),
        "topics": Topics(subjects=subjects),
    }
    return CatalogueRecord.model_validate(values | more)


def rows(*members: CatalogueRecord) -> dict[str, Row]:
    sides = [Side({str(one.key): one}, group) for group, one in enumerate(members)]
    found = rows_of(sides, merge_edition(members), "en")
    return {row.name: row for row in found}


@pytest.mark.parametrize(
    ("left", "right", "weight"),
    [
        ("Häät", "Häät", "identical"),
        ("Häät", "HÄÄT.", "equivalent"),
        ("Häät", "Haat", "deciding"),
        ("Égalité", "Egalite", "equivalent"),
    ],
)
def test_titles_are_weighed_by_folding_with_our_letters_kept(left: str, right: str, weight: str) -> None:
    assert rows(record("a", left), record("b", right))["Title"].weight == weight


def test_a_missing_half_of_a_pair_is_a_row_of_its_own() -> None:
    found = rows(record("a", subjects=(Topic(labels=Labels(fi="sauna"), uri="x"),)), record("b"))
    halves = [name for name in found if name.startswith("Subjects")]
    assert halves == ["Subjects (Finnish)", "Subjects (Swedish)"]
    assert not any(cell.values for cell in found["Subjects (Swedish)"].cells)
    assert found["Subjects (Finnish)"].half
    assert found["Subjects (Swedish)"].half


def test_parallel_titles_stand_in_adjacent_rows() -> None:
    both = (Title(text="Joki", language="fin"), Title(text="Älven", language="swe"))
    found = rows(record("a", titles=both, languages=Languages(text=("fin", "swe"))), record("b", "Joki"))
    names = list(found)
    assert names.index("Title (Swedish)") == names.index("Title (Finnish)") + 1


def test_a_year_and_a_date_of_it_are_one() -> None:
    dates = [{"dates": {"published": text}} for text in ("2021", "2021-09-15")]
    found = rows(record("a", publication=dates[0]), record("b", publication=dates[1]))
    assert found["Year"].weight == "equivalent"


def test_values_are_said_in_the_readers_words() -> None:
    one = record("a")
    assert [read_field(one, "medium", language)[0].text for language in ("fi", "sv", "en")] == [
        "e-kirja",
        "e-bok",
        "e-book",
    ]
    assert [read_field(one, "languages.text", language)[0].text for language in ("fi", "sv")] == ["suomi", "finska"]


def test_a_question_asked_again_shows_the_old_answer_and_what_has_changed(
    store: Store, deliver: Callable[..., None], book: Callable[..., str]
) -> None:
    deliver("kaarna", book("a"))
    deliver("aalto", book("b", publisher="Aalto", date="20190101"))
    resolve(store, NOW)
    (case,) = all_cases(store)
    author = Author("aino", NOW, "sama kansi")
    made = reviewing.answer_match(store, case.case, version=case.version, answer="different", author=author).decision
    deliver("aalto", book("b", publisher="Aalto", date="20180101"))
    resolve(store, NOW)
    (again,) = all_cases(store)
    file = case_file(store, again.case, "en")
    assert file.reopening
    assert file.reopening.decision == made
    assert [(change.record, change.field) for change in file.reopening.changes] == [("aalto:b", "published")]
    assert file.reasons == (findingwords.ASKS["evidence_changed"],)


def test_answered_cases_keep_their_page(tmp_path: Path) -> None:
    opened = open_store(f"sqlite:///{tmp_path / 'lyhde.sqlite'}", tmp_path)
    for source in load_sources(REVIEW / "sources").values():
        harvest(opened, source, NOW)
    resolve(opened, NOW)
    for kind in ("match", "field"):
        case = next(c for c in all_cases(opened) if c.kind == kind and c.level == "edition")
        author = Author("aino", NOW)
        if kind == "match":
            reviewing.answer_match(opened, case.case, version=case.version, answer="same", author=author)
        else:
            value = case.candidates[1]["value"]
            reviewing.answer_field(opened, case.case, version=case.version, value=value, author=author)
        file = case_file(opened, case.case, "en")
        assert file.case.state == "answered"
        assert file.answered
        assert file.answered.author == "aino"
    opened.close()


def test_a_record_is_shown_as_its_format_is_read(full: Store) -> None:
    keys = {member.format: member.key for file in files(full) for member in file.members}
    marc, onix = original(full, keys["MARC"]), original(full, keys["ONIX"])
    assert marc.format == "MARC 21"
    assert marc.text.startswith("=LDR  ")
    assert "\n=245  " in marc.text
    assert onix.text.startswith("<Product>\n  <RecordReference>")
    assert not marc.cut
    assert not onix.cut


def test_columns_have_letters_that_are_no_other_key_and_none_is_left_out() -> None:
    letters = list(islice(lettered(), 50))
    assert len(set(letters)) == 50
    assert not set("EINRU") & set("".join(letters))
    assert letters[:5] == ["A", "B", "C", "D", "F"]
    assert letters[21:23] == ["A2", "B2"]
