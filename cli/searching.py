"""`lyhde search`: as a front end would ask."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any, Literal

import typer
from rich.text import Text

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from cli.context import Context, context_of


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(search)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="what a reader types; `evaluate` with CASES")],
    cases: Annotated[Path | None, typer.Argument(help="a file of search cases to be examined by")] = None,
    lang: Annotated[Literal["fi", "sv", "en"], typer.Option(help="the reader's language")] = "fi",
    filters: Annotated[list[str] | None, typer.Option("--filter", help="k=v; may be repeated")] = None,
    limit: Annotated[int, typer.Option(min=1, help="hits of one page")] = 10,
    after: Annotated[str | None, typer.Option(help="`next` of the page before")] = None,
    suggest: Annotated[bool, typer.Option(help="complete the words typed so far")] = False,
) -> None:
    """Works that match, best first, with facets. `search evaluate CASES.json`: the search exam."""
    if cases is not None:
        if query != "evaluate":
            raise UsageError(Sentence("one query, please: put words into quotation marks"))
        _evaluate(context_of(context), cases)
        return
    from index.question import Question
    from jobs.connections import opened_index

    ours = context_of(context)
    wanted = _filters(filters or [])
    Question(query, lang, wanted, limit, as_of=ours.as_of).parameters()  # a bad filter is told before a server starts
    with opened_index(ours.settings) as index:
        if suggest:
            found = index.suggest(query, lang, filters=wanted, limit=limit, as_of=ours.as_of)
        else:
            found = index.search(query, lang, filters=wanted, limit=limit, after=after, as_of=ours.as_of)
    if ours.out.as_json:
        ours.out.json(found)
    else:
        print_hits(ours, found, query)


def _evaluate(ours: Context, path: Path) -> None:
    """What the cases' queries find in an index of the cases' own works, and what they should not."""
    from jobs.connections import opened_index
    from jobs.search_exam import evaluate, read_cases

    cases = read_cases(path)
    with opened_index(ours.settings, prefix=f"{ours.settings.elasticsearch.index_prefix}-exam-{token_hex(4)}") as index:
        report = evaluate(index, cases).as_json()
    if ours.out.as_json:
        ours.out.json(report)
        return
    text = ours.text
    tiers = [
        [tier, language, str(count["matched"]), str(count["pairs"])]
        for tier, languages in report["tiers"].items()
        for language, count in languages.items()
    ]
    ours.out.table([text("tier"), text("language"), text("found"), text("of")], tiers)
    for heading, told in ((text("missed"), report["missed"]), (text("found wrongly"), report["returned"])):
        ours.out.table([heading, text("query"), text("title")], [[t["id"], t["query"], t["title"]] for t in told])


def _filters(given: list[str]) -> dict[str, list[str]]:
    from index.question import FILTERS

    wanted: dict[str, list[str]] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not value:
            raise UsageError(
                Sentence(
                    "--filter {each}: it is KEY=VALUE, with one of the keys {known}", each=each, known=list(FILTERS)
                )
            )
        wanted.setdefault(name, []).append(value)
    return wanted


def _marked(title: str, language: str | None, query: str) -> Text:
    from index.marking import spans

    text = Text(title)
    for start, end in spans(title, language, query):
        text.stylize("bold underline", start, end)
    return text


def print_hits(ours: Context, found: dict[str, Any], query: str = "") -> None:
    """Hits as a person reads them; in a terminal the query's words stand out in the titles."""
    text = ours.text
    rows = [
        [
            _marked(hit["title"] or "", hit["title_language"], query),
            "; ".join(c if isinstance(c, str) else c["name"] for c in hit["contributors"][:3]),
            ", ".join(hit["media"]),
            ", ".join(hit["languages"]),
            str(hit["year"] or ""),
            hit["id"],
        ]
        for hit in found["hits"]
    ]
    headings = [text("title"), text("contributors"), text("media"), text("languages"), text("year"), text("id")]
    ours.out.table(headings, rows)
    if "total" in found:
        ours.out.line(text("works found: {count}").format(count=found["total"]))
