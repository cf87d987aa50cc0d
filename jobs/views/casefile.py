"""One case as its page shows it: pure data, in words of the reader's language. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from catalogue.decision import Case, Decision, EvidenceChange, changes_since
from catalogue.errors import NotFound
from catalogue.keys import RecordKey
from catalogue.merged import MergedRecord
from catalogue.record import CatalogueRecord
from jobs.constraints import Standing, standing_of
from jobs.views.casewords import Explained, explained, question_of, reasons_of, vetoes_between
from jobs.views.fieldrows import Row, Side, rows_of
from jobs.views.fieldvalues import Said, read_field, said_list
from jobs.views.links import NO_LINKS, Links, links_of
from mappings.loci import field_of, loci_in
from merging.edition import merge_edition
from merging.work import merge_work
from ops.messages import Language
from ops.saying import defect_text, place_text
from store import cases, decisions, defects, lookup, matches, merged, records, sources
from store.database import Connection, Store
from store.documents import unpack
from store.records import StoredRecord

MOST_COLUMNS = 4
LETTERS = "ABCDFGHJKLMOPQSTVWXYZ"  # without I, which looks like 1, and the keys E, N, R and U, which do something else


@dataclass(frozen=True, slots=True)
class Member:
    """One record of a case. `edition` and `work` are where it stands now, None where it is gone."""

    key: str
    source: str
    source_name: str
    role: str
    status: str
    updated_at: str
    format: str
    edition: str | None
    work: str | None
    defects: tuple[tuple[str, str], ...] = ()  # place, words


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table: a record, or a side of several. `side` is 0 or 1 in a match, else 0."""

    letter: str
    members: tuple[Member, ...]
    side: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value a field case offers. `value` is what a choice of it sends, as JSON."""

    letter: str
    value: Any
    said: tuple[Said, ...]
    sources: tuple[str, ...]
    stands: bool  # the rule's choice, which holds while nobody answers


@dataclass(frozen=True, slots=True)
class Reopening:
    """The answer that was given before, and what the sources say differently since."""

    decision: Decision
    changes: tuple[EvidenceChange, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything the page of a case shows. `result` is what "same" would make, or what a field's record is now."""

    case: Case
    titles: tuple[Said, ...]  # what it is about: one, or one for each side where they differ
    question: str
    reasons: tuple[str, ...]
    columns: tuple[Column, ...]
    result: MergedRecord | None
    result_id: str | None
    rows: tuple[Row, ...]
    explained: Explained | None
    vetoes: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    reopening: Reopening | None
    answered: Decision | None  # the answer that stands
    gone: tuple[str, ...] = ()  # members that are no longer live
    links: Links = NO_LINKS  # of a contradiction

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(member for column in self.columns for member in column.members)

    @property
    def subject(self) -> str:
        """The titles on one line."""
        return " / ".join(title.text for title in self.titles)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the store has about a case's records."""

    stored: Mapping[str, StoredRecord]  # live ones, by key
    places: Mapping[int, matches.Place]
    names: Mapping[str, tuple[str, str]]  # source → name, role
    defects: Mapping[str, tuple[tuple[str, str], ...]]
    parsed: Mapping[str, tuple[str, Any]]  # dialect and content as sent
    standing: Standing
    made: Sequence[Decision]

    @property
    def records(self) -> dict[str, CatalogueRecord]:
        return {key: one.record for key, one in self.stored.items() if one.record is not None}

    def places_of(self, keys: Iterable[str]) -> list[matches.Place]:
        """Where these records stand, each place once."""
        found = [self.places.get(self.stored[key].number) for key in keys if key in self.stored]
        return list(dict.fromkeys(place for place in found if place))


def case_file(store: Store, name: str, language: Language) -> CaseFile:
    """The case of an id, in whatever state. Only its own records are read. Raises NotFound."""
    with store.read() as connection:
        case = cases.find(connection, name)
        loaded = load(connection, case.members, language)
        result, result_id = _result(connection, case, loaded)
        kept = _reopening(connection, case, loaded)
        answered = next((made for made in reversed(loaded.made) if made.case == case.case), None)
        against = vetoes_between(connection, case, loaded.records)
        titles = _titles(case, loaded, result, language)
        links = links_of(connection, case, loaded.records, language)
        alike = lookup.count_works(connection, titles[0].text) if case.findings else None
    columns = _columns(case, loaded)
    shown = [side_of(column, loaded) for column in columns]
    rows = rows_of(shown, result, language, case.field)
    return CaseFile(
        case=case,
        titles=titles,
        question=question_of(case, language),
        reasons=reasons_of(case, language),
        columns=columns,
        result=result,
        result_id=result_id,
        rows=rows,
        explained=explained(case, list(loaded.records.values()), language, alike),
        vetoes=against,
        candidates=_candidates(case, language),
        reopening=kept,
        answered=answered if case.state == "answered" else None,
        gone=tuple(key for key in case.members if key not in loaded.records),
        links=links,
    )


def _titles(case: Case, loaded: Loaded, result: MergedRecord | None, language: Language) -> tuple[Said, ...]:
    """The title of each side of a match, once where they agree; else of the record; of nothing that lives: the id."""
    found: dict[str, Said] = {}
    if case.kind in ("match", "split"):
        for group in _groups(case, loaded):
            for one in read_field(loaded.records[group[0]], "titles.main", language)[:1]:
                found.setdefault(one.key, one)
    elif result:
        found = {one.key: one for one in read_field(result.description, "titles.main", language)[:1]}
    return tuple(found.values()) or (Said(case.case),)


def load(connection: Connection, keys: Sequence[str], language: Language) -> Loaded:
    """The live records of these keys with all that is shown about them."""
    numbers = records.numbers_of(connection, [RecordKey.parse(key) for key in keys])
    found = records.by_number(connection, sorted(numbers.values())).values()
    stored = {str(one.key): one for one in found if one.status == "live" and one.record is not None}
    names = {known.id: (known.name, known.role) for known in sources.every(connection)}
    made = [one for one in decisions.standing(connection, keys) if one.answer != "unsure"]
    live = {key: one.record for key, one in stored.items() if one.record is not None}
    raised = {
        key: tuple(
            (place_text(d.locus, language), defect_text(d, language)) for d in defects.of_record(connection, one.key)
        )
        for key, one in stored.items()
    }
    places = matches.places(connection, [one.number for one in stored.values()])
    sent = records.parsed_documents(connection, [one.number for one in stored.values()])
    parsed = {key: _parsed(sent[one.number]) for key, one in stored.items() if one.number in sent}
    return Loaded(dict(sorted(stored.items())), places, names, raised, parsed, standing_of(made, live), made)


def _parsed(document: bytes) -> tuple[str, Any]:
    kept = unpack(document)
    return kept["dialect"], kept["content"]


def side_of(column: Column, loaded: Loaded) -> Side:
    """A column as the table of fields wants it."""
    keys = [member.key for member in column.members]
    known = {key: loaded.parsed[key] for key in keys if key in loaded.parsed}
    places = {key: loci_in(dialect, content) for key, (dialect, content) in known.items()}
    found: dict[str, list[str]] = {}
    for key, (dialect, _content) in known.items():
        for place, words in loaded.defects.get(key, ()):
            field = field_of(dialect, place)
            if field:
                found.setdefault(field, []).append(words)
    defects = {field: tuple(dict.fromkeys(words)) for field, words in found.items()}
    return Side({key: loaded.records[key] for key in keys}, column.side, places, defects)


def member_of(loaded: Loaded, key: str) -> Member:
    """What is shown about one record."""
    one = loaded.stored[key]
    name, role = loaded.names.get(one.key.source, (one.key.source, "catalogue"))
    place = loaded.places.get(one.number)
    rules = one.record.cataloguing.rules if one.record else None
    return Member(
        key=key,
        source=one.key.source,
        source_name=name,
        role=role,
        status=one.status,
        updated_at=one.updated_at,
        format="ONIX" if rules == "onix" else "MARC",
        edition=place.edition if place else None,
        work=place.work if place else None,
        defects=loaded.defects.get(key, ()),
    )


def lettered() -> Iterator[str]:
    """Names of columns without end: A, B, C …, then A2, B2 …; those of one letter are keys."""
    yield from LETTERS
    for turn in count(2):
        yield from (f"{letter}{turn}" for letter in LETTERS)


def _columns(case: Case, loaded: Loaded) -> tuple[Column, ...]:
    """Each record its own column where there are few; else a column for each side, or for each candidate value."""
    groups = _groups(case, loaded)
    parts: list[tuple[int, tuple[str, ...]]] = [(n, (key,)) for n, keys in enumerate(groups) for key in keys]
    if len(parts) > MOST_COLUMNS or case.kind == "field":
        parts = [
            (n, tuple(keys)) for n, keys in enumerate(groups if case.kind == "match" else _by_candidate(case, loaded))
        ]
    return tuple(
        Column(letter, tuple(member_of(loaded, key) for key in keys), side)
        for letter, (side, keys) in zip(lettered(), parts, strict=False)
    )


def _groups(case: Case, loaded: Loaded) -> list[list[str]]:
    sides = [tuple(side) for side in case.candidates] if case.kind == "match" else []
    groups = [[key for key in side if key in loaded.stored] for side in (sides or [case.members])]
    return [group for group in groups if group]


def _by_candidate(case: Case, loaded: Loaded) -> list[list[str]]:
    """The records that say the same of a field together, those that say nothing of it last."""
    said = [
        [key for key in each.get("sources", ()) if key in loaded.stored]
        for each in case.candidates
        if isinstance(each, dict)
    ]
    heard = {key for keys in said for key in keys}
    rest = [key for key in loaded.stored if key not in heard]
    return [keys for keys in (*said, rest) if keys]


def _result(connection: Connection, case: Case, loaded: Loaded) -> tuple[MergedRecord | None, str | None]:
    """What the page compares with, by the same merging as the night run; and its id where it stands already."""
    if not loaded.stored:
        return None, None
    places = loaded.places_of(loaded.stored)
    if case.kind == "match":
        return together(connection, case, loaded), None
    ids = {place.work if case.level == "work" else place.edition for place in places}
    found = merged.by_id(connection, sorted(ids))
    first = next(iter(sorted(found)), None)
    return (found[first].merged, first) if first else (merge_edition(list(loaded.records.values())), None)


def together(connection: Connection, case: Case, loaded: Loaded) -> MergedRecord:
    """The one record that both sides of a question would make."""
    keys = list(loaded.records)
    if case.level == "edition":
        return merge_edition(list(loaded.records.values()), loaded.standing.choices_for("edition", keys))
    editions = merged.by_id(connection, sorted({place.edition for place in loaded.places_of(keys)}))
    parts = [found.merged for found in editions.values()] or [merge_edition(list(loaded.records.values()))]
    return merge_work(parts, loaded.records, loaded.standing.choices_for("work", keys))


def _candidates(case: Case, language: Language) -> tuple[Candidate, ...]:
    if case.kind != "field" or case.field is None:
        return ()
    return tuple(
        Candidate(letter, each["value"], said_list(case.field, each["value"], language), tuple(each["sources"]), n == 0)
        for n, (letter, each) in enumerate(zip(lettered(), case.candidates, strict=False))
        if isinstance(each, dict)
    )


def _reopening(connection: Connection, case: Case, loaded: Loaded) -> Reopening | None:
    if case.reopened is None:
        return None
    try:
        made = decisions.find(connection, case.reopened)
    except NotFound:
        return None
    return Reopening(made, changes_since(made.seen, loaded.records.values()))
