"""Forms whose stem is letter for letter a form of another word: luotto is stemmed to luoto.

Where that form is kept from stemming, these must be too, or a query for the one word finds the other after all.
"""

from __future__ import annotations

import lzma
from collections import defaultdict
from functools import cache
from pathlib import Path

from catalogue.folding import fold_letters
from index.lexicon.hand_lists import Language
from index.lexicon.tables import DATA, Tables, mistakable_path, packed_path


def write_mistakable(folder: Path, language: Language) -> Path:
    """``{language}-mistakable.xz`` beside the tables: a form, then the forms of other words that have it for a stem."""
    from index.lexicon.stems import stem

    owners = _owners(Tables(packed_path(folder, language)))
    found: dict[str, list[str]] = defaultdict(list)
    for form in sorted(owners):
        other = stem(language, form)
        if other != form and other in owners and owners[other] != owners[form]:
            found[other].append(form)
    lines = ("\t".join([form, *others]) for form, others in sorted(found.items()))
    path = mistakable_path(folder, language)
    path.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))
    return path


@cache
def mistakable(language: Language) -> dict[str, list[str]]:
    """The shipped table: form → forms of other words that are stemmed to it."""
    lines = lzma.decompress(mistakable_path(DATA, language).read_bytes()).decode().splitlines()
    rows = (line.split("\t") for line in lines)
    return {row[0]: row[1:] for row in rows}


def _owners(tables: Tables) -> dict[str, set[str]]:
    """Forms of nominals that an index may keep whole, folded, with the lemmas they may be of."""
    owners: dict[str, set[str]] = defaultdict(set)
    for lemma in tables.all_lemmas():
        entry = tables.entry(lemma)
        if entry and entry.kind in ("N", "X"):
            for form in entry.shared:
                owners[fold_letters(form)].add(lemma)
    return owners
