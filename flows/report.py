"""The night in words and numbers. Pure: values in, rows and Markdown out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jobs.medians import WATCHED, Compared
from jobs.running import RunOutcome, SourceOutcome
from ops.messages import Language, _, translator
from ops.saying import said

OFF = "⚠"
STATES = {"promoted": _("live"), "held": _("held"), "failed": _("failed")}
HEADINGS = {
    "received": _("received"),
    "new": _("new"),
    "changed": _("changed"),
    "unchanged": _("unchanged"),
    "quarantined": _("quarantined"),
}
ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>|#"} | {"\n": " "})


def table(compared: list[Compared], text: Callable[[str], str]) -> list[dict[str, Any]]:
    """One row per source: each count, its median in brackets, and a mark where it is off."""
    return [
        {
            text("source"): each.outcome.source,
            text("state"): text(STATES.get(each.outcome.state, each.outcome.state)),
            **{text(HEADINGS[name]): _cell(each, name) for name in WATCHED},
        }
        for each in compared
    ]


def markdown(outcome: RunOutcome, summary: str, compared: list[Compared], shown: tuple[Language, str | None]) -> str:
    """The report: what stands, the sources with their medians, then what asks for a person.

    `shown` is the language and the desk's address. Words of feeds and errors are shown as text, never as markup.
    """
    language, desk = shown
    text = translator(language)
    resolved = outcome.resolved
    stands = (
        (text("editions"), resolved.editions),
        (text("works"), resolved.works),
        (_link(text("open cases"), desk, "/queue"), resolved.open_cases),
        (text("documents indexed"), outcome.published.documents),
    )
    lines = [f"# {text('The night')}", "", summary.translate(ESCAPED), ""]
    lines += [f"- {name}: {number}" for name, number in stands]
    lines += ["", *_table_lines(table(compared, text)), "", text("In brackets: the median of 28 days.")]
    lines += _asking([each.outcome for each in compared], language, desk)
    return "\n".join(lines) + "\n"


def _asking(outcomes: list[SourceOutcome], language: Language, desk: str | None) -> list[str]:
    text = translator(language)
    told = [
        f"- {_link(each.source, desk, f'/runs/{each.run}' if each.run else '/runs')}: "
        + said(each.message, language).translate(ESCAPED)
        for each in outcomes
        if each.state != "promoted"
    ]
    held = [f"`lyhde hold approve {each.run}`" for each in outcomes if each.state == "held"]
    if held:
        told += ["", text("After looking at the feed: {commands}").format(commands=", ".join(held))]
    return ["", f"## {text('What asks for a person')}", "", *told] if told else []


def _table_lines(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    cells = [list(rows[0]), ["---"] * len(rows[0]), *(row.values() for row in rows)]
    return ["| " + " | ".join(map(str, row)) + " |" for row in cells]


def _cell(each: Compared, name: str) -> str:
    now = getattr(each.outcome.counts, name)
    usual = "–" if each.usual is None else getattr(each.usual, name)
    return f"{now} ({usual})" + (f" {OFF}" if name in each.off else "")


def _link(words: str, desk: str | None, path: str) -> str:
    return f"[{words}]({desk.rstrip('/')}{path})" if desk else words
