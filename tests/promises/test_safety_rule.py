"""P39: no plan is signed against the safety rule, whatever stands in it and whatever was answered.

Every plan here is written into the database, in a first round and in a review, and the rule is asked of what was
written down, not of what was read back. Of some the text is frozen and signed as well, in each language: each step goes
through where the rule allows it, and nowhere else. ./test tries 5,000 plans; PROMISES=full in the environment asks for
50,000.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from decisionaid import i18n
from decisionaid.casework import planning, reviewing, signing
from decisionaid.casework.signing import NotReady
from decisionaid.core import safety
from decisionaid.core.negotiation import DRINKING, Outcome
from decisionaid.core.plan import Missing
from decisionaid.core.review import Progress
from decisionaid.core.safety import Facts, PointKind, Reply, Response, ResponseKind, Word, WordKind
from decisionaid.core.sort import Party
from decisionaid.storage import queries_safety
from decisionaid.storage.database import Database
from decisionaid.storage.models import (
    AgreedGoal,
    GoalProgress,
    OptionChoice,
    Plan,
    Round,
    SafetyReply,
    SafetyResponse,
    Settlement,
    Signing,
    SortRecord,
)
from decisionaid.storage.types import Record
from tests.builders import CHECK, DECK, DECKS, RULES, Case, a_case, open_up
from tests.turns import FULL

PLANS, SIGNINGS = (50_000, 2_000) if FULL else (5_000, 100)
AT_ONCE = 10
"""So many plans are read back at once, as a caseload is."""
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
        lambda said: st.sampled_from([0, -14, -15, 1]).map(
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


@dataclass(frozen=True)
class Last:
    """The round before: a plan to stop, with a goal on drinking; whether a fit was told of."""

    fit: bool
    goal_id: str


def rows(db: Session, case: Case, told: Told, last: Last | None) -> Plan:
    """Write all of it down, each in its own record."""
    of_round = {"service_id": case.service_id, "round_id": case.round_id}
    plan = db.query(Plan).filter_by(**of_round).one()
    plan.drinking_option, plan.change_begins = told.planned, None if told.begins is None else on(told.begins)
    db.add_all(
        AgreedGoal(service_id=case.service_id, **goal(plan, place, card)) for place, card in enumerate(told.goals)
    )
    for card, outcome in ((DRINKING, told.settled), (told.talked, Outcome.CLIENT_CHOICE)):
        if card and outcome:
            row = {"card_id": card, "outcome": outcome, "heard_language": "en", "language": "en", "changed_at": NOON}
            db.add(Settlement(**of_round, **row))
    for number, (kind, name, days, about) in enumerate(told.responses):
        said = {"kind": kind, "with_whom": name, "day": on(days), "language": "en", "by_id": case.keyworker_id}
        change = tuple(sorted(change_of(told))) if about else ()
        db.add(SafetyResponse(about=change, at=NOON + timedelta(seconds=number), **said, **of_round))
    db.add_all(sorted_rows(case, told, last))
    db.flush()
    return plan


def goal(plan: Plan, place: int, card: str | None) -> dict[str, object]:
    return {"plan_id": plan.id, "position": place, "card_id": card, "title": "A goal", "language": "en"}


def sorted_rows(case: Case, told: Told, last: Last | None) -> Iterator[Record]:
    """What the two said in their sorts."""
    client, keyworker = ({"service_id": case.service_id, "sort_id": sort} for sort in case_sorts(case))
    for number, (question, answer, days) in enumerate(told.replies):
        at = NOON + timedelta(days=days, seconds=number)
        yield SafetyReply(question=question, answer=answer, at=at, **client)
    for mine, option, progress in (
        (client, told.chosen, told.progress[0]),
        (keyworker, told.advised, told.progress[1]),
    ):
        if option:
            yield OptionChoice(option=option, at=NOON, **mine)
        if last and progress:
            yield GoalProgress(goal_id=last.goal_id, progress=progress, at=NOON, **mine)


def case_sorts(case: Case) -> tuple[str, str]:
    return case.client_sort_id, case.keyworker_sort_id


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
        earlier=(Reply("fit-or-dts", "yes" if last.fit else "no", on(-90)),) if last else (),
        chosen=told.chosen,
        advised=told.advised,
        settled=told.settled,
        planned=told.planned,
        carried="stop" if last and not (told.chosen or told.planned) else None,
        cards=tuple(cards),
        responses=tuple(
            Response(kind, DAY, name, on(days), change if about else frozenset())
            for kind, name, days, about in told.responses
        ),
        change_begins=None if told.begins is None else on(told.begins),
        revisit=on(21),
    )


def change_of(told: Told) -> frozenset[str]:
    """More than any plan here can point to, so that advice was given on this change."""
    return frozenset({"stop", "pause", "less", "drinking", "drugs", "safer-using", "medicines", *Outcome})


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A session of which nothing stays."""
    with database.writing() as db:
        yield db
        db.rollback()


@pytest.fixture
def first(database: Database) -> list[Case]:
    """Clients whose two sorts are finished and confirmed. Nothing was asked of their safety, and the database takes
    answers all the same."""
    return [a_finished_case(database, number) for number in range(AT_ONCE)]


@pytest.fixture(params=[False, True], ids=["calm before", "a fit before"])
def review(first: list[Case], request: pytest.FixtureRequest) -> list[tuple[Case, Last]]:
    """The same, in a review of a plan to stop."""
    return [(case, with_last_plan(case, fit=request.param)) for case in first]


def a_finished_case(database: Database, number: int) -> Case:
    case = a_case(database, name=f"Client {number}", reference=f"C-{number}")
    case.replies = {}
    case.with_open_sorts().sorted_by_both().confirmed()
    with database.writing() as db:
        planning.begin(db, case.round(db), weeks_to_review=12, weeks_to_revisit=3, today=DAY, now=NOON)
    if number == AT_ONCE - 1:
        open_up(database)
    return case


def with_last_plan(case: Case, *, fit: bool) -> Last:
    """Make the case's round the review of a plan to stop that was signed before."""
    service, before = {"service_id": case.service_id}, f"before-{case.client_id}"
    with case.database.writing() as db:
        now = case.round(db)
        old = {"client_id": case.client_id, "number": 0, "keyworker_id": case.keyworker_id, "places": 5}
        opened = {"deck_id": DECK.id, "deck_digest": "", "opened_at": NOON, "opened_by": "", "closed_at": NOON}
        db.add(Round(id=before, after_plan_id=None, closed_as=None, **old, **opened, **service))
        sort = {"language": "en", "seed": 1, "opened_at": NOON, "changed_at": NOON, "finished_at": NOON}
        db.add(SortRecord(id=before, round_id=before, party=Party.CLIENT, author_id=None, **sort, **service))
        db.flush()
        reply = {"question": "fit-or-dts", "answer": "yes" if fit else "no", "at": NOON - timedelta(days=90)}
        db.add(SafetyReply(sort_id=before, **reply, **service))
        plan = {"client_id": case.client_id, "round_id": before, "number": 0, "changed_at": NOON}
        db.add(Plan(id=before, drinking_option="stop", **plan, **service))
        db.flush()
        goal = {"plan_id": before, "position": 1, "card_id": "drinking", "title": "Alcohol", "language": "en"}
        db.add(AgreedGoal(id=before, **goal, **service))
        now.after_plan_id = before
    return Last(fit=fit, goal_id=before)


def tried(db: Session, case: Case, told: Told, last: Last | None, seen: Counter[str]) -> None:
    """Freeze and sign; each step goes through where the rule allows it, and nowhere else."""
    plan, expected = rows(db, case, told, last), facts(told, last)
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


def read_back(db: Session, cases: list[tuple[Case, Last | None]], all_told: list[Told], seen: Counter[str]) -> None:
    """Write many down and read them back at once: each is what was written, whatever the others are."""
    for (case, last), told in zip(cases, all_told, strict=True):
        rows(db, case, told, last)
    rounds = [case.round(db) for case, _ in cases]
    found = queries_safety.facts(db, rounds)
    for (case, last), told in zip(cases, all_told, strict=True):
        expected = facts(told, last)
        assert as_read(found[case.round_id]) == as_read(expected)
        allowed = safety.judge(RULES, found[case.round_id], DAY).allows(told.word)
        assert allowed is safety.judge(RULES, expected, DAY).allows(told.word)
        assert allowed is allowed_plainly(told, last)
        seen["can be signed" if allowed else "cannot"] += 1


def as_read(facts: Facts) -> Facts:
    """The order of cards decides nothing; warnings that were named are not part of this."""
    return replace(facts, cards=tuple(sorted(facts.cards, key=str)))


def allowed_plainly(told: Told, last: Last | None) -> bool:
    """The rule once more, in other words and without the program's."""
    newest: dict[str, str] = {}
    warned = last is not None and last.fit
    fresh = {day for _, _, day in told.replies} <= {0, -14}
    for question, answer, _ in told.replies:
        newest[question] = answer
        calm = {a.id for a in CHECK.question(question).answers if not a.warns}
        warned |= answer not in {*calm, "skipped", "dont_know"}
    calm_all = fresh and all(newest.get(q) in {a.id for a in CHECK.question(q).answers if not a.warns} for q in CALM)
    points = pointing(told, last)
    noes = fresh and newest.get("drinks") == newest.get("sedatives") == "no" and not points
    if not warned and (calm_all or noes):
        return True
    if any(advised(told, last, number) for number in range(len(told.responses))):
        return True
    long = told.word is not None and len(told.word.reason) == 20
    return bool(long and told.word and (told.word.kind is WordKind.REASON or not points))


def pointing(told: Told, last: Last | None) -> bool:
    """Whether anything in the round means stopping or less."""
    stopping, cards = {"stop", "pause", "less"}, {"drinking", "drugs", "safer-using", "medicines"}
    settled = {
        None: False,
        Outcome.CLIENT_CHOICE: told.chosen in stopping,
        Outcome.KEYWORKER_ACCEPTED: told.advised in stopping,
        Outcome.DIFFER: not {told.chosen, told.advised} <= {"safer", "unsure"},
    }.get(told.settled, True)
    carried = last is not None and (
        told.progress != (Progress.ACHIEVED, Progress.ACHIEVED) or not (told.chosen or told.planned)
    )
    return bool({told.chosen, told.planned} & stopping or settled or carried or {told.talked, *told.goals} & cards)


def advised(told: Told, last: Last | None, number: int) -> bool:
    """Whether this response is medical advice that counts."""
    kind, name, days, about = told.responses[number]
    if name != "Dr Amin":
        return False
    if kind is ResponseKind.GIVEN:
        return -28 <= days <= 0 and (about or not pointing(told, last))
    later = [kind for kind, *_ in told.responses[number + 1 :] if kind in safety.OF_ADVICE]
    begins = 21 if told.begins is None else min(told.begins, 21)
    return kind is ResponseKind.PLANNED and not later and 0 <= days <= begins


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
            name="Client" if party is Party.CLIENT else "Maya Osei",
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
def test_first_round_is_read_as_it_was_written(first: list[Case]) -> None:
    check_read_back([(case, None) for case in first], PLANS // 2, "first round")


@pytest.mark.promise("P39")
def test_review_is_read_as_it_was_written(review: list[tuple[Case, Last | None]]) -> None:
    check_read_back(review, PLANS // 4, "review")


def check_read_back(cases: list[tuple[Case, Last | None]], plans: int, what: str) -> None:
    seen: Counter[str] = Counter()

    @tries(plans // AT_ONCE)
    @given(all_told=st.lists(TOLD, min_size=AT_ONCE, max_size=AT_ONCE))
    def each(all_told: list[Told]) -> None:
        with undone(cases[0][0].database) as db:
            read_back(db, cases, all_told, seen)

    each()
    print(f"{what}: {sum(seen.values())} plans, {dict(seen)}")
    assert min(seen["can be signed"], seen["cannot"]) > plans / 10


@pytest.mark.promise("P39")
def test_first_round_is_signed_within_the_rule_alone(first: list[Case]) -> None:
    check_signing(first[0], None, "first round")


@pytest.mark.promise("P39")
def test_review_is_signed_within_the_rule_alone(review: list[tuple[Case, Last]]) -> None:
    check_signing(*review[0], "review")


def check_signing(case: Case, last: Last | None, what: str) -> None:
    seen: Counter[str] = Counter()

    @tries(SIGNINGS)
    @given(told=TOLD)
    def each(told: Told) -> None:
        with undone(case.database) as db:
            tried(db, case, told, last, seen)

    each()
    print(f"{what}: {dict(seen)}")
    assert min(seen["signed"], seen["refused"]) > SIGNINGS / 20


@pytest.mark.promise("P39")
def test_control_the_old_rule_is_seen_to_sign_against_it(first: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
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

    @tries(100)
    @given(told=TOLD)
    def each(told: Told) -> None:
        nonlocal wrong
        with undone(first[0].database) as db:
            plan = rows(db, first[0], told, None)
            monkeypatch.setattr("decisionaid.core.safety.judge", old_rule)
            frozen = freeze(db, first[0], plan, told)
            monkeypatch.setattr("decisionaid.core.safety.judge", judge)
        wrong += frozen is not None and not judge(RULES, facts(told, None), DAY).allows(told.word)

    each()
    assert wrong > 10


def test_rounds_are_not_left_open_by_the_tries(first: list[Case]) -> None:
    """Nothing of a try stays, so that each begins at the same place."""
    with undone(first[0].database) as db:
        reviewing.finish_round(first[0].round(db), NOON)
    with first[0].database.reading() as db:
        assert first[0].round(db).closed_at is None
