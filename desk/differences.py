"""How a value differs from the result: word by word, accents and case told apart from other words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "unlike"]
Manner = Literal["", "case", "accents", "punctuation"]
MOST_WORDS = 400
"""Longer texts are compared as a whole: a word-by-word comparison of them is neither fast nor read."""
ALIKE = 0.4
"""Below it (0 to 1, of the words) nothing is gained by words: the value as a whole is another."""

_TOKEN = re.compile(r"\w+|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a value: as in the result, only here (added), only in the result (removed), or all unlike.

    `manner` says that added and removed words differ in nothing but case, accents or punctuation.
    """

    kind: Kind
    text: str
    manner: Manner = ""


def differences(result: str, value: str) -> tuple[Part, ...]:
    """`value` in parts, beside the result. Whitespace alone is no difference; å, ä and ö are letters like others.

    Removed parts stand before what was added in their place.
    """
    ours, theirs = _tokens(result), _tokens(value)
    if [t for t, _, _ in ours] == [t for t, _, _ in theirs]:
        return (Part("same", value),) if value else ()
    whole = manner(result, value)
    if len(ours) + len(theirs) > 2 * MOST_WORDS:
        return (Part("unlike", value, whole),)
    matcher = SequenceMatcher(None, [t for t, _, _ in ours], [t for t, _, _ in theirs], autojunk=False)
    if not whole and matcher.ratio() < ALIKE:
        return (Part("unlike", value),)
    return tuple(_merged(_parts(matcher, (result, ours), (value, theirs))))


def manner(result: str, value: str) -> Manner:
    """In what two texts differ, where it is case alone, accents alone (and case), or punctuation alone; else ""."""
    if result.casefold() == value.casefold():
        return "case"
    if _bare(result) == _bare(value):
        return "accents"
    return "punctuation" if _letters(result) and _letters(result) == _letters(value) else ""


Token = tuple[str, int, int]


def _tokens(text: str) -> list[Token]:
    return [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _parts(
    matcher: SequenceMatcher[str], ours: tuple[str, list[Token]], theirs: tuple[str, list[Token]]
) -> Iterator[Part]:
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        before, now = _slice(ours, i1, i2), _slice(theirs, j1, j2)
        if operation == "equal":
            yield Part("same", now)
            continue
        how = manner(before.strip(), now.strip()) if operation == "replace" else ""
        if before:
            if i1 and ours[1][i1 - 1][2] < ours[1][i1][1] and j1 == len(theirs[1]):
                yield Part("same", " ")
            yield Part("removed", before.strip(), how)
            yield Part("same", " ")
        if now:
            yield Part("added", now, how)


def _slice(side: tuple[str, list[Token]], start: int, end: int) -> str:
    """The text of tokens from `start` to `end`, with the space behind them."""
    text, tokens = side
    if start == end:
        return ""
    upto = tokens[end][1] if end < len(tokens) else len(text)
    return text[tokens[start][1] : upto]


def _merged(parts: Iterator[Part]) -> Iterator[Part]:
    """Trailing space of added words outside the mark, neighbours of one kind together."""
    pending: Part | None = None
    for part in parts:
        for one in _without_space(part):
            if pending and pending.kind == one.kind == "same":
                pending = Part("same", pending.text + one.text)
            else:
                if pending:
                    yield pending
                pending = one
    if pending and (pending.kind != "same" or pending.text.strip()):
        yield pending


def _without_space(part: Part) -> Iterator[Part]:
    bare = part.text.rstrip()
    if part.kind != "added" or bare == part.text:
        yield part
        return
    yield Part(part.kind, bare, part.manner)
    yield Part("same", part.text[len(bare) :])


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
