"""The safety rule at every way into signing, over records made by the verbs that people's presses call."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from decisionaid.casework import negotiating, paper, planning, reviewing, seats, signing, sorting
from decisionaid.casework import safety as responding
from decisionaid.casework.negotiating import Settled
from decisionaid.casework.signing import NotReady
from decisionaid.core import safety
from decisionaid.core.negotiation import DRINKING, Outcome
from decisionaid.core.plan import ActionKind, Missing
from decisionaid.core.review import Progress
from decisionaid.core.safety import Facts, ResponseKind, Sign, SignKind, Word, WordKind
from decisionaid.core.sort import Party, Rating
from decisionaid.storage import queries_safety, sorts
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, History, SafetyReply, SafetyResponse, SortRecord
from tests.builders import CALM, CARDS, DECK, DECKS, RULES, Case, a_case
from tests.casework.plans import TEXT, add_action, add_goals, begin, complete, freeze, give_word, today

HEAVY = {**CALM, "units": "over-30", "withdrawal": "yes", "fit-or-dts": "yes"}
NO = Word(WordKind.NO, "Nothing here changes what Rowan drinks")
REASON = Word(WordKind.REASON, "Rowan has seen the doctor about this already")
Way = Callable[[Session, Case], object]


def chose(case: Case, option: str, party: Party = Party.CLIENT) -> None:
    """A party chooses a drinking goal while they sort."""
    sort_id = case.client_sort_id if party is Party.CLIENT else case.keyworker_sort_id
    with case.database.writing() as db:
        sorting.choose_option(db, db.get_one(SortRecord, (case.service_id, sort_id)), option, "", case.later())


def agreed(database: Database, option: str | None = "stop", replies: dict[str, str] | None = None) -> Case:
    """Both have finished and the client has confirmed; the client chose this drinking goal."""
    case = a_case(database, own_clock=True).with_open_sorts()
    case.replies = HEAVY if replies is None else replies
    if option:
        chose(case, option)
    return case.sorted_by_both().confirmed()


def settle(db: Session, case: Case, card: str, outcome: Outcome, words: str = "") -> None:
    settled = Settled("", None, outcome, today(case) + timedelta(days=14), words, "a reason", "en", "en")
    negotiating.settle(
        db,
        case.round(db),
        card,
        settled,
        client_rating=None,
        seen_version=0,
        actor=case.keyworker_id,
        today=today(case),
        now=case.later(),
    )


def respond(db: Session, case: Case, kind: ResponseKind, **said: object) -> SafetyResponse:
    given = {
        "with_whom": "Dr Amin",
        "day": today(case) + timedelta(days=3),
        "words": "Rowan said no to the doctor",
        **said,
    }
    return responding.respond(
        db,
        case.round(db),
        kind,
        rules_=RULES,
        language="en",
        actor=case.keyworker(db),
        today=today(case),
        now=case.later(),
        **given,  # type: ignore[arg-type]
    )


def refuses(case: Case, word: Word | None = None) -> bool:
    """Whether the plan cannot be frozen for signing, and that for the safety rule alone."""
    missing: tuple[Missing, ...] = ()
    with case.database.writing() as db:
        try:
            freeze(db, case, word=word)
        except NotReady as error:
            missing = error.missing
        db.rollback()
    assert missing in ((), (Missing.SAFETY_STEP,))
    return bool(missing)


def goal(db: Session, case: Case, title: str, card: str | None = None) -> object:
    return planning.add_goal(
        db, begin(db, case), title, card=card, language="en", reason_for_fourth="", now=case.later()
    )


def text_of(field: str, words: str) -> Way:
    return lambda db, case: planning.set_text(db, begin(db, case), field, words, language="en", now=case.later())


def step(db: Session, case: Case) -> None:
    (each,) = add_goals(db, case, "Mornings")
    add_action(db, case, each, what="Stop drinking completely tomorrow")


def old_safe_step(day: date) -> Way:
    """The step that the old rule took for medical advice."""

    def add(db: Session, case: Case) -> None:
        (each,) = add_goals(db, case, "Mornings")
        add_action(db, case, each, what="Safe advice", who="x", by_when=day, kind=ActionKind.REFERRAL)

    return add


# Each was seen to be signed: over 30 units, shakes and a past fit, and the client chooses to stop.
WAYS: dict[str, Way] = {
    "a goal in own words": lambda db, case: goal(db, case, "Stop drinking completely tomorrow"),
    "a goal of the alcohol card": lambda db, case: goal(db, case, "Alcohol", "drinking"),
    "a goal of the client's own card": lambda db, case: goal(db, case, "No more drink", "own-1"),
    "settled, not written into the plan": lambda db, case: settle(db, case, DRINKING, Outcome.CLIENT_CHOICE),
    "no goal, with that as the reason": text_of("no_goal_reason", "I stop drinking tomorrow, that is all"),
    "a step that says so": step,
    "what matters says so": text_of("what_matters", "I stop tomorrow"),
    "a step by x in 2016": old_safe_step(date(2016, 12, 4)),
    "a step by x in 2099": old_safe_step(date(2099, 12, 4)),
    "diazepam and GBL": lambda db, case: goal(db, case, "Stop diazepam and GBL today"),
    "nothing at all": lambda _db, _case: None,
}


POINTING = {"a goal of the alcohol card"}
"""The ways that point to stopping by themselves, where the client chose nothing."""


@pytest.mark.promise("P39")
@pytest.mark.parametrize("option", ["stop", None])
@pytest.mark.parametrize("way", WAYS)
def test_way_past_the_rule_is_refused(database: Database, way: str, option: str | None) -> None:
    case = agreed(database, option)
    with database.writing() as db:
        WAYS[way](db, case)
    assert refuses(case)
    assert refuses(case, NO) is (option == "stop" or way in POINTING)
    assert not refuses(case, REASON)


@pytest.mark.promise("P39")
@pytest.mark.parametrize("way", WAYS)
def test_control_the_same_ways_are_signed_where_nothing_warns(database: Database, way: str) -> None:
    case = agreed(database, "stop", CALM)
    with database.writing() as db:
        WAYS[way](db, case)
    assert not refuses(case)


@pytest.mark.promise("P39")
def test_safer_with_other_words_needs_the_keyworkers_no(database: Database) -> None:
    case = agreed(database, "safer")
    with database.writing() as db:
        settle(db, case, DRINKING, Outcome.CLIENT_CHOICE, "I stop tomorrow")
        planning.set_drinking(begin(db, case), "safer", allocated=False, now=case.later())
    assert (refuses(case), refuses(case, NO)) == (True, False)


@pytest.mark.promise("P39")
@pytest.mark.parametrize(
    "word", [Word(WordKind.REASON, "."), Word(WordKind.REASON, " " * 40), Word(WordKind.REASON, "Seen on the ward")]
)
def test_reason_that_is_none_is_refused(database: Database, word: Word) -> None:
    assert refuses(agreed(database), word)


@pytest.mark.promise("P39")
def test_reason_holds_for_the_text_it_was_given_for(database: Database) -> None:
    case = agreed(database, "less")
    with database.writing() as db:
        frozen = freeze(db, case, word=REASON)
        assert signing.word_on(frozen) == REASON
        signing.withdraw(db, begin(db, case), frozen, actor=case.keyworker(db), now=case.later())
        planning.set_drinking(begin(db, case), "stop", allocated=False, now=case.later())
    assert refuses(case)


@pytest.mark.promise("P39")
def test_reason_on_a_frozen_text_cannot_be_changed(database: Database) -> None:
    case = agreed(database, "less")
    with database.writing() as db:
        frozen = freeze(db, case, word=REASON)
    for column in ("safety_word = 'no'", "safety_reason = 'other'", "safety_by = 'other'", "safety_word = NULL"):
        with pytest.raises(DatabaseError, match="is kept"), database.writing() as db:
            db.execute(text(f"UPDATE signing SET {column} WHERE id = :id"), {"id": frozen.id})  # noqa: S608 - our own words


@pytest.mark.promise("P39")
@pytest.mark.parametrize("progress", [Progress.CARRY_ON, Progress.STEP_BACK, None])
def test_review_that_carries_on_is_refused(database: Database, progress: Progress | None) -> None:
    case = reviewed(database, progress)
    assert refuses(case)
    assert refuses(case, NO)


@pytest.mark.promise("P39")
def test_review_of_a_goal_that_both_left_behind_needs_the_keyworkers_no(database: Database) -> None:
    case = reviewed(database, Progress.ACHIEVED, last="safer")
    assert (refuses(case), refuses(case, NO)) == (True, False)


@pytest.mark.promise("P39")
def test_goal_that_one_leaves_and_one_carries_on_is_carried_over(database: Database) -> None:
    case = reviewed(database, Progress.DROP, other=Progress.CARRY_ON, last="safer")
    assert refuses(case, NO)


@pytest.mark.promise("P39")
@pytest.mark.parametrize(("first", "then", "refused"), [("safer", "stop", True), ("stop", "safer", False)])
def test_newest_choice_counts(database: Database, first: str, then: str, *, refused: bool) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    case.replies = HEAVY
    chose(case, first)
    chose(case, then)
    case.sorted_by_both().confirmed()
    assert refuses(case, NO) is refused


@pytest.mark.promise("P39")
def test_goal_that_was_taken_off_the_plan_points_to_nothing(database: Database) -> None:
    case = agreed(database, "safer")
    with database.writing() as db:
        goal(db, case, "Alcohol", "drinking")
        goal(db, case, "Sleep better")
    assert refuses(case, NO)
    with database.writing() as db:
        plan = begin(db, case)
        planning.drop_goal(plan, planning.draft(db, plan).goals[-2], case.later())
    assert not refuses(case, NO)


def reviewed(
    database: Database, progress: Progress | None, *, other: Progress | None = None, last: str = "stop"
) -> Case:
    """A review of a plan with a goal on drinking, in which nothing new was chosen; both see its goal so."""
    case = agreed(database, None, CALM)
    with database.writing() as db:
        goal(db, case, "Alcohol", "drinking")
        planning.set_drinking(begin(db, case), last, allocated=False, now=case.later())
    complete(case)
    case.round_id = case.client_sort_id = case.keyworker_sort_id = ""
    case.replies = HEAVY
    case.with_open_sorts()
    said = {Party.CLIENT: progress, Party.KEYWORKER: other or progress}
    with database.writing() as db:
        (old,) = sorts.goals_under_review(db, case.round(db))
        for party, sort_id in ((Party.CLIENT, case.client_sort_id), (Party.KEYWORKER, case.keyworker_sort_id)):
            seen = said[party]
            if seen is not None:
                record = db.get_one(SortRecord, (case.service_id, sort_id))
                sorting.see_progress(db, record, old.id, seen, "", case.later())
    return case.sorted_by_both().confirmed()


@pytest.mark.promise("P39")
def test_fit_of_an_earlier_round_counts_in_each_later_one(database: Database) -> None:
    case = agreed(database, None, {**CALM, "fit-or-dts": "yes"})
    with database.writing() as db:
        frozen = freeze(db, case, word=REASON)
        signing.withdraw(db, begin(db, case), frozen, actor=case.keyworker(db), now=case.later())
    with database.writing() as db:
        reviewing.close_round(db, case.round(db), "moved", actor=case.keyworker(db), now=case.later())
    case.round_id = case.client_sort_id = case.keyworker_sort_id = ""
    case.replies = dict(CALM)
    case.with_open_sorts()
    chose(case, "less")
    case.sorted_by_both().confirmed()
    assert refuses(case)
    with database.reading() as db:
        found = safety.judge(RULES, queries_safety.facts_of(db, case.round(db)), today(case))
    assert [sign.kind for sign in found.signs] == [SignKind.EARLIER]


@pytest.mark.promise("P39")
def test_warning_that_was_changed_to_calm_still_counts(database: Database) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    with database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.answer_safety(db, record, "units", "over-30", case.later())
        db.flush()
        assert sorts.safety_replies(db, record) == {"units": "over-30"}
    chose(case, "less")
    case.sorted_by_both().confirmed()
    with database.reading() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        assert sorts.safety_replies(db, record)["units"] == "under-15"
    assert refuses(case)


@pytest.mark.promise("P39")
def test_control_calm_from_the_start_is_signed(database: Database) -> None:
    assert not refuses(agreed(database, "less", CALM))


@pytest.mark.promise("P39")
def test_check_that_paper_left_empty_is_refused(database: Database) -> None:
    case = a_case(database, own_clock=True).sorted_by_keyworker_alone()
    now = datetime.now(UTC)
    with database.writing() as db:
        seat, _ = seats.seated(db, seats.open_desk(db, case.keyworker(db), now), now) or (None, None)
        assert seat is not None
        paper.type_in(db, seat, case.round(db), now)
        record = sorts.record_of(db, case.round(db), Party.CLIENT)
        assert record is not None
        case.client_sort_id = record.id
    case.replies = {}
    case.sorted_by_client(dict.fromkeys(CARDS, Rating.NOT), ()).confirmed()
    assert refuses(case)
    assert not refuses(case, NO)


# Medical advice


@pytest.mark.promise("P39")
@pytest.mark.parametrize(
    ("days", "name", "error"),
    [
        (0, "Dr Amin", None),
        (21, "Dr Amin", None),
        (22, "Dr Amin", responding.AdviceTooLate),
        (-1, "Dr Amin", responding.AdviceInPast),
        (3, "x", responding.NameNeeded),
        (None, "Dr Amin", responding.DayNeeded),
    ],
)
def test_planned_advice(database: Database, days: int | None, name: str, error: type[Exception] | None) -> None:
    case = agreed(database)
    day = None if days is None else today(case) + timedelta(days=days)
    with database.writing() as db:
        begin(db, case)
        if error is None:
            respond(db, case, ResponseKind.PLANNED, with_whom=name, day=day)
        else:
            with pytest.raises(error):
                respond(db, case, ResponseKind.PLANNED, with_whom=name, day=day)
    assert refuses(case) is (error is not None)


@pytest.mark.promise("P39")
@pytest.mark.parametrize(("days", "counts"), [(0, True), (28, True), (29, False), (84, False)])
def test_given_advice_counts_for_four_weeks(database: Database, days: int, *, counts: bool) -> None:
    case = agreed(database)
    with database.writing() as db:
        respond(db, case, ResponseKind.GIVEN, day=today(case) - timedelta(days=days))
    assert refuses(case) is not counts


@pytest.mark.parametrize("days", [-1, 85])
def test_given_advice_has_a_day_of_the_last_twelve_weeks(database: Database, days: int) -> None:
    case = agreed(database)
    with database.writing() as db, pytest.raises(responding.NotGivenThen):
        respond(db, case, ResponseKind.GIVEN, day=today(case) - timedelta(days=days))


@pytest.mark.promise("P39")
def test_advice_for_the_day_before_the_second_signature_is_refused(database: Database) -> None:
    case = agreed(database)
    with database.writing() as db:
        begin(db, case)
        respond(db, case, ResponseKind.PLANNED, day=today(case))
        frozen = freeze(db, case)
        give_word(db, case, frozen, Party.CLIENT)
        tomorrow = today(case) + timedelta(days=1)
        with pytest.raises(NotReady):
            give_word(db, case, frozen, Party.KEYWORKER, on=tomorrow)
        respond(db, case, ResponseKind.GIVEN, day=today(case))
        give_word(db, case, frozen, Party.KEYWORKER, on=tomorrow)
        assert frozen.completed_at is not None


@pytest.mark.promise("P39")
@pytest.mark.parametrize("party", Party)
def test_refusing_to_sign_needs_no_safe_step(database: Database, party: Party) -> None:
    case = agreed(database)
    with database.writing() as db:
        begin(db, case)
        respond(db, case, ResponseKind.PLANNED, day=today(case))
        frozen = freeze(db, case)
        respond(db, case, ResponseKind.CANCELLED, with_whom="", day=None, words="")
        with pytest.raises(NotReady):
            give_word(db, case, frozen, party)
        assert not give_word(db, case, frozen, party, signs=False, reason="not now").signs


@pytest.mark.promise("P39")
def test_old_answers_are_refused_at_the_second_signature(database: Database) -> None:
    case = agreed(database, "less", CALM)
    last = today(case) + timedelta(days=15)
    with database.writing() as db:
        frozen = freeze(db, case)
        give_word(db, case, frozen, Party.CLIENT)
        with pytest.raises(NotReady):
            give_word(db, case, frozen, Party.KEYWORKER, on=last)


# What waits, who sees it, and what stays


def waits(case: Case) -> set[str]:
    with case.database.reading() as db:
        seen = responding.in_sight(db, case.round(db))
        return {sign.question for sign in responding.waiting(RULES, seen, today(case))} if seen else set()


def test_warnings_are_seen_when_both_have_finished(database: Database) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    case.replies = HEAVY
    case.sorted_by_client()
    assert waits(case) == set()
    case.sorted_by_keyworker()
    assert waits(case) == {"units", "withdrawal", "fit-or-dts"}


def test_told_answers_are_seen_before_and_nothing_else(database: Database) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    chose(case, "stop")
    with database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.answer_safety(db, record, "units", "over-30", case.later())
        responding.tell(db, case.round(db), case.later())
        sorting.answer_safety(db, record, "withdrawal", "yes", case.later())
    assert waits(case) == {"units"}
    with database.reading() as db:
        seen = responding.in_sight(db, case.round(db))
        assert seen is not None
        assert seen.facts == Facts(replies=seen.facts.replies)
        assert [reply.question for reply in seen.facts.replies] == ["units"]


def test_nothing_is_recorded_of_what_may_not_be_seen(database: Database) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    with database.writing() as db, pytest.raises(responding.NothingSeen):
        respond(db, case, ResponseKind.REASON)


@pytest.mark.parametrize("kind", sorted(safety.DEALT_WITH))
def test_dealt_with_answers_no_longer_wait(database: Database, kind: ResponseKind) -> None:
    case = agreed(database)
    with database.writing() as db:
        respond(db, case, kind, day=today(case))
    assert waits(case) == set()
    with database.writing() as db:
        goal(db, case, "Pills", "drugs")
    assert waits(case) == {"units", "withdrawal", "fit-or-dts"}


def test_warning_that_the_page_did_not_show_goes_on_waiting(database: Database) -> None:
    case = agreed(database)
    with database.writing() as db:
        seen = responding.in_sight(db, case.round(db))
        assert seen is not None
        shown = responding.in_question(RULES, seen, today(case)) - {Sign("units", SignKind.ANSWER, "over-30").token}
        respond(db, case, ResponseKind.REASON, shown=shown)
    assert waits(case) == {"units"}


def test_change_that_the_page_did_not_show_opens_the_warnings_again(database: Database) -> None:
    case = agreed(database)
    with database.writing() as db:
        seen = responding.in_sight(db, case.round(db))
        assert seen is not None
        shown = responding.in_question(RULES, seen, today(case))
        goal(db, case, "Pills", "drugs")
        respond(db, case, ResponseKind.REASON, shown=shown)
    assert waits(case) == {"units", "withdrawal", "fit-or-dts"}


def test_reason_given_for_signing_deals_with_the_warnings(database: Database) -> None:
    case = agreed(database)
    with database.writing() as db:
        freeze(db, case, word=REASON)
    assert waits(case) == set()
    with database.reading() as db:
        (response, by), *_ = queries_safety.responses(db, case.round(db))
        assert (response.words, by) == (REASON.reason, "Maya Osei")
        verbs = {row.verb for row in db.scalars(select(History))}
        assert {"safety_reason", "safety_word_reason"} <= verbs


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE safety_reply SET answer = 'no'",
        "DELETE FROM safety_reply",
        "UPDATE safety_response SET kind = 'given'",
        "DELETE FROM safety_response",
        "UPDATE safety_told SET at = '2026-01-01T00:00:00.000000Z'",
        "DELETE FROM safety_told",
    ],
)
def test_database_keeps_answers_and_what_was_done(database: Database, statement: str) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    case.replies = HEAVY
    case.sorted_by_both().confirmed()
    with database.writing() as db:
        responding.tell(db, case.round(db), case.later())
        respond(db, case, ResponseKind.GIVEN, day=today(case))
    with pytest.raises(DatabaseError, match="is kept"), database.writing() as db:
        db.execute(text(statement))


def test_newest_round_in_sight_of_each_client(database: Database) -> None:
    case = agreed(database)
    with database.reading() as db:
        ((round_, seen),) = queries_safety.newest_in_sight(db, case.service_id, case.keyworker_id)
        assert (round_.id, seen.whole) == (case.round_id, True)
        assert queries_safety.newest_in_sight(db, case.service_id, "somebody else") == []
        assert queries_safety.facts(db, []) == {}
        client = db.get_one(Client, (case.service_id, case.client_id))
        assert client.closed_at is None


def test_many_rounds_are_read_as_each_alone(database: Database) -> None:
    """What one round says never reaches another."""
    first = agreed(database, "stop")
    second = a_case(database, name="Ida Mor", reference="IM-0101", own_clock=True).with_open_sorts()
    chose(second, "safer")
    second.sorted_by_both().confirmed()
    with database.writing() as db:
        goal(db, second, "Home", DECK.ids[0])
        settle(db, first, DRINKING, Outcome.IN_BETWEEN)
        respond(db, first, ResponseKind.GIVEN, day=today(first))
    with database.reading() as db:
        rounds = [case.round(db) for case in (first, second)]
        together = queries_safety.facts(db, rounds)
        assert together == {round_.id: queries_safety.facts_of(db, round_) for round_ in rounds}
        assert together[second.round_id].responses == ()
        assert together[second.round_id].chosen == "safer"


# A clock that was ahead, and was set back


def ahead(case: Case) -> datetime:
    """Now, by a clock that is three weeks ahead."""
    return case.later() + timedelta(weeks=3)


@pytest.mark.promise("P39")
def test_answers_given_by_a_clock_ahead_are_refused(database: Database) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    chose(case, "less")
    then = case.now
    case.now = ahead(case)
    case.sorted_by_both().confirmed()
    assert not refuses(case)
    case.now = then
    assert refuses(case)


@pytest.mark.promise("P39")
def test_choice_after_the_clock_was_set_back_is_the_newest(database: Database) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    case.replies = HEAVY
    with database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.choose_option(db, record, "safer", "", ahead(case))
        sorting.choose_option(db, record, "stop", "", case.later())
    case.sorted_by_both().confirmed()
    assert refuses(case, NO)


def test_answer_after_the_clock_was_set_back_is_the_newest(database: Database) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    with database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.answer_safety(db, record, "drinks", "no", ahead(case))
        sorting.answer_safety(db, record, "drinks", "yes", case.later())
        sorting.answer_safety(db, record, "sedatives", "no", case.later())
        assert sorts.safety_replies(db, record) == {"drinks": "yes", "sedatives": "no"}
        facts = queries_safety.facts_of(db, case.round(db))
        assert [(r.question, r.on > today(case)) for r in facts.replies] == [
            ("sedatives", False),
            ("drinks", True),
            ("drinks", True),
        ]


def test_answers_are_sent_and_not_those_after_whatever_the_clock_says(database: Database) -> None:
    case = a_case(database, own_clock=True).with_open_sorts()
    with database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.answer_safety(db, record, "units", "over-30", ahead(case))
        responding.tell(db, case.round(db), case.later())
        sorting.answer_safety(db, record, "withdrawal", "yes", case.later())
    assert waits(case) == {"units"}
    with database.writing() as db:
        responding.tell(db, case.round(db), case.later())
    assert waits(case) == {"units", "withdrawal"}


@pytest.mark.parametrize("kind", sorted(safety.DEALT_WITH))
def test_warnings_dealt_with_by_a_clock_ahead_wait_again(database: Database, kind: ResponseKind) -> None:
    case = agreed(database)
    then = case.now
    with database.writing() as db:
        case.now = ahead(case)
        respond(db, case, kind, day=today(case))
    assert waits(case) == set()
    case.now = then
    assert waits(case) == {"units", "withdrawal", "fit-or-dts"}
    assert refuses(case)


def test_unused_words_are_kept(database: Database) -> None:
    """What is frozen is the text that was given, and the digest of its decks."""
    case = agreed(database, "less", CALM)
    with database.writing() as db:
        frozen = freeze(db, case)
        assert (frozen.text, frozen.deck_digest, frozen.safety_word) == (TEXT, DECKS.digest(DECK.id), None)
        assert db.scalar(select(SafetyReply.answer).where(SafetyReply.question == "units")) == "under-15"
