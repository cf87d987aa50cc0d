"""What a description can be written as."""

from __future__ import annotations

from typing import Literal

MarcForm = Literal["marcxml", "mrc"]
Written = Literal["marcxml", "mrc", "marcjson", "json", "jsonld"]
MARC: frozenset[Written] = frozenset(("marcxml", "mrc", "marcjson"))
