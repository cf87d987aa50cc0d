"""A real Chromium in front of a real desk on the review sample.

The browser is the system's own (`LYHDE_CHROMIUM`, else ``chromium`` on the path); none is ever downloaded.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from typer.testing import CliRunner

from cli.main import app, hoist

PASSWORD = "kuutamo-laiturilla-7"
PEOPLE = {  # name → role, language
    "aino": ("admin", "fi"),
    "beda": ("admin", "sv"),
    "eero": ("cataloguer", "fi"),
    "maj": ("cataloguer", "sv"),
    "siiri": ("senior", "fi"),
}
CONTRADICTING = (
    ("same", "kaarna:fi.kaarna.0654", "lintula:lin1000654"),
    ("same", "lintula:lin1000654", "vikens:vik1000654"),
    ("different", "kaarna:fi.kaarna.0654", "vikens:vik1000654"),
)
HELD = 6
PATIENCE_MS = 30_000  # a loaded machine is slow, not wrong
expect.set_options(timeout=PATIENCE_MS)
WIDE = {"width": 1366, "height": 768}
AXE = Axe().axe_script
VIOLATIONS = "options => axe.run({...options, resultTypes: ['violations']}).then(found => found.violations)"
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@dataclass
class Desk:
    """A served desk and people at it. `lyhde` is a command on its store."""

    url: str
    browser: Browser
    password = PASSWORD
    cataloguer = MappingProxyType({"fi": "eero", "sv": "maj"})
    said = MappingProxyType({"fi": "Tallennettu", "sv": "Sparat"})
    lyhde: Callable[..., str]
    states: dict[str, Any] = field(default_factory=dict)
    open: list[BrowserContext] = field(default_factory=list)

    def visit(self, name: str | None = None, **how: Any) -> Page:
        """A new window, of a person who is signed in, or of nobody."""
        if name and name not in self.states:
            self.states[name] = self._signed_in(name)
        state = {"storage_state": self.states[name]} if name else {}
        language = PEOPLE[name][1] if name else "fi"
        context = self.browser.new_context(
            base_url=self.url, viewport=WIDE, locale=language, timezone_id="Europe/Helsinki", **state, **how
        )
        context.set_default_timeout(PATIENCE_MS)
        self.open.append(context)
        return context.new_page()

    def cases(self, kind: str) -> list[Any]:
        """Open cases of a kind, as the command line lists them."""
        return [case for case in json.loads(self.lyhde("--json", "review", "list")) if case["kind"] == kind]

    def contradict(self) -> None:
        """Three decisions that cannot all hold: a case of the kind split."""
        for answer, left, right in CONTRADICTING:
            self.lyhde("decide", answer, left, right)
        self.lyhde("resolve")

    @staticmethod
    def case_of(page: Page) -> str:
        """The id of the case that is shown."""
        found = re.search(r"/case/(\w+)$", page.url)
        assert found, page.url
        return found[1]

    @staticmethod
    def wait_for_another(page: Page, before: str) -> None:
        """Until another case than the one before is shown, and listens to keys."""
        expect(page).not_to_have_url(re.compile(f"/case/{before}$"))
        expect(page.locator(f"#answer[action='/case/{before}/answer']")).to_have_count(0)
        expect(page.locator("#case-title")).to_be_focused()

    def close(self) -> None:
        for context in self.open:
            with contextlib.suppress(Exception):
                context.close()
        self.open.clear()

    def _signed_in(self, name: str) -> Any:
        context = self.browser.new_context(base_url=self.url)
        page = context.new_page()
        sign_in(page, name)
        state = context.storage_state()
        context.close()
        return state


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Through the form, as a person does."""
    page.goto("/sign-in")
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("form[action='/sign-in'] button")


def chromium() -> str | None:
    """The browser to drive."""
    return os.environ.get("LYHDE_CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window, one for a module. Without one: skipped by name, in CI a failure.

    It must be gone before the tests of another module: as long as it is there, an event loop runs in this thread.
    """
    path = chromium()
    if path is None:
        why = "no Chromium: install the package chromium, or set LYHDE_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=path, args=args)
        yield found
        found.close()


@pytest.fixture(scope="session")
def seeded(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The review sample harvested and resolved, with accounts; to be copied."""
    home = tmp_path_factory.mktemp("browser") / "review"
    shutil.copytree(fixtures / "review", home)
    config = home / "lyhde.toml"
    config.write_text('data_dir = "data"\nsources_dir = "sources"\n', "utf-8")
    secret = home / "password"
    secret.write_text(PASSWORD, "utf-8")
    call(config, "harvest")
    call(config, "resolve")
    for name, (role, language) in PEOPLE.items():
        call(config, "user", "add", name, "--role", role, "--language", language, "--password-file", str(secret))
    return home


@pytest.fixture(scope="module")
def desk(seeded: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk of the module's own: what its tests answer stays among them."""
    home = tmp_path_factory.mktemp("desk") / "review"
    shutil.copytree(seeded, home)
    with served(home) as url:
        ours = Desk(url, browser, lambda *words: call(home / "lyhde.toml", *words))
        yield ours
        ours.close()


@pytest.fixture
def no_window_stays_open(desk: Desk) -> Iterator[None]:
    """For modules whose tests open windows of their own."""
    yield
    desk.close()


@contextlib.contextmanager
def served(home: Path) -> Iterator[str]:
    """`lyhde desk serve` on a free port; its address."""
    words = ["--config", str(home / "lyhde.toml"), "desk", "serve", "--port", "0"]
    with (home / "desk.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *words], stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            assert address.startswith("http://"), (home / "desk.log").read_text()
            yield address
        finally:
            process.terminate()
            process.wait(20)
            if process.stdout:
                process.stdout.close()


def call(config: Path, *words: str) -> str:
    """A command in this process; what it printed. A held run (exit code 6) is no failure here."""
    result = CliRunner().invoke(app, hoist(["--config", str(config), *words]))
    if result.exception and not (isinstance(result.exception, SystemExit) and result.exit_code == HELD):
        raise result.exception
    return result.stdout


def findings(page: Page, options: dict[str, Any] = WCAG) -> list[str]:
    """What axe has against the page: rule, what it says, the first places."""
    page.evaluate(AXE)
    return [
        f"{found['id']}: {found['help']} at {[node['target'] for node in found['nodes']][:3]}"
        for found in page.evaluate(VIOLATIONS, options)
    ]


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of the whole page in the folder `LYHDE_SCREENSHOTS`, where that is set."""
    folder = os.environ.get("LYHDE_SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)

    return keep


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """What axe finds on a page (`findings`)."""
    return findings
