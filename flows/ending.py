"""How a night ended, in the words that Prefect's states and automations use.

| state | name | exit code | when |
|---|---|---|---|
| Completed | Completed | 0 | everything is done |
| Completed | Some sources failed | 6 | the others are done and published |
| Completed | Some sources are held | 6 | none failed, but a guard waits for a person |
| Failed | No source came through | of the one source, else 6 | each of them failed |
| Failed | Not published | 4 | the search server did not answer; the outbox waits |
| Failed | Another run is at work | 7 | its lock was not free after the retries |
| Failed | Stopped | of the error | resolving ended with an error |
| Failed | A bug | 1 | what no error describes; the other sources are done |

The names are stable: automations are made on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalogue.errors import LyhdeError, RunLocked
from jobs.running import RunOutcome, SourceOutcome
from ops.messages import Language, translator
from ops.saying import said

BUG = 1
ENDINGS = (
    "Completed", "Some sources failed", "Some sources are held",
    "No source came through", "Not published", "Another run is at work", "Stopped", "A bug",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ending:
    """`name` of the state, in English; `message` for a person."""

    name: str
    message: str
    exit_code: int
    failed: bool = True


def ending_of(outcome: RunOutcome, fault: LyhdeError | None, language: Language) -> Ending:
    """The end of a night: the gravest thing first."""
    text = translator(language)
    bugs = _of(outcome, exit_code=BUG)
    if bugs:
        return Ending("A bug", "; ".join(said(source.message, language) for source in bugs), BUG)
    locked = _of(outcome, exit_code=RunLocked.exit_code)
    if isinstance(fault, RunLocked) or locked:
        message = said(fault or locked[0].message, language)
        return Ending("Another run is at work", message, RunLocked.exit_code)
    if fault:
        return Ending("Stopped", said(fault, language), fault.exit_code)
    if outcome.unpublished:
        message = f"{text('Nothing was published; the outbox waits.')} {said(outcome.unpublished, language)}"
        return Ending("Not published", message, outcome.unpublished.exit_code)
    return _of_sources(outcome, text)


def _of_sources(outcome: RunOutcome, text: Callable[[str], str]) -> Ending:
    failed = [source.source for source in outcome.sources if source.state == "failed"]
    held = [source.source for source in outcome.sources if source.state == "held"]
    told = [
        sentence.format(sources=", ".join(names))
        for sentence, names in ((text("failed: {sources}"), failed), (text("held: {sources}"), held))
        if names
    ]
    if failed and len(failed) == len(outcome.sources):
        return Ending("No source came through", "; ".join(told), outcome.exit_code)
    name = "Some sources failed" if failed else "Some sources are held" if held else "Completed"
    return Ending(name, "; ".join(told) or text("All sources are done."), outcome.exit_code, failed=False)


def _of(outcome: RunOutcome, *, exit_code: int) -> list[SourceOutcome]:
    return [source for source in outcome.sources if source.exit_code == exit_code]
