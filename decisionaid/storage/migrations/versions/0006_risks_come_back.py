"""A risk that was taken off the plan can be put back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("risk", sa.Column("dropped_at", sa.Text(), nullable=True))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM risk WHERE dropped_at IS NOT NULL"))
    op.drop_column("risk", "dropped_at")
