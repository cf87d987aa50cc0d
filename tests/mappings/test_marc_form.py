"""What a MARC record describes: medium, formats, level, and the role of its numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalogue.record import CatalogueRecord
from mappings.mapped import Mapped

PRINT = "00000nam a2200000 i 4500"
SOUND = "00000nim a2200000 i 4500"
SERIAL = "00000nas a2200000 i 4500"
ONLINE_FIXED = "180101s2018    fi |||| o     |0| 0|fin| "
PRINT_FIXED = "180101s2018    fi ||||       |0| 0|fin| "
Record = Callable[..., CatalogueRecord]


@pytest.mark.parametrize(
    ("fields", "leader", "fixed", "medium", "formats"),
    [
        (["338 __ $averkkoaineisto$bcr", "020 __ $a978-951-1-33135-3$qEPUB"], PRINT, ONLINE_FIXED, "ebook", ("epub",)),
        (["347 __ $atekstitiedosto$bPDF", "338 __ $aonlineresurs$bcr"], PRINT, ONLINE_FIXED, "ebook", ("pdf",)),
        (["300 __ $a1 verkkoaineisto (285 sivua)"], PRINT, PRINT_FIXED, "ebook", ()),
        (["655 _4 $aE-böcker", "007 cr||||||||||||"], PRINT, PRINT_FIXED, "ebook", ()),
        (["245 10 $aTitle$h[electronic resource]"], PRINT, ONLINE_FIXED, "ebook", ()),
        (["338 __ $anide$bnc", "020 __ $a978-951-0-19440-9$qsidottu"], PRINT, PRINT_FIXED, "print", ()),
        (["300 __ $a160 s."], PRINT, PRINT_FIXED, "print", ()),
        (["338 __ $averkkoaineisto$bcr", "347 __ $aäänitiedosto$bMP3"], SOUND, ONLINE_FIXED, "audiobook", ("mp3",)),
        (["300 __ $a9 CD (11 tim.)", "007 sd||||"], SOUND, PRINT_FIXED, "audiobook", ("cd",)),
        (
            ["300 __ $a1 CD-levy (MP3)", "020 __ $a9789513197872$qMP3-CD"],
            SOUND,
            PRINT_FIXED,
            "audiobook",
            ("mp3-cd",),
        ),
        (["300 __ $a1 Daisy-levy (7 h)"], SOUND, PRINT_FIXED, "audiobook", ("daisy",)),
        (["336 __ $btxt", "338 __ $bcr"], SERIAL, ONLINE_FIXED, "emagazine", ()),
        (["338 __ $bsd"], "00000njm a2200000 i 4500", PRINT_FIXED, "music", ("cd",)),
        (["300 __ $a1 DVD-levy (2 h)"], "00000ngm a2200000 i 4500", PRINT_FIXED, "video", ("dvd",)),
        (["655 _7 $akonsolipelit$2slm/fin"], "00000nmm a2200000 i 4500", PRINT_FIXED, "game", ()),
        (["336 __ $atext$btxt", "338 __ $bcr"], "00000nmm a2200000 i 4500", ONLINE_FIXED, "ebook", ()),
        (["300 __ $a1 lautapeli"], "00000nrm a2200000 i 4500", PRINT_FIXED, "game", ()),
        (["338 __ $amicrofiche$bhe", "007 he bmb024bbca"], PRINT, PRINT_FIXED, "microform", ("microform",)),
        (["336 __ $apuhe$bspw", "347 __ $aäänitiedosto$bMP3"], PRINT, ONLINE_FIXED, "audiobook", ("mp3",)),
    ],
)
def test_every_place_that_tells_the_form_is_heard(
    record: Record, fields: list[str], leader: str, fixed: str, medium: str, formats: tuple[str, ...]
) -> None:
    found = record(*fields, leader=leader, fixed=fixed)
    assert (found.medium, found.formats) == (medium, formats)


def test_places_that_disagree_are_reported_and_the_heaviest_side_is_used(mapped: Callable[..., Mapped]) -> None:
    found = mapped("338 __ $anide$bnc", "007 cr||||", "300 __ $a1 verkkoaineisto (8 sivua)", fixed=ONLINE_FIXED)
    assert found.record is not None
    assert found.record.medium == "ebook"
    assert [defect.code for defect in found.defects] == ["form.disagree"]


@pytest.mark.parametrize(
    ("leader", "fields", "level"),
    [
        (PRINT, [], "monograph"),
        (SERIAL, [], "serial"),
        ("00000nai a2200000 i 4500", [], "serial"),
        ("00000naa a2200000 i 4500", ["773 0_ $tOplogat$g S. 130-158"], "component"),
        ("00000nam a2200000 ia4500", [], "set"),
        (PRINT, ["300 __ $a2 osaa (300, 250 s.)"], "set"),
        (PRINT, ["300 __ $a3 band"], "set"),
        (PRINT, ["300 __ $av. <1-5 > ;"], "set"),
        (PRINT, ["300 __ $a1 v. (285 p.)"], "monograph"),
        ("00000nab a2200000 i 4500", ["773 0_ $tLehti$x0018-263X$g2010(89):1, s. 109-115"], "component"),
    ],
)
def test_level(record: Record, leader: str, fields: list[str], level: str) -> None:
    assert record(*fields, leader=leader).level == level


def test_an_issue_has_a_host_with_an_issn_and_a_number(record: Record) -> None:
    found = record(
        "245 00 $aKotiliesi 5/2024",
        "773 0_ $tKotiliesi$x0023-4281",
        leader="00000nab a2200000 i 4500",
        fixed=ONLINE_FIXED,
    )
    assert found.level == "issue"
    assert found.issue is not None
    assert (found.issue.number, found.issue.date, found.issue.serial_issn) == ("5/2024", "2024", "0023-4281")


@pytest.mark.parametrize(
    ("title", "host", "level"),
    [
        ("$aKotiliesi.$n5/2024", "$tKotiliesi$g5/2024", "issue"),
        ("$aKotiliesi 5/2024", "$tKotiliesi", "issue"),
        ("$aHemmets journal nr 5, 2024", "$tHemmets journal$g2024:5", "issue"),
        ("$aKotiliesi 100 vuotta", "$tKotiliesi$g5/2024", "component"),  # an article about it
        ("$aKotiliesi.$n5/2024", "$tKotiliesi$g5/2024, s. 3-7", "component"),
        ("$aPullaa", "$tKotiliesi$g5/2024", "component"),
    ],
)
def test_an_issue_without_issn_has_the_title_of_its_host(record: Record, title: str, host: str, level: str) -> None:
    leader = "00000nab a2200000 i 4500"
    assert record(f"245 00 {title}", f"773 0_ {host}", leader=leader, fixed=ONLINE_FIXED).level == level


@pytest.mark.parametrize(
    ("number", "fixed", "role"),
    [
        ("020 __ $a978-951-0-39486-1$qEPUB", ONLINE_FIXED, "own"),
        ("020 __ $a978-951-0-39486-1$qsidottu", ONLINE_FIXED, "other_format"),
        ("020 __ $a978-951-0-39486-1 (inb.)", ONLINE_FIXED, "other_format"),
        ("020 __ $a978-951-0-39486-1$qljudbok", ONLINE_FIXED, "other_format"),
        ("020 __ $a978-951-0-39486-1$qPDF", PRINT_FIXED + " ", "other_format"),
        ("020 __ $a978-951-0-39486-1$qkoko teos", PRINT_FIXED, "set"),
        ("020 __ $a978-951-0-39486-1$qhela verket", PRINT_FIXED, "set"),
        ("020 __ $a978-951-0-39486-1$qset", PRINT_FIXED, "set"),
        ("020 __ $z978-951-0-39486-1", PRINT_FIXED, "cancelled"),
        ("020 __ $z978-951-0-39486-1 (Print)", ONLINE_FIXED, "other_format"),
        ("776 08 $iPainettu:$z978-951-0-39486-1", ONLINE_FIXED, "other_format"),
    ],
)
def test_the_role_of_an_isbn(record: Record, number: str, fixed: str, role: str) -> None:
    carrier = "338 __ $bcr" if fixed == ONLINE_FIXED else "338 __ $bnc"
    found = record(number, carrier, fixed=fixed)
    assert [(i.value, i.role) for i in found.identifiers] == [("9789510394861", role)]


def test_numbers_of_other_schemes(record: Record) -> None:
    found = record(
        "022 __ $a0357-7937",
        "024 7_ $a10.1007/978-3-642-20236-0$2doi",
        "024 7_ $aurn:nbn:se:kb:publ-19$2urn",
        "024 3_ $a8717418528850",
        "024 1_ $a738572132521",
        "035 __ $a(OCoLC)ocm276223671",
        "015 __ $afx682405$2skl",
    )
    assert [(i.scheme, i.value) for i in found.identifiers] == [
        ("issn", "0357-7937"),
        ("doi", "10.1007/978-3-642-20236-0"),
        ("urn", "urn:nbn:se:kb:publ-19"),
        ("gtin", "8717418528850"),
        ("gtin", "0738572132521"),
        ("oclc", "276223671"),
        ("proprietary:skl", "fx682405"),
    ]


def test_cancelled_numbers_of_bibliographies_are_kept_as_cancelled(record: Record) -> None:
    found = record("015 __ $afx1$zfx2$2skl", "016 7_ $a31$z32$2DE-101")
    assert [(i.scheme, i.value, i.role) for i in found.identifiers] == [
        ("proprietary:skl", "fx1", "own"),
        ("proprietary:skl", "fx2", "cancelled"),
        ("proprietary:DE-101", "31", "own"),
        ("proprietary:DE-101", "32", "cancelled"),
    ]


def test_a_wrong_isbn_is_kept_marked_and_reported(mapped: Callable[..., Mapped]) -> None:
    found = mapped("020 __ $a978-952-62-2477-1")
    assert found.record is not None
    assert [(i.value, i.valid) for i in found.record.identifiers] == [("9789526224771", False)]
    assert [(d.code, d.locus, d.source_id) for d in found.defects] == [("isbn.checksum", "020$a", "123")]
