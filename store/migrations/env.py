"""What Alembic runs: the connection is handed over by `store.database`; there is no ini file."""

from __future__ import annotations

from alembic import context

from store import people_schema
from store.schema import metadata

assert people_schema.account.metadata is metadata  # noqa: S101 - both halves of the schema are loaded

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
