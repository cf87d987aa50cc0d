"""The leader as XML, JSON and line formats give it."""

from __future__ import annotations

from catalogue.defect import Defect

LEADER_LENGTH = 24


def tidy_leader(leader: str) -> tuple[str, tuple[Defect, ...]]:
    """A leader of 24 characters: senders shorten it, break it over lines, or leave it out."""
    if len(leader) == LEADER_LENGTH:
        return leader, ()
    plain = leader.replace("\n", "").replace("\r", "").replace("\t", "")
    if len(plain.strip()) == LEADER_LENGTH:
        return plain.strip(), ()
    return plain.ljust(LEADER_LENGTH)[:LEADER_LENGTH], (Defect("marc.leader_length", "LDR", {"leader": plain}),)
