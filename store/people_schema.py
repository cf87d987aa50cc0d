"""The tables of the desk: accounts, sessions, who looks at what, and what the queue is searched by.

A second module of `store.schema` by size alone: the tables hang on the same metadata.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects import postgresql

from store.schema import Number, metadata

account = Table(
    "account",
    metadata,
    Column("name", Text, primary_key=True),  # as signed in with: lower case
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text),  # None: cannot sign in with a password
    Column("role", Text, nullable=False),  # viewer, cataloguer, senior, operator, admin
    Column("language", Text, nullable=False),
    Column("theme", Text, nullable=False),  # system, light, dark
    Column("single_keys", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("password_changed_at", Text),
    Column("disabled_at", Text),
)
desk_session = Table(
    "desk_session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),  # of the opaque id in the cookie, which is kept nowhere
    Column("account", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Index(None, "account"),
    Index(None, "expires_at"),
)
sign_in_failure = Table(  # throttling, by account and by address
    "sign_in_failure",
    metadata,
    Column("subject", Text, primary_key=True),  # account:NAME or address:IP
    Column("failures", Integer, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("locked_until", Text),
)
audit = Table(  # what people did beside deciding: sign-ins, accounts, held runs
    "audit",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "at"),
    sqlite_autoincrement=True,
)
presence = Table(
    "presence",
    metadata,
    Column("case", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("seen_at", Text, nullable=False),
)
claim = Table(  # given out by `next`, or kept by wish
    "claim",
    metadata,
    Column("case", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("until", Text, nullable=False),
    Index(None, "account"),
)
deferral = Table(  # "not sure": further down in the queue of who said so
    "deferral",
    metadata,
    Column("case", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Index(None, "account"),
)
queue_row = Table(  # what the queue shows, filters and counts; narrow, one for each case
    "queue_row",
    metadata,
    Column("case", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("rank", Integer, nullable=False),  # minus the priority: what comes first is least
    Column("opened", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("reopened", Boolean, nullable=False),
    Column("sources", Text, nullable=False),  # sorted, each between spaces: " helmet otava "
    Column("reason", Text, nullable=False),  # the reason signature
    Column("title", Text, nullable=False),
    Column("why", JSON, nullable=False),  # what the priority is made of, name → points
    Column("closes", Integer, nullable=False),  # other open cases about the same records
    Column("appears", Text),  # the publication's day, where the records tell it to the day
    Column("due", Text),  # the next day on which the date parts of the priority are other than now
    Column("members", Integer, nullable=False),
    Index(  # the queue in its order, with all that it is filtered by: pages are read without the rows
        "ix_queue_row_order",
        *("state", "rank", "opened", "case", "kind", "level", "language", "medium", "reopened", "sources", "reason"),
    ),
    Index(None, "state", "reason", "rank", "opened", "case"),
    Index(None, "state", "due"),
)
Term = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")  # ordered by code point: prefixes are ranges
queue_term = Table(  # cases by folded words of titles and names, by identifier and by source id
    "queue_term",
    metadata,
    Column("term", Term, primary_key=True),
    Column("case", Text, primary_key=True),
    Index(None, "case", "term"),
    sqlite_with_rowid=False,
)
queue_count = Table(  # a ledger: the sum of `cases` is how many rows of `queue_row` look so; nobody waits for a counter
    "queue_count",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("medium", Text, nullable=False),
    Column("reopened", Boolean, nullable=False),
    Column("sources", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("cases", Integer, nullable=False),
    sqlite_autoincrement=True,
)
work_term = Table(  # works by folded words of title and contributors, and by identifier, without the search server
    "work_term",
    metadata,
    Column("term", Term, primary_key=True),
    Column("work", Text, primary_key=True),
    Index(None, "work", "term"),
    sqlite_with_rowid=False,
)
