"""The merged records, the change log and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _merged_record()
    _merged_revision()
    _change_log()
    _outbox()


def _merged_record() -> None:
    op.create_table(
        "merged_record",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_merged_record_level", "merged_record", ["level"])
    op.create_index("ix_merged_record_work", "merged_record", ["work"])


def _merged_revision() -> None:
    op.create_table(
        "merged_revision",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision"),
    )


def _change_log() -> None:
    op.create_table(
        "change_log",
        sa.Column("rev", NUMBER, nullable=False, autoincrement=True),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("redirect_to", sa.Text()),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rev"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_log_id", "change_log", ["id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("work"),
    )
    op.create_index("ix_outbox_rev", "outbox", ["rev"])
