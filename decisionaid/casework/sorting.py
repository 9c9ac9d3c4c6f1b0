"""One person sorting, alone. Each verb is one choice, saved at once; a finished sort refuses them all."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from decisionaid.casework import drafts, history
from decisionaid.core import sort as rules
from decisionaid.core.clock import after
from decisionaid.core.review import Progress
from decisionaid.core.sort import Answer, Party, SortFinished
from decisionaid.storage import sorts
from decisionaid.storage.models import (
    GoalProgress,
    OptionChoice,
    OptionView,
    OwnCard,
    Question,
    Round,
    SafetyReply,
    SafetyTold,
    SortCard,
    SortRecord,
    Staff,
)
from decisionaid.storage.models.sorts import Advice, Listened, Say
from decisionaid.storage.sorts import LoadedSort

NOTHING: dict[str, Any] = {
    **dict.fromkeys(("answer", "answered_at", "place", "importance", "confidence")),
    **dict.fromkeys(("success", "why", "importance_why", "confidence_why"), ""),
}
"""What the row of a card holds of which nothing was said."""

OF_A_CARD = tuple(NOTHING)
MOST_OWN_CARDS = 10
MOST_QUESTIONS = 100


class TooManyOwnCards(rules.SortRefused):
    """A sort holds ten own cards at most."""


@dataclass(frozen=True)
class RemovedCard:
    """An own card that was removed: its words, what its row held (see `NOTHING`), and the ids of its questions."""

    card: str
    title: str
    at: datetime
    held: Mapping[str, Any]
    questions: tuple[str, ...]


class SeenOtherwise(rules.SortRefused):
    """What the person saw is not what is held: they look again before they finish."""


def begin(
    db: Session, round_: Round, party: Party, *, author: Staff | None, language: str, now: datetime
) -> SortRecord:
    """The sort of `party` in this round: the one begun before, or a new one with its own shuffle."""
    found = sorts.record_of(db, round_, party)
    if found is not None:
        return found
    sort = SortRecord(
        service_id=round_.service_id,
        round_id=round_.id,
        party=party,
        author_id=author.id if author else None,
        language=language,
        seed=secrets.randbelow(2**31),
        opened_at=now,
        changed_at=now,
    )
    db.add(sort)
    db.flush()
    history.of_round(db, round_, actor=author.id if author else "client", verb="sort_begun", at=now, subject=party)
    return sort


def say(sort: SortRecord, *, how_much: Say | None, advice: Advice | None, now: datetime) -> None:
    """How much say the client wants, and whether options or an opinion."""
    _touch(sort, now)
    sort.say, sort.advice = how_much or sort.say, advice or sort.advice


def rate_card(db: Session, sort: LoadedSort, deck: Sequence[str], card: str, answer: Answer, now: datetime) -> None:
    """Answer a card. One that leaves the *work on* pile gives up its place."""
    after = rules.answer_card(_value(sort, deck), card, answer)
    row = _card(db, sort, card)
    row.answer, row.answered_at = answer.value, now
    _keep_order(db, sort, after, now)


def place_card(
    db: Session, sort: LoadedSort, deck: Sequence[str], places: int, card: str, place: int | None, now: datetime
) -> None:
    """Put a card in a place (from 1), or in the next free one."""
    _keep_order(db, sort, rules.place_card(_value(sort, deck, places), card, place), now)


def unplace_card(db: Session, sort: LoadedSort, deck: Sequence[str], card: str, now: datetime) -> None:
    """Put a card back among the unplaced."""
    _keep_order(db, sort, rules.unplace_card(_value(sort, deck), card), now)


def reorder(
    db: Session, sort: LoadedSort, deck: Sequence[str], places: int, order: Sequence[str], now: datetime
) -> None:
    """Set all places at once, most important first."""
    _keep_order(db, sort, rules.reorder(_value(sort, deck, places), order), now)


def describe_card(
    db: Session, sort: LoadedSort, deck: Sequence[str], card: str, words: dict[str, object], now: datetime
) -> None:
    """Keep success, why, and the rulers of a card: columns of SortCard, in words and whole numbers 0-10."""
    value = _value(sort, deck)
    if card not in value.all_cards:
        raise rules.UnknownCard(card)
    _touch(sort.record, now)
    row = _card(db, sort, card)
    for column, said in words.items():
        setattr(row, column, said)


def add_own_card(db: Session, sort: LoadedSort, title: str, now: datetime) -> OwnCard:
    """A card in the client's own words; rated and placed like any other."""
    _touch(sort.record, now)
    if len(sort.own) >= MOST_OWN_CARDS:
        raise TooManyOwnCards
    given = (*(card.card_id for card in sort.own), *sort.gone)
    card_id = f"{rules.OWN_CARD}{max((rules.own_number(id) or 0 for id in given), default=0) + 1}"
    card = OwnCard(service_id=sort.record.service_id, sort_id=sort.record.id, card_id=card_id, title=title, at=now)
    db.add(card)
    return card


def remove_own_card(db: Session, sort: LoadedSort, deck: Sequence[str], card: str, now: datetime) -> RemovedCard:
    """Remove an own card, with its answer and place. What was asked on it is then asked of the whole.

    Only an empty row with its number stays. Returns what it held, so that it can be put back.
    """
    own = next((o for o in sort.own if o.card_id == card), None)
    if own is None:
        raise rules.UnknownCard(card)
    _touch(sort.record, now)
    row = _card(db, sort, card)
    asked = [question for question in sorts.questions(db, sort.record) if question.card_id == card]
    held = {name: getattr(row, name) for name in OF_A_CARD}
    removed = RemovedCard(card, own.title, own.at, held, tuple(question.id for question in asked))
    _keep_order(db, sort, rules.unplace_card(_value(sort, deck), card), now)
    _fill(row, NOTHING)
    sort.gone[card] = sort.cards.pop(card)
    for question in asked:
        question.card_id = None
    db.delete(own)
    return removed


def put_back_own_card(
    db: Session, sort: LoadedSort, deck: Sequence[str], places: int, removed: RemovedCard, now: datetime
) -> None:
    """Put a removed own card back with its words and answer; its place too, where the order still has room."""
    _touch(sort.record, now)
    if removed.card not in sort.gone:
        raise rules.UnknownCard(removed.card)
    if len(sort.own) >= MOST_OWN_CARDS:
        raise TooManyOwnCards
    ids = {"service_id": sort.record.service_id, "sort_id": sort.record.id, "card_id": removed.card}
    own = OwnCard(**ids, title=removed.title, at=removed.at)
    db.add(own)
    sort.own = (*sort.own, own)
    sort.cards[removed.card] = row = sort.gone.pop(removed.card)
    _fill(row, {**removed.held, "place": None})
    for question in sorts.questions(db, sort.record):
        if question.id in removed.questions:
            question.card_id = removed.card
    order = _value(sort, deck).order
    if removed.held["place"] is not None and len(order) < places:
        place = min(removed.held["place"], len(order) + 1)
        place_card(db, sort, deck, places, removed.card, place, now)


def ask(db: Session, sort: SortRecord, card: str | None, words: str, now: datetime) -> Question:
    """Pin a question to a card, or ask it of the whole."""
    _touch(sort, now)
    question = Question(service_id=sort.service_id, sort_id=sort.id, card_id=card, words=words, at=now)
    db.add(question)
    return question


def withdraw_question(db: Session, sort: SortRecord, question: Question, now: datetime) -> None:
    """Take a question back."""
    _touch(sort, now)
    db.delete(question)


def choose_option(db: Session, sort: SortRecord, option: str, words: str, now: datetime) -> None:
    """Choose a drinking goal; what was chosen before stays on record, and is never read as the newer one."""
    _touch(sort, now)
    at = after(db.scalar(_last_of(OptionChoice, sort)), now)
    db.add(OptionChoice(service_id=sort.service_id, sort_id=sort.id, option=option, words=words, at=at))


def see_option(db: Session, sort: SortRecord, option: str, now: datetime) -> None:
    """Note that a choice was opened in full (R20)."""
    if sort.finished_at is None and db.get(OptionView, (sort.service_id, sort.id, option)) is None:
        db.add(OptionView(service_id=sort.service_id, sort_id=sort.id, option=option, at=now))


def answer_safety(db: Session, sort: SortRecord, question: str, answer: str, now: datetime) -> None:
    """Answer a question of the safety check; what was answered before stays on record, and is never read as the newer
    one. Nor is an answer ever read as one that was sent before it was given."""
    _touch(sort, now)
    told = select(func.max(SafetyTold.at)).filter_by(service_id=sort.service_id, round_id=sort.round_id)
    at = after(db.scalar(told), after(db.scalar(_last_of(SafetyReply, sort).filter_by(question=question)), now))
    db.add(SafetyReply(service_id=sort.service_id, sort_id=sort.id, question=question, answer=answer, at=at))


def say_what_matters(sort: SortRecord, words: str, now: datetime) -> None:
    """What matters to me, in my words."""
    _touch(sort, now)
    sort.what_matters = words


def see_progress(db: Session, sort: SortRecord, goal_id: str, progress: Progress, words: str, now: datetime) -> None:
    """How this party sees a goal of the last plan."""
    _touch(sort, now)
    row = db.get(GoalProgress, (sort.service_id, sort.id, goal_id))
    if row is None:
        row = GoalProgress(service_id=sort.service_id, sort_id=sort.id, goal_id=goal_id)
        db.add(row)
    row.progress, row.words, row.at = progress, words, now


def say_listened(sort: SortRecord, listened: Listened, words: str, now: datetime) -> None:
    """Whether the client felt listened to."""
    _touch(sort, now)
    sort.listened, sort.listened_words = listened, words


def finish(db: Session, sort: SortRecord, round_: Round, *, seen: str, now: datetime) -> None:
    """Seal the sort. It never changes again; a correction is a new round.

    `seen` is the fingerprint of what the person was shown; SeenOtherwise where the server holds anything else.
    """
    _touch(sort, now)
    if seen != sorts.fingerprint(db, sort):
        raise SeenOtherwise
    if sort.party is Party.CLIENT:
        _let_removed_go(db, sort, round_)
    sort.finished_at = now
    history.of_round(db, round_, actor=sort.author_id or "client", verb="sort_finished", at=now, subject=sort.party)


def _let_removed_go(db: Session, sort: SortRecord, round_: Round) -> None:
    """Delete what a removed own card left: a finished sort holds nothing of it."""
    loaded = sorts.load(db, sort)
    for row in loaded.gone.values() if loaded else ():
        db.delete(row)
    drafts.forget_removed(db, round_)
    db.flush()  # once the sort is finished, the database refuses it


def _fill(row: SortCard, held: Mapping[str, Any]) -> None:
    for name, value in held.items():
        setattr(row, name, value)


def _last_of(kept: type[OptionChoice | SafetyReply], sort: SortRecord) -> Select[datetime | None]:
    """When the newest of these was kept in this sort."""
    return select(func.max(kept.at)).filter_by(service_id=sort.service_id, sort_id=sort.id)


def _touch(sort: SortRecord, now: datetime) -> None:
    if sort.finished_at is not None:
        raise SortFinished
    sort.changed_at = now


def _value(sort: LoadedSort, deck: Sequence[str], places: int = 99) -> rules.Sort:
    return sort.value(deck, places)


def _keep_order(db: Session, sort: LoadedSort, after: rules.Sort, now: datetime) -> None:
    _touch(sort.record, now)
    for card in sort.cards.values():
        place = after.place(card.card_id)
        if card.place != place:  # what stays is not written again, and not even looked at when this is saved
            card.place = place


def _card(db: Session, sort: LoadedSort, card: str) -> SortCard:
    if card not in sort.cards:
        sort.cards[card] = SortCard(service_id=sort.record.service_id, sort_id=sort.record.id, card_id=card)
        db.add(sort.cards[card])
    return sort.cards[card]
