"""One reference is one, whatever its case, dashes or width; clients are found by telephone number too."""

import logging

import sqlalchemy as sa
from alembic import op

from decisionaid.core.search import haystack, reference_key

revision = "0008"
down_revision = "0007"

log = logging.getLogger(__name__)


def upgrade() -> None:
    op.add_column("client", sa.Column("reference_key", sa.Text(), nullable=False, server_default=""))
    held: dict[tuple[str, str], str] = {}
    for row in op.get_bind().execute(sa.select(_client).order_by(_client.c.added_at, _client.c.id)).all():
        key = reference_key(row.reference)
        first = held.get((row.service_id, key))
        if first is not None:
            key = f"{key} {row.id}"
            log.warning("Two clients have one reference: %s and %s. Both are kept; change one.", first, row.reference)
        held[row.service_id, key] = row.reference
        found = haystack(row.name, row.preferred_name, row.reference, row.telephone)
        this = (_client.c.service_id == row.service_id) & (_client.c.id == row.id)
        op.execute(sa.update(_client).where(this).values(reference_key=key, sought=found))
    op.create_index("uq_client_reference_key", "client", ["service_id", "reference_key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_client_reference_key", table_name="client")
    op.drop_column("client", "reference_key")


_client = sa.table(
    "client",
    *map(
        sa.column,
        ("service_id", "id", "name", "preferred_name", "reference", "telephone", "added_at", "sought", "reference_key"),
    ),
)
