"""A reader, by itself in its process: ``python -m jobs.reader FD`` with a socket to the one that started it.

First comes a pair (source, folder of its own vocabularies), then a `Task` at a time. The answer is a list of what the
piece holds, in order, or None for one that cannot be read apart.
"""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection

from catalogue.parsed import BadRecord
from catalogue.vocabularies.headings import use_own
from jobs.readers import Answer, Task
from jobs.readings import Reading
from ops.collecting import collect_seldom
from parsers.payload import Uncuttable
from parsers.pieces import read_piece


def serve(connection: Connection) -> None:
    """Answer until the other side is gone."""
    try:
        source, folder = connection.recv()
        use_own(folder)
        while True:
            connection.send(answer(source, connection.recv()))
    except (EOFError, ConnectionError):
        return


def answer(source: str, task: Task) -> Answer | None:
    """What a piece holds; None where it has to be read with all that stands before it."""
    try:
        records = read_piece(task.piece)
    except Uncuttable:
        return None
    return [
        item if isinstance(item, BadRecord) else Reading.of(item).ahead(source, mapped=task.mapped) for item in records
    ]


if __name__ == "__main__":
    collect_seldom()
    serve(Connection(int(sys.argv[1])))
