"""Contributors: roles, forms of names, and who has none."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("code", "form", "roles"),
    [
        ("A01", "EA", ("aut",)), ("A12", "EA", ("ill",)), ("B01", "EA", ("edt",)), ("B06", "EA", ("trl",)),
        ("E07", "AJ", ("nrt",)), ("E03", "AJ", ("nrt",)), ("E08", "AJ", ("nrt",)), ("E08", "EA", ("prf",)),
        ("A31", "EA", ("lbt", "lyr")), ("B08", "EA", ("trl", "cwt")), ("A06", "EA", ("cmp",)), ("Q9", "EA", ("Q9",)),
    ],
)  # fmt: skip
def test_roles_are_relators(map_product, onix, code, form, roles):
    person = onix(ContributorRole=code, PersonName="Aino Ek")
    assert map_product({"ProductForm": form, "Contributor": person}).record.contributors[0].roles == roles


@pytest.mark.parametrize(
    ("parts", "name", "inverted"),
    [
        ({"PersonName": "Mika Waltari"}, "Mika Waltari", "Waltari, Mika"),
        ({"PersonNameInverted": "Waltari, Mika "}, "Mika Waltari", "Waltari, Mika"),
        ({"PersonNameInverted": "Waltari,Mika"}, "Mika Waltari", "Waltari, Mika"),
        ({"PersonName": "Waltari, Mika"}, "Mika Waltari", "Waltari, Mika"),
        ({"NamesBeforeKey": "Maj", "KeyNames": "Sjöwall"}, "Maj Sjöwall", "Sjöwall, Maj"),
        (
            {"NamesBeforeKey": "Ludwig", "PrefixToKey": "van", "KeyNames": "Beethoven"},
            "Ludwig van Beethoven",
            "Beethoven, Ludwig van",
        ),
        ({"PersonName": "Sofi Oksanen", "NamesBeforeKey": "Sofi", "KeyNames": "Oksanen"},
         "Sofi Oksanen", "Oksanen, Sofi"),
        ({"PersonName": "Voltaire"}, "Voltaire", "Voltaire"),
        (
            {"PersonName": "prof. Aino Ek", "TitlesBeforeNames": "prof.", "NamesBeforeKey": "Aino", "KeyNames": "Ek"},
            "Aino Ek",
            "Ek, Aino",
        ),
    ],
)  # fmt: skip
def test_both_forms_of_a_name_are_known(map_product, onix, parts, name, inverted):
    parts = {tag: value.strip() for tag, value in parts.items()}
    person = map_product({"Contributor": onix(ContributorRole="A01", **parts)}).record.contributors[0]
    assert (person.name, person.name_inverted, person.kind) == (name, inverted, "person")


def test_a_body_is_a_body(map_product, onix):
    body = onix(ContributorRole="A01", CorporateName="Suomen Partiolaiset")
    found = map_product({"Contributor": body}).record.contributors[0]
    assert (found.kind, found.name, found.name_inverted) == ("body", "Suomen Partiolaiset", None)


def test_one_person_in_two_roles_is_one_contributor(map_product, onix):
    people = [
        onix(SequenceNumber="2", ContributorRole="A01", PersonName="Aino Ek"),
        onix(SequenceNumber="1", ContributorRole="A01", PersonName="Bo Ek"),
        onix(SequenceNumber="3", ContributorRole="A12", PersonName="AINO EK"),
    ]
    found = map_product({"Contributor": people}).record.contributors
    assert [(c.name, c.roles) for c in found] == [("Bo Ek", ("aut",)), ("Aino Ek", ("aut", "ill"))]


def test_authority_ids_and_years(map_product, onix):
    person = onix(
        ContributorRole="A01", PersonNameInverted="Waltari, Mika, 1908-1979",
        NameIdentifier=[onix(NameIDType="16", IDValue="0000 0001 2147 9135"),
                        onix(NameIDType="21", IDValue="https://orcid.org/0000-0002-1825-0097"),
                        onix(NameIDType="01", IDTypeName="Asteri", IDValue="000047367")],
    )  # fmt: skip
    found = map_product({"Contributor": person}).record.contributors[0]
    assert (found.name, found.name_inverted, found.dates) == ("Mika Waltari", "Waltari, Mika", "1908-1979")
    assert [(i.scheme, i.value) for i in found.ids] == [
        ("isni", "0000000121479135"), ("orcid", "0000-0002-1825-0097"), ("kanto", "000047367"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("elements", "fi", "sv"),
    [
        ({"UnnamedPersons": "09", "ContributorRole": "E07"}, "Lukija: tekoäly", "Uppläsare: artificiell intelligens"),
        ({"UnnamedPersons": "06", "ContributorRole": "E07"}, "Lukija: synteettinen ääni", "Uppläsare: syntetisk röst"),
        ({"UnnamedPersons": "04", "ContributorRole": "A01"}, "Tekijä: useita", "Författare: flera"),
        ({"PersonNameInverted": "tekijöitä, Useita", "ContributorRole": "A01"}, "Tekijä: useita", "Författare: flera"),
        ({"PersonName": "Flera författare", "ContributorRole": "A01"}, "Tekijä: useita", "Författare: flera"),
        ({"PersonName": "Anonyymi", "ContributorRole": "A01"}, "Tekijä: nimetön", "Författare: anonym"),
    ],
)
def test_who_has_no_name_is_a_note_in_finnish_and_swedish(map_product, onix, elements, fi, sv):
    record = map_product({"Contributor": onix(**elements)}).record
    assert record.contributors == ()
    notes = {n.language: n.text for n in record.texts.notes}
    assert (notes["fin"], notes["swe"]) == (fi, sv)


def test_the_person_whose_voice_was_cloned_is_told(map_product, onix):
    reader = onix(
        ContributorRole="E07", UnnamedPersons="08", AlternativeName=onix(NameType="04", PersonName="Tomasz Kowalik")
    )
    record = map_product({"Contributor": reader}).record
    assert record.texts.notes[0].text.endswith("(Tomasz Kowalik)")


def test_who_has_no_number_stands_behind_those_that_have_one(map_product, onix):
    people = [
        onix(ContributorRole="B06", PersonName="Kolmas"),
        onix(SequenceNumber="2", ContributorRole="A01", PersonName="Toinen"),
        onix(SequenceNumber="1", ContributorRole="A01", PersonName="Eka"),
    ]
    found = map_product({"Contributor": people}).record.contributors
    assert [person.name for person in found] == ["Eka", "Toinen", "Kolmas"]
