"""My own page, the accounts of others, and held runs: what is asked, what is kept, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.errors import FeedHeld, FeedRefused
from desk.passwords import check_password, hash_password
from jobs.guards import Baseline, judge
from jobs.harvesting import harvest
from ops.messages import Language
from ops.saying import said
from ops.settings import Settings
from ops.sources import Limits, load_sources
from ops.transports import FilesTransport
from store import accounts, audit, runs
from store.database import Store
from store.runs import RunCounts

NOW = "2026-11-03T08:30:00Z"
GOOD = "harmaa norppa kelluu"
Desk = Callable[..., TestClient]


@pytest.fixture
def held(settings: Settings, store: Store, fixtures: Path) -> int:
    """A run that a guard holds: a delivery far too small."""
    source = load_sources(settings.sources_dir)["vikens"]
    small = FilesTransport(kind="files", paths=(fixtures / "review" / "held" / "vikens.xml",))
    with pytest.raises(FeedHeld) as caught:
        harvest(store, source.model_copy(update={"transport": small}), NOW, complete=True)
    return caught.value.run


def state_of(store: Store, run: int) -> str:
    with store.read() as connection:
        return runs.find(connection, run).state


def test_a_held_run_says_why_with_numbers_in_the_readers_language(desk: Desk, held: int) -> None:
    page = desk(language="sv").get(f"/runs/{held}").text
    said = "<li>12 av 17 gällande poster skulle tas bort (71\N{NO-BREAK SPACE}%, gränsen är 10\N{NO-BREAK SPACE}%)</li>"
    assert said in page
    assert "Ta i bruk" not in page


def test_an_operator_lets_a_held_run_go_live(desk: Desk, store: Store, held: int) -> None:
    client = desk("olli", "operator")
    assert client.post(f"/runs/{held}/approve").headers["location"] == f"/runs/{held}"
    assert state_of(store, held) == "promoted"
    with store.read() as connection:
        entry = audit.listed(connection, limit=1)[0]
    assert (entry.account, entry.action, entry.subject) == ("olli", "hold.approve", str(held))
    assert client.post(f"/runs/{held}/reject").status_code == 400


def test_an_operator_drops_a_held_run(desk: Desk, store: Store, held: int) -> None:
    desk("olli", "operator").post(f"/runs/{held}/reject")
    assert state_of(store, held) == "rejected"


JUDGED = [
    (RunCounts(received=100, quarantined=100), (), False),
    (RunCounts(received=100, unchanged=90, quarantined=10), (), False),
    (RunCounts(received=100, unchanged=100, removed=40), (), False),
    (RunCounts(), (), False),
    (RunCounts(received=30, unchanged=30), (), False),
    (RunCounts(received=900, unchanged=100, new=800), (100, 101), True),
]


@pytest.mark.parametrize(("counts", "volumes", "early"), JUDGED)
@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_sentence_of_the_guards_is_translated(
    counts: RunCounts, volumes: tuple[int, ...], early: bool, language: Language
) -> None:
    baseline = Baseline(100, volumes or (100,))
    reasons = judge(counts, baseline, Limits(), complete=True, ended_early=early)
    assert reasons
    for reason in reasons:
        assert said(reason, language) != said(reason, "en")


def test_a_reason_kept_by_an_older_version_stays_as_it_was(desk: Desk, store: Store) -> None:
    with store.write() as connection:
        run = runs.begin(connection, "vikens", [], complete=False, at=NOW)
        runs.finish(connection, run.id, "failed", at=NOW, reasons=["the host <b>x</b> did not answer"])
    page = desk(language="fi").get(f"/runs/{run.id}").text
    assert '<li lang="en">the host &lt;b&gt;x&lt;/b&gt; did not answer</li>' in page


def test_a_failed_run_says_why_in_the_readers_language(desk: Desk, store: Store, settings: Settings) -> None:
    source = load_sources(settings.sources_dir)["vikens"]
    nowhere = FilesTransport(kind="files", paths=(Path("/nowhere/at-all.xml"),))
    with pytest.raises(FeedRefused):
        harvest(store, source.model_copy(update={"transport": nowhere}), NOW)
    with store.read() as connection:
        run = runs.listed(connection, state="failed")[0]
    assert (
        "<li>vikens: tiedostoa tai kansiota /nowhere/at-all.xml ei ole</li>"
        in desk(language="fi").get(f"/runs/{run.id}").text
    )


def with_password(store: Store, name: str = "aino") -> None:
    with store.write() as connection:
        accounts.set_password_hash(connection, name, hash_password("sininen kettu nukkuu"), NOW)


CHANGES = [
    ("wrong wrong wrong", GOOD, GOOD, "Tämä ei ole nykyinen salasanasi."),
    ("sininen kettu nukkuu", GOOD, GOOD + "!", "Salasanat eivät ole samat."),
    ("sininen kettu nukkuu", "short", "short", "12"),
]


@pytest.mark.parametrize(("present", "wanted", "again", "said"), CHANGES)
def test_a_password_is_not_changed_without_reason(
    desk: Desk, store: Store, present: str, wanted: str, again: str, said: str
) -> None:
    client = desk()
    with_password(store)
    answer = client.post("/me/password", data={"present": present, "wanted": wanted, "again": again})
    assert answer.status_code == 400
    assert said in answer.text
    assert wanted not in answer.text.replace("/short", "")


def test_a_new_password_counts_and_ends_other_sessions(desk: Desk, store: Store) -> None:
    client = desk()
    with_password(store)
    form = {"present": "sininen kettu nukkuu", "wanted": GOOD, "again": GOOD}
    assert client.post("/me/password", data=form).status_code == 303
    with store.read() as connection:
        assert check_password(GOOD, accounts.password_hash(connection, "aino"))[0]


def test_an_admin_makes_an_account_that_can_sign_in(desk: Desk, store: Store) -> None:
    client = desk("pomo", "admin")
    form = {"name": " Maija.M ", "display_name": "Maija <b>M</b>", "password": GOOD, "role": "senior", "language": "sv"}
    assert client.post("/admin/users", data=form).status_code == 303
    with store.read() as connection:
        made = accounts.need(connection, "maija.m")
    assert (made.role, made.language, made.display_name) == ("senior", "sv", "Maija <b>M</b>")
    assert "Maija &lt;b&gt;M&lt;/b&gt;" in client.get("/admin/users").text


REFUSED = [
    ({"name": "", "password": GOOD}, "name-fault"),
    ({"name": "a b", "password": GOOD}, "name-fault"),
    ({"name": "pomo", "password": GOOD}, "name-fault"),
    ({"name": "maija", "password": "short"}, "password-fault"),
    ({"name": "maija", "password": "salasana123456"}, "password-fault"),
]


@pytest.mark.parametrize(("form", "place"), REFUSED)
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(desk: Desk, form: dict[str, str], place: str) -> None:
    answer = desk("pomo", "admin").post("/admin/users", data={"display_name": "Typed", **form})
    assert answer.status_code == 400
    assert f'aria-describedby="{place}"' in answer.text
    assert 'value="Typed"' in answer.text
    assert form["password"] not in answer.text


def test_roles_are_changed_and_accounts_disabled_with_an_admin_left(desk: Desk, store: Store) -> None:
    desk("bertil")
    client = desk("pomo", "admin")
    assert client.post("/admin/users/bertil/role", data={"role": "senior"}).status_code == 303
    assert client.post("/admin/users/bertil/disable").status_code == 303
    assert client.post("/admin/users/bertil/enable").status_code == 303
    assert client.post("/admin/users/bertil/password", data={"password": GOOD}).status_code == 303
    assert client.post("/admin/users/pomo/disable").status_code == 400
    assert client.post("/admin/users/pomo/role", data={"role": "viewer"}).status_code == 400
    assert client.get("/admin/users/nobody").status_code == 404
    with store.read() as connection:
        assert [e.action for e in audit.listed(connection)] == [
            "account.password", "account.enable", "account.disable", "account.role",
        ]  # fmt: skip


def test_an_account_named_in_capitals_is_the_same_account(desk: Desk, store: Store) -> None:
    bertil, client = desk("bertil"), desk("pomo", "admin")
    assert client.post("/admin/users/BERTIL/disable").headers["location"] == "/admin/users/bertil"
    client.post("/admin/users/bertil/enable")
    assert bertil.get("/queue").status_code == 303, "signed out for good"
    client.post("/admin/users/Bertil/role", data={"role": "senior"})
    with store.read() as connection:
        assert {entry.subject for entry in audit.listed(connection)} == {"bertil"}


def test_the_audit_calls_people_by_the_name_others_see(desk: Desk, store: Store) -> None:
    desk("bertil")
    client = desk("pomo", "admin", "en")
    client.post("/admin/users/bertil/role", data={"role": "senior"})
    with store.write() as connection:
        audit.write(connection, "account.add", account="command line", at=NOW, subject="gone")
    page = client.get("/admin/users").text
    assert '<span title="pomo">Pomo Virtanen</span>' in page
    assert "changed the role of Bertil Virtanen" in page
    assert "made the account gone" in page
