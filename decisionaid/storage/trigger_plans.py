"""Triggers that keep what was signed: a version with its dates, the plan and goals that it was made of, how each card
was settled, and how the cards were handed over."""

from decisionaid.storage.trigger_shapes import CLIENT_OF_PLAN, CLIENT_OF_ROUND, ERASED, Trigger, changed, changed_text

PLAN_TABLES = ("plan_text", "agreed_goal", "action", "risk", "question_answer")

_IS_SIGNED = "EXISTS (SELECT 1 FROM signing WHERE signing.service_id = {row}.service_id AND signing.plan_id = {plan})"
_WAITS = (
    "EXISTS (SELECT 1 FROM signing WHERE signing.service_id = {row}.service_id AND signing.plan_id = {plan} "
    "AND signing.withdrawn_at IS NULL AND signing.completed_at IS NULL)"
)
_HAS_LATER_PLAN = (
    "EXISTS (SELECT 1 FROM plan AS mine JOIN plan AS later ON later.service_id = mine.service_id "
    "AND later.client_id = mine.client_id AND later.number > mine.number "
    "WHERE mine.service_id = {row}.service_id AND mine.id = {plan})"
)
_HAS_OPEN_ROUND = (
    "EXISTS (SELECT 1 FROM plan AS mine JOIN round ON round.service_id = mine.service_id "
    "AND round.client_id = mine.client_id AND round.id <> mine.round_id AND round.closed_at IS NULL "
    "WHERE mine.service_id = {row}.service_id AND mine.id = {plan})"
)
_HELD = f"({_WAITS} OR ({_IS_SIGNED} AND ({_HAS_LATER_PLAN} OR {_HAS_OPEN_ROUND})))"
"""A plan whose text waits for signatures, or which another round or plan has followed: it is no longer changed."""

_IS_CLOSED = (
    "EXISTS (SELECT 1 FROM round WHERE round.service_id = {row}.service_id AND round.id = {row}.round_id "
    "AND round.closed_at IS NOT NULL)"
)
_IS_OVER = (
    "EXISTS (SELECT 1 FROM signing WHERE signing.service_id = NEW.service_id AND signing.id = NEW.signing_id "
    "AND (signing.withdrawn_at IS NOT NULL OR signing.completed_at IS NOT NULL))"
)
_IS_COMPLETE = (
    "EXISTS (SELECT 1 FROM signing WHERE signing.service_id = NEW.service_id AND signing.id = NEW.signing_id "
    "AND signing.completed_at IS NOT NULL)"
)


def _once(column: str) -> str:
    """Whether a moment that was noted once gets another value."""
    return f"(OLD.{column} IS NOT NULL AND ({changed_text(column)}))"


def _signings() -> list[Trigger]:
    facts = (
        "service_id",
        "id",
        "deck_digest",
        "review_date",
        "revisit_date",
        "agreed_on",
        "prepared_by",
        "prepared_at",
    )
    is_over = "OLD.withdrawn_at IS NOT NULL OR OLD.completed_at IS NOT NULL"
    other = f"{changed(*facts)} OR (({is_over}) AND ({changed_text('withdrawn_at', 'completed_at')}))"
    return [
        Trigger("signing_facts_kept", "signing", "UPDATE", other, "a signing is kept"),
        Trigger("signature_kept_insert", "signature", "INSERT", _IS_OVER, "a signing is kept"),
        Trigger("printout_kept_insert", "printout", "INSERT", f"NOT {_IS_COMPLETE}", "only what is signed is printed"),
    ]


def _plans() -> list[Trigger]:
    of_plan, why = {"row": "OLD", "plan": "OLD.id"}, "a signed plan is kept"
    erased = ERASED.format(client="OLD.client_id")
    kept = [
        Trigger("plan_kept_update", "plan", "UPDATE", _HELD.format(**of_plan), why),
        Trigger("plan_kept_delete", "plan", "DELETE", f"{_IS_SIGNED.format(**of_plan)} AND NOT {erased}", why),
        Trigger(
            "plan_kept_round", "plan", "UPDATE", changed("service_id", "id", "client_id", "round_id", "number"), why
        ),
    ]
    not_erased = f"NOT {ERASED.format(client=CLIENT_OF_PLAN)}"
    for table in PLAN_TABLES:
        new, old = ({"row": row, "plan": f"{row}.plan_id"} for row in ("NEW", "OLD"))
        held, was_held = _HELD.format(**new), _HELD.format(**old)
        # An empty text has no row, so one is deleted as long as it may be changed; nothing else ever is.
        deleted = was_held if table == "plan_text" else _IS_SIGNED.format(**old)
        kept += [
            Trigger(f"{table}_kept_insert", table, "INSERT", held, why),
            Trigger(f"{table}_kept_update", table, "UPDATE", f"{was_held} OR {held}", why),
            Trigger(f"{table}_kept_delete", table, "DELETE", f"{deleted} AND {not_erased}", why),
        ]
    return kept


def _rounds() -> list[Trigger]:
    fixed = changed("service_id", "id", "client_id", "number", "spare_cards", "places", "opened_at", "opened_by")
    closed = changed("keyworker_id", "closed_reason")
    closed += " OR " + changed_text("after_plan_id", "closed_at", "closed_as")
    other = f"{fixed} OR (OLD.closed_at IS NOT NULL AND ({closed}))"
    not_erased = f"NOT {ERASED.format(client='OLD.client_id')}"
    return [
        Trigger("round_kept_update", "round", "UPDATE", other, "a round is kept"),
        Trigger("round_kept_delete", "round", "DELETE", not_erased, "a round is kept"),
    ]


def _of_rounds() -> list[Trigger]:
    not_erased = f"NOT {ERASED.format(client=CLIENT_OF_ROUND.format(row='OLD', round='OLD.round_id'))}"
    closed, was_closed, why = _IS_CLOSED.format(row="NEW"), _IS_CLOSED.format(row="OLD"), "what was settled is kept"
    given = f"{changed('service_id', 'id', 'round_id', 'by_id', 'device', 'from_desk', 'at')} OR {_once('back_at')}"
    return [
        Trigger("settlement_kept_insert", "settlement", "INSERT", closed, why),
        Trigger("settlement_kept_update", "settlement", "UPDATE", f"{was_closed} OR {closed}", why),
        Trigger("settlement_kept_delete", "settlement", "DELETE", f"{was_closed} AND {not_erased}", why),
        Trigger("handover_kept_update", "handover", "UPDATE", given, "a handover is kept"),
        Trigger("handover_kept_delete", "handover", "DELETE", not_erased, "a handover is kept"),
    ]


PLANS: tuple[Trigger, ...] = (*_signings(), *_plans(), *_rounds(), *_of_rounds())
"""Those that migration 0011 makes."""
