"""Blocking keys and declared languages of the records as they were last resolved: what a delta starts from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "blocking_key",
        sa.Column("key", NUMBER, nullable=False),
        sa.Column("record", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("key", "record"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_blocking_key_record", "blocking_key", ["record"])
    op.create_table(
        "declared_language",
        sa.Column("record", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("contradicted", sa.Boolean(), nullable=False),
    )
    op.create_index(
        "ix_declared_language_sender_languages_contradicted",
        "declared_language",
        ["sender", "languages", "contradicted"],
    )
