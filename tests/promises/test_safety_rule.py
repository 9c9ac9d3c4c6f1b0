"""P39: no plan is signed against the safety rule, whatever stands in it and whatever was answered.

Every plan here is written into the database, frozen and signed by the same verbs as any other, in a first round and in
a review, in each language; the rule is asked of what was written down, not of what the database was read back as.
./test tries 5,000 plans; PROMISES=full in the environment asks for 50,000.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from decisionaid import i18n
from decisionaid.casework import planning, reviewing, signing
from decisionaid.casework.signing import NotReady
from decisionaid.core import safety
from decisionaid.core.negotiation import DRINKING, Outcome
from decisionaid.core.plan import ActionKind, Missing
from decisionaid.core.review import Progress
from decisionaid.core.safety import Facts, PointKind, Reply, Response, ResponseKind, Word, WordKind
from decisionaid.core.sort import Party
from decisionaid.storage.database import Database
from decisionaid.storage.models import (
    GoalProgress,
    OptionChoice,
    Plan,
    SafetyReply,
    SafetyResponse,
    Settlement,
    Signing,
)
from decisionaid.storage.triggers import TRIGGERS
from tests.builders import CHECK, DECK, DECKS, RULES, Case, a_case
from tests.casework.plans import complete

FULL = os.environ.get("PROMISES") == "full"
PLANS = 50_000 if FULL else 5_000
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = NOON.date()

ANSWERS = {q.id: [None, "skipped", "unheard-of", *(a.id for a in q.answers)] for q in CHECK.questions}
CALM = {q.id: next(a.id for a in q.answers if not a.warns) for q in CHECK.questions}
OPTIONS = st.sampled_from([None, "stop", "pause", "less", "safer", "unsure"])
CARDS = st.sampled_from([None, "own-1", "accommodation", "drinking", "drugs", "safer-using", "medicines"])
WORDS = st.sampled_from(
    [None, Word(WordKind.REASON, "r" * 20), Word(WordKind.REASON, "r"), Word(WordKind.NO, "n" * 20)]
)


@dataclass(frozen=True)
class Told:
    """What stands in one plan, and in the round that it belongs to."""

    replies: tuple[tuple[str, str, int], ...]
    chosen: str | None
    advised: str | None
    settled: Outcome | None
    talked: str | None
    planned: str | None
    goals: tuple[str | None, ...]
    responses: tuple[tuple[ResponseKind, str, int, bool], ...]
    begins: int | None
    progress: tuple[Progress | None, Progress | None]
    word: Word | None
    language: str
    later: int
    """How many days after the freezing the second signature is given."""


TOLD = st.builds(
    Told,
    replies=st.one_of(
        st.just(CALM),
        st.fixed_dictionaries({q: st.sampled_from(answers) for q, answers in ANSWERS.items()}),
        st.just({"drinks": "no", "sedatives": "no"}),
    ).flatmap(
        lambda said: st.sampled_from([0, -14, -15]).map(
            lambda day: tuple((question, answer, day) for question, answer in said.items() if answer)
        )
    ),
    chosen=OPTIONS,
    advised=OPTIONS,
    settled=st.none() | st.sampled_from(Outcome),
    talked=st.sampled_from([None, "accommodation", "drugs", "medicines"]),
    planned=OPTIONS,
    goals=st.lists(CARDS, min_size=1, max_size=2).map(tuple),
    responses=st.lists(
        st.tuples(
            st.sampled_from(ResponseKind),
            st.sampled_from(["Dr Amin", "x"]),
            st.sampled_from([-29, -28, 0, 1, 21, 22]),
            st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    begins=st.sampled_from([None, 0, 5, 40]),
    progress=st.tuples(*[st.sampled_from([None, Progress.CARRY_ON, Progress.ACHIEVED])] * 2),
    word=WORDS,
    language=st.sampled_from(sorted(i18n.LANGUAGES)),
    later=st.sampled_from([0, 0, 1, 15]),
)


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def rows(db: Session, case: Case, told: Told) -> Plan:
    """Write all of it down, each in its own record."""
    service = case.service_id
    for number, (question, answer, days) in enumerate(told.replies):
        at = NOON + timedelta(days=days, seconds=number)
        db.add(SafetyReply(service_id=service, sort_id=case.client_sort_id, question=question, answer=answer, at=at))
    for sort_id, option in ((case.client_sort_id, told.chosen), (case.keyworker_sort_id, told.advised)):
        if option:
            db.add(OptionChoice(service_id=service, sort_id=sort_id, option=option, at=NOON))
    for card, outcome in ((DRINKING, told.settled), (told.talked, Outcome.CLIENT_CHOICE)):
        if card and outcome:
            row = {"card_id": card, "outcome": outcome, "heard_language": "en", "language": "en", "changed_at": NOON}
            db.add(Settlement(service_id=service, round_id=case.round_id, **row))
    plan = planning.begin(db, case.round(db), weeks_to_review=12, weeks_to_revisit=3, today=DAY, now=NOON)
    planning.set_drinking(plan, told.planned, allocated=False, now=NOON)
    plan.change_begins = None if told.begins is None else on(told.begins)
    for card in told.goals:
        goal = planning.add_goal(db, plan, "A goal", card=card, language="en", reason_for_fourth="", now=NOON)
        step = {"what": "Go", "who": "Me", "by_when": on(3), "kind": ActionKind.OWN}
        planning.add_action(db, plan, goal, step, language="en", now=NOON)
    for number, (kind, name, days, about) in enumerate(told.responses):
        said = {"kind": kind, "with_whom": name, "day": on(days), "language": "en", "by_id": case.keyworker_id}
        change = tuple(sorted(change_of(told))) if about else ()
        at = NOON + timedelta(seconds=number)
        db.add(SafetyResponse(service_id=service, round_id=case.round_id, about=change, at=at, **said))
    db.flush()
    return plan


def facts(told: Told, last: "Last | None") -> Facts:
    """What the rule has to read of that."""
    cards: list[tuple[PointKind, str | None]] = []
    cards += [(PointKind.TALKED, told.talked)] if told.talked else []
    cards += [(PointKind.GOAL, card) for card in told.goals]
    left = told.progress == (Progress.ACHIEVED, Progress.ACHIEVED)
    cards += [(PointKind.CARRIED_GOAL, "drinking")] if last and not left else []
    change = change_of(told)
    return Facts(
        replies=tuple(Reply(question, answer, on(days)) for question, answer, days in told.replies),
        earlier=(Reply("fit-or-dts", "yes", on(-90)),) if last and last.fit else (),
        chosen=told.chosen,
        advised=told.advised,
        settled=told.settled,
        planned=told.planned,
        carried="stop" if last and not (told.chosen or told.planned) else None,
        cards=tuple(cards),
        responses=tuple(
            Response(kind, name, on(days), change if about else frozenset())
            for kind, name, days, about in told.responses
        ),
        change_begins=None if told.begins is None else on(told.begins),
        revisit=on(21),
    )


def change_of(told: Told) -> frozenset[str]:
    """More than any plan here can point to, so that advice was given on this change."""
    return frozenset({"stop", "pause", "less", "drinking", "drugs", "safer-using", "medicines", *Outcome})


@dataclass(frozen=True)
class Last:
    """The round before: a plan to stop, with a goal on drinking; whether a fit was told of."""

    fit: bool
    goal_id: str


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A session of which nothing stays."""
    with database.writing() as db:
        yield db
        db.rollback()


@pytest.fixture
def first(database: Database) -> Case:
    """Both have finished and confirmed; nothing was asked, and the database takes answers all the same."""
    case = a_case(database)
    case.replies = {}
    case.with_open_sorts().sorted_by_both().confirmed()
    open_up(database)
    return case


@pytest.fixture(params=[False, True], ids=["calm before", "a fit before"])
def review(database: Database, request: pytest.FixtureRequest) -> tuple[Case, Last]:
    """A review of a plan to stop."""
    case = a_case(database)
    case.with_open_sorts()
    case.replies = {**CALM, **({"fit-or-dts": "yes"} if request.param else {})}
    case.sorted_by_both().confirmed()
    with database.writing() as db:
        plan = planning.begin(
            db, case.round(db), weeks_to_review=12, weeks_to_revisit=3, today=case.now.date(), now=case.later()
        )
        planning.set_drinking(plan, "stop", allocated=False, now=case.later())
        goal = planning.add_goal(
            db, plan, "Alcohol", card="drinking", language="en", reason_for_fourth="", now=case.later()
        )
    complete(case, word=Word(WordKind.REASON, "Rowan has seen the doctor about this"))
    case.round_id = case.client_sort_id = case.keyworker_sort_id = ""
    case.replies = {}
    case.with_open_sorts().sorted_by_both().confirmed()
    open_up(database)
    return case, Last(fit=request.param, goal_id=goal.id)


def open_up(database: Database) -> None:
    """Take the triggers off, so that answers can be written into a finished sort."""
    with database.writing() as db:
        for trigger in TRIGGERS:
            for statement in trigger.drop("sqlite"):
                db.execute(text(statement))


def tried(db: Session, case: Case, told: Told, last: Last | None, seen: Counter[str]) -> None:
    """Freeze and sign; each step goes through where the rule allows it, and nowhere else."""
    plan = rows(db, case, told)
    expected = facts(told, last)
    for sort_id, progress in zip((case.client_sort_id, case.keyworker_sort_id), told.progress, strict=True):
        if last and progress:
            row = {"goal_id": last.goal_id, "progress": progress, "at": NOON}
            db.add(GoalProgress(service_id=case.service_id, sort_id=sort_id, **row))
    frozen = freeze(db, case, plan, told)
    verdict = safety.judge(RULES, expected, DAY)
    assert (frozen is not None) is verdict.allows(told.word)
    if frozen is None:
        seen["refused"] += 1
        return
    word = told.word if verdict.needs_word else None
    for party, day in ((Party.CLIENT, DAY), (Party.KEYWORKER, on(told.later))):
        allowed = safety.judge(RULES, expected, day).allows(word)
        assert signs(db, plan, frozen, party, day) is allowed
        seen["signed" if allowed else "refused at the signature"] += 1


def freeze(db: Session, case: Case, plan: Plan, told: Told) -> Signing | None:
    """The frozen version; None where the safety rule, and nothing else, refuses it."""
    missing: tuple[Missing, ...] = ()
    try:
        return signing.freeze(
            db,
            plan,
            "The plan.",
            rules=RULES,
            word=told.word,
            language=told.language,
            deck_digest=DECKS.digest(DECK.id),
            actor=case.keyworker(db),
            today=DAY,
            now=NOON,
        )
    except NotReady as error:
        missing = error.missing
    assert missing == (Missing.SAFETY_STEP,)
    return None


def signs(db: Session, plan: Plan, frozen: Signing, party: Party, day: date) -> bool:
    try:
        signing.sign(
            db,
            plan,
            frozen,
            party,
            signs=True,
            name="Rowan Ellis",
            reason="",
            agreement=None,
            share_agreement=False,
            seen_hash=frozen.text_hash,
            rules=RULES,
            today=day,
            now=NOON,
        )
    except NotReady:
        return False
    return True


def tries(number: int) -> settings:
    """So many plans, none of them kept: what fails is printed whole."""
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.promise("P39")
def test_first_round_is_signed_within_the_rule_alone(first: Case) -> None:
    seen: Counter[str] = Counter()

    @tries(PLANS // 2)
    @given(told=TOLD)
    def each(told: Told) -> None:
        with undone(first.database) as db:
            tried(db, first, told, None, seen)

    each()
    print(f"first round: {dict(seen)}")
    assert min(seen["signed"], seen["refused"]) > PLANS / 50


@pytest.mark.promise("P39")
def test_review_is_signed_within_the_rule_alone(review: tuple[Case, Last]) -> None:
    seen: Counter[str] = Counter()
    case, last = review

    @tries(PLANS // 4)
    @given(told=TOLD)
    def each(told: Told) -> None:
        with undone(case.database) as db:
            tried(db, case, told, last, seen)

    each()
    print(f"review, {'a fit' if last.fit else 'calm'} before: {dict(seen)}")
    assert min(seen["signed"], seen["refused"]) > PLANS / 100


@pytest.mark.promise("P39")
def test_control_the_old_rule_is_seen_to_sign_against_it(first: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old rule read the plan's own option and the newest answers alone."""

    def old_rule(rules: safety.Rules, facts: Facts, today: date) -> safety.Verdict:
        newest = {reply.question: reply.answer for reply in facts.replies}
        signs = [q for q in rules.check.questions if q.warns(newest.get(q.id))]
        needed = facts.planned not in {None, "safer", "unsure"} and bool(signs)
        step = any(r.kind is ResponseKind.PLANNED and r.with_whom and r.day for r in facts.responses)
        return safety.Verdict(
            tuple(safety.Sign(q.id, safety.SignKind.ANSWER) for q in signs) if needed else (), (), step
        )

    judge, wrong = safety.judge, 0

    @tries(200)
    @given(told=TOLD)
    def each(told: Told) -> None:
        nonlocal wrong
        with undone(first.database) as db:
            plan = rows(db, first, told)
            monkeypatch.setattr(signing.safety, "judge", old_rule)
            frozen = freeze(db, first, plan, told)
            monkeypatch.setattr(signing.safety, "judge", judge)
        wrong += frozen is not None and not judge(RULES, facts(told, None), DAY).allows(told.word)

    each()
    assert wrong > 20


def test_rounds_are_not_left_open_by_the_tries(first: Case) -> None:
    """Nothing of a try stays, so that each begins at the same place."""
    with undone(first.database) as db:
        reviewing.finish_round(first.round(db), NOON)
    with first.database.reading() as db:
        assert first.round(db).closed_at is None
