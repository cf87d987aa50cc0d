from __future__ import annotations

from store import matches
from store.database import Store
from store.matches import KeptPair, Place, Tie


def kept(left: int, right: int, score: float = 3.5, vetoes: tuple[str, ...] = ()) -> KeptPair:
    return KeptPair(left, right, score, score + 1, vetoes, "base-1")


def test_pairs_come_back_as_they_were_kept(store: Store) -> None:
    pairs = [kept(1, 2, vetoes=("medium", "volume")), kept(2, 3, -7.25)]
    with store.write() as connection:
        matches.keep_pairs(connection, pairs)
        assert list(matches.all_pairs(connection)) == pairs
        assert matches.pairs_of(connection, [1]) == pairs[:1]
        assert matches.pairs_of(connection, [1, 2, 3]) == pairs
        assert matches.pairs_of(connection, []) == []
        assert matches.ties_of(connection, [3]) == {Tie(2, 3, 3, True)}


def test_pairs_that_changed_and_those_to_go_are_told_from_the_rest(store: Store) -> None:
    with store.write() as connection:
        matches.keep_pairs(connection, [kept(1, 2), kept(2, 3), kept(4, 5)])
        changed, gone = matches.changed_pairs(connection, [kept(1, 2), kept(3, 4), kept(4, 5, 9.0)])
        assert (changed, gone) == ([kept(3, 4), kept(4, 5, 9.0)], [(2, 3)])
        matches.keep_pairs(connection, changed)
        matches.drop_pairs(connection, gone)
        assert list(matches.all_pairs(connection)) == [kept(1, 2), kept(3, 4), kept(4, 5, 9.0)]


def test_membership_tells_what_changed(store: Store) -> None:
    with store.write() as connection:
        assert matches.save_membership(connection, {1: Place("e1", "w1"), 2: Place("e2", "w1")}) == [1, 2]
        moved = matches.save_membership(connection, {1: Place("e1", "w1"), 2: Place("e2", "w2")}, gone=[7])
        assert moved == [2]
        assert matches.editions_of(connection, ["w1", "w2"]) == {"w1": ["e1"], "w2": ["e2"]}
        assert matches.around(connection, [1]) == {1: Place("e1", "w1")}
        assert matches.save_membership(connection, {}, gone=[1]) == [1]
        assert matches.places(connection) == {2: Place("e2", "w2")}
        assert matches.members(connection, "work", ["w1", "w2"]) == {"w2": [2]}
