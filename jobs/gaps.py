"""Headings that no pinned vocabulary has: what the next vocabulary update, or a sender, could mend."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from store import defects
from store.database import Store

CODE = "topic.unlinked"


def vocabulary_gaps(store: Store) -> list[dict[str, Any]]:
    """``{"source", "text", "records"}`` of unlinked headings, by source, the most frequent first.

    Headings that differ in capitals alone are one, shown as most records write it; a record counts once.
    """
    records: dict[tuple[str, str], set[str]] = defaultdict(set)
    written: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with store.read() as connection:
        for defect in defects.of_code(connection, CODE):
            text = defect.params.get("text", "")
            key = defect.source, text.casefold()
            if defect.source_id not in records[key]:
                records[key].add(defect.source_id)
                written[key][text] += 1
    found = [
        {"source": source, "text": min(texts, key=lambda t: (-texts[t], t)), "records": len(records[source, folded])}
        for (source, folded), texts in written.items()
    ]
    return sorted(found, key=lambda gap: (gap["source"], -gap["records"], gap["text"]))
