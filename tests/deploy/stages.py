"""What the stages make of files, as digests: ``python tests/deploy/stages.py FILE…``; the rooms are those on the path.

Prints JSON: whether they run compiled, what each file gave (how many records, a digest of every parsed record, defect,
catalogue record and merged record), and whether another process, started by spawn, gives the same records back.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from catalogue.parsed import BadRecord
from mappings import registry
from mappings.mapped import Mapped
from merging.edition import merge_edition
from merging.work import merge_work
from parsers.registry import parse

MOST_RECORDS = 300
SENDERS = ("one", "two", "three")


def main(paths: list[Path]) -> dict[str, Any]:
    told = {str(path): list(digest(path)) for path in paths}
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        elsewhere = all(pool.submit(mapped, path).result() == mapped(path) for path in paths)
    return {"compiled": not registry.__file__.endswith(".py"), "files": told, "elsewhere": elsewhere}


def digest(path: Path) -> tuple[int, str]:
    """How many records a file gave, and a digest of all that the stages say of them."""
    made = hashlib.sha256()
    count = 0
    for said in stages(path):
        made.update(said.encode("utf-8", "surrogatepass"))
        count += 1
    return count, made.hexdigest()


def stages(path: Path) -> Iterator[str]:
    with path.open("rb") as stream:
        for parsed in islice(parse(stream), MOST_RECORDS):
            if isinstance(parsed, BadRecord):
                yield repr(parsed)
                continue
            record = registry.map_record(parsed, "one", str(parsed.index))
            yield f"{parsed!r}\n{record!r}\n{merged(record)}"


def merged(found: Mapped) -> str:
    """A record merged alone, and with its like from two other senders; both as a work too."""
    record = found.record
    if record is None or record.status != "live":
        return ""
    alike = [record.model_copy(update={"source": sender}) for sender in SENDERS]
    editions = [merge_edition([record]), merge_edition(alike)]
    works = [merge_work([edition], {str(each.key): each for each in alike}) for edition in editions]
    return "\n".join(each.model_dump_json() for each in (*editions, *works))


def mapped(path: Path) -> list[Mapped]:
    with path.open("rb") as stream:
        records = (each for each in islice(parse(stream), MOST_RECORDS) if not isinstance(each, BadRecord))
        return [registry.map_record(each, "one", str(each.index)) for each in records]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main([Path(name) for name in sys.argv[1:]])))
