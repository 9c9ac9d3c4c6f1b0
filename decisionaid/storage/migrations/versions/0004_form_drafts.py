"""Forms that were not taken wait for the person who sent them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "form_draft",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=True),
        sa.Column("seat_hash", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("leads_on", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_form_draft_service_id")),
        sa.ForeignKeyConstraint(
            ["service_id", "staff_id"],
            ["staff.service_id", "staff.id"],
            name=op.f("fk_form_draft_service_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"],
            ["round.service_id", "round.id"],
            name=op.f("fk_form_draft_service_id_round_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "seat_hash"],
            ["seat.service_id", "seat.token_hash"],
            name=op.f("fk_form_draft_service_id_seat_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_form_draft")),
        sqlite_strict=True,
    )
    op.create_index("ix_form_draft_owner", "form_draft", ["service_id", "staff_id", "kind", "action"], unique=False)
    op.create_index("ix_form_draft_seat", "form_draft", ["service_id", "seat_hash"], unique=False)
    op.create_index("ix_form_draft_ends_at", "form_draft", ["ends_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_form_draft_ends_at", table_name="form_draft")
    op.drop_index("ix_form_draft_seat", table_name="form_draft")
    op.drop_index("ix_form_draft_owner", table_name="form_draft")
    op.drop_table("form_draft")
