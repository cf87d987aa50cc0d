"""Line formats: Aleph sequential and lists of deleted ids."""

from __future__ import annotations

from typing import Any

ALEPH = """\
005951463 FMT   L BK
005951463 LDR   L 03404cam^a2200721^i^4500
005951463 001   L 005951463
005951463 008   L 111006s2011^^^^fi^||||
005951463 24510 L $$aPirkkala^ :$$btörmä$$9FENNI<KEEP>
005951464 LDR   L 03404dam^a2200721^i^4500
005951464 245   L no subfield
oops
005951465 LDR   L short
005951465 CAT   L plain
"""


def test_aleph_sequential_is_marc_without_its_carets(read: Any) -> None:
    first, second, oops, last = read(ALEPH)
    assert first.content == [
        "03404cam a2200721 i 4500",
        [
            ["001", "005951463"],
            ["008", "111006s2011    fi ||||"],
            ["245", "10", [["a", "Pirkkala^ :"], ["b", "törmä"], ["9", "FENNI<KEEP>"]]],
        ],
    ]
    assert second.content[1] == [["001", "005951464"], ["245", "  ", [[" ", "no subfield"]]]]
    assert (second.content[0][5], second.locus) == ("d", "line 6")
    assert oops.defect.locus == "line 8"
    assert last.content[1] == [["001", "005951465"], ["CAT", "plain"]]


def test_system_numbers_of_aleph_get_the_zeros_that_001_has(read: Any) -> None:
    first, second = read("\ufeffSys. No.,OCLC No.\r\n5407,(OCoLC)1361419\r\n1254708,\r\n")
    assert first.content == [
        "00000dam a2200000   4500",
        [["001", "000005407"], ["035", "  ", [["a", "(OCoLC)1361419"]]]],
    ]
    assert second.content[1] == [["001", "001254708"]]
    assert (first.locus, second.index) == ("line 2", 2)


def test_other_ids_are_taken_as_they_stand(read: Any) -> None:
    assert [r.content[1][0][1] for r in read("id;note\nfcc-12;x\n7;y\n")] == ["fcc-12", "7"]
    assert [r.content[1][0][1] for r in read("12\n13\n", "deleteids")] == ["12", "13"]
