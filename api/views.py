"""Works and editions as readers of a language are shown them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.paging import page_of
from api.shapes import (
    AnyTitle,
    Concept,
    EditionPage,
    EditionSummary,
    EditionView,
    IssuePage,
    IssueView,
    Person,
    Supply,
    WorkView,
)
from catalogue.merged import MergedIssue, Provenance
from catalogue.record import Availability, Contributor, Description, Text, Topic
from index.edition_facts import NARRATOR, first_day, first_year, last_day
from index.headings import VIEWS, display_titles
from index.question import ReaderLanguage
from jobs.reading import PublicWork
from store.merged import StoredMerged

PAGE = 50
_OTHERS = {"fi": ("fi", "sv", "en"), "sv": ("sv", "fi", "en"), "en": ("en", "fi", "sv")}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is shown something: the language, and the day in Helsinki that availability is told for."""

    lang: ReaderLanguage
    today: date


def work_view(found: PublicWork, reader: Reader, provenance: Sequence[Provenance] | None) -> WorkView:
    """A work with the first page of its editions."""
    about = found.work.merged.description
    public = [row.merged.description for row in found.editions]
    return WorkView(
        **_shown(found.titles(), reader),
        **_whole(found.descriptions, reader),
        id=found.work.id,
        url=f"/works/{found.work.id}",
        revision=found.revision,
        updated_at=found.updated_at,
        contributors=_people(found.contributors()),
        languages=tuple(sorted({code for d in public for code in d.languages.text})),
        original_languages=about.languages.original,
        media=tuple(sorted({d.medium for d in public})),
        formats=tuple(sorted({name for d in public for name in d.formats})),
        year=first_year(public),
        editions=edition_page(found.editions, reader, PAGE, None),
        also_in=edition_page(found.others, reader, PAGE, None),
        provenance=None if provenance is None else tuple(provenance),
    )


def edition_view(
    found: PublicWork, row: StoredMerged, reader: Reader, provenance: Sequence[Provenance] | None
) -> EditionView:
    """One edition with everything that is known of it; of a magazine the first page of its issues."""
    about = row.merged.description
    return EditionView(
        **_shown(display_titles([about]), reader),
        **_whole([about], reader),
        id=row.id,
        url=f"/editions/{row.id}",
        work=found.work.id,
        work_url=f"/works/{found.work.id}",
        offered=row in found.editions,
        revision=row.revision,
        updated_at=row.updated_at,
        contributors=_people(about.contributors),
        languages=about.languages.text,
        original_languages=about.languages.original,
        level=about.level,
        medium=about.medium,
        formats=about.formats,
        identifiers=about.identifiers,
        responsibility=about.responsibility,
        edition_statement=about.edition_statement,
        part=about.part,
        publication=about.publication,
        extent=about.extent,
        accessibility=about.accessibility,
        notes=about.texts.notes,
        links=about.texts.links,
        availability=_supply(about.availability, reader),
        issues=issue_page(row.merged.issues, PAGE, None) if row.merged.issues else None,
        provenance=None if provenance is None else tuple(provenance),
    )


def edition_page(rows: Iterable[StoredMerged], reader: Reader, limit: int, after: str | None) -> EditionPage:
    """A page of editions: those in the reader's language first, then the newest."""
    ordered = sorted(rows, key=lambda row: row.id)
    ordered.sort(key=lambda row: row.merged.description.publication.dates.published or "", reverse=True)
    ordered.sort(key=lambda row: all(VIEWS.get(c) != reader.lang for c in row.merged.description.languages.text))
    part, following = page_of(ordered, [row.id for row in ordered], limit, after)
    return EditionPage(total=len(ordered), editions=tuple(_summary(row, reader) for row in part), next=following)


def issue_page(issues: Sequence[MergedIssue], limit: int, after: str | None) -> IssuePage:
    """A page of issues, newest first."""
    part, following = page_of(issues, [issue.members[0] for issue in issues], limit, after)
    views = (
        IssueView(
            number=issue.number,
            date=issue.date,
            title=issue.title,
            identifiers=issue.identifiers,
            formats=issue.formats,
            links=issue.links,
        )
        for issue in part
    )
    return IssuePage(total=len(issues), issues=tuple(views), next=following)


def _summary(row: StoredMerged, reader: Reader) -> EditionSummary:
    about = row.merged.description
    return EditionSummary(
        **_shown(display_titles([about]), reader),
        id=row.id,
        url=f"/editions/{row.id}",
        medium=about.medium,
        formats=about.formats,
        languages=about.languages.text,
        publisher=about.publication.publisher,
        published=about.publication.dates.published,
        isbns=about.own_isbns(),
        narrators=tuple(c.name for c in about.contributors if NARRATOR in c.roles),
        issue_count=len(row.merged.issues) or None,
        available=_is_available(about.availability, reader.today),
    )


def _shown(titles: Mapping[str, Mapping[str, str | None]], reader: Reader) -> dict[str, Any]:
    """The title's fields of `Named`."""
    title = titles[reader.lang]
    return {"title": title["title"], "title_language": title["language"], "subtitle": title["subtitle"]}


def _whole(descriptions: Sequence[Description], reader: Reader) -> dict[str, Any]:
    """The fields of `Whole` that the first description gives, and what the others can help out with."""
    about = descriptions[0]
    covers = (link.url for d in descriptions for link in d.texts.links if link.kind == "cover")
    return {
        "titles": [AnyTitle(kind=t.kind, text=t.text, language=t.language, number=t.number) for t in about.titles],
        "series": about.series,
        "subjects": [_concept(topic, reader) for topic in about.topics.subjects],
        "genres": [_concept(topic, reader) for topic in about.topics.genres],
        "audience": about.topics.audience,
        "classification": about.topics.classification,
        "descriptions": _texts(descriptions, reader),
        "cover": next(covers, None),
    }


def _texts(descriptions: Sequence[Description], reader: Reader) -> list[Text]:
    """Each text once, the reader's language first."""
    found = dict.fromkeys(text for d in descriptions for text in d.texts.descriptions)
    return sorted(found, key=lambda text: VIEWS.get(text.language or "") != reader.lang)


def _people(contributors: Iterable[Contributor]) -> tuple[Person, ...]:
    return tuple(
        Person(name=c.name, name_inverted=c.name_inverted, kind=c.kind, roles=c.roles, ids=c.ids, dates=c.dates)
        for c in contributors
    )


def _concept(topic: Topic, reader: Reader) -> Concept:
    named = topic.labels.model_dump()
    shown = next((code for code in _OTHERS[reader.lang] if named[code]), None)
    return Concept(
        uri=topic.uri,
        scheme=topic.scheme,
        label=named[shown] if shown else topic.source_text,
        label_language=shown,
        labels=topic.labels,
    )


def _supply(known: Availability, reader: Reader) -> Supply:
    return Supply(
        available=_is_available(known, reader.today),
        **{"from": known.from_},
        until=known.until,
        lendable_fi=known.lendable_fi,
        drm=known.drm,
    )


def _is_available(known: Availability, today: date) -> bool:
    """By the dates, both inclusive; what is not a date restricts nothing."""
    day = today.isoformat()
    return (first_day(known.from_) or day) <= day <= (last_day(known.until) or day)
