"""`lyhde source report`: a scorecard that a sender's own people can act on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from catalogue.coverage import NAMES
from catalogue.defect import whereabouts
from catalogue.sentence import Sentence, Share
from cli.context import context_of
from ops.messages import Language

if TYPE_CHECKING:
    from jobs.scorecard import Fault, Place, Scorecard

MOST_REUSED = 20
ABBREVIATED = ("epub", "pdf", "mp3", "html")


def report(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID")],
    lang: Annotated[Language | None, typer.Option(help="fi, sv or en; default: the setting `language`")] = None,
) -> None:
    """What the sender of a source could mend: rejected records, missing fields, bad codes, ISBNs, lateness."""
    from jobs.connections import opened_store
    from jobs.scorecard import scorecard
    from ops.saying import said

    ours = context_of(context)
    language = lang or ours.settings.language
    with opened_store(ours.settings) as store:
        card = scorecard(store, name, language, ours.now)
    if ours.out.as_json:
        ours.out.json(card.as_json())
        return
    for depth, words in lines(card):
        ours.out.line("  " * depth + said(words, language))


def lines(card: Scorecard) -> Iterator[tuple[int, str]]:
    """The report, line by line, each with how deep it is indented."""
    name = card.name if card.name == card.source else f"{card.name} ({card.source})"
    yield 0, Sentence("Report on {name}, {day}", name=name, day=card.made_at[:10])
    yield 0, Sentence("{count} live records", count=card.live)
    yield from _section(Sentence("Rejected records: not taken in until they are mended"), _faults(card.rejected))
    yield from _section(Sentence("Missing fields"), _missing(card))
    yield from _section(Sentence("Doubtful values: left out, repaired or kept as they are"), _faults(card.faults))
    yield from _section(Sentence("One ISBN on several records: each format needs an ISBN of its own"), _reused(card))
    yield from _section(Sentence("Timeliness"), _late(card))
    yield from _section(Sentence("The last deliveries, newest first"), _trend(card))


def _section(heading: Sentence, found: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield 0, ""
    yield 0, heading
    first = next(found, None)
    yield first or (1, Sentence("nothing to mend"))
    yield from found


def _faults(found: tuple[Fault, ...]) -> Iterator[tuple[int, str]]:
    for fault in found:
        yield 1, Sentence("{code} ({count}), for example", code=fault.code, count=fault.records)
        for place in fault.examples:
            yield 2, _told(place)


def _told(place: Place) -> Sentence:
    where = whereabouts(place.file, place.index, place.locus)
    if not place.source_id:
        return Sentence("{place}: {text}", place=where, text=place.text)
    return Sentence("{record} ({place}): {text}", record=place.source_id, place=where, text=place.text)


def _missing(card: Scorecard) -> Iterator[tuple[int, str]]:
    for each in card.missing:
        yield (
            1,
            Sentence(
                "{field}: {count} of {of} records lack it ({share}), for example {ids}",
                field=NAMES[each.field],
                count=each.records,
                of=card.live,
                share=Share(each.records / max(card.live, 1)),
                ids=list(each.examples),
            ),
        )


def _reused(card: Scorecard) -> Iterator[tuple[int, str]]:
    for each in card.reused[:MOST_REUSED]:
        yield (
            1,
            Sentence(
                "{isbn}: {count} records ({formats}): {ids}",
                isbn=each.isbn,
                count=len(each.records),
                formats=[_form(form) for form in each.formats],
                ids=list(each.records[:10]),
            ),
        )
    if len(card.reused) > MOST_REUSED:
        yield 1, Sentence("and {count} more: see --json", count=len(card.reused) - MOST_REUSED)


def _form(form: str) -> Sentence:
    """A medium and its formats in words: ``ebook epub`` is an e-book (EPUB)."""
    from jobs.views.fieldwords import MEDIA

    medium, *formats = form.split(" ")
    word = Sentence(MEDIA.get(medium, medium))
    names = " ".join(name.upper() if name in ABBREVIATED else name for name in formats)
    return Sentence("{medium} {formats}", medium=word, formats=names) if names else word


def _late(card: Scorecard) -> Iterator[tuple[int, str]]:
    late = card.late
    if not late.announced:
        yield 1, Sentence("no new record with a day of publication has come since the first delivery")
    if late.older_messages:
        yield (
            1,
            Sentence("{count} messages were older than what was known, and ignored", count=late.older_messages),
        )
    if late.after_publication:
        yield (
            1,
            Sentence(
                "{count} of {of} new records came after their publication day (median {days} days): {ids}",
                count=late.after_publication,
                of=late.announced,
                days=late.median_days or 0,
                ids=list(late.examples),
            ),
        )


def _trend(card: Scorecard) -> Iterator[tuple[int, str]]:
    from jobs.holding import STATES

    for night in card.trend:
        yield (
            1,
            Sentence(
                "{day}, run {run} ({state}): {received} records received, {quarantined} rejected, {defects} defects",
                day=(night.finished_at or "–")[:10],
                run=str(night.run),
                state=STATES[night.state],
                received=night.received,
                quarantined=night.quarantined,
                defects=night.defects,
            ),
        )
        for reason in night.reasons:
            yield 2, reason
