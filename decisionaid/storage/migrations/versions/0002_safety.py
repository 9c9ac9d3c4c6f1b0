"""Every answer to the safety check is kept, with what was done about it, and the keyworker's word on a frozen text."""

import sqlalchemy as sa
from alembic import op

from decisionaid.storage.triggers import FIRST, SAFETY

revision = "0002"
down_revision = "0001"

OLD_REPLY_TRIGGERS = [trigger for trigger in FIRST if trigger.table == "safety_reply"]
OF_SORT = (["service_id", "sort_id"], ["sort.service_id", "sort.id"])
OF_ROUND = (["service_id", "round_id"], ["round.service_id", "round.id"])
BY_STAFF = (["service_id", "by_id"], ["staff.service_id", "staff.id"])


def upgrade() -> None:
    _drop(OLD_REPLY_TRIGGERS)
    _keep_every_reply()
    _create_responses()
    op.add_column("plan", sa.Column("change_begins", sa.Text(), nullable=True))
    op.add_column("signing", sa.Column("safety_word", sa.Text(), nullable=True))
    op.add_column("signing", sa.Column("safety_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("signing", sa.Column("safety_by", sa.Text(), nullable=True))
    _move_safe_steps()
    _create(SAFETY)


def downgrade() -> None:
    _drop(SAFETY)
    for column in ("safety_by", "safety_reason", "safety_word"):
        op.drop_column("signing", column)
    op.drop_column("plan", "change_begins")
    op.drop_table("safety_told")
    op.drop_index("ix_safety_response_round", table_name="safety_response")
    op.drop_table("safety_response")
    _keep_newest_reply()
    _create(OLD_REPLY_TRIGGERS)


def _keep_every_reply() -> None:
    op.rename_table("safety_reply", "safety_reply_old")
    op.create_table(
        "safety_reply_new",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(*OF_SORT, name=op.f("fk_safety_reply_service_id_sort_id")),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_safety_reply_new")),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO safety_reply_new SELECT service_id, sort_id || '-' || question, sort_id, question, answer, at "
        "FROM safety_reply_old"
    )
    op.drop_table("safety_reply_old")
    op.rename_table("safety_reply_new", "safety_reply")
    op.create_index("ix_safety_reply_sort", "safety_reply", ["service_id", "sort_id"], unique=False)


def _create_responses() -> None:
    op.create_table(
        "safety_response",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("with_whom", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("signs", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(*OF_ROUND, name=op.f("fk_safety_response_service_id_round_id")),
        sa.ForeignKeyConstraint(*BY_STAFF, name=op.f("fk_safety_response_service_id_by_id")),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_safety_response")),
        sqlite_strict=True,
    )
    op.create_index("ix_safety_response_round", "safety_response", ["service_id", "round_id"], unique=False)
    op.create_table(
        "safety_told",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(*OF_ROUND, name=op.f("fk_safety_told_service_id_round_id")),
        sa.PrimaryKeyConstraint("service_id", "round_id", "at", name=op.f("pk_safety_told")),
        sqlite_strict=True,
    )


def _move_safe_steps() -> None:
    """A safe step becomes advice that is planned. The old reasons were bound to no text, so they no longer count."""
    op.execute(
        "INSERT INTO safety_response (service_id, id, round_id, kind, with_whom, day, words, language, about, signs, "
        "by_id, at) SELECT action.service_id, action.id, plan.round_id, 'planned', "
        "CASE WHEN action.agency <> '' THEN action.agency ELSE action.who END, action.by_when, action.what, "
        "action.language, '', '', round.keyworker_id, action.at FROM action "
        "JOIN plan ON plan.service_id = action.service_id AND plan.id = action.plan_id "
        "JOIN round ON round.service_id = plan.service_id AND round.id = plan.round_id "
        "WHERE action.kind = 'safe_withdrawal' AND action.goal_id IS NULL"
    )
    op.execute("DELETE FROM action WHERE kind = 'safe_withdrawal'")
    op.execute("DELETE FROM plan_text WHERE field = 'safety_reason'")


def _keep_newest_reply() -> None:
    op.drop_index("ix_safety_reply_sort", table_name="safety_reply")
    op.rename_table("safety_reply", "safety_reply_all")
    op.create_table(
        "safety_reply",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(*OF_SORT, name=op.f("fk_safety_reply_old_service_id_sort_id")),
        sa.PrimaryKeyConstraint("service_id", "sort_id", "question", name=op.f("pk_safety_reply_old")),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO safety_reply SELECT service_id, sort_id, question, answer, at FROM safety_reply_all AS reply "
        "WHERE NOT EXISTS (SELECT 1 FROM safety_reply_all AS later WHERE later.service_id = reply.service_id AND "
        "later.sort_id = reply.sort_id AND later.question = reply.question AND "
        "(later.at > reply.at OR (later.at = reply.at AND later.id > reply.id)))"
    )
    op.drop_table("safety_reply_all")


def _create(triggers: object) -> None:
    for trigger in triggers:  # type: ignore[attr-defined]
        for statement in trigger.create(op.get_bind().dialect.name):
            op.execute(sa.text(statement))


def _drop(triggers: object) -> None:
    for trigger in triggers:  # type: ignore[attr-defined]
        for statement in trigger.drop(op.get_bind().dialect.name):
            op.execute(sa.text(statement))
