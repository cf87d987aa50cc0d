"""Headings that no pinned vocabulary has: what the next vocabulary update, or a sender, could mend."""

from __future__ import annotations

from collections import Counter
from typing import Any

from store import defects
from store.database import Store

CODE = "topic.unlinked"


def vocabulary_gaps(store: Store) -> list[dict[str, Any]]:
    """``{"source", "text", "records"}`` of unlinked headings, by source, the most frequent first."""
    with store.read() as connection:
        found = Counter((defect.source, defect.params.get("text", "")) for defect in defects.of_code(connection, CODE))
    ordered = sorted(found.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    return [{"source": source, "text": text, "records": count} for (source, text), count in ordered]
