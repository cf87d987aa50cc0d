"""Lists harvested page by page, names records are delivered under, and which fields a record fills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("staged_record", "source_record"):
        op.add_column(table, sa.Column("fields", sa.Integer()))
    _harvest_list()
    _harvest_page()
    _record_alias()


def _harvest_list() -> None:
    op.create_table(
        "harvest_list",
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("subset", sa.Text(), nullable=False),
        sa.Column("since", sa.Text()),
        sa.Column("until", sa.Text()),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("run", "position"),
    )


def _harvest_page() -> None:
    op.create_table(
        "harvest_page",
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("next_token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "file"),
    )


def _record_alias() -> None:
    op.create_table(
        "record_alias",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("own_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "alias"),
    )
