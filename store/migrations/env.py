"""What Alembic runs: the connection is handed over by `store.database`; there is no ini file."""

from __future__ import annotations

from alembic import context

from store import listing_schema, people_schema
from store.schema import metadata

for part in (listing_schema.harvest_list, people_schema.account):
    assert part.metadata is metadata  # noqa: S101 - every part of the schema is loaded

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
