"""The safety rule by example: what is recorded in a round, and whether it can be signed on the day of signing.

Day 0 is the day of signing, the change begins on day 5, and the first check-in is on day 21, unless a row says
otherwise.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisionaid.core import safety
from decisionaid.core.deck import Card, Deck
from decisionaid.core.deck_safety import SafetyDeck
from decisionaid.core.negotiation import Outcome
from decisionaid.core.safety import (
    Facts,
    PointKind,
    Reply,
    Response,
    ResponseKind,
    SafetyStepMissing,
    SignKind,
    Word,
    WordKind,
    judge,
)
from tests.builders import DECK, DECKS

DAY = date(2026, 11, 27)
CHECK = DECKS.safety("safety-check")
RULES = safety.rules(CHECK, DECKS.options("drinking-goal"), DECK)
LONG = "Rowan saw Dr Amin on Tuesday and has tablets for it"
POINTING_CARDS = ("drinking", "drugs", "safer-using", "medicines")
STOPPING = ("stop", "pause", "less", "an option of tomorrow")
GOAL, TALKED, CARRIED_GOAL = PointKind.GOAL, PointKind.TALKED, PointKind.CARRIED_GOAL


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def calm_answer(question: str) -> str:
    return next(answer.id for answer in CHECK.question(question).answers if not answer.warns)


def replies(days: int = 0, **answers: str) -> tuple[Reply, ...]:
    """Calm answers to every question, but for these."""
    said = {question.id: calm_answer(question.id) for question in CHECK.questions}
    given = {**said, **{name.replace("_", "-"): answer for name, answer in answers.items()}}
    return tuple(Reply(question, answer, on(days)) for question, answer in given.items())


CALM = replies()
HEAVY = replies(units="over-30")
NONE: tuple[Reply, ...] = ()
TWO_NOES = (Reply("drinks", "no", DAY), Reply("sedatives", "no", DAY))
FIT = replies(fit_or_dts="yes")
SKIPPED = replies(withdrawal="skipped")


def without(question: str) -> tuple[Reply, ...]:
    return tuple(reply for reply in CALM if reply.question != question)


def planned(days: int, name: str = "Dr Amin") -> Response:
    return Response(ResponseKind.PLANNED, DAY, name, on(days))


def was_given(days: int, *about: str, name: str = "Dr Amin") -> Response:
    return Response(ResponseKind.GIVEN, DAY, name, on(days), about=frozenset(about))


def tomorrow(response: Response) -> Response:
    """The same, recorded by a clock that was a day ahead."""
    return replace(response, on=on(1))


def reason(letters: int) -> Word:
    return Word(WordKind.REASON, "x" * letters)


def no(letters: int) -> Word:
    return Word(WordKind.NO, "x" * letters)


@dataclass(frozen=True)
class Example:
    what: str
    signs: bool
    facts: Facts
    word: Word | None = None
    days: int = 0


def example(
    what: str, signs: bool, said: tuple[Reply, ...], word: Word | None = None, days: int = 0, **facts: object
) -> Example:
    given = {"change_begins": on(5), "revisit": on(21), **facts}
    return Example(what, signs, Facts(replies=said, **given), word, days)  # type: ignore[arg-type]


YES, REFUSED = True, False
EXAMPLES = [
    example("1 calm, the client stops", YES, CALM, chosen="stop", planned="stop"),
    example("2 two noes, a goal on housing", YES, TWO_NOES, cards=((GOAL, "accommodation"),)),
    example("3 two noes, the client stops", REFUSED, TWO_NOES, chosen="stop"),
    example("4 settled, not in the plan", REFUSED, HEAVY, chosen="stop", settled=Outcome.CLIENT_CHOICE),
    example(
        "5 chose stop, settled safer",
        REFUSED,
        HEAVY,
        no(40),
        chosen="stop",
        advised="safer",
        settled=Outcome.KEYWORKER_ACCEPTED,
    ),
    example("6 chose safer, settled in between", REFUSED, HEAVY, no(40), chosen="safer", settled=Outcome.IN_BETWEEN),
    example("6 a trial", REFUSED, HEAVY, no(40), chosen="safer", settled=Outcome.TRY_UNTIL),
    example("6 left open", REFUSED, HEAVY, no(40), chosen="safer", settled=Outcome.LEFT_OPEN),
    example(
        "6 they differ, and one says stop",
        REFUSED,
        HEAVY,
        no(40),
        chosen="safer",
        advised="stop",
        settled=Outcome.DIFFER,
    ),
    example("6 they differ, both calm", YES, HEAVY, no(40), chosen="safer", advised="unsure", settled=Outcome.DIFFER),
    example(
        "6 the suggestion to stop is accepted",
        REFUSED,
        HEAVY,
        no(40),
        chosen="unsure",
        advised="stop",
        settled=Outcome.KEYWORKER_ACCEPTED,
    ),
    example(
        "7 safer, and nobody said no", REFUSED, HEAVY, chosen="safer", planned="safer", settled=Outcome.CLIENT_CHOICE
    ),
    example("8 safer, no", YES, HEAVY, no(40), chosen="safer", planned="safer", settled=Outcome.CLIENT_CHOICE),
    example("9 safer, a short no", REFUSED, HEAVY, no(3), chosen="safer"),
    example("9 nineteen letters", REFUSED, HEAVY, no(19), chosen="safer"),
    example("9 twenty letters", YES, HEAVY, no(20), chosen="safer"),
    example("9 dots are no letters", REFUSED, HEAVY, Word(WordKind.NO, "." * 40), chosen="safer"),
    example("10 the text was frozen again without a word", REFUSED, HEAVY, None, chosen="safer"),
    example("11 a goal in own words", YES, HEAVY, no(40), cards=((GOAL, None),)),
    example("11 a goal on a card whose id begins alike", YES, HEAVY, no(40), cards=((GOAL, "own-safety"),)),
    example("12 a card that only begins like an own one", REFUSED, HEAVY, no(40), cards=((GOAL, "own-detox"),)),
    example("11 a goal on the client's own card", YES, HEAVY, no(40), cards=((GOAL, "own-1"),)),
    *(example(f"12 a goal on {card}", REFUSED, HEAVY, no(40), cards=((GOAL, card),)) for card in POINTING_CARDS),
    example("12 a goal on a card that nobody knows", REFUSED, HEAVY, no(40), cards=((GOAL, "tomorrow"),)),
    example("13 advice before it begins", YES, HEAVY, cards=((GOAL, "drinking"),), responses=(planned(3),)),
    example("14 advice after it begins", REFUSED, HEAVY, planned="less", chosen="less", responses=(planned(9),)),
    example("14 advice on the day it begins", YES, HEAVY, planned="less", chosen="less", responses=(planned(5),)),
    example("14 advice today", YES, HEAVY, planned="less", chosen="less", responses=(planned(0),)),
    example("15 planned for the past", REFUSED, HEAVY, planned="less", responses=(planned(-4),)),
    example("16 nobody named", REFUSED, HEAVY, planned="less", responses=(planned(3, "x"),)),
    example("16 two letters and marks", REFUSED, HEAVY, planned="less", responses=(planned(3, "GP 1 --"),)),
    example("17 no day, by the check-in", YES, HEAVY, planned="less", change_begins=None, responses=(planned(21),)),
    example("17 no day, after it", REFUSED, HEAVY, planned="less", change_begins=None, responses=(planned(22),)),
    example(
        "17 a beginning after the check-in",
        REFUSED,
        HEAVY,
        planned="less",
        change_begins=on(40),
        responses=(planned(22),),
    ),
    example(
        "17 neither day", REFUSED, HEAVY, planned="less", change_begins=None, revisit=None, responses=(planned(3),)
    ),
    example("17 it has begun", REFUSED, HEAVY, planned="less", change_begins=on(-1), responses=(planned(3),)),
    example("18 given ten days ago", YES, HEAVY, planned="less", responses=(was_given(-10, "less"),)),
    example("18 given 28 days ago", YES, HEAVY, planned="less", responses=(was_given(-28, "less"),)),
    example("19 given 29 days ago", REFUSED, HEAVY, planned="less", responses=(was_given(-29, "less"),)),
    example("19 given tomorrow", REFUSED, HEAVY, planned="less", responses=(was_given(1, "less"),)),
    example("19 given by nobody", REFUSED, HEAVY, planned="less", responses=(was_given(-1, "less", name="..."),)),
    example("18 given for less, now it is stop", REFUSED, HEAVY, planned="stop", responses=(was_given(-1, "less"),)),
    example(
        "18 given for the choice, then a goal on the card",
        YES,
        HEAVY,
        planned="less",
        cards=((GOAL, "drinking"),),
        responses=(was_given(-1, "less"),),
    ),
    example(
        "18 given for drinking, then a goal on drugs",
        REFUSED,
        HEAVY,
        planned="less",
        cards=((GOAL, "drugs"),),
        responses=(was_given(-1, "less"),),
    ),
    example("20 a reason", YES, HEAVY, reason(30), planned="less"),
    example("21 a short reason", REFUSED, HEAVY, reason(1), planned="less"),
    example("21 a full stop", REFUSED, HEAVY, Word(WordKind.REASON, "."), planned="less"),
    example("23 past fit, stop for a while", REFUSED, FIT, chosen="pause"),
    example("24 heavy first, then calm", REFUSED, (*HEAVY, Reply("units", "under-15", DAY)), chosen="less"),
    example("25 a past fit in the last round", REFUSED, CALM, earlier=FIT, chosen="less"),
    example("25 heavy in the last round does not last", YES, CALM, earlier=HEAVY, chosen="less"),
    example("25 not knowing of fits does not last", YES, CALM, earlier=replies(fit_or_dts="dont_know"), chosen="less"),
    example("26 answers of 15 days ago", REFUSED, replies(-15), chosen="stop"),
    example("26 answers of 14 days ago", YES, replies(-14), chosen="stop"),
    example("26 two noes of 15 days ago", REFUSED, tuple(replace(r, on=on(-15)) for r in TWO_NOES)),
    example("26 answers of tomorrow, by a wrong clock", REFUSED, replies(1), chosen="stop"),
    example("26 answers of next year", REFUSED, replies(400), chosen="stop"),
    example(
        "26 one answer of tomorrow", REFUSED, (*without("units"), Reply("units", "under-15", on(1))), chosen="stop"
    ),
    example(
        "26 answers of tomorrow, and again today", REFUSED, (*CALM, Reply("drinks", "no", on(1)), *CALM), chosen="stop"
    ),
    example("26 two noes of tomorrow", REFUSED, tuple(replace(r, on=on(1)) for r in TWO_NOES)),
    example("26 one no of tomorrow", REFUSED, (TWO_NOES[0], replace(TWO_NOES[1], on=on(1)))),
    example("26 the same on that day", YES, replies(1), chosen="stop", days=1),
    example("26 two noes on that day", YES, tuple(replace(r, on=on(1)) for r in TWO_NOES), days=1),
    example("27 never asked, stop", REFUSED, NONE, chosen="stop"),
    example("28 never asked, housing", REFUSED, NONE, cards=((GOAL, "accommodation"),)),
    example("28 never asked, housing, no", YES, NONE, no(40), cards=((GOAL, "accommodation"),)),
    example("29 one skipped", REFUSED, SKIPPED, chosen="less"),
    example("30 does not know", REFUSED, replies(fit_or_dts="dont_know"), chosen="less"),
    example(
        "30 did not know, then knew",
        YES,
        (*replies(fit_or_dts="dont_know"), Reply("fit-or-dts", "no", DAY)),
        chosen="less",
    ),
    example(
        "31 benzodiazepines, a goal on drugs",
        REFUSED,
        replies(drinks="no", sedatives="yes"),
        no(40),
        cards=((GOAL, "drugs"),),
    ),
    example(
        "32 a settled point on medicines",
        REFUSED,
        replies(drinks="no", sedatives="yes"),
        no(40),
        cards=((TALKED, "medicines"),),
    ),
    example("33 a review, both carry on", REFUSED, HEAVY, no(40), carried="stop"),
    example("33 a goal carried on", REFUSED, HEAVY, no(40), cards=((CARRIED_GOAL, "drinking"),)),
    example("34 safer becomes stop", REFUSED, HEAVY, no(40), chosen="safer", planned="stop"),
    example("35 planned for yesterday, not given", REFUSED, HEAVY, planned="less", responses=(planned(0),), days=1),
    example(
        "35 planned for yesterday, and given",
        YES,
        HEAVY,
        planned="less",
        responses=(planned(0), was_given(0, "less")),
        days=1,
    ),
    example(
        "35 planned, then taken back",
        REFUSED,
        HEAVY,
        planned="less",
        responses=(planned(3), Response(ResponseKind.CANCELLED, DAY)),
    ),
    example("35 planned again for a later day", REFUSED, HEAVY, planned="less", responses=(planned(3), planned(9))),
    example(
        "35 declined is no advice", REFUSED, HEAVY, planned="less", responses=(Response(ResponseKind.DECLINED, DAY),)
    ),
    example(
        "35 a reason of the strip is no word on the text",
        REFUSED,
        HEAVY,
        planned="less",
        responses=(Response(ResponseKind.REASON, DAY),),
    ),
    example("35 planned by a clock of tomorrow", REFUSED, HEAVY, planned="less", responses=(tomorrow(planned(3)),)),
    example("35 planned so, and again", YES, HEAVY, planned="less", responses=(planned(3), tomorrow(planned(3)))),
    example(
        "35 planned, and taken back by a clock of tomorrow",
        REFUSED,
        HEAVY,
        planned="less",
        responses=(planned(3), tomorrow(Response(ResponseKind.CANCELLED, DAY))),
    ),
    example(
        "35 given by a clock of tomorrow", REFUSED, HEAVY, planned="less", responses=(tomorrow(was_given(0, "less")),)
    ),
    example("37 an answer that the deck does not know", REFUSED, replies(units="plenty"), chosen="less"),
    example("37 a question that the deck does not know", REFUSED, (*CALM, Reply("liver", "yes", DAY)), chosen="less"),
    *(example(f"no answer to {q.id}", REFUSED, without(q.id), chosen="less") for q in CHECK.questions),
    *(example(f"{option}, nothing else", REFUSED, HEAVY, no(40), chosen=option) for option in STOPPING),
]


@pytest.mark.promise("P39")
@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row.what)
def test_round_by_example_signs_or_is_refused(row: Example) -> None:
    today = on(row.days)
    assert judge(RULES, row.facts, today).allows(row.word) is row.signs
    if row.signs:
        safety.check(RULES, row.facts, row.word, today)
    else:
        with pytest.raises(SafetyStepMissing):
            safety.check(RULES, row.facts, row.word, today)


def test_check_without_questions_makes_no_rules() -> None:
    with pytest.raises(ValueError, match="without questions"):
        safety.Rules(SafetyDeck("empty", 1, (), (), (), CHECK.signed_off), frozenset(), frozenset())


def test_signs_gravest_first() -> None:
    said = (*without("units"), Reply("fit-or-dts", "yes", DAY))
    found = judge(RULES, Facts(replies=said, earlier=FIT), DAY).signs
    assert [(sign.question, sign.kind) for sign in found] == [
        ("fit-or-dts", SignKind.ANSWER),
        ("fit-or-dts", SignKind.EARLIER),
        ("units", SignKind.MISSING),
    ]


def test_newest_warning_is_shown() -> None:
    said = (Reply("units", "15-to-30", on(-3)), Reply("units", "over-30", on(-2)), Reply("units", "under-15", on(-1)))
    sign, *_ = judge(RULES, Facts(replies=said), DAY).signs
    assert (sign.answer, sign.on) == ("over-30", on(-2))


# What waits for someone


def waits(facts: Facts) -> set[str]:
    verdict = judge(RULES, facts, DAY)
    change = safety.change_of(RULES, verdict.points)
    return {sign.question for sign in safety.waiting(verdict, facts.responses, change, DAY)}


def dealt(kind: ResponseKind, facts: Facts) -> Facts:
    """The same, with a response to all that stands now."""
    verdict = judge(RULES, facts, DAY)
    tokens = frozenset(sign.token for sign in verdict.signs)
    about = safety.change_of(RULES, verdict.points)
    return replace(facts, responses=(*facts.responses, Response(kind, DAY, "Dr Amin", DAY, about, tokens)))


@pytest.mark.parametrize("kind", ResponseKind)
def test_warning_waits_until_it_is_dealt_with(kind: ResponseKind) -> None:
    facts = Facts(replies=HEAVY, chosen="stop")
    assert waits(facts) == {"units"}
    assert waits(dealt(kind, facts)) == (set() if kind in safety.DEALT_WITH else {"units"})


@pytest.mark.parametrize("kind", sorted(safety.DEALT_WITH))
def test_warning_dealt_with_by_a_clock_of_tomorrow_waits(kind: ResponseKind) -> None:
    done = dealt(kind, Facts(replies=HEAVY, chosen="stop"))
    assert waits(replace(done, responses=tuple(map(tomorrow, done.responses)))) == {"units"}
    assert waits(replace(done, responses=(*done.responses, *map(tomorrow, done.responses)))) == set()


def test_advice_planned_by_a_clock_of_tomorrow_is_not_shown_as_planned() -> None:
    assert safety.planned_advice([planned(3)], DAY) == planned(3)
    assert safety.planned_advice([tomorrow(planned(3))], DAY) is None
    assert safety.planned_advice([tomorrow(planned(3))], on(1)) == tomorrow(planned(3))


@pytest.mark.parametrize(
    "later",
    [
        Facts(replies=(*HEAVY, Reply("units", "15-to-30", DAY)), chosen="stop"),
        Facts(replies=HEAVY, chosen="less"),
        Facts(replies=HEAVY, chosen="stop", planned="pause"),
        Facts(replies=HEAVY, chosen="stop", cards=((GOAL, "drugs"),)),
    ],
)
def test_changed_answer_choice_or_goal_opens_it_again(later: Facts) -> None:
    done = dealt(ResponseKind.GIVEN, Facts(replies=HEAVY, chosen="stop"))
    assert waits(replace(later, responses=done.responses)) == {"units"}


def test_new_warning_is_not_covered_by_an_older_response() -> None:
    done = dealt(ResponseKind.REASON, Facts(replies=HEAVY, chosen="stop"))
    assert waits(replace(done, replies=(*HEAVY, Reply("fit-or-dts", "yes", DAY)))) == {"fit-or-dts"}


def test_old_answers_count_at_signing_and_wait_for_nobody() -> None:
    facts = Facts(replies=replies(-15), chosen="stop")
    assert judge(RULES, facts, DAY).warned
    assert waits(facts) == set()


# The rule against a second one, written out plainly

ANSWERS = {q.id: [None, "skipped", "dont_know", "unheard of", *(a.id for a in q.answers)] for q in CHECK.questions}
OPTIONS = st.sampled_from([None, "stop", "pause", "less", "safer", "unsure", "other"])
CARDS = st.sampled_from([None, "own-1", "accommodation", "drinking", "drugs", "medicines", "tomorrow"])
WORDS = st.sampled_from([None, reason(30), reason(3), no(30), no(3)])
SAID = st.fixed_dictionaries({q: st.sampled_from(answers) for q, answers in ANSWERS.items()})
RESPONSES = st.lists(
    st.builds(
        Response,
        kind=st.sampled_from(ResponseKind),
        on=st.sampled_from([DAY, on(1)]),
        with_whom=st.sampled_from(["Dr Amin", "x", ""]),
        day=st.sampled_from([None, *map(on, (-29, -28, -1, 0, 1, 5, 6, 21, 22))]),
        about=st.sampled_from(
            [frozenset(), frozenset({"stop"}), frozenset({"stop", "less", "pause", "drinking", "drugs"})]
        ),
    ),
    max_size=2,
).map(tuple)
FACTS = st.builds(
    Facts,
    replies=SAID.map(lambda said: tuple(Reply(q, a, DAY) for q, a in said.items() if a is not None)),
    earlier=st.sampled_from([(), FIT, HEAVY]),
    chosen=OPTIONS,
    advised=OPTIONS,
    settled=st.none() | st.sampled_from(Outcome),
    planned=OPTIONS,
    carried=OPTIONS,
    cards=st.lists(st.tuples(st.sampled_from([GOAL, TALKED, CARRIED_GOAL]), CARDS), max_size=3).map(tuple),
    responses=RESPONSES,
    change_begins=st.sampled_from([None, on(-1), on(5), on(30)]),
    revisit=st.just(on(21)),
)


@pytest.mark.promise("P39")
@given(facts=FACTS, word=WORDS)
def test_signed_only_where_calm_advised_or_answered_for(facts: Facts, word: Word | None) -> None:
    """Every way of signing has its own fact; none is left over."""
    if not judge(RULES, facts, DAY).allows(word):
        return
    newest = {reply.question: reply.answer for reply in facts.replies}
    calm = all(newest.get(q.id) in {a.id for a in q.answers if not a.warns} for q in CHECK.questions)
    noes = newest.get("drinks") == newest.get("sedatives") == "no" and len(newest) == 2
    options = {facts.chosen, facts.planned, facts.carried} - {None, "safer", "unsure"}
    pointing = {card for _, card in facts.cards} - {None, "own-1", "accommodation"}
    no_warning = facts.earlier != FIT and (
        calm
        or (
            _calm_as_far(newest)
            and newest.get("drinks") == newest.get("sedatives") == "no"
            and not options
            and not pointing
        )
    )
    advice = [r for r in facts.responses if r.with_whom == "Dr Amin" and r.day is not None and r.on <= DAY]
    advised = any(
        (r.kind is ResponseKind.GIVEN and on(-28) <= r.day <= DAY)
        or (r.kind is ResponseKind.PLANNED and DAY <= r.day <= on(21))
        for r in advice
        if r.day is not None
    )
    answered = (
        word is not None and len(word.reason) == 30 and (word.kind is WordKind.REASON or not (options or pointing))
    )
    assert no_warning or noes or advised or answered


def _calm_as_far(newest: dict[str, str]) -> bool:
    """Whether nothing that was answered warns."""
    known = {q.id: {a.id for a in q.answers if not a.warns} | {"skipped", "dont_know"} for q in CHECK.questions}
    return all(answer in known[question] for question, answer in newest.items())


def the_old_rule(row: Example) -> bool:
    """The rule before: the plan's own field, the newest answers, any named step on any day, any reason."""
    newest = {reply.question: reply.answer for reply in row.facts.replies}
    signs = [q for q in CHECK.questions if q.warns(newest.get(q.id))]
    step = any(response.with_whom and response.day for response in row.facts.responses)
    reason = row.word is not None and bool(row.word.reason)
    return row.facts.planned in {None, *safety.NOT_STOPPING} or not signs or step or reason


def test_control_the_old_rule_signs_what_is_refused_now() -> None:
    signed = [row.what for row in EXAMPLES if not row.signs and the_old_rule(row)]
    assert len(signed) > len([row for row in EXAMPLES if not row.signs]) / 2


def with_card(*cards: Card) -> Deck:
    return Deck("some", 1, 1, cards)


def test_of_a_card_or_an_option_the_first_deck_that_knows_it_decides() -> None:
    picture = ("", "", "")
    calm, points = Card("a", "a", picture), Card("a", "a", picture, warns="drinking", points=True)
    other = Card("b", "b", picture)
    goal = DECKS.options("drinking-goal")
    warier = replace(goal, options=tuple(replace(option, warns=True) for option in goal.options))
    newest_calm = safety.rules(CHECK, with_card(calm), goal, with_card(points, other), warier)
    assert (newest_calm.calm_cards, newest_calm.drinking_cards) == (frozenset("ab"), frozenset())
    assert newest_calm.calm_options == safety.NOT_STOPPING
    newest_points = safety.rules(CHECK, with_card(points), warier, with_card(calm, other), goal)
    assert (newest_points.calm_cards, newest_points.drinking_cards) == (frozenset("b"), frozenset("a"))
    assert newest_points.calm_options == set()
