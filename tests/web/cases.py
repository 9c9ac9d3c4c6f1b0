"""Cases that have come to a plan, and counting what the program asks of its database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from decisionaid.casework import planning, signing
from decisionaid.core.plan import Agreement
from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from decisionaid.storage.models import Signing
from tests.builders import DECK, DECKS, NAMES, NOW, RULES, Case

TODAY = NOW.date()


def frozen(case: Case) -> Case:
    """The plan of a confirmed case is ready to be signed."""
    with case.database.writing() as db:
        plan = planning.begin(db, case.round(db), weeks_to_review=12, weeks_to_revisit=3, today=TODAY, now=case.later())
        planning.set_text(db, plan, "no_goal_reason", "We look again soon.", language="en", now=case.later())
        db.flush()
        signing.freeze(
            db,
            plan,
            "<p>plan</p>",
            rules=RULES,
            language="en",
            deck_digest=DECKS.digest(DECK.id),
            actor=case.keyworker(db),
            today=TODAY,
            now=case.later(),
        )
    return case


def signed(case: Case, *, client_signs: bool = True) -> Case:
    """Both have said their word on it."""
    with case.database.writing() as db:
        version = db.query(Signing).one()
        plan = planning.plan_of(db, case.round(db))
        assert plan is not None
        for party in Party:
            signs = client_signs or party is Party.KEYWORKER
            signing.sign(
                db,
                plan,
                version,
                party,
                signs=signs,
                name=NAMES[party],
                reason="" if signs else "not yet",
                agreement=Agreement.AGREE,
                share_agreement=False,
                seen_hash=version.text_hash,
                rules=RULES,
                today=TODAY,
                now=case.later(),
            )
    return case


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The queries that the program sends meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
