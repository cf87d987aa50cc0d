"""The search cases of LYHDE_TEST_DATA on the embedded server: ``python -m benchmarks.search_cases [CASES.json]``.

Prints a Markdown table: for each tier and language how many works that should be found are, and how many that should
not. `strict` and `identifier` count what the first query finds; `prefix` the first ten suggestions; `fuzzy` all hits.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from catalogue.identifiers import isbn13
from catalogue.merged import MergedRecord
from catalogue.record import Contributor, Description, Identifier, Labels, Languages, Title, Topic, Topics
from index.documents import work_document
from index.question import Question
from index.search_index import SearchIndex
from index.server import start, stop

LANGUAGES = {"fi": "fin", "sv": "swe", "en": "eng"}
MOST = 1000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("LYHDE_TEST_DATA", ".")) / "search-cases" / "search-cases.json"
    options.add_argument("cases", nargs="?", type=Path, default=default)
    cases = json.loads(options.parse_args().cases.read_text("utf-8"))
    works = distinct_works(cases)
    with tempfile.TemporaryDirectory() as folder:
        server = start(Path(folder))
        try:
            with SearchIndex(server.url, prefix="cases") as index:
                index.ensure()
                index.bulk(((key, 1, document(key, work)) for key, work in works.items()), refresh=True)
                report(index, cases, {json.dumps(w, sort_keys=True): key for key, w in works.items()})
        finally:
            stop(Path(folder))


def distinct_works(cases: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Every work the cases name, once, under an id."""
    named = [w for case in cases for w in (*case["should_match"], *case["should_not_match"])]
    distinct = {json.dumps(w, sort_keys=True): w for w in named}
    return {f"w{n}": work for n, work in enumerate(distinct.values())}


def document(key: str, work: dict[str, Any]) -> dict[str, Any]:
    about = describe(work)
    merged = MergedRecord(
        level="work",
        description=about,
        members=(f"cases:{work.get('record_id', key)}",),
        provenance=(),
        rules_version="-",
    )
    return work_document(key, 1, merged, [(f"e{key}", merged.model_copy(update={"level": "edition"}))])


def describe(work: dict[str, Any]) -> Description:
    """A case's work as our model."""
    language = LANGUAGES.get(work.get("lang", ""))
    main, _, sub = work["title"].partition(" : ")
    titles = [Title(text=main, language=language)]
    if sub:
        titles.append(Title(kind="subtitle", text=sub, language=language))
    numbers = [("isbn", isbn13(work.get("isbn", "")) or work.get("isbn")), ("issn", work.get("issn"))]
    subject = work.get("subject")
    return Description(
        medium="ebook",
        titles=tuple(titles),
        languages=Languages(text=(language,) if language else ()),
        identifiers=tuple(Identifier(scheme=scheme, value=value) for scheme, value in numbers if value),
        contributors=tuple(Contributor(name=n) for n in (work.get("author"), *work.get("author_variants", ())) if n),
        topics=Topics(subjects=(Topic(labels=Labels(**subject)),) if subject else ()),
    )


def report(index: SearchIndex, cases: list[dict[str, Any]], ids: dict[str, str]) -> None:
    wanted, found, unwanted, returned = Counter[Any](), Counter[Any](), Counter[Any](), Counter[Any]()
    missed: list[str] = []
    for case in cases:
        tier = (case["tier"], case["lang"])
        hits = ask(index, case)
        for work in case["should_match"]:
            wanted[tier] += 1
            found[tier] += (hit := ids[json.dumps(work, sort_keys=True)] in hits)
            missed += [] if hit else [f"{case['id']}: {case['query']} -> {work['title']}"]
        for work in case["should_not_match"]:
            unwanted[tier] += 1
            returned[tier] += ids[json.dumps(work, sort_keys=True)] in hits
    print("| tier | language | found | of | returned though it should not | of |\n|---|---|---|---|---|---|")
    for tier in sorted(wanted):
        print(f"| {tier[0]} | {tier[1]} | {found[tier]} | {wanted[tier]} | {returned[tier]} | {unwanted[tier]} |")
    print("\nmissed, identifiers and prefixes:\n" + "\n".join(m for m in missed if "identifier" in m or "auto" in m))


def ask(index: SearchIndex, case: dict[str, Any]) -> set[str]:
    if case["tier"] == "prefix":
        return {hit["id"] for hit in index.suggest(case["query"], case["lang"], limit=10)["hits"]}
    question = Question(case["query"], case["lang"], limit=MOST, tolerant=case["tier"] == "fuzzy")
    return {hit["id"] for hit in index.ask(question)["hits"]}


if __name__ == "__main__":
    main()
