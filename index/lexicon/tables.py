"""The built tables of a language, unpacked into memory: a form's lemmas, a lemma's forms and split, linking forms."""

from __future__ import annotations

import json
import lzma
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import marisa_trie

from catalogue.keys import content_hash
from index.lexicon.hand_lists import HERE, Language

FORMAT = 1
DATA = HERE / "data"
Kind = Literal["F", "V", "N", "X"]  # function word, verb, nominal that may be a part, any other

KINDS: dict[str, Kind] = {"F": "F", "V": "V", "N": "N", "X": "X"}


class Entry(NamedTuple):
    """`shared` are forms whose short stem other lemmas have too, all of them; `others` one form of each other stem.

    `split` is (first part as written, its lemma, last lemma).
    """

    kind: Kind
    shared: tuple[str, ...]
    others: tuple[str, ...]
    split: tuple[str, str, str] | None

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms an index needs, whichever of them it keeps from stemming."""
        return self.others + self.shared


class Link(NamedTuple):
    form: str
    lemma: str
    family: int  # compounds that begin so


def packed_path(folder: Path, language: Language) -> Path:
    return folder / f"{language}.xz"


def mistakable_path(folder: Path, language: Language) -> Path:
    return folder / f"{language}-mistakable.xz"


def compounds_path(folder: Path, language: Language) -> Path:
    return folder / f"{language}-compounds.xz"


@cache
def packed_hash(language: Language) -> str:
    """Names the shipped tables of a language: their version."""
    paths = (path(DATA, language) for path in (packed_path, compounds_path, mistakable_path))
    return content_hash(b"".join(path.read_bytes() for path in paths)).hex()[:12]


class Tables:
    """Read from the file that `writing` made; some twenty megabytes."""

    def __init__(self, packed: Path) -> None:
        whole = lzma.decompress(packed.read_bytes())
        head, _, rest = whole.partition(b"\n")
        header: dict[str, Any] = json.loads(head)
        blocks: dict[str, bytes] = {}
        at = 0
        for name, size in header["sizes"].items():
            blocks[name] = rest[at : at + size]
            at += size
        lines = (line.split("\t") for line in blocks["rules"].decode().split("\n"))
        self._rules = [(int(lost), added) for lost, added in lines]
        record = header["record"]
        self._forms = marisa_trie.RecordTrie(record).frombytes(blocks["forms"])
        self._links = marisa_trie.RecordTrie(record + "H").frombytes(blocks["links"])
        self._tails = marisa_trie.RecordTrie("<H").frombytes(blocks["tails"])
        self._lemmas = marisa_trie.BytesTrie().frombytes(blocks["lemmas"])
        self.entry = lru_cache(50_000)(self._entry)

    def knows(self, form: str) -> bool:
        return form in self._forms

    def lemmas(self, form: str) -> list[str]:
        """Of which lemmas the list has this as a form; none where it lacks it."""
        return [self._undo(form, number) for (number,) in self._forms.get(form, ())]

    def links(self, text: str) -> list[Link]:
        """Every linking form that the text begins with."""
        found = []
        for form in self._links.prefixes(text):
            number, family = self._links[form][0]
            found.append(Link(form, self._undo(form, number), family))
        return found

    def all_lemmas(self) -> list[str]:
        """Every lemma that has an entry, in a fixed order."""
        return sorted(set(self._lemmas.keys()))

    def family(self, lemma: str) -> int:
        """How many compounds of the list end in a lemma."""
        found = self._tails.get(lemma)
        return int(found[0][0]) if found else 0

    def _entry(self, lemma: str) -> Entry | None:
        found = self._lemmas.get(lemma)
        if not found:
            return None
        text = found[0].decode()
        further, _, cut = text[2:].partition("\2")
        shared, others = (
            tuple(lemma[: ord(e[0]) - ord("0")] + e[1:] for e in part.split("\1") if e) for part in further.split("\3")
        )
        split = None
        if cut:
            size, first, last = cut.split("\2")
            split = (lemma[: int(size)], first, last)
        return Entry(KINDS[text[0]], shared, others, split)

    def _undo(self, form: str, number: int) -> str:
        lost, added = self._rules[number]
        return form[: len(form) - lost] + added
