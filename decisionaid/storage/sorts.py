"""Sorts as they are read: the only way by which a sort reaches a page, and it knows who is looking."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from decisionaid.core.sort import Party, Sort, answer_from, own_number, shuffled
from decisionaid.storage.models import (
    AgreedGoal,
    Confirmation,
    GoalProgress,
    OptionChoice,
    OptionView,
    OwnCard,
    Question,
    Round,
    SafetyReply,
    SortCard,
    SortRecord,
)

Part = TypeVar("Part", SortCard, OwnCard, Question, OptionChoice, OptionView, SafetyReply, GoalProgress)

# Put together once: these are asked at every choice that somebody saves.
_SERVICE: BindParameter[str] = bindparam("service_id")
_SORT: BindParameter[str] = bindparam("sort_id")
_ROUND: BindParameter[str] = bindparam("round_id")
_RECORDS = select(SortRecord).where(SortRecord.service_id == _SERVICE, SortRecord.round_id == _ROUND)
_CARDS = select(SortCard).where(SortCard.service_id == _SERVICE, SortCard.sort_id == _SORT)
_OWN_CARDS = (
    select(OwnCard)
    .where(OwnCard.service_id == _SERVICE, OwnCard.sort_id == _SORT)
    .order_by(OwnCard.at, OwnCard.card_id)
)


class Viewer(StrEnum):
    """Who is looking: one party alone, or both together."""

    CLIENT = "client"
    KEYWORKER = "keyworker"
    TOGETHER = "together"


@dataclass
class LoadedSort:
    """A sort with its cards. `value()` gives the core's view of it.

    `gone` holds an empty row for each own card that was removed, so that no other card gets its number.
    """

    record: SortRecord
    cards: dict[str, SortCard]
    own: tuple[OwnCard, ...]
    gone: dict[str, SortCard] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        return self.record.finished_at is not None

    def value(self, deck: Sequence[str], places: int) -> Sort:
        """The sort as the core reasons about it; `deck` are the card ids in the deck's order."""
        placed = sorted((c for c in self.cards.values() if c.place is not None), key=lambda c: c.place or 0)
        return Sort(
            party=self.record.party,
            cards=tuple(deck),
            answers={c.card_id: answer_from(c.answer) for c in self.cards.values() if c.answer},
            order=tuple(c.card_id for c in placed),
            own_cards=tuple(o.card_id for o in self.own),
            places=places,
            finished=self.finished,
        )

    def shown(self, deck: Sequence[str]) -> tuple[str, ...]:
        """The cards in the order in which this person meets them: the deck shuffled, then own cards as they came."""
        own = sorted((o.card_id for o in self.own), key=lambda card: own_number(card) or 0)
        return (*shuffled(deck, self.record.seed), *own)

    def numbers(self, deck: Sequence[str]) -> dict[str, int]:
        """The number of each card in this sort, in the order of `shown`; it is never given to another card."""
        shown = self.shown(deck)
        return {card: len(deck) + (own_number(card) or 0) if at > len(deck) else at for at, card in enumerate(shown, 1)}

    def own_title(self, card: str) -> str | None:
        """The words of an own card, or None for a card of the deck."""
        return next((o.title for o in self.own if o.card_id == card), None)


@dataclass(frozen=True)
class Sight:
    """What a viewer may know of a round's two sorts.

    `client` and `keyworker` are None where this viewer may not see them; `other_finished` is None where this
    viewer may not even know that.
    """

    client: LoadedSort | None
    keyworker: LoadedSort | None
    other_finished: bool | None


def sight(db: Session, round_: Round, viewer: Viewer) -> Sight:
    """The sorts of `round_` as far as `viewer` may see them.

    Alone, a party sees its own sort only; once it has finished, it may learn whether the other has, and nothing
    more. Together sees both once both have finished and the client has said that their own answers are right.
    """
    records = _records(db, round_)
    client, keyworker = records.get(Party.CLIENT), records.get(Party.KEYWORKER)
    if viewer is Viewer.TOGETHER:
        both = _done(client) and _done(keyworker)
        open_ = both and confirmed(db, round_)
        return Sight(load(db, client) if open_ else None, load(db, keyworker) if open_ else None, both or None)
    if viewer is Viewer.CLIENT:
        return Sight(load(db, client), None, _done(keyworker) if _done(client) else None)
    return Sight(None, load(db, keyworker), _done(client) if _done(keyworker) else None)


def both_finished(db: Session, round_: Round) -> bool:
    """Whether the comparison may be opened, once the client has confirmed. For the seat *together* alone."""
    records = _records(db, round_)
    return _done(records.get(Party.CLIENT)) and _done(records.get(Party.KEYWORKER))


def confirmed(db: Session, round_: Round) -> bool:
    """Whether the client has said that their answers are what they chose."""
    row = db.get(Confirmation, (round_.service_id, round_.id))
    return row is not None and row.is_right


def record_of(db: Session, round_: Round, party: Party) -> SortRecord | None:
    """The record of one party's sort: the keyworker's is that of the keyworker who now holds the round."""
    return _records(db, round_).get(party)


def load(db: Session, record: SortRecord | None) -> LoadedSort | None:
    """A sort with its cards, by two queries."""
    if record is None:
        return None
    whose = {"service_id": record.service_id, "sort_id": record.id}
    cards, own = {card.card_id: card for card in db.scalars(_CARDS, whose)}, tuple(db.scalars(_OWN_CARDS, whose))
    held = {card.card_id for card in own}
    gone = {id: cards.pop(id) for id in list(cards) if own_number(id) and id not in held}
    return LoadedSort(record, cards, own, gone)


def questions(db: Session, sort: SortRecord) -> list[Question]:
    """The questions asked in a sort, oldest first."""
    return list(db.scalars(_of(Question, sort).order_by(Question.at, Question.id)))


def choices(db: Session, sort: SortRecord) -> list[OptionChoice]:
    """The drinking goals chosen in a sort, newest first."""
    return list(db.scalars(_of(OptionChoice, sort).order_by(OptionChoice.at.desc(), OptionChoice.id)))


def views(db: Session, sort: SortRecord) -> set[str]:
    """Which choices were opened in full."""
    return {view.option for view in db.scalars(_of(OptionView, sort))}


def safety_replies(db: Session, sort: SortRecord) -> dict[str, str]:
    """The newest answers to the safety check, by question."""
    in_time = _of(SafetyReply, sort).order_by(SafetyReply.at, SafetyReply.id)
    return {reply.question: reply.answer for reply in db.scalars(in_time)}


def progress(db: Session, sort: SortRecord) -> dict[str, GoalProgress]:
    """How this party sees the goals of the last plan, by goal."""
    return {row.goal_id: row for row in db.scalars(_of(GoalProgress, sort))}


def goals_under_review(db: Session, round_: Round) -> list[AgreedGoal]:
    """The goals of the plan that this round looks back on; none in a first round."""
    if round_.after_plan_id is None:
        return []
    mine = (AgreedGoal.service_id == round_.service_id, AgreedGoal.plan_id == round_.after_plan_id)
    return list(
        db.scalars(select(AgreedGoal).where(*mine, AgreedGoal.dropped_at.is_(None)).order_by(AgreedGoal.position))
    )


def fingerprint(db: Session, sort: SortRecord) -> str:
    """A hash of everything this sort holds, so that what was seen can be compared with what is held (SHA-256, hex)."""
    held: list[object] = [sort.say, sort.advice, sort.what_matters, sort.listened, sort.listened_words]
    parts: tuple[Any, ...] = (SortCard, OwnCard, Question, OptionChoice, SafetyReply, GoalProgress)
    for model in parts:
        columns = [c.name for c in model.__table__.columns if c.name not in ("service_id", "sort_id")]
        held.append(sorted([str(getattr(row, name)) for name in columns] for row in db.scalars(_of(model, sort))))
    return hashlib.sha256(json.dumps(held, default=str).encode()).hexdigest()


def _of(model: type[Part], sort: SortRecord) -> Select[Part]:
    return select(model).where(model.service_id == sort.service_id, model.sort_id == sort.id)


def _records(db: Session, round_: Round) -> dict[Party, SortRecord]:
    found = db.scalars(_RECORDS, {"service_id": round_.service_id, "round_id": round_.id})
    return {r.party: r for r in found if r.party is Party.CLIENT or r.author_id == round_.keyworker_id}


def _done(record: SortRecord | None) -> bool:
    return record is not None and record.finished_at is not None
