"""What people did beside deciding, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobs.views.storyline import people
from ops.messages import Language, _, translator
from store.audit import Entry
from store.database import Connection

COMMAND_LINE = "command line"

ACTS: Mapping[str, str] = {
    "sign_in": _("signed in"),
    "sign_in.failed": _("failed to sign in"),
    "sign_out": _("signed out"),
    "sign_out.everywhere": _("signed out everywhere"),
    "account.add": _("made the account {subject}"),
    "account.role": _("changed the role of {subject}"),
    "account.disable": _("disabled the account {subject}"),
    "account.enable": _("enabled the account {subject}"),
    "account.password": _("set the password of {subject}"),
    "purge": _("purged what is older than {subject}"),
    "hold.approve": _("let run {subject} go live"),
    "hold.reject": _("dropped run {subject}"),
}


@dataclass(frozen=True, slots=True)
class ToldAct:
    """An entry of the audit for readers: `who` by the name that others see, `account` as it signs in."""

    at: str
    who: str
    account: str
    words: str


def told_acts(connection: Connection, entries: Iterable[Entry], language: Language) -> list[ToldAct]:
    """Entries of the audit in words. People are called as others see them; who has no account, as was typed."""
    found = list(entries)
    accounts = {entry.account for entry in found} | {entry.subject for entry in found if _is_about_account(entry)}
    names = {**people(connection, accounts), COMMAND_LINE: translator(language)(_("command line"))}
    return [ToldAct(e.at, names[e.account], e.account, act_words(e, names, language)) for e in found]


def act_words(entry: Entry, names: Mapping[str, str], language: Language) -> str:
    """An entry as half a sentence; what is not known stands as it was written. `names`: display names by account."""
    subject = names.get(entry.subject, entry.subject) if _is_about_account(entry) else entry.subject
    message = ACTS.get(entry.action)
    if message is None:
        return f"{entry.action} {subject}".strip()
    return translator(language)(message).replace("{subject}", subject)


def _is_about_account(entry: Entry) -> bool:
    return entry.action.startswith("account.")
