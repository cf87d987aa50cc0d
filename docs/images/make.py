"""Takes the pictures of the guides: ``python docs/images/make.py [FOLDER]``, here where no folder is named.

A desk of its own on the review sample, at a fixed hour, in a temporary folder; a real Chromium (`LYHDE_CHROMIUM`, else
``chromium`` on the path) looks at it in each language. Every picture is 1366 × 768, in 16 colours.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from palette import reduced
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from typer.testing import CliRunner

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from cli.main import app, hoist  # noqa: E402 - run by its path, the project is not on Python's yet
from desk.app import create_app  # noqa: E402 - likewise
from jobs.connections import opened_store  # noqa: E402 - likewise
from ops.settings import load_settings  # noqa: E402 - likewise
from store import merged  # noqa: E402 - likewise

NOW = datetime(2026, 6, 3, 6, 40, tzinfo=UTC)
LAST_NIGHT = NOW - timedelta(hours=7, minutes=38)
YESTERDAY = NOW - timedelta(hours=19, minutes=14)
THE_DAY_BEFORE = LAST_NIGHT - timedelta(days=1)
PASSWORD = "kuutamo-laiturilla-7"  # noqa: S105 - of a desk that lives for two minutes
PEOPLE = {"aino": ("Aino", "senior"), "beda": ("Beda", "cataloguer")}
LANGUAGES = ("fi", "sv", "en")
SIZE: ViewportSize = {"width": 1366, "height": 768}
START_S = 20.0
FAMILIAR = "Kellosepän käsikirja"
CHANGED = ("kaarna:fi.kaarna.0604", "lintula:lin1000605")
RETITLED = ("Leivän ja rieskan kirja", "Leivän ja hapanleivän kirja")
FASTER = ("kaarna:fi.kaarna.0613", "lintula:lin1000614")
SHOWN = ("kaarna:fi.kaarna.0616", "lintula:lin1000617")
FIELD = ("kaarna:fi.kaarna.0630", "lintula:lin1000630")
CHOSEN = ("lintula:lin1000632", "vikens:vik1000632")
HASTY = ("skargard:SKV-0607", "vikens:vik2000608")


@dataclass(frozen=True)
class Desk:
    """A served desk: where it lies, where it answers, who sits at it, and in which language."""

    home: Path
    url: str
    windows: dict[str, BrowserContext]
    language: str

    def page(self, person: str, path: str) -> Page:
        page = self.windows[person].new_page()
        page.goto(self.url + path, wait_until="networkidle")
        return page

    def case(self, members: tuple[str, str]) -> str:
        """The path of the open case between two records."""
        cases = json.loads(lyhde(self.home, "--json", "review", "list"))
        return next(f"/case/{case['case']}" for case in cases if set(members) <= set(case["members"]))

    def answer(self, person: str, members: tuple[str, str], answer: str, note: str = "") -> None:
        page = self.page(person, self.case(members))
        if note:
            page.click("details.note summary")
            page.fill("#note", note)
        page.click(f"button[value='{answer}']")
        page.wait_for_load_state("networkidle")
        page.close()

    def keep(self, page: Page, out: Path) -> None:
        """The page as a small picture."""
        page.mouse.move(0, 0)
        seen = page.screenshot(type="png", animations="disabled")
        out.write_bytes(reduced(seen))
        page.close()


def lyhde(home: Path, *words: str, at: datetime = NOW) -> str:
    """A command on the store in a folder."""
    call = ["--config", str(home / "lyhde.toml"), "--as-of", at.isoformat(), *words]
    result = CliRunner().invoke(app, hoist(call))
    if result.exception:
        raise result.exception
    return result.stdout


def prepared(home: Path, browser: Browser) -> Path:
    """Two nights and the day between: what people answered, one answer taken back, one asked again."""
    seeded(home)
    with seated(browser, home, "fi", at=YESTERDAY) as desk:
        desk.answer("aino", CHANGED, "different", "eri kirja, kysytty kustantajalta")
        desk.answer("beda", HASTY, "same")
        page = desk.page("beda", "/")
        page.click("#undo-last button")
        page.wait_for_load_state("networkidle")
        desk.answer("beda", CHOSEN, "field", "titelsidan")
    feed = home / "feeds" / "kaarna" / "kaarna.xml"
    feed.write_text(feed.read_text("utf-8").replace(*RETITLED), "utf-8")
    lyhde(home, "harvest", at=LAST_NIGHT)
    lyhde(home, "resolve", at=LAST_NIGHT)
    published(home)
    return home


def published(home: Path) -> None:
    """As if a search server had been told of every change: none is started for pictures."""
    with opened_store(load_settings(home / "lyhde.toml")) as store, store.write() as connection:
        merged.outbox_done(connection, merged.take_outbox(connection))


def seeded(home: Path) -> Path:
    """The review sample, harvested and resolved two nights ago, with people."""
    shutil.copytree(ROOT / "fixtures" / "review", home)
    (home / "lyhde.toml").write_text('data_dir = "data"\nsources_dir = "sources"\n', "utf-8")
    (home / "password").write_text(PASSWORD, "utf-8")
    lyhde(home, "harvest", at=THE_DAY_BEFORE)
    lyhde(home, "resolve", at=THE_DAY_BEFORE)
    for name, (shown, role) in PEOPLE.items():
        who = ["--role", role, "--display-name", shown, "--password-file", str(home / "password")]
        lyhde(home, "user", "add", name, *who, at=THE_DAY_BEFORE)
    return home


@contextlib.contextmanager
def served(home: Path, at: datetime) -> Iterator[str]:
    """The desk at a fixed hour; its address."""
    settings = load_settings(home / "lyhde.toml")
    config = uvicorn.Config(create_app(settings, lambda: at), port=0, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run)
    running.start()
    until = time.monotonic() + START_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    try:
        host, port = server.servers[0].sockets[0].getsockname()
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        running.join()


@contextlib.contextmanager
def seated(browser: Browser, home: Path, language: str, at: datetime = NOW) -> Iterator[Desk]:
    """The desk with everybody signed in, in one language."""
    with served(home, at) as url:
        windows = {name: signed_in(browser, url, name, language) for name in PEOPLE}
        try:
            yield Desk(home, url, windows, language)
        finally:
            for window in windows.values():
                window.close()


def signed_in(browser: Browser, url: str, name: str, language: str) -> BrowserContext:
    """A window of a person's own."""
    window = browser.new_context(viewport=SIZE, locale=language, timezone_id="Europe/Helsinki")
    page = window.new_page()
    page.goto(f"{url}/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("form[action='/sign-in'] button")
    page.click(f"form.languages button[value='{language}']")
    page.close()
    return window


def take(desk: Desk, out: Path) -> None:
    """All pictures in one language; what changes something comes last."""
    shown = {
        "home": "/",
        "queue": "/queue",
        "case": desk.case(SHOWN),
        "field": desk.case(FIELD),
        "reopened": desk.case(CHANGED),
        "history": "/decisions",
    }
    for name, path in shown.items():
        desk.keep(desk.page("aino", path), out / f"{name}.{desk.language}.png")
    desk.keep(edition(desk), out / f"record.{desk.language}.png")
    desk.keep(stale(desk), out / f"stale.{desk.language}.png")


def edition(desk: Desk) -> Page:
    """An edition of three sources, found by its title."""
    page = desk.page("aino", f"/records?q={FAMILIAR}")
    page.click(".hits a")
    page.click("main a[href^='/record/e']")
    page.wait_for_load_state("networkidle")
    return page


def stale(desk: Desk) -> Page:
    """Aino looks at a case; Beda is faster."""
    page = desk.page("aino", desk.case(FASTER))
    desk.answer("beda", FASTER, "different")
    page.click("button[value='same']")
    page.wait_for_selector(".notice.stale")
    page.evaluate("window.scrollTo(0, 0)")
    return page


def main(out: Path) -> None:
    """Take every picture."""
    path = os.environ.get("LYHDE_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise SystemExit("no Chromium: install it, or set LYHDE_CHROMIUM")
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=args)
        seed = prepared(Path(folder) / "seed", browser)
        for language in LANGUAGES:
            home = Path(shutil.copytree(seed, Path(folder) / language))
            with seated(browser, home, language) as desk:
                take(desk, out)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
