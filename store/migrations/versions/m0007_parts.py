"""What a delta needs and need not read records for: their finer attributes, by which large blocks are refined, and
which pairs may be asked about.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "blocking_part",
        sa.Column("record", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("title", NUMBER, nullable=False),
        sa.Column("form", NUMBER, nullable=False),
        sa.Column("numbering", NUMBER, nullable=False),
        sa.Column("narrators", NUMBER, nullable=False),
    )
    op.add_column("pair", sa.Column("askable", sa.Boolean(), nullable=False, server_default=sa.true()))
