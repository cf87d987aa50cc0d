"""The small readers of MARC values: what stands in one subfield and what it means, in Finnish, Swedish and English."""

from __future__ import annotations

from typing import Any

import pytest

from mappings.marc.credits import credited_roles, narrators
from mappings.marc.extent import minutes_in, pages_in
from mappings.marc.issues import issue_number
from mappings.marc.publication import edition_number
from mappings.marc.punctuation import balance, trim, unwrap
from mappings.marc.standard_numbers import system_number
from mappings.marc.titles import part_number
from mappings.marc.words import form_words


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("Suomalaisia suurmiehiä /", "Suomalaisia suurmiehiä"),
        ("Där ute i mörkret :", "Där ute i mörkret"),
        ("Rakkaus piilottelee.", "Rakkaus piilottelee"),
        ("Martin, J. A.", "Martin, J. A."),
        ("Alcott, Louisa May.", "Alcott, Louisa May"),
        ("ja niin edelleen...", "ja niin edelleen..."),
        ("kuvat, kartat ym.", "kuvat, kartat ym."),
        ("Downey, Robert, Jr.", "Downey, Robert, Jr."),
        ("1 verkkoaineisto (269 s.).", "1 verkkoaineisto (269 s.)"),
        ("Helsinki ;", "Helsinki"),
        ("Mikä on A?", "Mikä on A?"),
        ("Kunde inte hålla sig ,", "Kunde inte hålla sig"),
        ("", ""),
        (".", ""),
    ],
)
def test_isbd_marks_are_removed_from_the_ends_only(written: str, bare: str) -> None:
    assert trim(written) == bare


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("[Helsinki", "Helsinki"),
        ("Otava]", "Otava"),
        ("Wien (Itävalta)", "Wien (Itävalta)"),
        ("[A] ja [B]", "[A] ja [B]"),
    ],
)
def test_a_bracket_without_its_partner_is_removed(written: str, bare: str) -> None:
    assert balance(written) == bare


def test_only_a_pair_that_holds_the_whole_text_is_unwrapped() -> None:
    assert unwrap("[Songs of the West]") == "Songs of the West"
    assert unwrap("[A] ja [B]") == "[A] ja [B]"


@pytest.mark.parametrize(
    ("extent", "pages"),
    [
        ("160 s. :", 160),
        ("285 sivua", 285),
        ("1 verkkoaineisto (285 sivua)", 285),
        ("1 EPUB-tiedosto (154 s.)", 154),
        ("1 verkkoaineisto (EPUB  kb; vastaa painettuna 526 sivua)", 526),
        ("1 onlineresurs (211 sidor)", 211),
        ("644 s. :", 644),
        ("xii, 285 p.", 285),
        ("XI, 193 s. :", 193),
        ("[1], 32, [1] s. :", 32),
        ("[4] s.", 4),
        ("1 p. l., xxii, 653 p.", 653),
        ("xi, [1] p., 1 l., 303 [3] p.", 303),
        ("4 p. l. [v-viii] p., 4l. [15]-177 [1] p.", 177),
        ("[i-x], 1-161 [1] p., 2 l.", 161),
        ("86. [1] p.", 86),
        ("32 numeroimatonta sivua", 32),
        ("40 onumrerade sidor", 40),
        ("1 online resource (x, 974 pages)", 974),
        ("S. 451-800 :", 350),
        ("9 CD (11 tim.)", None),
        ("1 kartta", None),
        ("volumes ;", None),
    ],
)
def test_pages_are_the_arabic_count(extent: str, pages: int | None) -> None:
    assert pages_in(extent) == pages


@pytest.mark.parametrize(
    ("extent", "minutes"),
    [
        ("1 verkkoaineisto (7 h 32 min)", 452),
        ("1 verkkoaineisto (42 min)", 42),
        ("1 verkkoaineisto (noin 3 h)", 180),
        ("1 verkkoaineisto (6 tuntia 11 minuuttia)", 371),
        ("1 verkkoaineisto (MP3  kb; kesto 3 h 10 min)", 190),
        ("9 CD (11 tim.)", 660),
        ("1 onlineresurs (7 tim., 32 min.)", 452),
        ("1 onlineresurs (2 timmar och 5 minuter)", 125),
        ("1 audio file (12 hr., 13 min.)", 733),
        ("1 sound disc (2:30:00)", 150),
        ("1 CD (73:28)", 73),
        ("285 s.", None),
        ("xii, 285 p.", None),
    ],
)
def test_playing_time_in_minutes(extent: str, minutes: int | None) -> None:
    assert minutes_in(extent) == minutes


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("2. painos", 2),
        ("7. p.", 7),
        ("2. [täyd.] p.", 2),
        ("3., tark. p.", 3),
        ("Näköispainoksen 4. p.", 4),
        ("11. Albert Edelfeltin kuvittama suomenkielinen p.", 11),
        ("10. p., [101. tuhat]", 10),
        ("Toinen painos", 2),
        ("2. uppl.", 2),
        ("2:a uppl.", 2),
        ("andra upplagan", 2),
        ("3. genomsedda uppl. av Elmer Diktonius översättning", 3),
        ("Fjärde tryckningen", 4),
        ("Selityksillä varust. koulup. 8., muuttamaton p.", 8),
        ("2nd ed.", 2),
        ("2d ed. 1st thousand", 2),
        ("Third edition", 3),
        ("Toinen, korjattu ja laajennettu painos", 2),
        ("Andra, omarbetade upplagan.", 2),
        ("Second, revised and enlarged edition.", 2),
        ("First published in this edition 1999", None),
        ("7. ed.", 7),
        ("1. painos", 1),
        ("Ny utg.", None),
        ("Uusi painos", None),
        ("9. oppl.", 9),
        ("2. reviderede udg.", 2),
        ("Tredje oplag", 3),
        ("3. Aufl.", 3),
        ("Rev. Oct. 1979", None),
        ("Reprinted 1977", None),
    ],
)
def test_the_number_of_an_edition(statement: str, number: int | None) -> None:
    assert edition_number(statement) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2.", "2"),
        ("Osa 2,", "2"),
        ("Vol. 2", "2"),
        ("Del 3 :", "3"),
        ("Bd 4", "4"),
        ("b. 4", "4"),
        ("Bind 2", "2"),
        ("B12", "B12"),
        ("IV,", "IV"),
        ("Vol. IV", "IV"),
        ("nr 5", "5"),
        ("no 3/2012", "3/2012"),
        ("1121.", "1121"),
        ("138. osa", "138"),
        ("2:a delen", "2"),
        ("[3]", "3"),
        ("the complete fifth season /", "the complete fifth season"),
    ],
)
def test_a_part_number_stands_without_its_label(written: str, number: str) -> None:
    assert part_number(written) == number


@pytest.mark.parametrize(
    ("statement", "name", "roles"),
    [
        ("Astrid Lindgren ; illustrert av Ilon Wikland", "Ilon Wikland", ["ill"]),
        ("Jussi Adler-Olsen ; oversat af Ida Jessen", "Ida Jessen", ["trl"]),
        ("Stephen W. Hawking ; suomentanut Risto Varteva", "Risto Varteva", ["trl"]),
        ("kirj. J. L. Runeberg ; suomentanut O. Manninen", "Otto Manninen", ["trl"]),
        ("Michael Agricola ; [toim. Aarni Penttilä]", "Aarni Penttilä", ["edt"]),
        ("[redaktör: Barbro Thomas]", "Barbro Thomas", ["edt"]),
        ("Tove Jansson ; översättning: Laila Järvinen", "Laila Järvinen", ["trl"]),
        ("Anna Andersson ; illustrationer av Bo Berg", "Bo Berg", ["ill"]),
        ("by Ann Author ; translated by Tom Trans", "Tom Trans", ["trl"]),
        ("Viktor Mayer-Schönberger and Kenneth Cukier", "Kenneth Cukier", ["aut"]),
        ("Aino Aalto, Bertta Berg ja Cecilia Carlsson", "Cecilia Carlsson", ["aut"]),
        ("created by Mike Judge", "Mike Judge", []),
        ("Anna Andersson ; Bo Berg", "Bo Berg", []),
        ("Anna Andersson", "Bo Berg", []),
    ],
)
def test_a_role_is_read_from_the_statement_only_where_it_is_plain(statement: str, name: str, roles: list[str]) -> None:
    assert credited_roles(statement, name) == roles


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lukija: Aku Laitinen.", ["Aku Laitinen"]),
        ("Lukijat: Aku Laitinen ja Erja Manto", ["Aku Laitinen", "Erja Manto"]),
        ("Inläsare: Jan Guillou", ["Jan Guillou"]),
        ("Uppläst av Gunilla Leining och Bo Ek.", ["Gunilla Leining", "Bo Ek"]),
        ("Read by Stephen Fry", ["Stephen Fry"]),
        ("Jan Guillou ; lukija: Eero Saarinen", ["Eero Saarinen"]),
        ("Lukija on tuntematon", []),
        ("Various vocalists; City of Prague Philharmonic Orchestra", []),
        ("Robert Downey Jr., Chris Hemsworth", []),
    ],
)
def test_narrators_are_named_only_by_the_whole_pattern(text: str, names: list[str]) -> None:
    assert narrators(text) == names


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5/2024", ("5/2024", "2024")),
        ("7-8/2024", ("7-8/2024", "2024")),
        ("2010(89):1", ("1/2010", "2010")),
        ("2020 : 14", ("14/2020", "2020")),
        ("24 (2022) : 15", ("15/2022", "2022")),
        ("Nro 3, 2021", ("3/2021", "2021")),
        ("2021, nr 4", ("4/2021", "2021")),
        ("Vuosikirja 2024", None),
    ],
)
def test_the_number_of_an_issue_in_one_form(text: str, number: tuple[str, str] | None) -> None:
    assert issue_number(text) == number


@pytest.mark.parametrize(
    ("phrase", "carriers", "contents", "formats"),
    [
        ("sidottu", ("print",), (), ()),
        ("inbunden", ("print",), (), ()),
        ("pbk.", ("print",), (), ()),
        ("EPUB", ("online",), ("text",), ("epub",)),
        ("EPUB3", ("online",), ("text",), ("epub",)),
        ("e-bok", ("online",), ("text",), ()),
        ("äänikirja", (), ("spoken",), ()),
        ("e-ljudbok", ("online",), ("spoken",), ()),
        ("MP3", (), ("spoken",), ("mp3",)),
        ("mp3-cd", ("audio_disc",), (), ("mp3-cd",)),
        ("Daisy", (), ("spoken",), ("daisy",)),
        ("8 CD-ljudskivor (9 h)", ("audio_disc",), (), ("cd",)),
        ("9 CD (11 tim.)", ("audio_disc",), (), ("cd",)),
        ("2 CD-äänilevyä (1 h 31 min)", ("audio_disc",), (), ("cd",)),
        ("1 verkkoaineisto (285 sivua)", ("online",), (), ()),
        ("onlineresurs", ("online",), (), ()),
        ("1 CD-ROM", ("computer_disc",), (), ("cd-rom",)),
        ("Helsinki", (), (), ()),
    ],
)
def test_words_of_form(
    phrase: str, carriers: tuple[str, ...], contents: tuple[str, ...], formats: tuple[str, ...]
) -> None:
    said = form_words(phrase)
    assert (said.carriers, said.contents, said.formats) == (carriers, contents, formats)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("(OCoLC)ocm00276223671", {"scheme": "oclc", "value": "276223671"}),
        ("(OCoLC)802691530", {"scheme": "oclc", "value": "802691530"}),
        ("(FI-MELINDA)000232668", {"scheme": "proprietary:FI-MELINDA", "value": "000232668"}),
        ("gp^78017193", None),
    ],
)
def test_a_control_number_needs_its_agency(written: str, found: dict[str, str] | None) -> None:
    assert system_number(written) == found


@pytest.mark.parametrize(
    ("field", "name", "inverted"),
    [
        ("100 0_ $aDurö, Robert.", "Robert Durö", "Durö, Robert"),
        ("100 0_ $aAhlqvist, Åsa", "Åsa Ahlqvist", "Ahlqvist, Åsa"),
        ("100 0_ $aSofia, drottning", "Sofia, drottning", None),
        ("100 0_ $aHomeros.", "Homeros", None),
    ],
)
def test_a_name_with_its_comma_is_inverted_whatever_the_indicator_says(
    record: Any, field: str, name: str, inverted: str | None
) -> None:
    (found,) = record(field).contributors
    assert (found.name, found.name_inverted) == (name, inverted)
