"""The JSON of works, editions, issues and changes: what front ends build on. Fields are added, never renamed.

Codes are the standards' own: languages ISO 639-2/B, roles MARC relators, accessibility ONIX list 196.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from catalogue.merged import Provenance
from catalogue.record import (
    AccessibilityFact,
    Audience,
    AuthorityId,
    Classification,
    EditionStatement,
    Extent,
    Identifier,
    Labels,
    Link,
    Medium,
    Part,
    Publication,
    Series,
    Text,
)

Day = Annotated[str, Field(description="a date, maybe partial: 2021, 2021-05, 2021-05-17")]
Moment = Annotated[str, Field(description="UTC, ISO 8601", examples=["2026-01-31T04:00:00Z"])]


class Shape(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class Named(Shape):
    """An id, where it is read, and the title for the reader's language, marked with its own language."""

    id: str
    url: str
    title: str
    title_language: str | None = Field(description="ISO 639-2/B; null where nobody said it")
    subtitle: str | None


class AnyTitle(Shape):
    kind: str = Field(description="main, subtitle, original, parallel, alternative, part …")
    text: str
    language: str | None
    number: str | None


class Person(Shape):
    """A person or body that had a part in it."""

    name: str = Field(description="Mika Waltari")
    name_inverted: str | None = Field(description="Waltari, Mika")
    kind: Literal["person", "body"]
    roles: tuple[str, ...] = Field(description="MARC relators: aut, nrt, trl, ill …")
    ids: tuple[AuthorityId, ...]
    dates: str | None = Field(description="1908-1979")


class Concept(Shape):
    """A subject or genre. `label` is the reader's; the other languages follow."""

    uri: str | None = Field(description="the filters `subject` and `genre` of /search take it")
    scheme: str | None = Field(description="yso, kauno, slm, keyword …")
    label: str | None
    label_language: str | None = Field(description="fi, sv or en; null for the source's own words")
    labels: Labels


class Supply(Shape):
    """Whether and when it can be lent. Days are inclusive."""

    available: bool = Field(description="today, by the dates")
    from_: Day | None = Field(alias="from")
    until: Day | None
    lendable_fi: bool | None = Field(description="lendable in Finland; null where the sources do not say")
    drm: str | None


class IssueView(Shape):
    """One issue of a magazine."""

    number: str | None
    date: Day | None
    title: str | None
    identifiers: tuple[Identifier, ...]
    formats: tuple[str, ...]
    links: tuple[Link, ...]


class IssuePage(Shape):
    """Issues, newest first. `next` is given as `after` for the next page; null at the end."""

    total: int
    issues: tuple[IssueView, ...]
    next: str | None


class EditionSummary(Named):
    """An edition as its work lists it."""

    medium: Medium
    formats: tuple[str, ...]
    languages: tuple[str, ...]
    publisher: str | None
    published: Day | None
    isbns: tuple[str, ...] = Field(description="13 digits")
    narrators: tuple[str, ...]
    issue_count: int | None = Field(description="of a magazine")
    available: bool


class EditionPage(Shape):
    """Editions of a work. `next` is given as `after` for the next page; null at the end."""

    total: int
    editions: tuple[EditionSummary, ...]
    next: str | None


class Whole(Named):
    """What works and editions have alike."""

    revision: int = Field(description="grows with every change of the work or of one of its editions")
    updated_at: Moment
    titles: tuple[AnyTitle, ...]
    contributors: tuple[Person, ...]
    languages: tuple[str, ...]
    original_languages: tuple[str, ...]
    series: tuple[Series, ...]
    subjects: tuple[Concept, ...]
    genres: tuple[Concept, ...]
    audience: tuple[Audience, ...]
    classification: tuple[Classification, ...]
    descriptions: tuple[Text, ...] = Field(description="the reader's language first; texts are sanitised HTML or plain")
    cover: str | None
    provenance: tuple[Provenance, ...] | None = Field(
        default=None, description="where each value came from; only with `include=provenance`"
    )


class WorkView(Whole):
    """A work: what its editions share, and the editions themselves."""

    media: tuple[str, ...] = Field(description="of the editions that readers are offered")
    formats: tuple[str, ...]
    year: int | None = Field(description="first year of publication")
    editions: EditionPage = Field(description="editions that readers are offered")
    also_in: EditionPage = Field(description="editions of other media: also in print")


class EditionView(Whole):
    """An edition: one version in one language and medium."""

    work: str
    work_url: str
    offered: bool = Field(description="of a medium that readers are offered; else it is only pointed at")
    level: str
    medium: Medium
    formats: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    responsibility: str | None
    edition_statement: EditionStatement
    part: Part
    publication: Publication
    extent: Extent
    accessibility: tuple[AccessibilityFact, ...]
    notes: tuple[Text, ...]
    links: tuple[Link, ...]
    availability: Supply
    issues: IssuePage | None = Field(description="of a magazine: the newest, and where the others are")


class ChangeView(Shape):
    """One change. `op` delete and redirect take an id out of use; an id may come back by a later upsert."""

    rev: int
    op: Literal["upsert", "delete", "redirect"]
    id: str
    redirect_to: str | None


class ChangeFeed(Shape):
    """Changes in order. `next` is the `since` of the next request, now or later; `more`: there is more already."""

    changes: tuple[ChangeView, ...]
    next: int
    more: bool


class HitContributor(Shape):
    name: str
    roles: tuple[str, ...]


class Hit(Shape):
    """A work that matches."""

    id: str
    title: str | None
    title_language: str | None
    subtitle: str | None
    contributors: tuple[HitContributor, ...]
    media: tuple[str, ...]
    formats: tuple[str, ...]
    languages: tuple[str, ...]
    year: int | None
    score: float | None = Field(description="comparable within one answer only")
    series: tuple[str, ...]
    issue_count: int | None
    newest_issue: str | None
    cover: str | None
    marked_title: str | None = Field(default=None, description="HTML, where `highlight` asked for it")


class FacetValue(Shape):
    """A value that hits have, most hits first. `value` is what the filter of that name takes."""

    value: str | int
    count: int
    label: str
    label_language: str | None = None


class SearchAnswer(Shape):
    """One page of works, best first."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetValue, ...]] = Field(description="of the first page; empty on later ones")
    next: str | None = Field(description="give it as `after` for the next page; null at the end")
    tolerant: bool = Field(description="near words were taken, because the words as typed found almost nothing")


class SuggestAnswer(Shape):
    hits: tuple[Hit, ...]


class ParameterError(Shape):
    parameter: str
    detail: str


class ProblemView(BaseModel):
    """RFC 9457. `type` never changes; title and detail are in the language of `lang`, else English."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: tuple[ParameterError, ...] | None = Field(default=None, description="of a bad request")


class ProblemMeaning(Shape):
    """One type of problem, explained."""

    type: str
    title: str
    status: int
    meaning: str


class ProblemMeanings(Shape):
    problems: tuple[ProblemMeaning, ...]


class Readiness(Shape):
    """`degraded`: works and editions can be read, search cannot be asked."""

    status: Literal["ready", "degraded"]
    checks: dict[str, str]


class Alive(Shape):
    status: Literal["ok"]


class Entrance(Shape):
    """Where everything is: URI templates (RFC 6570) relative to this address."""

    name: str
    version: str
    links: dict[str, str]
