"""A press counts once; a step that was taken out can be put back; each text has an edition, not the whole plan."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "press",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("led_to", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_press_service_id")),
        sa.PrimaryKeyConstraint("service_id", "operation", name=op.f("pk_press")),
        sqlite_strict=True,
    )
    op.create_index("ix_press_at", "press", ["at"], unique=False)
    op.drop_column("plan", "edition")
    op.add_column("action", sa.Column("dropped_at", sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM action WHERE dropped_at IS NOT NULL"))
    op.drop_column("action", "dropped_at")
    op.add_column("plan", sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
    op.drop_index("ix_press_at", table_name="press")
    op.drop_table("press")
