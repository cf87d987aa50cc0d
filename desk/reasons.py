"""What the queue says of a case: its kind, the reason signature and the priority, in words."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.signatures import CHANGED, UNDECIDED
from jobs.views.fieldvalues import field_name
from jobs.views.findingwords import ASKS, FINDINGS
from ops.messages import Language, _, counter, translator
from store.queue_rows import QueueRow

KINDS: Mapping[str, str] = {
    "match": _("same or different?"),
    "field": _("which value?"),
    "split": _("do they belong together?"),
    "gap": _("something is missing"),
    "alarm": _("a feed looks odd"),
}
SHORT: Mapping[str, str] = {
    "library_duplicate": _("possible duplicate in one source"),
    "title_words": _("each title has a word of its own"),
    "title_longer": _("one title goes on"),
    "title_order": _("same words, other order"),
    "thin": _("too little to go by"),
    "author_conflict": _("different authors"),
    "isbn_author_conflict": _("same ISBN, different authors"),
    "isbn_title_conflict": _("same ISBN, different titles"),
    "extent_ratio": _("pages or minutes differ much"),
    "language_subset": _("one names more languages"),
    "abridged_unstated": _("abridged or not?"),
    "easy_unstated": _("easy language or not?"),
    "daisy_unstated": _("Daisy or not?"),
    "code_slip": _("all agrees but one code"),
    "contradiction": _("answers contradict each other"),
    "score": _("evidence in balance"),
    "cluster": _("joins two groups"),
    CHANGED: _("evidence changed since the answer"),
}
WHY: Mapping[str, str] = {
    "readers_see": _("seen by readers"),
    "soon": _("out soon"),
    "nearness": _("close call"),
    "age": _("long wait"),
}
STATES: Mapping[str, str] = {"open": _("open"), "answered": _("answered"), "dissolved": _("dissolved")}


def reason_words(signature: str, language: Language) -> str:
    """A reason signature (`jobs.signatures`) in words: each of its parts, but for the kind, which stands beside it."""
    text = translator(language)
    kind, *parts = signature.split(": ")
    if not parts:
        return text(KINDS.get(kind, kind))
    if kind == "field":
        return ": ".join([field_name(parts[0], language), *parts[1:]])
    first = ", ".join(text(SHORT.get(code, ASKS.get(code, code))) for code in parts[0].split(", "))
    if parts[0] != UNDECIDED or len(parts) == 1:
        return first
    return f"{first}: {'; '.join(_against(item, language) for item in parts[1].split(', '))}"


def why_words(row: QueueRow, language: Language) -> tuple[str, ...]:
    """What the priority of a row is made of, heaviest first, two words each: a row of the queue is two lines high."""
    text, ngettext = translator(language), counter(language)
    said = []
    for part, _points in sorted(row.why.items(), key=lambda item: -item[1]):
        if part == "reach":
            count = len(row.sources)
            said.append(ngettext("{count} source", "{count} sources", count).format(count=count))
        elif part == "leverage":
            said.append(_leverage(row.closes, language))
        else:
            said.append(text(WHY.get(part, part)))
    return tuple(said)


def _leverage(closes: int, language: Language) -> str:
    ngettext = counter(language)
    return ngettext("settles {count} more", "settles {count} more", closes).format(count=closes)


def _against(item: str, language: Language) -> str:
    """``publisher none``: what was compared, and how it came out, as a part of a sentence."""
    said = FINDINGS.get(item.replace(" ", "."))
    if said is None:
        return item
    words = translator(language)(said)
    return words if words[:2].isupper() else words[0].lower() + words[1:]
