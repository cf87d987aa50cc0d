"""How well the language of titles and descriptions is told: ``python -m benchmarks.languages`` (LYHDE_TEST_DATA).

Truth of titles is the one language a library catalogued, and that of the search cases, most of them short and chosen
for hard words; of descriptions what their sender declares; of notes in vocabularies the tag of their publisher. The
titles of Finna have none, so that only the share told as Finnish is given for them. Each share of right answers is of
the sure ones, with n and the 95 % interval of Wilson; ``unsure`` is the share nothing is said of. Seconds are of the
processor, in one process.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from catalogue.languages import NO_LANGUAGE, agree, plain_words, with_languages, words_of
from catalogue.parsed import ParsedRecord
from catalogue.record import CatalogueRecord
from catalogue.vocabularies import language as code_of
from catalogue.vocabularies.turtle import triples
from jobs.detecting import detect, language_of
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
    "odl-fi-ekirjasto": "[mo]*/*",
    "truth-melinda-matching": "index/*/*.json",
    "truth-hathi-goldfinch": "*/*.zip",
    "marc-broken": "*/*",
}
LIBRARIES = ("marc-", "truth-")  # what these sets begin with was catalogued; the others are of senders
NOTES = ("vocab-slm-seko-musa/*.ttl.gz", "vocab-ykl/*.ttl.gz", "vocab-libris/*.ttl", "vocab-libris/marc/*.ttl")
HOME = ("fin", "swe", "eng")
Z = 1.96


class Known(NamedTuple):
    """A text and the language it is known to be in."""

    text: str
    language: str


class Verdict(NamedTuple):
    """The language a text is known to be in, and what it was told as: ``right``, ``unsure`` or another language."""

    language: str
    told: str


def main() -> None:
    data = Path(os.environ["LYHDE_TEST_DATA"])
    titles, descriptions, whole = known_texts(data)
    language_of("the model is read before anything is measured")
    report("titles", verdicts(titles))
    report("titles of the search cases", verdicts(search_cases(data / "search-cases/search-cases.json")))
    report("descriptions", verdicts(descriptions))
    report("titles with a description", whole)
    report("notes of vocabularies", verdicts(notes(data)))
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


def known_texts(data: Path) -> tuple[list[Known], list[Known], list[Verdict]]:
    """Titles catalogued in one language, descriptions declared to be in one, and both together; each once."""
    titles: dict[str, Known] = {}
    descriptions: dict[str, Known] = {}
    whole: dict[str, Verdict] = {}
    for name, pattern in SETS.items():
        for record in records(sorted((data / name).glob(pattern))):
            if len(record.languages.declared) != 1 or record.languages.declared[0] in NO_LANGUAGE:
                continue
            language = record.languages.declared[0]
            words = words_of(record)
            if words.title and name.startswith(LIBRARIES):
                titles.setdefault(words.title, Known(words.title, language))
            for text, plain in zip(record.texts.descriptions, words.texts, strict=True):
                if plain:
                    descriptions.setdefault(plain, Known(plain, text.language or language))
            if any(words.texts):
                told = with_languages(record, detect(words))[0].languages.detected
                whole.setdefault(words.title, Verdict(language, judged(told, language)))
    return list(titles.values()), list(descriptions.values()), list(whole.values())


def search_cases(file: Path) -> list[Known]:
    """Titles of Finnish and Swedish works out of the search cases, each once."""
    cases = json.loads(file.read_text("utf-8"))
    works = {work["title"]: work["lang"] for case in cases for kind in ("should_match", "should_not_match")
             for work in case[kind] if "lang" in work}  # fmt: skip
    return [Known(title, code_of(spoken) or "und") for title, spoken in works.items()]


def notes(data: Path) -> list[Known]:
    """Texts of vocabularies that are long enough to be a description: definitions, notes, scopes; each once."""
    found: dict[str, Known] = {}
    for pattern in NOTES:
        for file in sorted(data.glob(pattern)):
            text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            for triple in triples(text.decode("utf-8")):
                if triple.language and (words := plain_words(triple.value)):
                    found.setdefault(words, Known(words, code_of(triple.language) or triple.language))
    return list(found.values())


def records(files: Iterable[Path]) -> Iterator[CatalogueRecord]:
    """Every record of some files as it is mapped, before any language is detected."""
    for stream in streams(files):
        for item in parse(stream):
            record = map_record(item, "bench", str(item.index)).record if isinstance(item, ParsedRecord) else None
            if record is not None:
                yield record


def streams(files: Iterable[Path]) -> Iterator[BinaryIO]:
    """The files, and those packed in a zip, each open while it is read."""
    for file in files:
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as packed:
                for name in packed.namelist():
                    with packed.open(name) as stream:
                        yield cast(BinaryIO, stream)
        elif file.is_file():
            with file.open("rb") as stream:
                yield stream


def verdicts(known: list[Known]) -> list[Verdict]:
    """What each text is told as."""
    return [Verdict(language, judged(language_of(text), language)) for text, language in known]


def report(name: str, given: list[Verdict]) -> None:
    """Accuracy by language, and what was taken for what."""
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    for language, told in given:
        by_language[language if language in HOME else "other"][told] += 1
    print(f"\n### {name}\n\n| language | n | right of the sure ones | unsure | taken for |\n|---|---|---|---|---|")
    for language in (*HOME, "other"):
        counts = by_language[language]
        n, right, unsure = counts.total(), counts["right"], counts["unsure"]
        wrong = ", ".join(f"{code} {count}" for code, count in counts.most_common() if code not in ("right", "unsure"))
        print(f"| {language} | {n} | {share(right, n - unsure)} | {percent(unsure, n)} | {wrong} |")


def judged(found: str | None, language: str) -> str:
    """``right``, ``unsure``, or the language it was taken for."""
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
