"""What people did beside deciding, in words."""

from __future__ import annotations

from collections.abc import Mapping

from ops.messages import Language, _, translator
from store.audit import Entry

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


def act_words(entry: Entry, language: Language) -> str:
    """An entry of the audit as half a sentence; what is not known stands as it was written."""
    message = ACTS.get(entry.action)
    if message is None:
        return f"{entry.action} {entry.subject}".strip()
    return translator(language)(message).replace("{subject}", entry.subject)
