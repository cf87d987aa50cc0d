"""`lyhde decide`, `decisions`, `review`: the questions and people's answers."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from catalogue.decision import CaseKind
from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from cli.context import GREATEST, Context, Number, context_of
from ops.messages import counter

if TYPE_CHECKING:
    from jobs.reviewing import Answered, Author

NoteOption = Annotated[str | None, typer.Option(help="why")]
LevelOption = Annotated[Literal["edition", "work"] | None, typer.Option(help="default: as the names say, else edition")]
decide = typer.Typer(help="Answer: same, different, unsure, or a field's value.", no_args_is_help=True)
decisions = typer.Typer(help="The answers given so far.", no_args_is_help=True)
review = typer.Typer(help="The questions that are open.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(decide, name="decide")
    app.add_typer(decisions, name="decisions")
    app.add_typer(review, name="review")


@decide.command()
def same(context: typer.Context, left: str, right: str, level: LevelOption = None, note: NoteOption = None) -> None:
    """The two belong together. Overruling a veto takes a note."""
    _match(context, "same", (left, right), level, note)


@decide.command()
def different(
    context: typer.Context, left: str, right: str, level: LevelOption = None, note: NoteOption = None
) -> None:
    """The two do not belong together, nor any record of one side with one of the other."""
    _match(context, "different", (left, right), level, note)


@decide.command()
def unsure(context: typer.Context, left: str, right: str, level: LevelOption = None, note: NoteOption = None) -> None:
    """Leave the question open; who said so is remembered."""
    _match(context, "unsure", (left, right), level, note)


@decide.command("field")
def choose_field(context: typer.Context, name: str, field: str, value: str, note: NoteOption = None) -> None:
    """Choose a value (JSON, or plain text) of a field of an edition or work; null removes it."""
    from jobs.connections import opened_store
    from jobs.reviewing import decide_field

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        _tell(ours, decide_field(store, name, field=field, value=_value(value), author=_author(ours, note)))


@decide.command("undo")
def undo_decision(context: typer.Context, decision: Number, note: NoteOption = None) -> None:
    """Take a decision back."""
    from jobs.connections import opened_store
    from jobs.reviewing import undo

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        _tell(ours, undo(store, decision, _author(ours, note)))


@decisions.command("list")
def list_decisions(context: typer.Context) -> None:
    """Every decision in the order made, undone ones and undos included."""
    from jobs.connections import opened_store
    from store.decisions import every

    ours = context_of(context)
    with opened_store(ours.settings) as store, store.read() as connection:
        made = every(connection)
    if ours.out.as_json:
        ours.out.json(made)
        return
    rows = [[d.id, d.answer, d.level, d.left, d.right or d.field, d.author, d.made_at, d.note] for d in made]
    text = ours.text
    headings = [text("number"), text("answer"), text("level"), text("left"), text("right"), text("author")]
    ours.out.table([*headings, text("made at"), text("note")], rows)


@decisions.command("export")
def export_decisions(context: typer.Context) -> None:
    """Every decision as a line of JSON, to be taken in by another store."""
    from jobs.carrying import exported
    from jobs.connections import opened_store

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        ours.out.ndjson(exported(store))


@decisions.command("import")
def import_decisions(
    context: typer.Context, file: Annotated[typer.FileText, typer.Argument(help="lines of JSON; - is stdin")]
) -> None:
    """Take in exported decisions; what is here already is passed over."""
    from jobs.carrying import take_in
    from jobs.connections import opened_store

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        try:
            done = take_in(store, _lines(file), ours.now)
        except UnicodeDecodeError as error:
            raise UsageError(Sentence("{path}: cannot be read: {why}", path=file.name, why=error)) from error
    if ours.out.as_json:
        ours.out.json({"kept": done.kept, "known": done.known})
        return
    text = ours.text("{kept} kept, {known} were here already; the next resolve obeys them.")
    ours.out.line(text.format(kept=done.kept, known=done.known))


def _lines(file: Iterable[str]) -> Iterator[Any]:
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise UsageError(Sentence("line {number}: not JSON: {why}", number=str(number), why=error)) from error


@decisions.command("orphans")
def orphans(context: typer.Context) -> None:
    """Decisions whose records are gone: kept, without effect until the records come back."""
    from jobs.connections import opened_store
    from jobs.constraints import read_standing

    ours = context_of(context)
    with opened_store(ours.settings) as store, store.read() as connection:
        orphaned = read_standing(connection).orphans
    if ours.out.as_json:
        ours.out.json(orphaned)
        return
    for made in orphaned:
        ours.out.line(f"{made.id}  {made.answer}  {made.level}  {made.left}  {made.right or made.field}")


@review.command("list")
def list_cases(
    context: typer.Context,
    kind: Annotated[CaseKind | None, typer.Option(help="only this kind")] = None,
    limit: Annotated[int | None, typer.Option(help="at most so many", min=1, max=GREATEST)] = None,
) -> None:
    """Open cases, the most urgent first."""
    from jobs.connections import opened_store
    from store.cases import listed

    ours = context_of(context)
    with opened_store(ours.settings) as store, store.read() as connection:
        cases = listed(connection, kind=kind, limit=limit)
    if ours.out.as_json:
        ours.out.json(cases)
        return
    text = ours.text
    rows = [[c.case, c.kind, c.level, c.reason, " ".join(c.members[:4]), c.priority] for c in cases]
    headings = [text("case"), text("kind"), text("level"), text("reason"), text("members"), text("priority")]
    ours.out.table(headings, rows)


@review.command("show")
def show_case(context: typer.Context, case: str) -> None:
    """One case with its evidence, in whatever state, and what changed since it was answered before."""
    from jobs.connections import opened_store
    from jobs.reviewing import changes_of
    from store.cases import find

    ours = context_of(context)
    with opened_store(ours.settings) as store, store.read() as connection:
        found = find(connection, case)
        changes = changes_of(connection, found)
    if ours.out.as_json:
        told = [change.model_dump(mode="json") for change in changes]
        ours.out.json({**found.model_dump(mode="json"), "changes": told})
        return
    ours.out.line(f"{found.case}  {found.kind}, {found.level}, {found.state}: {found.reason}")
    for member in found.members:
        ours.out.line(f"  {member}")
    for change in changes:
        then, now = ("; ".join(values) or "–" for values in (change.before, change.after))
        ours.out.line(
            ours.text("Changed in {record}: {field}, then {then}, now {now}").format(
                record=change.record, field=change.field, then=then, now=now
            )
        )
    rows = [[f.comparison, f.level, f.left, f.right, f"{f.bits:+.2f}"] for f in found.findings]
    if rows:
        text = ours.text
        ours.out.table([text("comparison"), text("level"), text("left"), text("right"), text("bits")], rows)
    for candidate in found.candidates:
        ours.out.line(f"  {_candidate(candidate)}")


def _candidate(candidate: Any) -> str:
    """A value with its sources, or one side of a match."""
    if isinstance(candidate, dict) and "value" in candidate:
        return f"{candidate['value']}  ({', '.join(candidate['sources'])})"
    return " + ".join(map(str, candidate)) if isinstance(candidate, list | tuple) else str(candidate)


def _match(
    context: typer.Context,
    answer: Literal["same", "different", "unsure"],
    names: tuple[str, str],
    level: Literal["edition", "work"] | None,
    note: str | None,
) -> None:
    from jobs.connections import opened_store
    from jobs.reviewing import decide as decide_match

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        _tell(ours, decide_match(store, answer, names, level=level, author=_author(ours, note)))


def _author(ours: Context, note: str | None) -> Author:
    from jobs.reviewing import Author

    return Author(getpass.getuser(), ours.now, note, role="admin")  # who can read the database may do all


def _value(written: str) -> Any:
    """JSON, or plain text where it is not."""
    try:
        return json.loads(written)
    except ValueError:
        return written


def _tell(ours: Context, answered: Answered) -> None:
    made, works = answered.decision, len(answered.works)
    if ours.out.as_json:
        lists = {"works": answered.works, "opened": answered.opened, "closed": answered.closed}
        ours.out.json({**made.model_dump(mode="json"), **lists, "leaning": answered.leaning, "waits": answered.waits})
        return
    if made.answer == "unsure":
        said = ours.text("Decision {number} is kept; the question stays open.")
    elif made.identifier is not None:
        said = ours.text("Decision {number} is kept; the next resolve obeys it.")
    elif answered.waits:
        said = ours.text("Decision {number} is kept. A harvest waits to be resolved first: run lyhde resolve.")
    else:
        ngettext = counter(ours.settings.language)
        said = ngettext(
            "Decision {number} is kept and in effect; {count} work changed.",
            "Decision {number} is kept and in effect; {count} works changed.",
            works,
        )
    ours.out.line(said.format(number=made.id, count=works))
    for number in answered.leaning:
        ours.out.line(ours.text("Decision {number} is later and about the same works.").format(number=number))
