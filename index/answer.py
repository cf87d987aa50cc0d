"""What the server found, in the shapes of ``lyhde search``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.accessibility import fact_names
from catalogue.vocabularies import concepts, language_names
from index.marking import marked
from index.question import ReaderLanguage

_OTHER_FIRST = {"fi": ("fi", "sv", "en", "und"), "sv": ("sv", "fi", "en", "und"), "en": ("en", "fi", "sv", "und")}


def hits(response: Mapping[str, Any], lang: ReaderLanguage, marking: str | None = None) -> list[dict[str, Any]]:
    """One object for each work, its title the one for the reader's language, with that title's own language.

    `marking` is a query whose words are marked in the titles.
    """
    return [_hit(found, lang, marking) for found in response["hits"]["hits"]]


def _hit(found: Mapping[str, Any], lang: ReaderLanguage, marking: str | None) -> dict[str, Any]:
    source = found["_source"]
    display = source.get("display", {})
    title = display.get("titles", {}).get(lang, {})
    hit = {
        "id": source["id"],
        "title": title.get("title"),
        "title_language": title.get("language"),
        "subtitle": title.get("subtitle"),
        "contributors": display.get("contributors", []),
        "media": source.get("media", []),
        "formats": source.get("formats", []),
        "languages": source.get("languages", []),
        "year": source.get("year"),
        "score": found.get("_score"),
        "series": display.get("series", []),
        "issue_count": source.get("issue_count"),
        "newest_issue": source.get("newest_issue"),
        "cover": display.get("cover"),
    }
    if marking is not None:
        hit["marked_title"] = marked(title.get("title") or "", title.get("language"), marking)
    return hit


def facet_counts(response: Mapping[str, Any], lang: ReaderLanguage) -> dict[str, list[dict[str, Any]]]:
    """For each facet its values, most works first; concepts and languages with a label in the reader's language."""
    known = _labels_of_hits(response)
    return {
        name: [_counted(name, bucket, lang, known) for bucket in _buckets(found)]
        for name, found in response.get("aggregations", {}).items()
    }


def _buckets(facet: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The values of a facet, each with the number of its works: those of editions are counted beneath editions."""
    inner = facet.get("editions", {}).get("those", facet)["values"]["buckets"]
    return [{**bucket, "doc_count": bucket.get("works", bucket)["doc_count"]} for bucket in inner]


def _counted(
    name: str, bucket: Mapping[str, Any], lang: ReaderLanguage, known: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    value = bucket["key"]
    labels = _labels(name, value, known)
    shown = next((code for code in _OTHER_FIRST[lang] if labels.get(code)), None)
    label = {"label": labels[shown], "label_language": shown} if shown else {"label": str(value)}
    return {"value": value, "count": bucket["doc_count"], **label}


def _labels(name: str, value: Any, known: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    if name == "language":
        return language_names(value).model_dump(exclude_none=True)
    if name == "accessibility":
        return fact_names(str(value)).model_dump(exclude_none=True)
    if name not in ("subject", "genre"):
        return {}
    concept = None if value in known else concepts().by_uri(value)
    return known.get(value) or (concept.labels.model_dump(exclude_none=True) if concept else {})


def _labels_of_hits(response: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for hit in response["hits"]["hits"]:
        found.update(hit["_source"].get("display", {}).get("labels", {}))
    return found


def last_sort(response: Mapping[str, Any]) -> Sequence[Any]:
    """The sort values of the last hit, where a next page begins."""
    found: Sequence[Any] = response["hits"]["hits"][-1]["sort"]
    return found
