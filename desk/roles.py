"""The roles in words."""

from __future__ import annotations

from collections.abc import Mapping

from ops.messages import _
from store.accounts import Role

ROLE_WORDS: Mapping[Role, str] = {
    "viewer": _("viewer"),
    "cataloguer": _("cataloguer"),
    "senior": _("senior cataloguer"),
    "operator": _("operator"),
    "admin": _("administrator"),
}
ROLE_DUTIES: Mapping[Role, str] = {
    "viewer": _("reads everything, changes nothing"),
    "cataloguer": _("answers cases and changes values"),
    "senior": _("may also overrule what keeps records apart"),
    "operator": _("may also let held runs go live, or drop them"),
    "admin": _("may also manage accounts"),
}
