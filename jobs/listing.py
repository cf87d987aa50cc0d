"""Harvesting a repository page by page: every page is kept and staged before the next is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from catalogue.errors import FeedRefused, ServiceUnreachable
from catalogue.sentence import Sentence
from harvest.oai import Asked, ReceivedPage, Repository, TokenExpired, identify, list_page, went_astray
from harvest.web import Site
from jobs.intake import read_file, read_run
from ops.logs import get_logger
from ops.sources import SourceSettings
from ops.transports import OaiTransport
from store import listing, payloads, runs
from store.database import Connection, Store
from store.listing import List, Page, Reached
from store.payloads import StoredPayload
from store.runs import Run, RunFile

MAX_RESTARTS = 3
MEDIA_TYPE = "application/xml"
log = get_logger("listing")


@dataclass(frozen=True, slots=True)
class Lister:
    """One run of one repository. `folder` is where pages arrive."""

    store: Store
    source: SourceSettings
    transport: OaiTransport
    folder: Path
    now: str

    @property
    def site(self) -> Site:
        return Site(self.source, self.transport)


def begin(lister: Lister, *, whole: bool) -> Run:
    """Ask the repository about itself and open a run: what it will list, and whether that is everything there is.

    `whole`: everything, whatever was harvested before. Raises FeedRefused, ServiceUnreachable.
    """
    now = datetime.fromisoformat(lister.now)
    repository = identify(lister.site, lister.folder, now)
    with lister.store.write() as connection:
        lists = [
            _window(connection, lister, (repository, whole), each) for each in enumerate(lister.transport.sets or ("",))
        ]
        complete = all(each.since is None for each in lists)
        run = runs.begin(connection, lister.source.id, [], complete=complete, at=lister.now)
        listing.open_lists(connection, run.id, lists)
    return run


def _window(
    connection: Connection, lister: Lister, repository: tuple[Repository, bool], subset: tuple[int, str]
) -> List:
    about, whole = repository
    position, name = subset
    mark = about.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    everything = List(position, lister.transport.url, lister.transport.prefix, name, None, None, mark)
    reached = listing.reached(connection, lister.source.id, everything)
    if whole or reached.mark is None or _is_whole_due(lister, about, reached):
        return everything
    since = about.since(reached.mark, timedelta(hours=lister.transport.overlap_h))
    return everything._replace(since=since, until=about.stamp(about.at))


def _is_whole_due(lister: Lister, repository: Repository, reached: Reached) -> bool:
    """Whether it is time to look for what was deleted at a repository that does not tell."""
    days = lister.transport.whole_every_d
    if repository.keeps_deletions or not days:
        return False
    last = reached.whole and datetime.fromisoformat(reached.whole)
    return not last or repository.at - last >= timedelta(days=days)


def read_lists(lister: Lister, run: Run) -> None:
    """Fetch and stage what is left of a run's lists. May be killed at any moment and called again.

    Raises ServiceUnreachable, and the run goes on next time; FeedRefused, and it has failed.
    """
    read_run(lister.store, lister.source, run)
    for _ in range(MAX_RESTARTS):
        try:
            _check_settings(lister, run)
            _follow(lister, run)
            return
        except TokenExpired as error:
            log.info("a list begins again", source=lister.source.id, run=run.id, reason=str(error))
            with lister.store.write() as connection:
                listing.begin_again(connection, run.id)
        except FeedRefused as error:
            with lister.store.write() as connection:
                listing.begin_again(connection, run.id)
                runs.finish(connection, run.id, "failed", at=lister.now, reasons=[error.message])
            raise
    refused = lister.site.refused(Sentence("its resumption tokens expire before they are used"))
    with lister.store.write() as connection:
        listing.begin_again(connection, run.id)
        runs.finish(connection, run.id, "failed", at=lister.now, reasons=[refused.message])
    raise refused


def _check_settings(lister: Lister, run: Run) -> None:
    """A run whose repository, prefix or sets are others by now has nothing to go on with."""
    with lister.store.read() as connection:
        lists = listing.lists(connection, run.id)
    about = lister.transport
    wanted = [(about.url, about.prefix, subset) for subset in about.sets or ("",)]
    if [(each.url, each.prefix, each.subset) for each in lists] != wanted:
        raise lister.site.refused(Sentence("its settings changed while it was harvested: harvest it again"))


def _follow(lister: Lister, run: Run) -> None:
    with lister.store.read() as connection:
        lists = listing.lists(connection, run.id)
        count = len(runs.files(connection, run.id))
    for each in lists:
        if not each.finished:
            count = _follow_list(lister, run, each, count)


def _follow_list(lister: Lister, run: Run, wanted: List, count: int) -> int:
    """The pages of one list from where it stands to its end; how many files the run has then."""
    with lister.store.read() as connection:
        pages = listing.pages(connection, run.id, wanted.position)
    token = pages[-1].next_token if pages else ""
    seen = {page.token for page in pages} | {token}
    asked = Asked(wanted.prefix, wanted.subset, wanted.since, wanted.until, token)
    first = _taken_up(lister, asked) if token else list_page(lister.site, lister.folder, asked)
    received: ReceivedPage | None = first
    number = len(pages)
    while received is not None:
        number, count = number + 1, count + 1
        _check_progress(lister, received.next_token, seen, number)
        file = _keep(lister, run, received, (RunFile(count, _name(wanted, number), "", MEDIA_TYPE), wanted, token))
        read_file(lister.store, lister.source, run, file)
        token = received.next_token
        if not token:
            return count
        received = list_page(lister.site, lister.folder, Asked(wanted.prefix, token=token))
    with lister.store.write() as connection:
        if token:
            _end_early(connection, run, count)
        listing.end_list(connection, run.id, wanted.position)
    return count


def _end_early(connection: Connection, run: Run, count: int) -> None:
    """A list that had more to come, and then nothing that matches, is not known to be whole: its last page says so."""
    last = next(file for file in runs.files(connection, run.id) if file.position == count)
    runs.advance(connection, run.id, last._replace(ended_early=True))


def _taken_up(lister: Lister, asked: Asked) -> ReceivedPage | None:
    """The page at which a killed run goes on. A token of yesterday may be refused in any words: it has expired.

    A page of something else refuses it too, where the repository answers what else it is asked.
    """
    try:
        return list_page(lister.site, lister.folder, asked)
    except FeedRefused as error:
        raise TokenExpired(str(error)) from error
    except ServiceUnreachable as error:
        if went_astray(error) and _is_well(lister):
            raise TokenExpired(str(error)) from error
        raise


def _is_well(lister: Lister) -> bool:
    try:
        identify(lister.site, lister.folder, datetime.fromisoformat(lister.now))
    except (FeedRefused, ServiceUnreachable):
        return False
    return True


def _check_progress(lister: Lister, token: str, seen: set[str], number: int) -> None:
    """Raises FeedRefused for a list that goes in a circle, or on for ever."""
    if token and token in seen:
        raise lister.site.refused(Sentence("the list goes in a circle: page {number} leads back", number=str(number)))
    if number >= lister.transport.max_pages and token:
        most = lister.transport.max_pages
        raise lister.site.refused(Sentence("the list has more than {most} pages (transport.max_pages)", most=most))
    seen.add(token)


def _keep(lister: Lister, run: Run, received: ReceivedPage, place: tuple[RunFile, List, str]) -> RunFile:
    """Make a page durable, then part of its run together with its token."""
    file, wanted, token = place
    with received.path.open("rb") as stream:
        sha256, size = payloads.keep_bytes(lister.store.data_dir, stream, lister.folder)
    file = file._replace(sha256=sha256)
    kept = StoredPayload(sha256, lister.source.id, file.name, file.media_type, size, lister.now)
    with lister.store.write() as connection:
        payloads.keep_row(connection, kept)
        listing.keep_page(connection, run.id, file, Page(wanted.position, token, received.next_token))
    return file


def _name(wanted: List, number: int) -> str:
    """What a page is called in reports and in the quarantine."""
    return f"{wanted.subset or wanted.prefix}/{number:06}.xml"
