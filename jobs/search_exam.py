"""The search exam: cases of what a query must find and must not, asked of an index made for them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from catalogue.errors import UsageError
from catalogue.identifiers import isbn13
from catalogue.merged import MergedRecord
from catalogue.record import Contributor, Description, Identifier, Labels, Languages, Title, Topic, Topics
from catalogue.sentence import Sentence
from index.documents import work_document
from index.question import Question, ReaderLanguage
from index.search_index import SearchIndex

LANGUAGES = {"fi": "fin", "sv": "swe", "en": "eng"}
MOST_HITS, SUGGESTIONS = 1000, 10
SOURCE = "exam"


class ExamWork(BaseModel):
    """A work as a case names it. A title may hold a subtitle, after space colon space."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    lang: str | None = None
    author: str | None = None
    author_variants: tuple[str, ...] = ()
    subject: dict[Literal["fi", "sv", "en"], str] | None = None
    isbn: str | None = None
    issn: str | None = None
    record_id: str | None = None

    def key(self) -> str:
        return self.model_dump_json()


class ExamCase(BaseModel):
    """`strict` and `identifier` count what the words as typed find, `prefix` the first ten suggestions, `fuzzy` and
    any other tier what is found with near words too.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    id: str
    tier: str
    lang: ReaderLanguage
    query: str
    should_match: tuple[ExamWork, ...] = ()
    should_not_match: tuple[ExamWork, ...] = ()


@dataclass
class ExamReport:
    """Pairs of a query and a work: `matched` of those that belong together, `returned` of those that do not."""

    tiers: dict[str, dict[str, dict[str, int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: {"pairs": 0, "matched": 0}))
    )
    forbidden: dict[str, dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: {"pairs": 0, "returned": 0})
    )
    missed: list[dict[str, str]] = field(default_factory=list)
    returned: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "tiers": {tier: dict(languages) for tier, languages in sorted(self.tiers.items())},
            "forbidden": dict(sorted(self.forbidden.items())),
            "missed": self.missed,
            "returned": self.returned,
        }


def read_cases(path: Path) -> list[ExamCase]:
    """Raises UsageError where the file is not one of cases."""
    try:
        return TypeAdapter(list[ExamCase]).validate_json(path.read_bytes())
    except (OSError, ValidationError) as failure:
        reason = str(failure).splitlines()[0]
        raise UsageError(Sentence("{path} holds no search cases: {reason}", path=path, reason=reason)) from failure


def evaluate(index: SearchIndex, cases: list[ExamCase]) -> ExamReport:
    """Index the works of the cases, with the words of the cases for its vocabulary, and ask every query.

    `index` is a catalogue of its own and is emptied afterwards.
    """
    works = {work.key(): work for case in cases for work in (*case.should_match, *case.should_not_match)}
    ids = {key: f"w{number}" for number, key in enumerate(works)}
    index.rebuild((ids[key], 1, _document(ids[key], work)) for key, work in works.items())
    try:
        report = ExamReport()
        for case in cases:
            _judge(report, case, _hits(index, case), ids)
        return report
    finally:
        index.discard()


def _judge(report: ExamReport, case: ExamCase, hits: set[str], ids: dict[str, str]) -> None:
    counted = report.tiers[case.tier][case.lang]
    for work in case.should_match:
        found = ids[work.key()] in hits
        counted["pairs"] += 1
        counted["matched"] += found
        if not found:
            report.missed.append(_told(case, work))
    for work in case.should_not_match:
        returned = ids[work.key()] in hits
        report.forbidden[case.tier]["pairs"] += 1
        report.forbidden[case.tier]["returned"] += returned
        if returned:
            report.returned.append(_told(case, work))


def _told(case: ExamCase, work: ExamWork) -> dict[str, str]:
    return {"id": case.id, "tier": case.tier, "lang": case.lang, "query": case.query, "title": work.title}


def _hits(index: SearchIndex, case: ExamCase) -> set[str]:
    if case.tier == "prefix":
        return {hit["id"] for hit in index.suggest(case.query, case.lang, limit=SUGGESTIONS)["hits"]}
    tolerant = case.tier not in ("strict", "identifier")
    question = Question(case.query, case.lang, limit=MOST_HITS, tolerant=tolerant)
    return {hit["id"] for hit in index.ask(question)["hits"]}


def _document(key: str, work: ExamWork) -> dict[str, Any]:
    about = _described(work)
    member = f"{SOURCE}:{work.record_id or key}"
    merged = MergedRecord(level="work", description=about, members=(member,), provenance=(), rules_version="-")
    return work_document(key, 1, merged, [(f"e{key}", merged.model_copy(update={"level": "edition"}))])


def _described(work: ExamWork) -> Description:
    return Description(
        medium="ebook",
        titles=tuple(_titles(work)),
        languages=Languages(text=(LANGUAGES[work.lang],) if work.lang in LANGUAGES else ()),
        identifiers=tuple(_identifiers(work)),
        contributors=tuple(Contributor(name=n) for n in (work.author, *work.author_variants) if n),
        topics=Topics(subjects=(Topic(labels=Labels(**work.subject)),) if work.subject else ()),
    )


def _titles(work: ExamWork) -> Iterator[Title]:
    language = LANGUAGES.get(work.lang or "")
    main, _, sub = work.title.partition(" : ")
    yield Title(text=main, language=language)
    if sub:
        yield Title(kind="subtitle", text=sub, language=language)


def _identifiers(work: ExamWork) -> Iterator[Identifier]:
    if work.isbn:
        yield Identifier(scheme="isbn", value=isbn13(work.isbn) or work.isbn)
    if work.issn:
        yield Identifier(scheme="issn", value=work.issn)
