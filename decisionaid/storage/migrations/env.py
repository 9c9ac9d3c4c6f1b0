"""How Alembic runs here: always over a connection that `storage.schema` hands in."""

from alembic import context

from decisionaid.storage import models
from decisionaid.storage.types import Record

assert models.SortRecord.metadata is Record.metadata  # noqa: S101 - importing the models fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    render_as_batch=False,  # batch mode silently drops SQLite's triggers
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
