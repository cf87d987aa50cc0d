"""Why a run is held, in the reader's language. The guards' own sentences (`jobs.guards`) are English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ops.formats import number, percent
from ops.messages import Language, _, translator

_SHARE = r"\((?P<share>[\d.]+)%(?: fewer| off)?, limit (?P<limit>[\d.]+)%\)"
SENTENCES: Sequence[tuple[str, str]] = (
    (
        r"not one of its (?P<a>\d+) records could be read.*",
        _("Not one of its {a} records could be read."),
    ),
    (r"the feed is empty, (?P<a>\d+) records are live", _("The feed is empty; {a} records are live.")),
    (
        r"the feed ends early.*",
        _("The feed ends early: what is missing from it may only be missing from the file."),
    ),
    (
        rf"(?P<a>\d+) of (?P<b>\d+) records are quarantined {_SHARE}",
        _("{a} of {b} records are quarantined: {share}, the limit is {limit}."),
    ),
    (
        rf"(?P<a>\d+) of (?P<b>\d+) live records would be removed {_SHARE}",
        _("{a} of {b} live records would be removed: {share}, the limit is {limit}."),
    ),
    (
        rf"the feed holds (?P<a>\d+) records, (?P<b>\d+) are live {_SHARE}",
        _("The feed holds {a} records, {b} are live: {share} fewer, the limit is {limit}."),
    ),
    (
        rf"(?P<a>\d+) records were received, the median is (?P<b>[\d.e+]+) {_SHARE}",
        _("{a} records were received, the median is {b}: {share} off, the limit is {limit}."),
    ),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence; `known` tells whether it could be said in the reader's language (else it is English)."""

    text: str
    known: bool


def hold_reason(sentence: str, language: Language) -> Reason:
    """A reason that was kept with a run, translated with its numbers."""
    for pattern, message in SENTENCES:
        found = re.fullmatch(pattern, sentence)
        if found:
            said = {name: _said(name, value, language) for name, value in found.groupdict().items()}
            return Reason(translator(language)(message).format_map(said), True)
    return Reason(sentence, False)


def _said(name: str, value: str, language: Language) -> str:
    return percent(float(value) / 100, language) if name in ("share", "limit") else number(float(value), language)
