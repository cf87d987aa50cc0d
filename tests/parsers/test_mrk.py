"""MARC as lines of text: .mrk, and lines with ‡."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pymarc import MARCMakerReader

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.registry import parse
from writers.encoding import to_iso2709

MRK = r"""=LDR  00892nam a2200265 i 4500
=001  kesa1
=008  210412s2021\\\\fi\\\\\\o\\\\\|||\|\fin||
=100  1\$aEk, Bo,$ekirjoittaja.
=245  10$aPitkä kesä :$bja muita
kertomuksia /$cBo Ek.
=650  \7$akesä$2yso/fin

=LDR  00400nam a2200100 i 4500
=001  kesa2
=245  10$aToinen
"""
SHOWN = """LDR    00000cam^a22001937i^4500
001    kesa1
008    890208s1988^^^^fi^|||||||||||||||||swe||
041 0  ‡aswe
245 10 ‡aEn lång sommar :‡bnoveller
LOW    ‡aALMA
LDR    00000nam^a2200000^i^4500
001    kesa2
245    ‡aToinen
"""


def test_a_file_of_marcedit_is_read_with_its_blanks_and_continued_lines(read: Any) -> None:
    first, second = read(MRK)
    assert first.content[0] == "00892nam a2200265 i 4500"
    assert first.content[1] == [
        ["001", "kesa1"],
        ["008", "210412s2021    fi      o     ||| | fin||"],
        ["100", "1 ", [["a", "Ek, Bo,"], ["e", "kirjoittaja."]]],
        ["245", "10", [["a", "Pitkä kesä :"], ["b", "ja muita kertomuksia /"], ["c", "Bo Ek."]]],
        ["650", " 7", [["a", "kesä"], ["2", "yso/fin"]]],
    ]
    assert (second.content[1][0], second.locus, first.defects) == (["001", "kesa2"], "line 9", ())


def test_lines_whose_subfields_begin_with_a_double_dagger_are_read(read: Any) -> None:
    first, second = read(SHOWN)
    assert first.content == [
        "00000cam a22001937i 4500",
        [
            ["001", "kesa1"],
            ["008", "890208s1988    fi |||||||||||||||||swe||"],
            ["041", "0 ", [["a", "swe"]]],
            ["245", "10", [["a", "En lång sommar :"], ["b", "noveller"]]],
            ["LOW", "  ", [["a", "ALMA"]]],
        ],
    ]
    assert second.content[1] == [["001", "kesa2"], ["245", "  ", [["a", "Toinen"]]]]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{lcub}x{rcub} {dollar}5", "{x} $5"),
        ("{uml}a{uml}O {ring}A", "äÖ Å"),
        ("Walesa Wa{lstrok}{commab}e", "Walesa Wałe̦"),
        ("vi{circ}{dotb}et", "vi\u1ec7t"),
        ("{copy}2020 {deg}", "©2020 °"),
        ("US$ 5 ja $", "US$ 5 ja $"),
        ("{sic}", "{sic}"),
    ],
)
def test_mnemonics_stand_for_characters(read: Any, written: str, text: str) -> None:
    (record,) = read(f"=LDR  00892nam a2200265 i 4500\n=245  10$a{written}\n")
    assert record.content[1] == [["245", "10", [["a", text]]]]
    assert [d.code for d in record.defects] == (["marc.field"] if "{sic}" in text else [])


def test_a_line_that_is_none_is_told_and_a_record_without_fields_is_set_aside(read: Any) -> None:
    first, second = read("LDR    00000nam^a2200000^i^4500\n245    ‡aKesä\noops\nLDR    00000nam^a2200000^i^4500\n")
    assert first.content[1] == [["245", "  ", [["a", "Kesä"]]]]
    assert [(d.code, d.locus) for d in first.defects] == [("marc.field", "line 3")]
    assert isinstance(second, BadRecord)
    assert second.defect.locus == "line 4"


def test_a_record_without_its_leader_begins_with_001(read: Any) -> None:
    records = read("=LDR  00892nam a2200265 i 4500\n=001  1\n=245  00$aA\n=001  2\n=245  00$aB\n")
    assert [r.content[1][0][1] for r in records] == ["1", "2"]
    assert [d.code for d in records[1].defects] == ["marc.leader_length"]


def test_a_record_beyond_all_size_is_set_aside_and_the_next_is_read(read: Any) -> None:
    large = "=LDR  00892nam a2200265 i 4500\n" + "=500  \\\\$a{}\n".format("x" * 1_000_000) * 9
    bad, good = read(large + MRK.partition("\n\n")[0])
    assert bad.defect.code == "record.too_large"
    assert good.content[1][0] == ["001", "kesa1"]


def test_real_records_come_back_as_the_reader_of_pymarc_has_them(fixtures: Path) -> None:
    with (fixtures / "demo/feeds/fennica/fennica.mrc").open("rb") as stream:
        records = [r.content for r in parse(stream) if isinstance(r, ParsedRecord)]
    lines = "\n".join(_mrk(content) for content in records)
    ours = [r.content for r in parse(io.BytesIO(lines.encode())) if isinstance(r, ParsedRecord)]
    theirs = list(MARCMakerReader(lines))
    assert ours == records
    assert len(theirs) == len(ours)
    for content, record in zip(ours, theirs, strict=True):
        assert to_iso2709(content) is not None
        assert [f.tag for f in record.fields] == [f[0] for f in content[1]]


def _mrk(content: Any) -> str:
    lines = [f"=LDR  {content[0]}"]
    for f in content[1]:
        text = f[1].replace(" ", "\\")
        subfields = "" if len(f) == 2 else "".join(f"${c}{v.replace('$', '{dollar}')}" for c, v in f[2])
        lines.append(f"={f[0]}  {text}{subfields}")
    return "\n".join(lines) + "\n"
