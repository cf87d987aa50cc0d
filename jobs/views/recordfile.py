"""A record as its page shows it: a work, an edition, a source's record; where an id leads that is no longer used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.decision import Case, Decision
from catalogue.errors import NotFound
from catalogue.evidence import ClusterLevel
from catalogue.keys import RecordKey
from catalogue.merged import MergedIssue, MergedRecord
from catalogue.record import Description
from catalogue.sentence import words_of
from jobs.views.casefile import Loaded, Member, load, member_of
from jobs.views.fieldrows import Row, Side, rows_of
from jobs.views.fieldvalues import Said, read_field
from jobs.views.fieldwords import FIELDS
from merging.choices import chosen_value
from merging.edition import merge_edition
from ops.messages import Language
from store import cases, history, lookup, matches, merged, minted, records
from store.database import Connection, Store
from store.merged import StoredMerged
from store.records import StoredRecord

MOST_MEMBERS = 200
"""Members of a work whose records are read for its page; a work of more is a mistake or a bible."""


@dataclass(frozen=True, slots=True)
class Named:
    """A work or edition in a list: id, title, and what tells it from the others, in words."""

    id: str
    title: Said
    about: str
    members: int


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A work or an edition. `asked` is the id that led here, where it is another. `rows` hold the merged values."""

    id: str
    asked: str | None
    level: ClusterLevel
    title: Said
    work: str
    revision: int
    updated_at: str
    rules_version: str
    rows: tuple[Row, ...]
    members: tuple[Member, ...]
    editions: tuple[Named, ...]
    issues: tuple[MergedIssue, ...]
    cases: tuple[Case, ...]
    decisions: tuple[Decision, ...]
    revisions: tuple[tuple[int, str], ...]  # number and when it was replaced, newest first


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source's record with its rows, its defects, and where it stands."""

    key: str
    member: Member
    title: Said
    rows: tuple[Row, ...]
    cases: tuple[Case, ...]
    decisions: tuple[Decision, ...]
    revision: int
    first_seen_at: str


@dataclass(frozen=True, slots=True)
class GoneFile:
    """What was and is no more: an id that leads nowhere, or a record that its source took back."""

    name: str
    what: str  # work, edition, record
    since: str | None
    title: Said | None
    decisions: tuple[Decision, ...]


RecordFile = MergedFile | SourceFile | GoneFile


def record_file(store: Store, name: str, language: Language) -> RecordFile:
    """The record of a name: ``SOURCE:SOURCE_ID``, a work or an edition, redirects followed. Raises NotFound."""
    with store.read() as connection:
        if ":" in name:
            return _source_file(connection, name, language)
        leads_to = minted.resolve_id(connection, name)
        stored = merged.find(connection, leads_to) if leads_to else None
        if stored is not None:
            return _merged_file(connection, stored, name, language)
        if not minted.is_minted(connection, name):
            raise NotFound("record", name)
        past = merged.history(connection, name)
        last = past[-1] if past else None
        title = title_of(last[2].description, language) if last else None
        kept = history.about(connection, last[2].members) if last else []
        return GoneFile(
            name, "work" if name.startswith("w") else "edition", last[1] if last else None, title, tuple(kept)
        )


def named(connection: Connection, ids: Sequence[str], language: Language) -> tuple[Named, ...]:
    """Works or editions as lines of a list, in the order of the ids; unknown ones left out."""
    found = merged.by_id(connection, ids)
    return tuple(_named(found[one], language) for one in ids if one in found)


def find_records(
    store: Store, text: str, language: Language, *, level: ClusterLevel = "work", after: int = 0, limit: int = 25
) -> tuple[tuple[Named, ...], int]:
    """Works that fit a question, by the database alone, and how many there are; or the editions of these works."""
    with store.read() as connection:
        ids, total = lookup.find_works(connection, text, limit=limit, after=after)
        if level == "edition":
            editions = matches.editions_of(connection, ids)
            ids = [edition for work in ids for edition in editions.get(work, ())]
        return named(connection, ids, language), total


def together(store: Store, names: tuple[str, str], level: ClusterLevel) -> MergedRecord | None:
    """What two editions would make; None for works, of which the editions stay as they are."""
    if level == "work":
        return None
    with store.read() as connection:
        keys = [key for name in names for key in members_named(connection, name)]
        loaded = load(connection, keys, "en")
        found = list(loaded.records.values())
        return merge_edition(found, loaded.standing.choices_for("edition", keys)) if found else None


def members_named(connection: Connection, name: str) -> tuple[str, ...]:
    """The record keys behind a name. Raises NotFound."""
    if ":" in name:
        return (name,)
    leads_to = minted.resolve_id(connection, name)
    stored = merged.find(connection, leads_to) if leads_to else None
    if stored is None:
        raise NotFound("record", name)
    return stored.merged.members


def can_change(field: str) -> bool:
    """Whether a person may choose a value of a field of a merged record."""
    try:
        chosen_value(field, None)
    except ValueError:
        return False
    return True


def title_of(description: Description, language: Language) -> Said:
    """The title in the reader's language, else the first main title there is."""
    titles = read_field(description, "titles.main", language)
    own = next((title for title in titles if title.language == language), None)
    return own or next(iter(titles), Said("–"))


def _merged_file(connection: Connection, stored: StoredMerged, asked: str, language: Language) -> MergedFile:
    content = stored.merged
    loaded = load(connection, content.members[:MOST_MEMBERS], language)
    shown = [key for key in content.members if key in loaded.stored]
    editions = matches.editions_of(connection, [stored.work]).get(stored.work, [])
    past = merged.history(connection, stored.id)
    return MergedFile(
        id=stored.id,
        asked=asked if asked != stored.id else None,
        level=stored.level,
        title=title_of(content.description, language),
        work=stored.work,
        revision=stored.revision,
        updated_at=stored.updated_at,
        rules_version=stored.rules_version,
        rows=_in_order(rows_of((), content, language)),
        members=tuple(member_of(loaded, key) for key in shown),
        editions=named(connection, editions, language),
        issues=content.issues,
        cases=tuple(cases.about(connection, content.members, "open")),
        decisions=tuple(history.about(connection, content.members)),
        revisions=tuple((revision, at) for revision, at, _record in reversed(past)),
    )


def _source_file(connection: Connection, name: str, language: Language) -> RecordFile:
    try:
        stored = records.find(connection, RecordKey.parse(name))
    except ValueError as error:
        raise NotFound("record", name, words_of(error)) from error
    if stored is None:
        raise NotFound("record", name)
    made = tuple(history.about(connection, [name]))
    if stored.status != "live" or stored.record is None:
        title = title_of(stored.record, language) if stored.record else None
        return GoneFile(name, "record", stored.updated_at, title, made)
    return _live_file(connection, stored, made, language)


def _live_file(
    connection: Connection, stored: StoredRecord, made: tuple[Decision, ...], language: Language
) -> SourceFile:
    key = str(stored.key)
    loaded: Loaded = load(connection, [key], language)
    record = loaded.records[key]
    return SourceFile(
        key=key,
        member=member_of(loaded, key),
        title=title_of(record, language),
        rows=_in_order(rows_of((Side({key: record}),), None, language)),
        cases=tuple(cases.about(connection, [key], "open")),
        decisions=made,
        revision=stored.revision,
        first_seen_at=stored.first_seen_at,
    )


def _in_order(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    order = {field: place for place, field in enumerate(FIELDS)}
    return tuple(sorted(rows, key=lambda row: order[row.field]))


def _named(stored: StoredMerged, language: Language) -> Named:
    description = stored.merged.description
    parts = [
        *(one.text for one in read_field(description, "contributors", language)[:2]),
        *(one.text for one in read_field(description, "medium", language)),
        *(one.text for one in read_field(description, "languages.text", language)),
        *(one.text[:4] for one in read_field(description, "publication.dates.published", language)),
        *(one.text for one in read_field(description, "publication.publisher", language)),
    ]
    return Named(stored.id, title_of(description, language), " · ".join(parts), len(stored.merged.members))
