"""The first shape: services, people, rounds, sorts, settlements, plans, and the triggers that keep them."""

import sqlalchemy as sa
from alembic import op

from decisionaid.storage.triggers import FIRST

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("spare_cards", sa.Text(), nullable=False),
        sa.Column("demonstration", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sqlite_strict=True,
    )
    op.create_table(
        "crisis_line",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_crisis_line_service_id")),
        sa.PrimaryKeyConstraint("service_id", "language", "position", name=op.f("pk_crisis_line")),
        sqlite_strict=True,
    )
    op.create_table(
        "erasure",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_erasure_service_id")),
        sa.PrimaryKeyConstraint("service_id", "client_id", name=op.f("pk_erasure")),
        sqlite_strict=True,
    )
    op.create_table(
        "history",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("round_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_history_service_id")),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_history")),
        sqlite_strict=True,
    )
    op.create_index("ix_history_client", "history", ["service_id", "client_id", "at"], unique=False)
    op.create_table(
        "service_text",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_text_service_id")),
        sa.PrimaryKeyConstraint("service_id", "field", "language", name=op.f("pk_service_text")),
        sqlite_strict=True,
    )
    op.create_table(
        "staff",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("must_change", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_staff_service_id")),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_staff")),
        sa.UniqueConstraint("service_id", "login", name=op.f("uq_staff_service_id_login")),
        sqlite_strict=True,
    )
    op.create_table(
        "throttle",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_throttle_service_id")),
        sa.PrimaryKeyConstraint("service_id", "key", name=op.f("pk_throttle")),
        sqlite_strict=True,
    )
    op.create_table(
        "client",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("preferred_name", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("second_identifier", sa.Text(), nullable=False),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("telephone", sa.Text(), nullable=False),
        sa.Column("may_ring", sa.Integer(), nullable=False),
        sa.Column("may_text", sa.Integer(), nullable=False),
        sa.Column("may_leave_message", sa.Integer(), nullable=False),
        sa.Column("may_write", sa.Integer(), nullable=False),
        sa.Column("contact_note", sa.Text(), nullable=False),
        sa.Column("keyworker_id", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id", "keyworker_id"],
            ["staff.service_id", "staff.id"],
            name=op.f("fk_client_service_id_keyworker_id"),
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_client")),
        sa.UniqueConstraint("service_id", "reference", name=op.f("uq_client_service_id_reference")),
        sqlite_strict=True,
    )
    op.create_index("ix_client_keyworker", "client", ["service_id", "keyworker_id", "closed_at"], unique=False)
    op.create_index("ix_client_sought", "client", ["service_id", "sought", "id"], unique=False)
    op.create_table(
        "round",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("keyworker_id", sa.Text(), nullable=False),
        sa.Column("after_plan_id", sa.Text(), nullable=True),
        sa.Column("deck_id", sa.Text(), nullable=False),
        sa.Column("deck_digest", sa.Text(), nullable=False),
        sa.Column("spare_cards", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("closed_as", sa.Text(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "client_id"], ["client.service_id", "client.id"], name=op.f("fk_round_service_id_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "keyworker_id"],
            ["staff.service_id", "staff.id"],
            name=op.f("fk_round_service_id_keyworker_id"),
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_round")),
        sa.UniqueConstraint("service_id", "client_id", "number", name=op.f("uq_round_service_id_client_id_number")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_round_open",
        "round",
        ["service_id", "client_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "confirmation",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("is_right", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"],
            ["round.service_id", "round.id"],
            name=op.f("fk_confirmation_service_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("service_id", "round_id", name=op.f("pk_confirmation")),
        sqlite_strict=True,
    )
    op.create_table(
        "handover",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("from_desk", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("back_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id", "by_id"], ["staff.service_id", "staff.id"], name=op.f("fk_handover_service_id_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"], ["round.service_id", "round.id"], name=op.f("fk_handover_service_id_round_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_handover")),
        sqlite_strict=True,
    )
    op.create_table(
        "pairing",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("desk_address", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("device_hash", sa.Text(), nullable=True),
        sa.Column("first_word", sa.Integer(), nullable=False),
        sa.Column("second_word", sa.Integer(), nullable=False),
        sa.Column("from_desk", sa.Integer(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "by_id"], ["staff.service_id", "staff.id"], name=op.f("fk_pairing_service_id_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"], ["round.service_id", "round.id"], name=op.f("fk_pairing_service_id_round_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_pairing")),
        sqlite_strict=True,
    )
    op.create_index("uq_pairing_round", "pairing", ["service_id", "round_id"], unique=True)
    op.create_table(
        "plan",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("drinking_option", sa.Text(), nullable=True),
        sa.Column("drinking_allocated", sa.Integer(), nullable=False),
        sa.Column("revisit_date", sa.Text(), nullable=True),
        sa.Column("review_date", sa.Text(), nullable=True),
        sa.Column("copy_given", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "client_id"], ["client.service_id", "client.id"], name=op.f("fk_plan_service_id_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"], ["round.service_id", "round.id"], name=op.f("fk_plan_service_id_round_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_plan")),
        sa.UniqueConstraint("service_id", "client_id", "number", name=op.f("uq_plan_service_id_client_id_number")),
        sa.UniqueConstraint("service_id", "round_id", name=op.f("uq_plan_service_id_round_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "seat",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=True),
        sa.Column("locked", sa.Integer(), nullable=False),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("own_device", sa.Integer(), nullable=False),
        sa.Column("from_paper", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"], ["round.service_id", "round.id"], name=op.f("fk_seat_service_id_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "staff_id"], ["staff.service_id", "staff.id"], name=op.f("fk_seat_service_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "token_hash", name=op.f("pk_seat")),
        sqlite_strict=True,
    )
    op.create_index("uq_seat_token_hash", "seat", ["token_hash"], unique=True)
    op.create_table(
        "reading",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("contrast", sa.Text(), nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"], ["round.service_id", "round.id"], name=op.f("fk_reading_service_id_round_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "round_id", name=op.f("pk_reading")),
        sqlite_strict=True,
    )
    op.create_table(
        "settlement",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("heard_right", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("heard_language", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"], ["round.service_id", "round.id"], name=op.f("fk_settlement_service_id_round_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "round_id", "card_id", name=op.f("pk_settlement")),
        sqlite_strict=True,
    )
    op.create_table(
        "sort",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("say", sa.Text(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=True),
        sa.Column("what_matters", sa.Text(), nullable=False),
        sa.Column("listened", sa.Text(), nullable=True),
        sa.Column("listened_words", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id", "author_id"], ["staff.service_id", "staff.id"], name=op.f("fk_sort_service_id_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "round_id"], ["round.service_id", "round.id"], name=op.f("fk_sort_service_id_round_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_sort")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_sort_client",
        "sort",
        ["service_id", "round_id"],
        unique=True,
        sqlite_where=sa.text("party = 'client'"),
        postgresql_where=sa.text("party = 'client'"),
    )
    op.create_index("uq_sort_party", "sort", ["service_id", "round_id", "party", "author_id"], unique=True)
    op.create_table(
        "agreed_goal",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("success", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("how_we_know", sa.Text(), nullable=False),
        sa.Column("unmet", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("dropped_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id", "plan_id"], ["plan.service_id", "plan.id"], name=op.f("fk_agreed_goal_service_id_plan_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_agreed_goal")),
        sqlite_strict=True,
    )
    op.create_index("ix_agreed_goal_plan", "agreed_goal", ["service_id", "plan_id"], unique=False)
    op.create_table(
        "option_choice",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "sort_id"], ["sort.service_id", "sort.id"], name=op.f("fk_option_choice_service_id_sort_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_option_choice")),
        sqlite_strict=True,
    )
    op.create_index("ix_option_choice_sort", "option_choice", ["service_id", "sort_id", "at"], unique=False)
    op.create_table(
        "option_view",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "sort_id"], ["sort.service_id", "sort.id"], name=op.f("fk_option_view_service_id_sort_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "sort_id", "option", name=op.f("pk_option_view")),
        sqlite_strict=True,
    )
    op.create_table(
        "own_card",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "sort_id"], ["sort.service_id", "sort.id"], name=op.f("fk_own_card_service_id_sort_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "sort_id", "card_id", name=op.f("pk_own_card")),
        sqlite_strict=True,
    )
    op.create_table(
        "plan_text",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "plan_id"], ["plan.service_id", "plan.id"], name=op.f("fk_plan_text_service_id_plan_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "plan_id", "field", name=op.f("pk_plan_text")),
        sqlite_strict=True,
    )
    op.create_table(
        "question",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "sort_id"], ["sort.service_id", "sort.id"], name=op.f("fk_question_service_id_sort_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_question")),
        sqlite_strict=True,
    )
    op.create_index("ix_question_sort", "question", ["service_id", "sort_id"], unique=False)
    op.create_table(
        "risk",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("reduces", sa.Text(), nullable=False),
        sa.Column("explained", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "plan_id"], ["plan.service_id", "plan.id"], name=op.f("fk_risk_service_id_plan_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_risk")),
        sqlite_strict=True,
    )
    op.create_index("ix_risk_plan", "risk", ["service_id", "plan_id"], unique=False)
    op.create_table(
        "safety_reply",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "sort_id"], ["sort.service_id", "sort.id"], name=op.f("fk_safety_reply_service_id_sort_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "sort_id", "question", name=op.f("pk_safety_reply")),
        sqlite_strict=True,
    )
    op.create_table(
        "signing",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("deck_digest", sa.Text(), nullable=False),
        sa.Column("review_date", sa.Text(), nullable=False),
        sa.Column("revisit_date", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.Text(), nullable=False),
        sa.Column("prepared_at", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Text(), nullable=True),
        sa.Column("completed_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id", "plan_id"], ["plan.service_id", "plan.id"], name=op.f("fk_signing_service_id_plan_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_signing")),
        sa.UniqueConstraint("service_id", "plan_id", "version", name=op.f("uq_signing_service_id_plan_id_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "operation",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "sort_id"], ["sort.service_id", "sort.id"], name=op.f("fk_operation_service_id_sort_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_operation")),
        sqlite_strict=True,
    )
    op.create_index("uq_operation_number", "operation", ["service_id", "sort_id", "epoch", "number"], unique=True)
    op.create_table(
        "sort_card",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("success", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("importance", sa.Integer(), nullable=True),
        sa.Column("importance_why", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("confidence_why", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id", "sort_id"], ["sort.service_id", "sort.id"], name=op.f("fk_sort_card_service_id_sort_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "sort_id", "card_id", name=op.f("pk_sort_card")),
        sqlite_strict=True,
    )
    op.create_table(
        "action",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("goal_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("by_when", sa.Text(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "goal_id"],
            ["agreed_goal.service_id", "agreed_goal.id"],
            name=op.f("fk_action_service_id_goal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "plan_id"], ["plan.service_id", "plan.id"], name=op.f("fk_action_service_id_plan_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "id", name=op.f("pk_action")),
        sqlite_strict=True,
    )
    op.create_index("ix_action_plan", "action", ["service_id", "plan_id"], unique=False)
    op.create_table(
        "goal_progress",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("sort_id", sa.Text(), nullable=False),
        sa.Column("goal_id", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "goal_id"],
            ["agreed_goal.service_id", "agreed_goal.id"],
            name=op.f("fk_goal_progress_service_id_goal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "sort_id"], ["sort.service_id", "sort.id"], name=op.f("fk_goal_progress_service_id_sort_id")
        ),
        sa.PrimaryKeyConstraint("service_id", "sort_id", "goal_id", name=op.f("pk_goal_progress")),
        sqlite_strict=True,
    )
    op.create_table(
        "printout",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("signing_id", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("printed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "signing_id"],
            ["signing.service_id", "signing.id"],
            name=op.f("fk_printout_service_id_signing_id"),
        ),
        sa.PrimaryKeyConstraint("service_id", "signing_id", name=op.f("pk_printout")),
        sqlite_strict=True,
    )
    op.create_table(
        "question_answer",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("by_when", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id", "plan_id"],
            ["plan.service_id", "plan.id"],
            name=op.f("fk_question_answer_service_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "question_id"],
            ["question.service_id", "question.id"],
            name=op.f("fk_question_answer_service_id_question_id"),
        ),
        sa.PrimaryKeyConstraint("service_id", "plan_id", "question_id", name=op.f("pk_question_answer")),
        sqlite_strict=True,
    )
    op.create_table(
        "signature",
        sa.Column("service_id", sa.Text(), nullable=False),
        sa.Column("signing_id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("signs", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("share_agreement", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id", "signing_id"],
            ["signing.service_id", "signing.id"],
            name=op.f("fk_signature_service_id_signing_id"),
        ),
        sa.PrimaryKeyConstraint("service_id", "signing_id", "party", name=op.f("pk_signature")),
        sqlite_strict=True,
    )
    for trigger in FIRST:
        for statement in trigger.create(op.get_bind().dialect.name):
            op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    for trigger in FIRST:
        for statement in trigger.drop(op.get_bind().dialect.name):
            op.execute(sa.text(statement))
    op.drop_table("signature")
    op.drop_table("question_answer")
    op.drop_table("printout")
    op.drop_table("goal_progress")
    op.drop_index("ix_action_plan", table_name="action")
    op.drop_table("action")
    op.drop_table("sort_card")
    op.drop_index("uq_operation_number", table_name="operation")
    op.drop_table("operation")
    op.drop_table("signing")
    op.drop_table("safety_reply")
    op.drop_index("ix_risk_plan", table_name="risk")
    op.drop_table("risk")
    op.drop_index("ix_question_sort", table_name="question")
    op.drop_table("question")
    op.drop_table("plan_text")
    op.drop_table("own_card")
    op.drop_table("option_view")
    op.drop_index("ix_option_choice_sort", table_name="option_choice")
    op.drop_table("option_choice")
    op.drop_index("ix_agreed_goal_plan", table_name="agreed_goal")
    op.drop_table("agreed_goal")
    op.drop_index("uq_sort_party", table_name="sort")
    op.drop_index(
        "uq_sort_client",
        table_name="sort",
        sqlite_where=sa.text("party = 'client'"),
        postgresql_where=sa.text("party = 'client'"),
    )
    op.drop_table("sort")
    op.drop_table("settlement")
    op.drop_table("reading")
    op.drop_index("uq_seat_token_hash", table_name="seat")
    op.drop_table("seat")
    op.drop_table("plan")
    op.drop_index("uq_pairing_round", table_name="pairing")
    op.drop_table("pairing")
    op.drop_table("handover")
    op.drop_table("confirmation")
    op.drop_index(
        "uq_round_open",
        table_name="round",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("round")
    op.drop_index("ix_client_sought", table_name="client")
    op.drop_index("ix_client_keyworker", table_name="client")
    op.drop_table("client")
    op.drop_table("throttle")
    op.drop_table("staff")
    op.drop_table("service_text")
    op.drop_index("ix_history_client", table_name="history")
    op.drop_table("history")
    op.drop_table("erasure")
    op.drop_table("crisis_line")
    op.drop_table("service")
