"""Original titles that only a note states."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue.record import CatalogueRecord

Record = Callable[..., CatalogueRecord]


def originals(found: CatalogueRecord) -> list[str]:
    return [title.text for title in found.titles if title.kind == "original"]


@pytest.mark.parametrize(
    ("note", "title"),
    [
        ("Alkuteos: The cat.", "The cat"),
        ("Alkuteos : Nationalökonimien i hovedtraek.", "Nationalökonimien i hovedtraek"),
        ("Engl. alkuteos: Daylight must come.", "Daylight must come"),
        ("Ruotsinkielinen alkuteos: Mitt liv / Aku Aho.", "Mitt liv"),
        ("Alkuteos (norja): Sult", "Sult"),
        ("Engelska originalets titel: Hunger", "Hunger"),
        ("Alkup. nimeke: Bar : a novel", "Bar : a novel"),
        ("Alkuperäisnimeke: 1984", "1984"),
        ("Orig.: Min syster", "Min syster"),
        ("Originalets titel: Sinuhe egyptiläinen (1945)", "Sinuhe egyptiläinen"),
        ("Originaltitel: Täällä Pohjantähden alla, 1959.", "Täällä Pohjantähden alla"),
        ("Original title: The goblet. - London : Bloomsbury, 2000", "The goblet"),
        ("Translation of: Die Verwandlung.", "Die Verwandlung"),
    ],
)
def test_a_note_that_states_an_original_title_gives_it(record: Record, note: str, title: str) -> None:
    found = record(f"500 __ $a{note}")
    assert originals(found) == [title]
    assert [text.text for text in found.texts.notes] == [note]


@pytest.mark.parametrize(
    "lines",
    [
        ["500 __ $aAlkuteos: englanti"],
        ["500 __ $aAlkuteos julk.: Kemi : Kemin museoyhdistys, 1949"],
        ["500 __ $aOrig.: Stockholm : Bonnier, 1949"],
        ["500 __ $aOriginaltitel: Ett ; Två"],
        ["500 __ $aKäännetty useista alkuteoksista: osa 1"],
        ["500 __ $aSarjan alkuteos: Ett"],
        ["500 __ $aSeriens originaltitel: Ett"],
        ["500 __ $aAlkuteos: Ett", "500 __ $aAlkuteos: Två"],
        ["534 __ $pSuomenkielinen laitos:$tToinen$c1988"],
        ["500 __ $aAlkuteos: Nimi"],
    ],
)
def test_what_may_be_something_else_gives_none(record: Record, lines: list[str]) -> None:
    assert originals(record(*lines)) == []


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["534 __ $pAlun perin julkaistu:$tKansa.$cHelsinki : WSOY, 1922."], "Kansa"),
        (["534 __ $tFolket.$c1922"], "Folket"),
        (["500 __ $aAlkuteos: Ett", "500 __ $aOriginaltitel: ETT."], "ETT"),
        (["240 10 $aThe cat,$lsuomi", "500 __ $aAlkuteos: Cat and dog"], "The cat"),
    ],
)
def test_the_one_original_title_that_is_stated_counts(record: Record, lines: list[str], title: str) -> None:
    assert originals(record(*lines)) == [title]
