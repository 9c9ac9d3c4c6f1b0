"""Which part of the UK a service is in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("service", sa.Column("nation", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("service", "nation")
