"""The search document: one for each work, its editions nested, written whole and never in parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from catalogue.issues import issue_age
from catalogue.merged import MergedIssue, MergedRecord
from catalogue.record import Description
from index.analysis import analysis_version
from index.edition_facts import edition_facts, first_year
from index.facets import display_labels, facets
from index.headings import contributor_names, display_titles, heading_texts, main_contributors, sort_keys
from index.numbers import identifier_terms

PUBLISHED_MEDIA = ("ebook", "audiobook", "emagazine")
Edition = tuple[str, MergedRecord]


def work_document(
    work_id: str,
    rev: int,
    work: MergedRecord,
    editions: Sequence[Edition],
    *,
    published_at: datetime | None = None,
    publish_media: Collection[str] = PUBLISHED_MEDIA,
) -> dict[str, Any]:
    """The document of a work at revision `rev`; `editions` are (public id, merged record).

    Filters and facets hold for editions of `publish_media`; the others are listed ("also in print") and searched.
    `published_at` is when the work last changed for readers.
    """
    nested = [edition_facts(key, edition, publish_media) for key, edition in editions]
    public = [e.description for _, e in editions if e.description.medium in publish_media]
    whole = [work.description, *(e.description for _, e in editions)]
    names = contributor_names(whole)
    return {
        "id": work_id,
        "rev": rev,
        "deleted": False,
        "analysis_version": analysis_version(),
        "built_from": sorted(key for key, _ in editions),
        "published_at": published_at.isoformat() if published_at else None,
        **heading_texts(whole, names),
        "identifiers": identifier_terms([work_id, *(key for key, _ in editions)], whole, work.members),
        "sort": sort_keys(whole),
        "facet": facets(whole, public),
        **_flattened(public),
        "year": first_year(public or whole),
        "pop": float(len(work.members)),
        **_issues([issue for _, edition in editions for issue in edition.issues]),
        "editions": nested,
        "display": _display(whole),
    }


def tombstone(work_id: str, rev: int, merged_into: str | None = None) -> dict[str, Any]:
    """What stays of a work that is gone; it keeps a late write from bringing the work back."""
    return {
        "id": work_id,
        "rev": rev,
        "deleted": True,
        "merged_into": merged_into,
        "analysis_version": analysis_version(),
    }


def _flattened(public: Sequence[Description]) -> dict[str, list[Any]]:
    """Values of the public editions on the work itself, for facets and for showing."""
    return {
        "languages": sorted({code for d in public for code in d.languages.text}),
        "formats": sorted({f for d in public for f in d.formats}),
        "media": sorted({d.medium for d in public}),
        "years": sorted({year for d in public if (year := first_year([d])) is not None}),
    }


def _issues(issues: Sequence[MergedIssue]) -> dict[str, Any]:
    """How many issues a magazine has here, and its newest one."""
    if not issues:
        return {}
    newest = min(issues, key=issue_age)
    return {"issue_count": len(issues), "newest_issue": newest.number or newest.date}


def _display(whole: Sequence[Description]) -> dict[str, Any]:
    """What a hit shows, ready for each reader's language; not searched."""
    covers = (link.url for d in whole for link in d.texts.links if link.kind == "cover")
    return {
        "titles": display_titles(whole),
        "contributors": [{"name": c.name, "roles": list(c.roles)} for c in main_contributors(whole)],
        "series": list(dict.fromkeys(s.title for d in whole for s in d.series)),
        "labels": display_labels(whole),
        "cover": next(covers, None),
    }
