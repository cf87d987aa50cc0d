"""What can go wrong, in words: one text for each HTTP status a person may meet."""

from __future__ import annotations

from dataclasses import dataclass

from ops.messages import _


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page's words: a heading, what happened, what to do."""

    heading: str
    what: str
    then: str


_NOT_THERE = Trouble(
    _("There is no such page"),
    _("Nothing is found at this address; it may have been merged, removed or mistyped."),
    _("Search for the record, or go to the queue."),
)
TROUBLES = {
    400: Trouble(
        _("That cannot be done"),
        _("The desk could not make sense of what was sent."),
        _("Go back, look at the form, and try again."),
    ),
    403: Trouble(
        _("Your role does not allow this"),
        _("What you asked for needs another role."),
        _("Ask a colleague who has it, or your administrator."),
    ),
    404: _NOT_THERE,
    405: _NOT_THERE,
    409: Trouble(
        _("Somebody was faster"),
        _("The case was answered or has changed since you opened it. Your answer was not kept."),
        _("Open the case again and look at what is new."),
    ),
    413: Trouble(
        _("That is too long"),
        _("More was sent than a form may hold."),
        _("Shorten it and send it again."),
    ),
    421: Trouble(
        _("Wrong address"),
        _("The desk does not answer under this name."),
        _("Use the address you were given."),
    ),
    423: Trouble(
        _("Another run is at work"),
        _("What you asked for waits for the end of another run."),
        _("Try again in a few minutes."),
    ),
    429: Trouble(
        _("Too many requests"),
        _("So many requests came from your address that the desk takes a breath."),
        _("Wait a minute, then try again."),
    ),
    500: Trouble(
        _("Something went wrong on our side"),
        _("It has been logged; what you sent may not have been kept."),
        _("Try again. If it happens again, tell your operator the number below."),
    ),
    503: Trouble(
        _("A service does not answer"),
        _("The desk cannot reach what it needs just now."),
        _("Try again in a few minutes. If it stays so, tell your operator."),
    ),
}
CROSS_SITE = Trouble(
    _("This form came from elsewhere"),
    _("The desk takes forms from its own pages only, and your browser says that this one is not."),
    _("Open the page in the desk again and send the form from there."),
)
