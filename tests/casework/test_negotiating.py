"""Settling a card: only while both may see it, and never over a newer version unseen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from decisionaid.casework import negotiating, reviewing
from decisionaid.casework.negotiating import ChangedMeanwhile, NotOpen, Settled
from decisionaid.core.negotiation import DRINKING, DateNeeded, Outcome, ReasonNeeded
from decisionaid.core.sort import Rating
from decisionaid.storage.models import History, Round, Settlement
from tests.builders import CARDS, Case
from tests.casework.plans import complete, today

HOME = CARDS[0]
OPEN = Settled(
    "You want to sleep", None, outcome=None, until=None, words="", reason="", heard_language="en", language="en"
)
CHOSEN = replace(OPEN, heard_right=True, outcome=Outcome.CLIENT_CHOICE, words="Rowan's way")


def settle(case: Case, said: Settled = CHOSEN, *, seen: int = 0, card: str = HOME) -> Settlement:
    with case.database.writing() as db:
        return negotiating.settle(
            db,
            case.round(db),
            card,
            said,
            client_rating=Rating.DEFINITELY,
            seen_version=seen,
            actor=case.keyworker_id,
            today=today(case),
            now=case.later(),
        )


def settled(case: Case) -> dict[str, Settlement]:
    with case.database.reading() as db:
        return negotiating.settlements(db, case.round(db))


def test_what_was_said_is_kept(agreed: Case) -> None:
    until = today(agreed) + timedelta(weeks=4)
    settle(agreed, Settled("You miss the dog", False, Outcome.TRY_UNTIL, until, "A month", "to see", "cy", "en"))
    settle(agreed, card=DRINKING)
    kept = settled(agreed)
    assert set(kept) == {HOME, DRINKING}
    home = kept[HOME]
    assert (home.heard, home.heard_right, home.outcome) == ("You miss the dog", False, Outcome.TRY_UNTIL)
    assert (home.until, home.words, home.reason, home.version) == (until, "A month", "to see", 1)
    assert (home.heard_language, home.language) == ("cy", "en")


def test_a_card_may_be_left_without_an_outcome(agreed: Case) -> None:
    assert settle(agreed, OPEN).outcome is None


def test_saving_on_counts_the_versions(agreed: Case) -> None:
    for seen in range(3):
        assert settle(agreed, replace(CHOSEN, words=f"words {seen}"), seen=seen).version == seen + 1
    assert settled(agreed)[HOME].words == "words 2"


@pytest.mark.promise("P27")
@pytest.mark.parametrize("seen", [0, 1, 3])
def test_whoever_saves_over_a_newer_version_is_shown_it(agreed: Case, seen: int) -> None:
    for number in range(2):
        settle(agreed, replace(CHOSEN, words="the newer words"), seen=number)
    with pytest.raises(ChangedMeanwhile) as refused:
        settle(agreed, replace(CHOSEN, words="the older words"), seen=seen)
    assert (refused.value.newer.words, refused.value.newer.version) == ("the newer words", 2)
    assert settled(agreed)[HOME].words == "the newer words"


def acknowledged_at_once(case: Case, seen: int) -> list[str]:
    """Two save over the same version at the same moment: the words of those who were told that it is kept."""

    def save(words: str) -> list[str]:
        try:
            settle(case, replace(CHOSEN, words=words), seen=seen)
        except ChangedMeanwhile:
            return []
        return [words]

    with ThreadPoolExecutor(2) as both:
        one, other = both.map(save, ("one", "other"))
    return one + other


@pytest.mark.promise("P27")
def test_of_two_who_save_at_once_one_is_refused(agreed: Case) -> None:
    """Ten times; the one that was acknowledged is the one that is kept."""
    for version in range(10):
        assert acknowledged_at_once(agreed, version) == [settled(agreed)[HOME].words]
    print("P27: 10 times two who save at once: one kept, one refused; 0 acknowledged edits lost")


@pytest.mark.promise("P27")
def test_control_where_nobody_looks_at_the_version_an_acknowledged_edit_is_lost(
    agreed: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = negotiating._newest

    def as_it_comes(db: Session, round_: Round, card: str, _seen: int) -> Settlement:
        row = db.get(Settlement, (round_.service_id, round_.id, card))
        return newest(db, round_, card, row.version if row else 0)

    monkeypatch.setattr(negotiating, "_newest", as_it_comes)
    acknowledged = acknowledged_at_once(agreed, 0)
    assert [words for words in acknowledged if words != settled(agreed)[HOME].words] != []


def test_what_the_rules_refuse_is_not_kept(agreed: Case) -> None:
    for said, refused in (
        (replace(CHOSEN, outcome=Outcome.DIFFER), ReasonNeeded),
        (replace(CHOSEN, outcome=Outcome.TRY_UNTIL, until=today(agreed)), DateNeeded),
    ):
        with pytest.raises(refused):
            settle(agreed, said)
    assert settled(agreed) == {}


@pytest.mark.parametrize("state", ["with_round", "with_open_sorts", "sorted_by_client", "sorted_by_both"])
def test_nothing_is_settled_before_the_comparison(case: Case, state: str) -> None:
    getattr(case, state)()
    with pytest.raises(NotOpen):
        settle(case)
    assert settled(case) == {}


def test_nothing_is_settled_in_a_round_that_is_closed(agreed: Case) -> None:
    settle(agreed)
    complete(agreed)
    with pytest.raises(NotOpen):
        settle(agreed, seen=1)


def test_nothing_is_settled_where_the_answers_are_not_right(case: Case) -> None:
    case.sorted_by_both()
    with case.database.writing() as db:
        reviewing.not_right(db, case.round(db), "not mine", actor=case.keyworker(db), now=case.later())
    with pytest.raises(NotOpen):
        settle(case)


def test_the_history_names_the_card_and_none_of_the_words(agreed: Case) -> None:
    settle(agreed)
    with agreed.database.reading() as db:
        entry = db.scalars(select(History).where(History.verb == "card_settled")).one()
        assert (entry.subject, entry.actor) == (HOME, agreed.keyworker_id)
        assert db.scalar(select(func.count()).where(History.subject.contains("Rowan"))) == 0
