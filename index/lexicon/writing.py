"""Writes a language's tables as one packed file; the same words give the same bytes."""

from __future__ import annotations

import json
import lzma
import math
from pathlib import Path

import marisa_trie

from index.lexicon.building import Words
from index.lexicon.stems import SharedStems
from index.lexicon.swedish import indexed_forms
from index.lexicon.tables import FORMAT, Kind, packed_path
from index.lexicon.word_lists import LIST, PINNED, FormsByLemma, ending_rule

_MOST = 65535
_LARGEST_CLASS = 9


class _Rules:
    """Endings that turn a form into its lemma, numbered as they come."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[int, str], int] = {}

    def number(self, lemma: str, form: str) -> int:
        lost, added = ending_rule(form, lemma)
        return self.numbers.setdefault((len(lost), added), len(self.numbers))

    def written(self) -> bytes:
        return "\n".join(f"{lost}\t{added}" for lost, added in self.numbers).encode()


def write_tables(words: Words, folder: Path) -> Path:
    """``{language}.xz`` in the folder, made if need be."""
    rules = _Rules()
    forms = [
        (form, (rules.number(lemma, form),)) for form in sorted(words.lemmas) for lemma in sorted(words.lemmas[form])
    ]
    links = [
        (form, (rules.number(lemma, form), min(_MOST, words.firsts.get(form, 0))))
        for form, lemma in sorted(words.linking.items())
    ]
    tails = [(lemma, (min(_MOST, number),)) for lemma, number in sorted(words.lasts.items())]
    record = "<H" if len(rules.numbers) <= _MOST else "<I"
    blocks = {
        "rules": rules.written(),
        "forms": marisa_trie.RecordTrie(record, forms).tobytes(),
        "links": marisa_trie.RecordTrie(record + "H", links).tobytes(),
        "tails": marisa_trie.RecordTrie("<H", tails).tobytes(),
        "lemmas": marisa_trie.BytesTrie(_entries(words)).tobytes(),
    }
    header = {
        "format": FORMAT, "source": f"{LIST} {PINNED}", "record": record,
        "sizes": {name: len(block) for name, block in blocks.items()},
    }  # fmt: skip
    path = packed_path(folder, words.hand.language)
    folder.mkdir(parents=True, exist_ok=True)
    whole = json.dumps(header).encode() + b"\n" + b"".join(blocks.values())
    path.write_bytes(lzma.compress(whole, preset=9))
    return path


def _entries(words: Words) -> list[tuple[str, bytes]]:
    paradigms: FormsByLemma = words.nominals | words.verbs
    shared = SharedStems(words.hand.language, paradigms)
    names = sorted(paradigms.keys() | words.functions)
    return [(lemma, _entry(words, shared, lemma, paradigms.get(lemma, {lemma})).encode()) for lemma in names]


def _entry(words: Words, shared: SharedStems, lemma: str, forms: set[str]) -> str:
    """Kind, class of family size, forms (length of what they share with the lemma, rest), split."""
    kind: Kind = "X"
    if lemma in words.functions:
        return f"F0\3{_ending(lemma, lemma)}"
    if words.hand.language == "sv":
        forms = indexed_forms(lemma, forms)
    if lemma in words.verbs:
        kind = "V"
    elif lemma in words.parts:
        kind = "N"
    size = min(_LARGEST_CLASS, int(math.log2(words.lasts.get(lemma, 0) + 1)))
    further = "\3".join("\1".join(_ending(lemma, form) for form in part) for part in shared.needed(lemma, forms))
    split = words.splits.get(lemma)
    cut = f"\2{len(split.first)}\2{split.first_lemma}\2{split.last_lemma}" if split else ""
    return f"{kind}{size}{further}{cut}"


def _ending(lemma: str, form: str) -> str:
    added = ending_rule(lemma, form)[1]
    return chr(ord("0") + len(form) - len(added)) + added
