"""A plan in the tests of casework: begun, filled, frozen, and put to both."""

from datetime import date

from sqlalchemy.orm import Session

from decisionaid.casework import planning, signing
from decisionaid.core.plan import ActionKind, Agreement
from decisionaid.core.safety import Word
from decisionaid.core.sort import Party
from decisionaid.storage.models import AgreedGoal, Client, Plan, Signature, Signing, Staff
from tests.builders import DECK, DECKS, RULES, Case

TEXT = "We agree to look at sleep first."


def today(case: Case) -> date:
    return case.now.date()


def begin(db: Session, case: Case) -> Plan:
    """The plan of the case's round."""
    return planning.begin(
        db, case.round(db), weeks_to_review=12, weeks_to_revisit=3, today=today(case), now=case.later()
    )


def freeze(db: Session, case: Case, text: str = TEXT, word: Word | None = None) -> Signing:
    """The plan's next version, waiting to be signed."""
    plan = begin(db, case)
    if not planning.draft(db, plan).text("no_goal_reason"):
        planning.set_text(db, plan, "no_goal_reason", "We look again in three weeks.", language="en", now=case.later())
    db.flush()
    return signing.freeze(
        db,
        plan,
        text,
        rules=RULES,
        word=word,
        language="en",
        deck_digest=DECKS.digest(DECK.id),
        actor=case.keyworker(db),
        today=today(case),
        now=case.later(),
    )


def give_word(
    db: Session,
    case: Case,
    frozen: Signing,
    party: Party,
    *,
    signs: bool = True,
    reason: str = "",
    seen_hash: str | None = None,
    on: date | None = None,
) -> Signature:
    """One party's word on a frozen version."""
    return signing.sign(
        db,
        db.get_one(Plan, (frozen.service_id, frozen.plan_id)),
        frozen,
        party,
        signs=signs,
        name=_name_of(db, case, party) if signs else "",
        reason=reason,
        agreement=Agreement.AGREE if party is Party.CLIENT else None,
        share_agreement=False,
        seen_hash=frozen.text_hash if seen_hash is None else seen_hash,
        rules=RULES,
        today=on or today(case),
        now=case.later(),
    )


def _name_of(db: Session, case: Case, party: Party) -> str:
    """What this party is called: the round's keyworker, whoever that is now."""
    client = db.get_one(Client, (case.service_id, case.client_id))
    keyworker = db.get_one(Staff, (case.service_id, case.round(db).keyworker_id))
    return client.name if party is Party.CLIENT else keyworker.name


def complete(case: Case, signs: tuple[bool, bool] = (True, True), word: Word | None = None) -> str:
    """Put a version of the plan to both; returns the plan's id."""
    with case.database.writing() as db:
        frozen = freeze(db, case, word=word)
        for party, yes in zip(Party, signs, strict=True):
            give_word(db, case, frozen, party, signs=yes, reason="" if yes else "not now")
        return frozen.plan_id


def add_goals(db: Session, case: Case, *titles: str, reason: str = "") -> list[AgreedGoal]:
    """Agree goals with these titles."""
    plan = begin(db, case)
    return [
        planning.add_goal(db, plan, title, card=None, language="en", reason_for_fourth=reason, now=case.later())
        for title in titles
    ]


def add_action(db: Session, case: Case, goal: AgreedGoal | None, **words: object) -> None:
    """Add an action that is whole, but for what `words` says otherwise."""
    said = {"kind": ActionKind.OWN, "what": "Call", "who": "Rowan", "by_when": today(case), **words}
    planning.add_action(db, begin(db, case), goal, said, language="en", now=case.later())
