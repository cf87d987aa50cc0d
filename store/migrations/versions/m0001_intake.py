"""What came, and the records in it: sources, runs, staging, records, defects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _source()
    _source_file()
    _payload()
    _harvest_run()
    _run_file()
    _staged_record()
    _source_record()
    _record_document()
    _record_features()
    _record_revision()
    _dirty_record()
    _defect()
    _quarantine()


def _source() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.Text()),
        sa.Column("high_water", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
    )


def _source_file() -> None:
    op.create_table(
        "source_file",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "name"),
    )


def _payload() -> None:
    op.create_table(
        "payload",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _harvest_run() -> None:
    op.create_table(
        "harvest_run",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text()),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_harvest_run_source_id", "harvest_run", ["source", "id"])


def _run_file() -> None:
    op.create_table(
        "run_file",
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("items_done", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("ended_early", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("run", "position"),
    )


def _staged_record() -> None:
    op.create_table(
        "staged_record",
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary()),
        sa.Column("sent_at", sa.Text()),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("parsed", sa.LargeBinary()),
        sa.Column("mapped", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("run", "file", "position"),
    )
    op.create_index("ix_staged_record_run_source_id", "staged_record", ["run", "source_id"])


def _source_record() -> None:
    op.create_table(
        "source_record",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary()),
        sa.Column("sent_at", sa.Text()),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "source_id", name="uq_source_record_source_source_id"),
        sqlite_autoincrement=True,
    )


def _record_document() -> None:
    op.create_table(
        "record_document",
        sa.Column("record", NUMBER, nullable=False, autoincrement=False),
        sa.Column("parsed", sa.LargeBinary()),
        sa.Column("mapped", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("record"),
    )


def _record_features() -> None:
    op.create_table(
        "record_features",
        sa.Column("record", NUMBER, nullable=False, autoincrement=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("features", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record"),
    )


def _record_revision() -> None:
    op.create_table(
        "record_revision",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("record", NUMBER, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary()),
        sa.Column("sent_at", sa.Text()),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("replaced_at", sa.Text(), nullable=False),
        sa.Column("parsed", sa.LargeBinary()),
        sa.Column("mapped", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_record_revision_record", "record_revision", ["record"])


def _dirty_record() -> None:
    op.create_table(
        "dirty_record",
        sa.Column("record", NUMBER, nullable=False, autoincrement=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record"),
    )


def _defect() -> None:
    op.create_table(
        "defect",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("locus", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_defect_run_source_id", "defect", ["run", "source_id"])
    op.create_index("ix_defect_source_code", "defect", ["source", "code"])


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("locus", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("excerpt", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_quarantine_run", "quarantine", ["run"])
    op.create_index("ix_quarantine_source_state", "quarantine", ["source", "state"])
