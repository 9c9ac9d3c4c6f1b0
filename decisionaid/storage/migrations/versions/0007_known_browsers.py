"""Browsers that somebody has signed in with before."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "known_browser",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "staff_id"],
            ["staff.service_id", "staff.id"],
            name=op.f("fk_known_browser_service_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("service_id", "staff_id", "token_hash", name=op.f("pk_known_browser")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("known_browser")
