from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.succession import assign_ids

TABLE = [
    # clusters, held, retired → ids, moved, revived
    ("all new", [[1], [2, 3]], {}, {}, (None, None), {}, set()),
    ("unchanged", [[1, 2]], {"w1": [1, 2]}, {}, ("w1",), {}, set()),
    ("a member more", [[1, 2, 3]], {"w1": [1, 2]}, {}, ("w1",), {}, set()),
    ("a merge keeps the id with most members", [[1, 2, 3]], {"w1": [1], "w2": [2, 3]}, {}, ("w2",), {"w1": 0}, set()),
    ("a merge of equals keeps the older", [[1, 2]], {"w2": [2], "w1": [1]}, {}, ("w1",), {"w2": 0}, set()),
    ("a split gives it to the larger part", [[1], [2, 3]], {"w1": [1, 2, 3]}, {}, (None, "w1"), {}, set()),
    ("a split of equals gives it to the older record", [[3, 2], [4, 1]], {"w1": [1, 2, 3, 4]}, {}, (None, "w1"), {},
     set()),
    ("a split revives what was merged", [[1], [2, 3]], {"w2": [1, 2, 3]}, {"w1": [1]}, ("w1", "w2"), {}, {"w1"}),
    ("a redirect follows its members", [[1], [2, 9]], {"w1": [1, 2], "w3": [9]}, {"w2": [2]}, ("w1", "w3"), {"w2": 1},
     set()),
    ("an id without members leads nowhere", [[1]], {"w1": [1], "w2": [7]}, {}, ("w1",), {"w2": None}, set()),
    ("what comes back has its old id", [[5]], {}, {"w4": [5]}, ("w4",), {}, {"w4"}),
]  # fmt: skip


@pytest.mark.parametrize(("clusters", "held", "retired", "ids", "moved", "revived"), [t[1:] for t in TABLE],
                         ids=[t[0] for t in TABLE])  # fmt: skip
def test_ids_follow_their_members(clusters, held, retired, ids, moved, revived) -> None:  # type: ignore[no-untyped-def]
    found = assign_ids(clusters, held, retired)
    assert (found.ids, dict(found.moved), found.revived) == (ids, moved, revived)


@given(st.lists(st.integers(0, 3), min_size=8, max_size=8), st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_no_id_is_given_twice_and_none_is_lost(before: list[int], after: list[int]) -> None:
    held = {f"w{n}": [m for m, home in enumerate(before) if home == n] for n in sorted(set(before))}
    clusters = [[m for m, home in enumerate(after) if home == n] for n in sorted(set(after))]
    found = assign_ids(clusters, held, {})
    used = [name for name in found.ids if name]
    assert len(used) == len(set(used))
    assert {*used, *found.moved} == set(held)


@given(st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_undoing_a_merge_of_everything_gives_every_id_back(homes: list[int]) -> None:
    names = {f"w{n}": [m for m, home in enumerate(homes) if home == n] for n in sorted(set(homes))}
    merged = assign_ids([list(range(8))], names, {})
    (stayed,) = merged.ids
    assert stayed is not None
    retired = {name: members for name, members in names.items() if name != stayed}
    apart = assign_ids(list(names.values()), {stayed: list(range(8))}, retired)
    assert apart.ids == tuple(names)
