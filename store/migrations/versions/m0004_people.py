"""People at the desk: accounts, sessions, presence, the queue, works by word; answers remember what was seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

TERM = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")  # ordered by code point
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PACKED = {
    "staged_record": ("parsed", "mapped"),
    "record_document": ("parsed", "mapped"),
    "record_revision": ("parsed", "mapped"),
    "record_features": ("features",),
    "merged_record": ("document",),
    "merged_revision": ("document",),
    "review_case": ("document",),
    "set_fact": ("document",),
    "quarantine": ("excerpt",),
}


def upgrade() -> None:
    _answers()
    _decision_member()
    _account()
    _desk_session()
    _sign_in_failure()
    _audit()
    _presence()
    _claim()
    _deferral()
    _queue_row()
    _queue_term()
    _queue_count()
    _work_term()
    _keep_packed_as_they_are()


def _answers() -> None:
    with op.batch_alter_table("decision") as batch:
        for name, kind in (
            ("case", sa.Text()),
            ("role", sa.Text()),
            ("via", sa.Text()),
            ("rules_version", sa.Text()),
            ("weight", sa.Float()),
            ("seconds", sa.Integer()),
        ):
            batch.add_column(sa.Column(name, kind))
        batch.add_column(sa.Column("seen", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index("ix_decision_case", "decision", ["case"])
    with op.batch_alter_table("review_case") as batch:
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("reopened", NUMBER))


def _decision_member() -> None:
    """Every record a decision was about, those of older decisions too."""
    op.create_table(
        "decision_member",
        sa.Column("record_key", sa.Text(), nullable=False),
        sa.Column("decision", NUMBER, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("record_key", "decision"),
    )
    op.create_index("ix_decision_member_decision", "decision_member", ["decision"])
    with op.batch_alter_table("pair") as batch:
        batch.add_column(sa.Column("links", sa.Integer(), nullable=False, server_default="3"))
    decision = sa.table("decision", *(sa.column(name) for name in ("id", "left", "right")), sa.column("value", sa.JSON))
    member = sa.table("decision_member", sa.column("record_key"), sa.column("decision"))
    connection = op.get_bind()
    for number, left, right, value in connection.execute(sa.select(decision)).all():
        shown = value if isinstance(value, dict) else {}
        keys = {left, *([right] if right else []), *shown.get("left", []), *shown.get("right", [])}
        connection.execute(sa.insert(member), [{"record_key": key, "decision": number} for key in sorted(keys)])


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("password_changed_at", sa.Text()),
        sa.Column("disabled_at", sa.Text()),
        sa.PrimaryKeyConstraint("name"),
    )


def _desk_session() -> None:
    op.create_table(
        "desk_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_desk_session_account", "desk_session", ["account"])
    op.create_index("ix_desk_session_expires_at", "desk_session", ["expires_at"])


def _sign_in_failure() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.Column("locked_until", sa.Text()),
        sa.PrimaryKeyConstraint("subject"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def _presence() -> None:
    op.create_table(
        "presence",
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case", "account"),
    )


def _claim() -> None:
    op.create_table(
        "claim",
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case"),
    )
    op.create_index("ix_claim_account", "claim", ["account"])


def _deferral() -> None:
    op.create_table(
        "deferral",
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case", "account"),
    )
    op.create_index("ix_deferral_account", "deferral", ["account"])


def _queue_row() -> None:
    op.create_table(
        "queue_row",
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("appears", sa.Text()),
        sa.Column("due", sa.Text()),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case"),
    )
    order = ["state", "rank", "opened", "case"]
    shown = ["kind", "level", "language", "medium", "reopened", "sources", "reason"]
    op.create_index("ix_queue_row_order", "queue_row", [*order, *shown])
    op.create_index(
        "ix_queue_row_state_reason_rank_opened_case", "queue_row", ["state", "reason", "rank", "opened", "case"]
    )
    op.create_index("ix_queue_row_state_due", "queue_row", ["state", "due"])


def _queue_term() -> None:
    op.create_table(
        "queue_term",
        sa.Column("term", TERM, nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("term", "case"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_queue_term_case_term", "queue_term", ["case", "term"])


def _queue_count() -> None:
    op.create_table(
        "queue_count",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )


def _work_term() -> None:
    op.create_table(
        "work_term",
        sa.Column("term", TERM, nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("term", "work"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_work_term_work_term", "work_term", ["work", "term"])


def _keep_packed_as_they_are() -> None:
    """Documents come compressed: PostgreSQL need not try again."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in PACKED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
