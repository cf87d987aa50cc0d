"""Tables of sources that are listed page by page: where a run is in a list, and what its records are called there."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text

from store.schema import Number, metadata

harvest_list = Table(  # one window of one set of a repository, listed by one run
    "harvest_list",
    metadata,
    Column("run", Number, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("subset", Text, nullable=False),  # setSpec; empty: all there is
    Column("since", Text),  # NULL: from the beginning
    Column("until", Text),
    Column("mark", Text, nullable=False),  # the repository's clock when the run began
    Column("finished", Boolean, nullable=False),
)
harvest_page = Table(  # a page that is kept; it is file `file` of its run
    "harvest_page",
    metadata,
    Column("run", Number, primary_key=True, autoincrement=False),
    Column("file", Integer, primary_key=True, autoincrement=False),
    Column("list", Integer, nullable=False),
    Column("token", Text, nullable=False),  # what asked for it; empty: the first page
    Column("next_token", Text, nullable=False),  # empty: the last page
)
record_alias = Table(  # records that are delivered under a name that does not end in their own id
    "record_alias",
    metadata,
    Column("source", Text, primary_key=True),
    Column("alias", Text, primary_key=True),
    Column("own_id", Text, nullable=False),
)
