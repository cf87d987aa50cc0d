"""Running the stored templates: first the words as typed, and near ones where those find almost nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from catalogue.errors import LyhdeError, NotFound, ServiceUnreachable, UsageError
from catalogue.sentence import Sentence
from index.answer import facet_counts, hits, last_sort
from index.client import BUSY
from index.cursor import Cursor, not_a_cursor, read_cursor, write_cursor
from index.definition import FALLBACK, SEARCH, SUGGEST
from index.question import Question

FEW = 3  # below this many strict hits the tolerant query answers
Answer = Mapping[str, Any]


def search(client: Elasticsearch, alias: str, question: Question, after: str | None = None) -> dict[str, Any]:
    """One page. The first page asks both templates in one round trip, a later one that which gave the page before."""
    seen = 0
    if after is None:
        template, answer = _first_page(client, alias, question)
    else:
        template, place, seen = read_cursor(after)
        if template not in (SEARCH, FALLBACK):
            raise not_a_cursor(after)
        try:
            (answer,) = _ask(client, alias, [(template, question.parameters(place))])
        except NotFound:
            raise
        except UsageError as failure:  # the place is the only part of a question that we do not check ourselves
            raise not_a_cursor(after) from failure
    found = hits(answer, question.lang, question.marking)
    total, seen = answer["hits"]["total"]["value"], seen + len(found)
    return {
        "total": total,
        "hits": found,
        "facets": facet_counts(answer, question.lang),
        "next": write_cursor(Cursor(template, list(last_sort(answer)), seen)) if found and seen < total else None,
        "tolerant": template == FALLBACK,
    }


def suggest(client: Elasticsearch, alias: str, question: Question) -> dict[str, Any]:
    """Nothing typed suggests nothing."""
    parameters = question.parameters()
    if "q" not in parameters:
        return {"hits": []}
    (answer,) = _ask(client, alias, [(SUGGEST, parameters)])
    return {"hits": hits(answer, question.lang, question.marking)}


def _first_page(client: Elasticsearch, alias: str, question: Question) -> tuple[str, Answer]:
    """Both steps in one round trip. Facets are counted once: of near words only when these are what is shown."""
    with_facets, without = question.parameters(facets=True), question.parameters()
    if "q" not in without or not question.tolerant:
        return SEARCH, _ask(client, alias, [(SEARCH, with_facets)])[0]
    strict, tolerant = _ask(client, alias, [(SEARCH, with_facets), (FALLBACK, without)])
    few = strict["hits"]["total"]["value"] < FEW
    better = tolerant["hits"]["total"]["value"] > strict["hits"]["total"]["value"]
    if not (few and better):
        return SEARCH, strict
    (counted,) = _ask(client, alias, [(FALLBACK, {**with_facets, "size": 0})])
    return FALLBACK, {**tolerant, "aggregations": counted["aggregations"]}


def _ask(client: Elasticsearch, alias: str, searches: list[tuple[str, dict[str, Any]]]) -> list[Answer]:
    lines: list[dict[str, Any]] = []
    for template, parameters in searches:
        lines += [{"index": alias}, {"id": template, "params": parameters}]
    try:
        answers = client.msearch_template(search_templates=lines)["responses"]
    except NotFoundError as failure:
        raise _missing(alias) from failure
    except BadRequestError as failure:
        raise UsageError(Sentence("the search server refuses the question: {why}", why=failure.message)) from failure
    for answer in answers:
        if "error" in answer:
            raise _failed(answer, alias)
    return list(answers)


def _failed(answer: Answer, alias: str) -> Exception:
    """One of several searches failed: the whole request did not."""
    why = f"{answer['error'].get('type')}: {answer['error'].get('reason')}"
    if answer["status"] == 404:
        return _missing(alias)
    if answer["status"] == 400:
        return UsageError(Sentence("the search server refuses the question: {why}", why=why))
    if answer["status"] in BUSY:
        return ServiceUnreachable(Sentence("the search server is too busy ({why}): try again", why=why))
    return LyhdeError(Sentence("the search failed: {why}", why=why))


def _missing(alias: str) -> NotFound:
    return NotFound("search index", alias, Sentence("`lyhde index update` makes it"))
