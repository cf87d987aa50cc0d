"""OAI-PMH 2.0 over the guarded client: what a repository is, and its lists, one page at a time.

No library's loop: ours must stop between any two pages, start again at the next, and trust nothing it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2

from catalogue.errors import FeedRefused, ServiceUnreachable
from catalogue.sentence import Sentence
from harvest.patience import Astray, Transient, tried
from harvest.web import Request, Site, answered, body, check_status, deadline
from harvest.wholeness import fault_of
from parsers.oai import ListPage, read_page, token_in

ATTEMPTS = 6
"""Repositories ask to wait (503 with Retry-After) in the middle of a list, as the protocol lets them."""

LOCKED = (401, 403)
_NO_ANSWER = Sentence("the answer is no OAI-PMH")
ANSWERS = (200, 400, 404, 410, 422)
"""Some send the protocol's own errors under these."""


class TokenExpired(Exception):
    """The repository does not know the resumption token any more: the list begins again."""


@dataclass(frozen=True, slots=True)
class Repository:
    """What Identify tells. `at` is its clock (UTC); `by_day`: its datestamps have no time."""

    at: datetime
    by_day: bool
    keeps_deletions: bool

    def stamp(self, moment: datetime) -> str:
        """A moment as the repository takes it."""
        return moment.astimezone(UTC).strftime("%Y-%m-%d" if self.by_day else "%Y-%m-%dT%H:%M:%SZ")

    def since(self, mark: str, overlap: timedelta) -> str:
        """Where a window begins whose predecessor ended at `mark`."""
        return self.stamp(datetime.fromisoformat(mark) - overlap)


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of a list: by its token, or the first by its window."""

    prefix: str
    subset: str = ""
    since: str | None = None
    until: str | None = None
    token: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        if self.token:
            return {"verb": "ListRecords", "resumptionToken": self.token}
        given = {"metadataPrefix": self.prefix, "set": self.subset, "from": self.since, "until": self.until}
        return {"verb": "ListRecords", **{name: value for name, value in given.items() if value}}


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """A page in a file. `next_token` is empty on the last one."""

    path: Path
    next_token: str


def identify(site: Site, folder: Path, now: datetime) -> Repository:
    """Ask a repository about itself; `now` stands in where it tells no time.

    Raises FeedRefused, ServiceUnreachable.
    """
    path = folder / "identify.xml"
    page = _answer(site, {"verb": "Identify"}, path)
    for code, text in page.errors:
        raise site.refused(Sentence("the repository says {code}: {text}", code=code, text=text))
    by_day = "h" not in page.about.get("granularity", "YYYY-MM-DD")
    keeps = page.about.get("deletedRecord", "no").strip().lower() == "persistent"
    return Repository(_moment(page.about.get("responseDate", "")) or now, by_day, keeps)


def list_page(site: Site, folder: Path, asked: Asked) -> ReceivedPage | None:
    """Fetch one page; None where no record matches, which is no error.

    Raises TokenExpired, FeedRefused, ServiceUnreachable (after several tries).
    """
    path = folder / "page.xml"
    page = _answer(site, asked.parameters, path)
    for code, text in page.errors:
        if code == "noRecordsMatch":
            return None
        if code == "badResumptionToken":
            raise TokenExpired(text)
        raise site.refused(Sentence("the repository says {code}: {text}", code=code, text=text))
    return ReceivedPage(path, page.token)


def went_astray(error: ServiceUnreachable) -> bool:
    """Whether a repository answered with something that is no answer to any request."""
    return isinstance(error.__cause__, Astray)


def _answer(site: Site, parameters: Mapping[str, str], path: Path) -> ListPage:
    return tried(site.source.id, site.transport.url, lambda: _asked(site, parameters, path), attempts=ATTEMPTS)


def _asked(site: Site, parameters: Mapping[str, str], path: Path) -> ListPage:
    """One try of one request: the answer is in the file, and looked through.

    In the middle of a list a page of something else is no word about the list: it may be another one next time.
    """
    is_next = "resumptionToken" in parameters
    url = str(httpx2.URL(site.transport.url).copy_merge_params(dict(parameters)))
    wanted = Request(url, {}, deadline())
    with answered(site, wanted) as response:
        if is_next and response.status_code in LOCKED:
            raise Astray(Sentence("it asks for a login ({status})", status=str(response.status_code)))
        check_status(site, response, ANSWERS)
        with path.open("wb") as file:
            for chunk in body(site, response, wanted):
                file.write(chunk)
    try:
        page = _looked_through(site, path)
    except FeedRefused as error:
        check_status(site, response)
        if is_next:
            raise Astray(fault_of(path) or _NO_ANSWER) from error
        raise
    if not page.errors:
        check_status(site, response)
    return page


def _looked_through(site: Site, path: Path) -> ListPage:
    """What a page says. An empty or a cut answer may pass; one that is no OAI-PMH will not."""
    fault = fault_of(path)
    if fault and not path.read_bytes().strip():
        raise Transient(Sentence("the server answers with nothing"))
    with path.open("rb") as file:
        page = read_page(file)
    if not page.is_answer:
        raise site.refused(fault or _NO_ANSWER)
    if page.broken is None:
        return page
    if fault:
        raise Transient(fault)
    token = page.token or token_in(path.read_bytes()) or ""
    return ListPage(page.errors, token, page.about, True, page.broken)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
