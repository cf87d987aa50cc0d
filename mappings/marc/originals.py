"""Original titles that stand in notes alone: 500 (``Alkuteos: …``, ``Originalets titel: …``) and 534 $t."""

from __future__ import annotations

import re

from catalogue.folding import fold
from catalogue.vocabularies import language
from mappings.marc.draft import Draft, Subfields, Values, first
from mappings.marc.punctuation import balance, trim
from mappings.marc.tables import alternatives, table

_WORDS = table("marc_words")["original_notes"]
_STATED = re.compile(
    rf"(?:(?P<before>[^\W\d_]+)\.?\s+)?(?:{alternatives(_WORDS['labels'])})(?:\s*\([^()]*\))?\s*[:=]\s*(?P<title>\S.*)",
    re.IGNORECASE,
)
_LANGUAGES = frozenset(_WORDS["languages"])
_LONGEST_CODE = 3  # a title so short is no name of a language, though it may be a code
_REPRODUCED = re.compile(rf"(?<!\w)(?:{alternatives(_WORDS['reproduced'])})", re.IGNORECASE)
_BEHIND = re.compile(r"\s/\s.*|\.\s+[-–—]\s.*")  # who is responsible, where it was published
_DATED = re.compile(r"\s+\([^()]*\)\.?$|,\s*\(?(?:1[5-9]|20)\d\d\)?\.?$")
_PUBLISHED = re.compile(r"\s:\s.*,\s*\[?c?(?:1[5-9]|20)\d\d|\s;\s|https?://")  # a publisher with a year; two titles


def stated_original(text: str) -> str | None:
    """The original title that a note states; None where it states none, or more than one thing."""
    found = _STATED.fullmatch(text.strip())
    return _title(found["title"]) if found and _is_language(found["before"] or "") else None


def original_of(subfields: Subfields) -> str | None:
    """534 $t, where $p says that the original is meant or says nothing."""
    before, title = first(subfields, "p"), first(subfields, "t")
    return _title(title) if title.strip() and (not before.strip() or _REPRODUCED.search(before)) else None


def add_original(draft: Draft, titles: list[Values]) -> None:
    """The one original title that notes state, where the fields of titles have none."""
    stated = {fold(title): title for title in draft.stated_originals}
    if len(stated) != 1 or any(title["kind"] == "original" for title in titles):
        return
    (folded, title), *_ = stated.items()
    if folded not in {fold(each["text"]) for each in titles if each["kind"] in ("main", "parallel")}:
        titles.append({"kind": "original", "text": title})


def _is_language(word: str) -> bool:
    """Whether a word before the label names a language, or there is none: "Sarjan alkuteos" is of something else."""
    plain = word.lower()
    return not plain or plain.endswith("kielinen") or plain in _LANGUAGES or language(plain) is not None


def _title(written: str) -> str | None:
    said = _BEHIND.sub("", trim(written))
    bare = balance(trim(_DATED.sub("", said)))
    is_language = len(bare) > _LONGEST_CODE and language(bare) is not None
    return bare if bare and not _PUBLISHED.search(said) and not is_language else None
