"""A round keeps the deck that it was opened with, words included; each version once, by its digest."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KNOWN = "EXISTS (SELECT 1 FROM deck WHERE deck.service_id = OLD.service_id AND deck.digest = OLD.deck_digest)"
OTHER = "OLD.deck_digest <> NEW.deck_digest OR OLD.deck_id <> NEW.deck_id OR OLD.service_id <> NEW.service_id"
TRIGGERS = {
    "deck_kept_update": ("deck", "UPDATE", "1 = 1", "a deck is kept"),
    "deck_kept_delete": ("deck", "DELETE", "1 = 1", "a deck is kept"),
    "round_deck_kept": ("round", "UPDATE", f"({OTHER}) AND {KNOWN}", "the deck of a round is kept"),
}


def upgrade() -> None:
    op.create_table(
        "deck",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("deck_id", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_deck_service_id")),
        sa.PrimaryKeyConstraint("service_id", "digest", name=op.f("pk_deck")),
        sqlite_strict=True,
    )
    for name, (table, action, when, why) in TRIGGERS.items():
        for statement in _create(name, table, action, when, why):
            op.execute(sa.text(statement))


def downgrade() -> None:
    for name, (table, *_) in TRIGGERS.items():
        on = "" if _is_sqlite() else f" ON {table}"
        op.execute(sa.text(f"DROP TRIGGER {name}{on}"))
        if not _is_sqlite():
            op.execute(sa.text(f"DROP FUNCTION {name}()"))
    op.drop_table("deck")


def _create(name: str, table: str, action: str, when: str, why: str) -> list[str]:
    before = f"BEFORE {action} ON {table}"
    if _is_sqlite():
        return [f"CREATE TRIGGER {name} {before} WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"]
    row = "OLD" if action == "DELETE" else "NEW"
    body = f"BEGIN IF {when} THEN RAISE EXCEPTION '{why}'; END IF; RETURN {row}; END"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {name} {before} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
