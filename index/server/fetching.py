"""Set-up of the embedded server: downloads once, checks, compiles; afterwards nothing leaves this machine."""

from __future__ import annotations

import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.server.jars import Jar, get_jar, locked_jars
from index.server.layout import build_name, cache_folder
from index.server.locking import locked

DOWNLOADS_AT_ONCE = 4
log = logging.getLogger("index.server")


def fetch(cache_dir: Path | None = None) -> Path:
    """The folder of the built server, made if it is not there. Safe to call from several processes at once.

    `cache_dir` replaces the user's cache folder. Raises DownloadFailed naming the jar that could not be had.
    """
    cache = cache_folder(cache_dir)
    home = cache / build_name()
    if home.is_dir():
        return home
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "lock"):
        if not home.is_dir():
            _make(home, cache / "m2")
    return home


def _make(home: Path, repository: Path) -> None:
    from index.server.building import build

    jars = locked_jars()
    log.info("fetching the search server: %d parts, about 45 MB, kept in %s", len(jars), repository)
    part = home.with_name(f"{home.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    build(part, _get_all(jars, repository))
    part.rename(home)


def _get_all(jars: list[Jar], repository: Path) -> dict[Jar, Path]:
    with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        futures = [pool.submit(get_jar, jar, repository) for jar in jars]
        try:
            return dict(zip(jars, (f.result() for f in futures), strict=True))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
