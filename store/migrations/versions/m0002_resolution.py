"""What belongs together and what people said: pairs, memberships, public ids, decisions, cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _pair()
    _membership()
    _minted_number()
    _public_id()
    _former_member()
    _set_fact()
    _decision()
    _review_case()
    _case_member()


def _pair() -> None:
    op.create_table(
        "pair",
        sa.Column("left", NUMBER, nullable=False),
        sa.Column("right", NUMBER, nullable=False),
        sa.Column("edition_score", sa.Float(), nullable=False),
        sa.Column("work_score", sa.Float(), nullable=False),
        sa.Column("vetoes", sa.JSON(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("left", "right"),
    )
    op.create_index("ix_pair_right", "pair", ["right"])


def _membership() -> None:
    op.create_table(
        "membership",
        sa.Column("record", NUMBER, nullable=False, autoincrement=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record"),
    )
    op.create_index("ix_membership_edition", "membership", ["edition"])
    op.create_index("ix_membership_work", "membership", ["work"])


def _minted_number() -> None:
    op.create_table(
        "minted_number",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )


def _public_id() -> None:
    op.create_table(
        "public_id",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("minted_at", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.Text()),
        sa.Column("redirect_to", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_public_id_redirect_to", "public_id", ["redirect_to"])


def _former_member() -> None:
    op.create_table(
        "former_member",
        sa.Column("record", NUMBER, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record", "public_id"),
    )
    op.create_index("ix_former_member_public_id", "former_member", ["public_id"])


def _set_fact() -> None:
    op.create_table(
        "set_fact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version"),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", NUMBER, nullable=False, autoincrement=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("left", sa.Text(), nullable=False),
        sa.Column("right", sa.Text()),
        sa.Column("field", sa.Text()),
        sa.Column("value", sa.JSON()),
        sa.Column("over", sa.JSON(), nullable=False),
        sa.Column("lifts", sa.JSON(), nullable=False),
        sa.Column("evidence_key", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("undoes", NUMBER),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_left", "decision", ["left"])
    op.create_index("ix_decision_right", "decision", ["right"])
    op.create_index("ix_decision_undoes", "decision", ["undoes"])


def _review_case() -> None:
    op.create_table(
        "review_case",
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case"),
    )
    op.create_index("ix_review_case_state_kind", "review_case", ["state", "kind"])


def _case_member() -> None:
    op.create_table(
        "case_member",
        sa.Column("record_key", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_key", "case"),
    )
    op.create_index("ix_case_member_case", "case_member", ["case"])
