"""The kept PDF of a plan has a hash, so that a print can see whether it was altered."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ON_SQLITE = (
    "CREATE TRIGGER printout_kept_update BEFORE UPDATE ON printout WHEN 1 = 1 "
    "BEGIN SELECT RAISE(ABORT, 'printout is kept'); END"
)
ON_POSTGRESQL = (
    "CREATE TRIGGER printout_kept_update BEFORE UPDATE ON printout FOR EACH ROW EXECUTE FUNCTION printout_kept_update()"
)


def upgrade() -> None:
    op.add_column("printout", sa.Column("pdf_hash", sa.Text(), nullable=False, server_default=""))
    op.execute(sa.text(f"DROP TRIGGER printout_kept_update{'' if _is_sqlite() else ' ON printout'}"))
    _fill()
    op.execute(sa.text(ON_SQLITE if _is_sqlite() else ON_POSTGRESQL))


def downgrade() -> None:
    op.drop_column("printout", "pdf_hash")


def _fill() -> None:
    """Give each PDF that was kept before the hash of what it is now."""
    connection = op.get_bind()
    for key in connection.execute(sa.text("SELECT service_id, signing_id FROM printout")).all():
        row = {"service_id": key[0], "signing_id": key[1]}
        mine = "WHERE service_id = :service_id AND signing_id = :signing_id"
        pdf = connection.execute(sa.text(f"SELECT pdf FROM printout {mine}"), row).scalar_one()  # noqa: S608 - our own words
        held = hashlib.sha256(bytes(pdf)).hexdigest()
        connection.execute(sa.text(f"UPDATE printout SET pdf_hash = :hash {mine}"), {**row, "hash": held})  # noqa: S608 - our own words


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
