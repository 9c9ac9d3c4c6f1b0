"""Rounds: one open at a time, closed unseen where an answer is not right, and a review after a plan."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from decisionaid.casework import people, reviewing, signing, sorting
from decisionaid.casework.planning import PlanRefused
from decisionaid.casework.reviewing import AlreadyConfirmed, NotBothFinished, PlanWaits, RoundAlreadyOpen, RoundRefused
from decisionaid.core.sort import Party
from decisionaid.storage import sorts
from decisionaid.storage.models import Client, History, Plan, Role, Round, Service, Signing, SortCard
from decisionaid.storage.models.case import RoundEnd
from decisionaid.storage.sorts import Viewer
from tests.builders import Case, a_case, a_person
from tests.casework.plans import begin, complete, freeze, give_word

LATER_STATES = ["a round", "open sorts", "one sort", "two sorts", "confirmed"]


def walk_to(case: Case, state: str) -> Case:
    """The case at one point of an open round."""
    steps: dict[str, Callable[[], Case]] = {
        "a round": case.with_round,
        "open sorts": case.with_open_sorts,
        "one sort": case.sorted_by_client,
        "two sorts": case.sorted_by_both,
        "confirmed": lambda: case.sorted_by_both().confirmed(),
    }
    return steps[state]()


def rounds(case: Case) -> list[Round]:
    with case.database.reading() as db:
        return list(db.scalars(select(Round).where(Round.client_id == case.client_id).order_by(Round.number)))


@pytest.mark.parametrize("state", LATER_STATES)
def test_one_round_is_open_at_most(case: Case, state: str) -> None:
    walk_to(case, state)
    with pytest.raises(RoundAlreadyOpen):
        case.with_round()
    assert len(rounds(case)) == 1


def test_another_client_has_a_round_of_their_own(case: Case) -> None:
    case.with_round()
    other = a_case(case.database, name="Ida Marsh", reference="IM-0101").with_round()
    assert [round_.number for round_ in (*rounds(case), *rounds(other))] == [1, 1]


@pytest.mark.parametrize("state", ["a round", "open sorts", "one sort"])
def test_nothing_is_confirmed_before_both_have_finished(case: Case, state: str) -> None:
    walk_to(case, state)
    with pytest.raises(NotBothFinished):
        case.confirmed()
    with pytest.raises(NotBothFinished):
        say_not_right(case)
    assert [round_.closed_at for round_ in rounds(case)] == [None]


def test_what_the_client_said_of_their_answers_stands(agreed: Case) -> None:
    with pytest.raises(AlreadyConfirmed):
        agreed.confirmed()
    with pytest.raises(AlreadyConfirmed):
        say_not_right(agreed)
    assert [round_.closed_at for round_ in rounds(agreed)] == [None]


def test_not_right_closes_the_round_unseen_and_opens_a_fresh_one(case: Case) -> None:
    case.sorted_by_both()
    fresh_id = say_not_right(case)
    closed, fresh = rounds(case)
    assert (closed.closed_as, closed.closed_reason) == (RoundEnd.NOT_RIGHT, "one is not mine")
    assert (fresh.id, fresh.number, fresh.closed_at) == (fresh_id, 2, None)
    assert (fresh.deck_id, fresh.deck_digest, fresh.places) == (closed.deck_id, closed.deck_digest, closed.places)
    with case.database.reading() as db:
        for round_ in (closed, fresh):
            seen = sorts.sight(db, round_, Viewer.TOGETHER)
            assert (seen.client, seen.keyworker) == (None, None)
        assert sorts.record_of(db, closed, Party.CLIENT) is not None, "the sort that was not right is kept"
        assert [sorts.record_of(db, fresh, party) for party in Party] == [None, None]


def test_a_round_keeps_the_cards_that_were_added_when_it_was_opened(case: Case) -> None:
    for added in ((), ("sleep", "family"), ()):
        with case.database.writing() as db:
            service = db.get_one(Service, case.service_id)
            people.set_spare_cards(db, service, added, actor=case.keyworker(db), now=case.later())
        close(case.with_round())
    assert [round_.spare_cards for round_ in rounds(case)] == [(), ("sleep", "family"), ()]
    with case.database.reading() as db:
        noted = db.scalars(select(History).where(History.verb == "spare_cards_changed").order_by(History.at))
        assert [(entry.subject, entry.client_id) for entry in noted] == [("", None), ("sleep family", None), ("", None)]


@pytest.mark.parametrize("state", LATER_STATES)
def test_a_keyworker_can_close_a_round_saying_why(case: Case, state: str) -> None:
    walk_to(case, state)
    close(case)
    (closed,) = rounds(case)
    assert (closed.closed_as, closed.closed_reason) == (RoundEnd.STOPPED, "moved away")
    case.with_round()
    assert [round_.number for round_ in rounds(case)] == [1, 2]


def test_a_closed_round_is_closed_for_good(case: Case) -> None:
    case.sorted_by_both()
    close(case)
    for step in (lambda: close(case), case.confirmed, lambda: say_not_right(case)):
        with pytest.raises(RoundRefused):
            step()


def test_a_first_round_looks_back_on_nothing(agreed: Case) -> None:
    (first,) = rounds(agreed)
    assert (first.is_review, first.after_plan_id) == (False, None)


@pytest.mark.parametrize("signs", [(True, True), (True, False), (False, True), (False, False)])
def test_a_review_looks_back_on_the_last_plan_signed_or_not(agreed: Case, signs: tuple[bool, bool]) -> None:
    plan_id = complete(agreed, signs)
    agreed.with_round()
    first, review = rounds(agreed)
    assert first.closed_as is RoundEnd.PLAN
    assert (review.is_review, review.after_plan_id) == (True, plan_id)


def test_a_later_review_looks_back_on_the_newest_plan(agreed: Case) -> None:
    first = complete(agreed)
    second = complete(a_review(agreed).sorted_by_both().confirmed())
    a_review(agreed)
    assert [round_.after_plan_id for round_ in rounds(agreed)] == [None, first, second]


@pytest.mark.parametrize("words", [None, (), (Party.CLIENT,), (Party.KEYWORKER,)])
def test_a_plan_to_which_not_both_gave_their_word_is_not_looked_back_on(
    agreed: Case, words: tuple[Party, ...] | None
) -> None:
    """Begun only (None), or frozen, with the word of one at most, and withdrawn before the round is closed."""
    with agreed.database.writing() as db:
        begin(db, agreed)
        if words is not None:
            frozen = freeze(db, agreed)
            for party in words:
                give_word(db, agreed, frozen, party)
            withdraw(db, agreed, frozen)
    close(agreed)
    agreed.with_round()
    assert not rounds(agreed)[1].is_review


def test_a_review_whose_answers_are_not_right_stays_a_review(agreed: Case) -> None:
    plan_id = complete(agreed)
    again = a_review(agreed).sorted_by_both()
    say_not_right(again)
    assert [round_.after_plan_id for round_ in rounds(again)] == [None, plan_id, plan_id]


def test_a_review_keeps_what_was_sorted_before(agreed: Case) -> None:
    before = cards_of(agreed)
    complete(agreed)
    again = a_review(agreed)
    again.with_open_sorts()
    assert cards_of(again) == []
    assert cards_of(agreed) == before


def test_who_takes_over_sorts_anew(case: Case) -> None:
    case.sorted_by_both()
    first = case.keyworker_sort_id
    reassign(case)
    with case.database.reading() as db:
        round_ = case.round(db)
        assert (round_.keyworker_id, sorts.record_of(db, round_, Party.KEYWORKER)) == (case.keyworker_id, None)
        assert not sorts.both_finished(db, round_)
        assert sorts.record_of(db, round_, Party.CLIENT) is not None
    with pytest.raises(NotBothFinished):
        case.confirmed()
    with case.database.writing() as db:
        anew = sorting.begin(
            db, case.round(db), Party.KEYWORKER, author=case.keyworker(db), language="en", now=case.later()
        )
        case.keyworker_sort_id = anew.id
    assert case.keyworker_sort_id != first
    case.sorted_by_keyworker().confirmed()


def test_who_takes_over_after_the_comparison_goes_on_with_it(agreed: Case) -> None:
    reassign(agreed)
    with agreed.database.reading() as db:
        record = sorts.record_of(db, agreed.round(db), Party.KEYWORKER)
        assert record is not None and record.id == agreed.keyworker_sort_id
        client = db.get_one(Client, (agreed.service_id, agreed.client_id))
        assert client.keyworker_id == agreed.keyworker_id
    complete(agreed)


def test_each_step_of_a_round_is_in_the_history(agreed: Case) -> None:
    complete(agreed)
    with agreed.database.reading() as db:
        of_round = select(History.verb).where(History.round_id == agreed.round_id).order_by(History.at)
        verbs = [verb for verb in db.scalars(of_round) if verb != "sort_begun"]
    assert verbs == [
        *("round_opened", "sort_finished", "sort_finished", "answers_confirmed"),
        *("plan_begun", "plan_frozen", "client_signed", "keyworker_signed", "plan_complete"),
    ]


def test_a_round_is_not_closed_over_a_plan_that_waits_for_signatures(case: Case) -> None:
    case.sorted_by_both().confirmed()
    with case.database.writing() as db:
        frozen = freeze(db, case)
        give_word(db, case, frozen, Party.CLIENT)
    with pytest.raises(PlanWaits):
        close(case)
    assert rounds(case)[0].closed_at is None
    with case.database.writing() as db:
        withdraw(db, case, db.get_one(Signing, (frozen.service_id, frozen.id)))
    close(case)
    assert rounds(case)[0].closed_as is RoundEnd.STOPPED


@pytest.mark.parametrize("how", ["frozen", "signed"])
def test_nothing_is_frozen_or_signed_in_a_round_that_was_closed_without_a_plan(case: Case, how: str) -> None:
    case.sorted_by_both().confirmed()
    with case.database.writing() as db:
        frozen = freeze(db, case) if how == "signed" else None
        round_ = case.round(db)
        round_.closed_at, round_.closed_as, round_.closed_reason = case.later(), RoundEnd.STOPPED, "as before"
    with pytest.raises(PlanRefused), case.database.writing() as db:
        freeze(db, case) if frozen is None else give_word(db, case, frozen, Party.CLIENT)


def say_not_right(case: Case) -> str:
    with case.database.writing() as db:
        round_, actor = case.round(db), case.keyworker(db)
        return reviewing.not_right(db, round_, "one is not mine", actor=actor, now=case.later()).id


def withdraw(db: Session, case: Case, frozen: Signing) -> None:
    plan = db.get_one(Plan, (frozen.service_id, frozen.plan_id))
    signing.withdraw(db, plan, frozen, actor=case.keyworker(db), now=case.later())


def close(case: Case) -> None:
    with case.database.writing() as db:
        reviewing.close_round(db, case.round(db), "moved away", actor=case.keyworker(db), now=case.later())


def a_review(case: Case) -> Case:
    """The same client in a fresh round."""
    ids = (case.service_id, case.keyworker_id, case.client_id)
    fresh = Case(case.database, *ids, now=case.now, own_clock=case.own_clock)
    return fresh.with_round()


def reassign(case: Case) -> None:
    """Give the client to Sam, who is the case's keyworker from now on."""
    with case.database.writing() as db:
        before = case.keyworker(db)
        sam = a_person(db, db.get_one(Service, case.service_id), "sam", "Sam Adeyemi", Role.KEYWORKER)
        client = db.get_one(Client, (case.service_id, case.client_id))
        people.reassign(db, client, sam, actor=before, now=case.later())
        case.keyworker_id = sam.id


def cards_of(case: Case) -> list[tuple[str, str | None, int | None]]:
    """The client's answers and places in the case's round."""
    of_sort = select(SortCard).where(SortCard.sort_id == case.client_sort_id).order_by(SortCard.card_id)
    with case.database.reading() as db:
        return [(card.card_id, card.answer, card.place) for card in db.scalars(of_sort)]
