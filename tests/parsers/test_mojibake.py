"""UTF-8 shown in another encoding is repaired, once; what may be meant is left as it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from parsers.mojibake import repaired

TEXT = "Törmä & Åström: Älä lähde – “Öinen” café’s"


@pytest.mark.parametrize(
    "text",
    ["Hämeenlinna", "Åbo", "Ödemarken", "Älä itke", "Törmä & Åström: Älä lähde", "René Nyman – “Öar”", "ÅÄÖ åäö"],
)
@pytest.mark.parametrize("page", ["cp850", "cp437", "latin-1"])
def test_a_text_that_was_read_in_another_encoding_is_read_back(text: str, page: str) -> None:
    assert repaired(text.encode().decode(page)) == text


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("HÃ¤meenlinna", "Hämeenlinna"),
        ("Ã…bo", "Åbo"),
        ("Ã–dÃ¶n vÃ¤ki", "Ödön väki"),
        ("donâ€™t", "don’t"),
        ("1990â€“1995", "1990–1995"),
        ("Häme, HÃ¤me ja H├ñme", "Häme, Häme ja Häme"),
        ("Äiti sanoi: Ã¤lÃ¤ – “näin”", "Äiti sanoi: älä – “näin”"),
    ],
)
def test_mixed_texts_are_repaired_where_they_are_wrong(shown: str, meant: str) -> None:
    assert repaired(shown) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Hämeenlinna", "“IRMÃ”", "SÃO PAULO", "A MANHÃ – conto", "kirjaimet “Å” ja “Ä”", "Ä–Ö", "ASCII", "",
        "forêt, pâté", "naïve – “â”", "Ðà", "Łódź",
    ],
)  # fmt: skip
def test_what_may_be_meant_is_left(text: str) -> None:
    assert repaired(text) is None


def test_one_round_is_undone_and_no_more() -> None:
    twice = "ä".encode().decode("latin-1").encode().decode("latin-1")
    assert repaired(twice) == "ä".encode().decode("latin-1")


@pytest.mark.parametrize("page", ["cp850", "latin-1"])
def test_every_envelope_tells_what_was_repaired(read: Any, write_2709: Any, page: str) -> None:
    shown = "Älä".encode().decode(page)
    field = {"tag": "245", "subfields": [{"code": "a", "value": shown}]}
    tagged = {"leader": "00000nam a2200000 i 4500", "fields": [field]}
    leader = "<leader>00000nam a2200000 i 4500</leader>"
    xml = f'<record>{leader}<datafield tag="245"><subfield code="a">{shown}</subfield></datafield></record>'
    written = [write_2709(("245", b"10\x1fa" + shown.encode())), json.dumps(tagged)]
    if page == "cp850":  # the controls of the other are no characters of XML and of lines
        written += [xml, f"000000001 LDR   L 00000nam a2200000 i 4500\n000000001 24510 L $$a{shown}\n"]
    for data in written:
        (record,) = read(data)
        assert record.content[1][-1][2] == [["a", "Älä"]]
        found = [d for d in record.defects if d.code == "text.mojibake"]
        assert [(d.locus, d.params["used"]) for d in found] == [("245", "Älä")]
