"""Decision memory: what was answered is asked again only when what it was answered on changed, and says what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from catalogue.decision import Case, changes_since
from catalogue.keys import RecordKey
from jobs import resolving, rules
from jobs.constraints import read_standing
from jobs.deciding import MatchAnswer
from jobs.harvesting import harvest
from jobs.resolving import resolve
from jobs.retiring import retire
from jobs.reviewing import Author, answer_field, answer_match
from jobs.showing import show
from ops.sources import SourceSettings
from store import cases, decisions, records
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
AINO = Author("aino", NOW, role="senior", note="both books in hand")
FIRST = ("Kettu", "Sateenkaari", "Meren alla", "Vaarin tuoli", "Yöjuna", "Tuuli", "Hiljaisuus", "Koivukuja")
SECOND = ("pohjoiseen", "ja meri", "talvella")
PAIRS = [f"{a} {b}" for a in FIRST for b in SECOND][:8]  # asked: another publisher, another year
FIELDS = [f"{a} {b}" for a in FIRST for b in SECOND][8:12]  # one book by its ISBN: which publisher?
PRICE = (
    "<ProductSupply><SupplyDetail><Supplier><SupplierRole>01</SupplierRole><SupplierName>Kirjavälitys</SupplierName>"
    "</Supplier><ProductAvailability>20</ProductAvailability><Price><PriceType>02</PriceType>"
    "<PriceAmount>9.90</PriceAmount><CurrencyCode>EUR</CurrencyCode></Price></SupplyDetail></ProductSupply>"
)
TEXTS = (
    "<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>"
    "<Text>Kesä saaressa.</Text></TextContent></CollateralDetail>"
)
SUBJECT = "<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>{}</Subject>".format(
    "<SubjectHeadingText>kesä</SubjectHeadingText>"
)
COSMETIC = {"texts": TEXTS, "supply": PRICE, "subject": SUBJECT}
Changes = Mapping[str, str]
Book = Callable[..., str]


def isbn(number: int) -> str:
    twelve = f"97895249{number:04d}"
    return twelve + str(-sum(int(d) * (1, 3)[n % 2] for n, d in enumerate(twelve)) % 10)


class Catalogue:
    """Two senders who describe the same books, night by night."""

    def __init__(self, store: Store, folder: Path, message: Callable[..., bytes], book: Book) -> None:
        self.store, self.folder, self.message, self.book = store, folder, message, book
        self.changed: dict[str, Changes] = {}  # of the second sender, by record id
        self.everywhere: Changes = {}
        self.extra: list[str] = []

    def products(self, sender: str) -> list[str]:
        theirs = {"publisher": "Aalto", "date": "20190101"} if sender == "aalto" else {}
        made = []
        for n, title in enumerate([*PAIRS, *FIELDS]):
            about = {"title": title, "author": f"{title.split()[0]}nen, Aino", **theirs}
            about |= {"date": "20200301"} if n >= len(PAIRS) else {}
            about |= self.everywhere | (self.changed.get(str(n), {}) if sender == "aalto" else {})
            ref = about.pop("ref", str(n))
            made.append(self.book(ref, isbn(n) if n >= len(PAIRS) else about.pop("isbn", ""), **about))
        return made + (self.extra if sender == "aalto" else [])

    def night(self, *, backwards: bool = False, senders: tuple[str, ...] = ("kaarna", "aalto")) -> list[Case]:
        """Harvest and resolve; what is asked that was not asked the evening before."""
        before = {case.case for case in self.asked()}
        for sender in senders:
            folder = self.folder / sender
            folder.mkdir(exist_ok=True)
            products = self.products(sender)
            (folder / "feed.xml").write_bytes(self.message(*(products[::-1] if backwards else products)))
            about = {"id": sender, "transport": {"kind": "folder", "path": folder}}
            harvest(self.store, SourceSettings.model_validate(about), NOW)
        resolve(self.store, NOW)
        return [case for case in self.asked() if case.case not in before]

    def asked(self) -> list[Case]:
        with self.store.read() as connection:
            return cases.listed(connection)

    def together(self) -> set[str]:
        """The numbers of the books whose two records are one edition."""
        return {str(n) for n in range(len(PAIRS)) if self.edition("kaarna", n) == self.edition("aalto", n)}

    def edition(self, sender: str, number: int) -> Any:
        return show(self.store, f"{sender}:{number}")["edition"]

    def publisher(self, number: int) -> Any:
        return show(self.store, self.edition("kaarna", number))["description"]["publication"]["publisher"]

    def what_changed(self, case: Case) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
        """What the desk shows of a case that is asked again."""
        with self.store.read() as connection:
            made = decisions.find(connection, case.reopened or 0)
            numbers = records.numbers_of(connection, [RecordKey.parse(key) for key in case.members])
            found = [s.record for s in records.by_number(connection, sorted(numbers.values())).values() if s.record]
        return [(c.record, c.field, c.before, c.after) for c in changes_since(made.seen, found)]


@pytest.fixture
def catalogue(store: Store, tmp_path: Path, message: Callable[..., bytes], book: Book) -> Catalogue:
    """Every question answered: every other pair "same", and each publisher as Aalto has it."""
    made = Catalogue(store, tmp_path, message, book)
    asked = made.night()
    assert sorted(case.kind for case in asked) == ["field"] * len(FIELDS) + ["match"] * len(PAIRS)
    while asked := made.asked():  # what is joined may differ in its publisher
        for case in asked:
            answer(store, case)
    assert made.asked() == []
    return made


def answer(store: Store, case: Case) -> None:
    if case.kind == "field":
        answer_field(store, case.case, version=case.version, value="Aalto", author=AINO)
        return
    is_odd = int(case.members[0].partition(":")[2]) % 2
    said: MatchAnswer = "different" if is_odd else "same"
    answer_match(store, case.case, version=case.version, answer=said, author=AINO)


def is_as_answered(catalogue: Catalogue) -> bool:
    same = {str(n) for n in range(0, len(PAIRS), 2)}
    chosen = {catalogue.publisher(n) for n in range(len(PAIRS), len(PAIRS) + len(FIELDS))}
    return catalogue.together() == same and chosen == {"Aalto"}


def test_ten_nights(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    assert catalogue.night() == [], "nothing new"
    catalogue.everywhere = COSMETIC
    assert catalogue.night() == [], "price, summary, subjects"
    catalogue.changed = {"0": {"title": PAIRS[0].upper()}, "1": {"title": f"{PAIRS[1]}."}}
    assert catalogue.night() == [], "capitals and punctuation"
    assert catalogue.night(backwards=True) == [], "another order"
    assert is_as_answered(catalogue)

    catalogue.changed = {"0": {"date": "20180505"}, "1": {"date": "20180505"}}
    asked = sorted(catalogue.night(), key=lambda case: case.members)
    assert [case.members for case in asked] == [("aalto:0", "kaarna:0"), ("aalto:1", "kaarna:1")]
    assert [case.reason for case in asked] == ["evidence changed"] * 2
    for number, case in enumerate(asked):
        assert catalogue.what_changed(case) == [(f"aalto:{number}", "published", ("2019-01-01",), ("2018-05-05",))]
    assert "1" not in catalogue.together(), "a different still keeps apart"

    catalogue.changed = {}
    assert catalogue.night() == [], "changed back"
    assert catalogue.asked() == []
    assert is_as_answered(catalogue)

    retire(catalogue.store, "aalto", NOW)
    resolve(catalogue.store, NOW)
    assert catalogue.asked() == []
    assert catalogue.night() == [], "the source is back"
    assert is_as_answered(catalogue)

    monkeypatch.setattr(rules, "RESOLUTION_VERSION", "another")
    assert not resolving.resolve(catalogue.store, NOW).skipped
    assert catalogue.asked() == [], "new rules ask nothing again"
    assert is_as_answered(catalogue)

    number = len(PAIRS)
    catalogue.changed = {str(number): {"publisher": "Vedenpisara"}}
    (case,) = catalogue.night()
    assert (case.kind, case.members) == ("field", (f"aalto:{number}", f"kaarna:{number}"))
    assert case.reopened is not None
    assert catalogue.what_changed(case) == []
    catalogue.changed = {}
    assert catalogue.night() == []
    assert is_as_answered(catalogue)


def test_a_new_member_asks_about_its_own_edges_alone(catalogue: Catalogue) -> None:
    """Book 0 is one edition of two; a third record with one's publisher and the other's year is asked about."""
    about = {"title": PAIRS[0], "author": f"{PAIRS[0].split()[0]}nen, Aino", "publisher": "Vedenpisara"}
    catalogue.extra = [catalogue.book("new", **about, date="20190101")]
    asked = catalogue.night()
    assert all("aalto:new" in case.members and case.reopened is None for case in asked)
    assert asked
    assert is_as_answered(catalogue)


def test_a_record_that_comes_back_under_another_id_keeps_its_answers(catalogue: Catalogue) -> None:
    number = len(PAIRS)
    catalogue.changed = {str(number): {"ref": "fresh"}}
    for _ in "12":
        assert catalogue.night() == []
        assert is_as_answered(catalogue)
    with catalogue.store.read() as connection:
        made = [made for made in decisions.standing(connection) if made.via == "re-attached"]
    assert [each.left for each in made] == ["aalto:fresh"]


def test_an_answer_kept_for_another_id_is_taken_back_when_the_old_id_returns(catalogue: Catalogue) -> None:
    number = len(PAIRS)
    with catalogue.store.read() as connection:
        before = decisions.standing(connection)
    for _ in "12":
        catalogue.changed = {str(number): {"ref": "fresh"}}
        catalogue.night()
        with catalogue.store.read() as connection:
            assert len(decisions.standing(connection)) == len(before) + 1
        catalogue.changed = {}
        assert catalogue.night() == []
        with catalogue.store.read() as connection:
            assert decisions.standing(connection) == before
        assert is_as_answered(catalogue)


def test_a_record_that_comes_back_as_two_leaves_its_answers_parked(catalogue: Catalogue) -> None:
    """Which of the two was meant? The decision waits until the old id is back."""
    number = len(PAIRS)
    catalogue.changed = {str(number): {"ref": "one"}}
    title = FIELDS[0]
    about = {"title": title, "author": f"{title.split()[0]}nen, Aino", "publisher": "Aalto"}
    catalogue.extra = [catalogue.book("two", isbn(number), **about)]
    catalogue.night()
    with catalogue.store.read() as connection:
        assert any(f"aalto:{number}" in made.records for made in read_standing(connection).orphans)
    catalogue.changed, catalogue.extra = {}, []
    catalogue.night()
    assert is_as_answered(catalogue)
