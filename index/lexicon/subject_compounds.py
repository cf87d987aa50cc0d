"""Compounds that subjects are named by, with their parts: found when the tables are built, for they take a while."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.lexicon.hand_lists import Language, hand_lists
from index.lexicon.lexicon import Lexicon, Part, Reading
from index.lexicon.tables import DATA, Tables, compounds_path, packed_path


def write_compounds(folder: Path, language: Language, labels: Iterable[str]) -> Path:
    """``{language}-compounds.xz`` beside the tables, out of words of labels: lemma, then each part and its lemma."""
    words = Lexicon(hand_lists(language), Tables(packed_path(folder, language)))
    readings = {reading for label in labels for reading in words.analyse(label) if is_joined(reading)}
    lines = ("\t".join([r.lemma, *(text for part in r.parts for text in part)]) for r in sorted(readings))
    path = compounds_path(folder, language)
    path.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))
    return path


def subject_compounds(language: Language) -> Iterator[Reading]:
    """The compounds that were shipped with the tables."""
    for line in lzma.decompress(compounds_path(DATA, language).read_bytes()).decode().splitlines():
        lemma, *texts = line.split("\t")
        yield Reading(lemma, tuple(map(Part, texts[::2], texts[1::2])))


def is_joined(reading: Reading) -> bool:
    """Whether a reading is of a compound written as one word."""
    return len(reading.parts) > 1 and "-" not in reading.lemma
