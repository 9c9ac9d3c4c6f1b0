"""What was signed stays as it is: its dates, its goals, how each card was settled, how the cards were handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

SIGNED = "EXISTS (SELECT 1 FROM signing WHERE signing.service_id = {row}.service_id AND signing.plan_id = {plan})"
WAITS = (
    "EXISTS (SELECT 1 FROM signing WHERE signing.service_id = {row}.service_id AND signing.plan_id = {plan} "
    "AND signing.withdrawn_at IS NULL AND signing.completed_at IS NULL)"
)
LATER_PLAN = (
    "EXISTS (SELECT 1 FROM plan AS mine JOIN plan AS later ON later.service_id = mine.service_id "
    "AND later.client_id = mine.client_id AND later.number > mine.number "
    "WHERE mine.service_id = {row}.service_id AND mine.id = {plan})"
)
OPEN_ROUND = (
    "EXISTS (SELECT 1 FROM plan AS mine JOIN round ON round.service_id = mine.service_id "
    "AND round.client_id = mine.client_id AND round.id <> mine.round_id AND round.closed_at IS NULL "
    "WHERE mine.service_id = {row}.service_id AND mine.id = {plan})"
)
HELD = f"({WAITS} OR ({SIGNED} AND ({LATER_PLAN} OR {OPEN_ROUND})))"
CLOSED = (
    "EXISTS (SELECT 1 FROM round WHERE round.service_id = {row}.service_id AND round.id = {row}.round_id "
    "AND round.closed_at IS NOT NULL)"
)
ERASED = "EXISTS (SELECT 1 FROM erasure WHERE erasure.service_id = OLD.service_id AND erasure.client_id = ({client}))"
OF_PLAN = ERASED.format(
    client="SELECT client_id FROM plan WHERE plan.service_id = OLD.service_id AND plan.id = OLD.plan_id"
)
OF_ROUND = ERASED.format(
    client="SELECT client_id FROM round WHERE round.service_id = OLD.service_id AND round.id = OLD.round_id"
)
OF_CLIENT = ERASED.format(client="OLD.client_id")
SIGNING = "EXISTS (SELECT 1 FROM signing WHERE signing.service_id = NEW.service_id AND signing.id = NEW.signing_id AND "
OVER = f"{SIGNING}(signing.withdrawn_at IS NOT NULL OR signing.completed_at IS NOT NULL))"
COMPLETE = f"{SIGNING}signing.completed_at IS NOT NULL)"

Made = tuple[str, str, str, str, str]


def upgrade() -> None:
    for trigger in _triggers():
        for statement in _create(*trigger):
            op.execute(sa.text(statement))


def downgrade() -> None:
    for name, table, *_ in _triggers():
        on = "" if _is_sqlite() else f" ON {table}"
        op.execute(sa.text(f"DROP TRIGGER {name}{on}"))
        if not _is_sqlite():
            op.execute(sa.text(f"DROP FUNCTION {name}()"))


def _triggers() -> list[Made]:
    """Each by its name, table, action, condition, and what the database says when it refuses."""
    found = [*_signings(), *_plans(), *_rounds()]
    for table in ("plan_text", "agreed_goal", "action", "risk", "question_answer"):
        found += _of_plan(table)
    return found


def _signings() -> list[Made]:
    facts = _other(
        "service_id", "id", "deck_digest", "review_date", "revisit_date", "agreed_on", "prepared_by", "prepared_at"
    )
    is_over = "OLD.withdrawn_at IS NOT NULL OR OLD.completed_at IS NOT NULL"
    other = f"{facts} OR (({is_over}) AND ({_other_text('withdrawn_at', 'completed_at')}))"
    return [
        ("signing_facts_kept", "signing", "UPDATE", other, "a signing is kept"),
        ("signature_kept_insert", "signature", "INSERT", OVER, "a signing is kept"),
        ("printout_kept_insert", "printout", "INSERT", f"NOT {COMPLETE}", "only what is signed is printed"),
    ]


def _plans() -> list[Made]:
    mine, why = {"row": "OLD", "plan": "OLD.id"}, "a signed plan is kept"
    other = _other("service_id", "id", "client_id", "round_id", "number")
    return [
        ("plan_kept_update", "plan", "UPDATE", HELD.format(**mine), why),
        ("plan_kept_delete", "plan", "DELETE", f"{SIGNED.format(**mine)} AND NOT {OF_CLIENT}", why),
        ("plan_kept_round", "plan", "UPDATE", other, why),
    ]


def _of_plan(table: str) -> list[Made]:
    new, old, why = (
        {"row": "NEW", "plan": "NEW.plan_id"},
        {"row": "OLD", "plan": "OLD.plan_id"},
        "a signed plan is kept",
    )
    held, was_held = HELD.format(**new), HELD.format(**old)
    deleted = was_held if table == "plan_text" else SIGNED.format(**old)
    return [
        (f"{table}_kept_insert", table, "INSERT", held, why),
        (f"{table}_kept_update", table, "UPDATE", f"{was_held} OR {held}", why),
        (f"{table}_kept_delete", table, "DELETE", f"{deleted} AND NOT {OF_PLAN}", why),
    ]


def _rounds() -> list[Made]:
    fixed = _other("service_id", "id", "client_id", "number", "spare_cards", "places", "opened_at", "opened_by")
    closed = f"{_other('keyworker_id', 'closed_reason')} OR {_other_text('after_plan_id', 'closed_at', 'closed_as')}"
    other = f"{fixed} OR (OLD.closed_at IS NOT NULL AND ({closed}))"
    is_closed, was_closed = CLOSED.format(row="NEW"), CLOSED.format(row="OLD")
    given = f"{_other('service_id', 'id', 'round_id', 'by_id', 'device', 'from_desk', 'at')} OR {_again('back_at')}"
    settled = "what was settled is kept"
    return [
        ("round_kept_update", "round", "UPDATE", other, "a round is kept"),
        ("round_kept_delete", "round", "DELETE", f"NOT {OF_CLIENT}", "a round is kept"),
        ("settlement_kept_insert", "settlement", "INSERT", is_closed, settled),
        ("settlement_kept_update", "settlement", "UPDATE", f"{was_closed} OR {is_closed}", settled),
        ("settlement_kept_delete", "settlement", "DELETE", f"{was_closed} AND NOT {OF_ROUND}", settled),
        ("handover_kept_update", "handover", "UPDATE", given, "a handover is kept"),
        ("handover_kept_delete", "handover", "DELETE", f"NOT {OF_ROUND}", "a handover is kept"),
    ]


def _other(*columns: str) -> str:
    return " OR ".join(f"OLD.{column} <> NEW.{column}" for column in columns)


def _other_text(*columns: str) -> str:
    return " OR ".join(f"COALESCE(OLD.{column}, '') <> COALESCE(NEW.{column}, '')" for column in columns)


def _again(column: str) -> str:
    return f"(OLD.{column} IS NOT NULL AND ({_other_text(column)}))"


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
