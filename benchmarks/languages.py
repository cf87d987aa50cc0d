"""How well the language of titles and descriptions is told: ``python -m benchmarks.languages`` (LYHDE_TEST_DATA).

Truth is what cataloguers and senders declare, one language alone; the titles of Finna have none, so that only the
share told as Finnish is given for them. Each share of right answers is of the sure ones, with n and the 95 % interval
of Wilson; ``unsure`` is the share nothing is said of. Seconds are of the processor, in one process.
"""

from __future__ import annotations

import os
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from catalogue.languages import agree, plain_words, words_of
from catalogue.parsed import ParsedRecord
from catalogue.record import CatalogueRecord
from jobs.detecting import language_of
from mappings.registry import map_record
from parsers.registry import parse

SETS = {
    "marc-fi-fennica": "fennica.mrc",
    "marc-fi-helmet": "**/*.json",
    "marc-sv-libris": "*.json",
    "marc-gpo-2024": "new_records_20240[1-4]*.gz",
    "onix30-fi-kirjavalitys": "*/input.xml",
    "onix30-fi-melinda": "**/*.xml",
    "onix30-fr-ebooks": "*.xml",
    "onix30-pl-elibri": "*.xml",
    "odl-fi-ekirjasto": "odl/*.json",
}
HOME = ("fin", "swe", "eng")
Z = 1.96


class Known(NamedTuple):
    """A text and the language it is known to be in."""

    text: str
    language: str


def main() -> None:
    data = Path(os.environ["LYHDE_TEST_DATA"])
    titles, descriptions = known_texts(data)
    language_of("the model is read before anything is measured")
    report("titles", titles)
    report("descriptions", descriptions)
    finna = [line.split("\t")[0] for line in (data / "titles-fi-finna/documents.tsv").read_text("utf-8").splitlines()]
    start = time.process_time()
    found = Counter(language_of(title) for title in finna)
    seconds = time.process_time() - start
    told = sum(count for code, count in found.items() if code)
    print(f"\n### titles-fi-finna (language unknown, nearly all Finnish), n = {len(finna)}\n")
    print(f"told {share(found['fin'], told)} Finnish of {told} sure ones; unsure {percent(found[None], len(finna))}")
    print("told as: " + ", ".join(f"{code or 'unsure'} {count}" for code, count in found.most_common()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{len(finna) / seconds:,.0f} titles a processor second, peak RSS {peak:.0f} MB")


def known_texts(data: Path) -> tuple[list[Known], list[Known]]:
    """Titles and descriptions of records that declare one language, each once."""
    titles: dict[str, Known] = {}
    descriptions: dict[str, Known] = {}
    for name, pattern in SETS.items():
        for record in records(sorted((data / name).glob(pattern))):
            if len(record.languages.declared) != 1:
                continue
            language = record.languages.declared[0]
            title = words_of(record).title
            titles.setdefault(title, Known(title, language))
            for text in record.texts.descriptions:
                if words := plain_words(text.text):
                    descriptions.setdefault(words, Known(words, text.language or language))
    return list(titles.values()), list(descriptions.values())


def records(files: Iterable[Path]) -> Iterator[CatalogueRecord]:
    """Every record of some files as it is mapped, before any language is detected."""
    for file in files:
        with file.open("rb") as stream:
            for item in parse(stream):
                record = map_record(item, "bench", str(item.index)).record if isinstance(item, ParsedRecord) else None
                if record is not None:
                    yield record


def report(name: str, known: list[Known]) -> None:
    """Accuracy by language, and what was taken for what."""
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    for text, language in known:
        by_language[language if language in HOME else "other"][verdict(text, language)] += 1
    print(f"\n### {name}\n\n| language | n | right of the sure ones | unsure | taken for |\n|---|---|---|---|---|")
    for language in (*HOME, "other"):
        counts = by_language[language]
        n, right, unsure = counts.total(), counts["right"], counts["unsure"]
        wrong = ", ".join(f"{code} {count}" for code, count in counts.most_common() if code not in ("right", "unsure"))
        print(f"| {language} | {n} | {share(right, n - unsure)} | {percent(unsure, n)} | {wrong} |")


def verdict(text: str, language: str) -> str:
    """``right``, ``unsure``, or the language it was taken for."""
    found = language_of(text)
    if found is None:
        return "unsure"
    return "right" if agree(found, [language]) else found


def share(part: int, whole: int) -> str:
    """A share with its interval of Wilson."""
    if not whole:
        return "–"
    p = part / whole
    middle, spread = p + Z * Z / (2 * whole), Z * (p * (1 - p) / whole + Z * Z / (4 * whole * whole)) ** 0.5
    low, high = ((middle + sign * spread) / (1 + Z * Z / whole) for sign in (-1, 1))
    return f"{part}/{whole} = {p:.1%} [{low:.1%}, {high:.1%}]"


def percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


if __name__ == "__main__":
    main()
