"""`lyhde stoplist`: identifiers that name no work."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import Context, context_of
from ops.messages import _

if TYPE_CHECKING:
    from catalogue.decision import StopAnswer

STATES = {"stopped": _("stopped"), "trusted": _("trusted")}
SOURCES = {"frequency": _("frequency"), "hand": _("hand")}
Identifier = Annotated[str, typer.Argument(help="an ISBN, a GTIN or SCHEME:VALUE")]
ReasonOption = Annotated[str, typer.Option(help="why; kept with the event")]
stoplist = typer.Typer(help="Identifiers that name no work, and are not matched by.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(stoplist, name="stoplist")


@stoplist.command("list")
def list_identifiers(context: typer.Context) -> None:
    """Identifiers stopped by frequency or by hand, and those kept off the list by hand."""
    from jobs.connections import opened_store
    from jobs.stoplist import listed

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        rows = listed(store)
    if ours.out.as_json:
        ours.out.json(rows)
        return
    text = ours.text
    headings = [text("identifier"), text("state"), text("by"), text("in effect"), text("works"), text("reason")]
    told = [
        [
            *(row.identifier, text(STATES[row.state]), text(SOURCES[row.by])),
            *(text("yes") if row.in_effect else text("no"), row.works, row.reason),
            *(row.author, row.made_at, row.decision),
        ]
        for row in rows
    ]
    ours.out.table([*headings, text("author"), text("made at"), text("decision")], told)


@stoplist.command("add")
def add(context: typer.Context, identifier: Identifier, reason: ReasonOption) -> None:
    """An identifier names no work: the next resolve does not match by it."""
    _say(context_of(context), "stopped", identifier, reason)


@stoplist.command("remove")
def remove(context: typer.Context, identifier: Identifier, reason: ReasonOption) -> None:
    """An identifier is matched by again, however many works have it."""
    _say(context_of(context), "trusted", identifier, reason)


def _say(ours: Context, answer: StopAnswer, identifier: str, reason: str) -> None:
    from jobs.connections import opened_store
    from jobs.deciding import Author
    from jobs.stoplist import say

    author = Author(getpass.getuser(), ours.now, reason, role="admin")  # who can read the database may do all
    with opened_store(ours.settings) as store:
        made = say(store, answer, identifier, author)
    if ours.out.as_json:
        ours.out.json(made)
        return
    ours.out.line(ours.text("Decision {number} is kept; the next resolve obeys it.").format(number=made.id))
