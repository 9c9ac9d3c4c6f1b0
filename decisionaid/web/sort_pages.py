"""A sort under way, and what all its screens stand on: the same for both parties, but for words and addresses.

Nothing here ever loads the other party's sort.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from decisionaid import i18n
from decisionaid.core.deck import Danger, Deck, DeckWords
from decisionaid.core.sort import Party, Sort, SortFinished
from decisionaid.storage import sorts
from decisionaid.storage.models import Round, SortCard, SortRecord
from decisionaid.storage.sorts import LoadedSort, Viewer
from decisionaid.web import sort_saving
from decisionaid.web.request import ACKNOWLEDGE, UNSAFE, db, decks_of, seat_reading

OWN_CARD_PICTURES = ("push-pin", "plant", "tree")
STAGES = ((0.0, "start"), (0.35, "begun"), (0.65, "half"), (0.99, "most"), (1.0, "last"))
"""How far through the cards somebody is, as shares of the whole; said in words, never counted on screen."""


@dataclass(frozen=True)
class Face:
    """A card as one person meets it: its words, and what was said of it so far.

    `number` is its place among the shown. No other card of this sort ever has it, so it names the card.
    """

    id: str
    number: int
    title: str
    line: str
    examples: tuple[str, ...]
    pictures: tuple[str, str, str]
    own: bool
    warns: Danger | None
    opens: str | None
    held: SortCard | None
    rank: int | None

    @property
    def answer(self) -> str | None:
        """The answer's name, or None where the card was not reached."""
        return self.held.answer if self.held else None


@dataclass(frozen=True)
class Sorting:
    """One party's sort and everything its pages need of it."""

    round: Round
    party: Party
    sort: LoadedSort
    deck: Deck
    words: DeckWords

    @property
    def record(self) -> SortRecord:
        return self.sort.record

    @property
    def is_client(self) -> bool:
        return self.party is Party.CLIENT

    @property
    def number(self) -> int:
        """The number of the last choice held that a page of this seat saved in this sort."""
        return sort_saving.last_number(self.record)

    @cached_property
    def value(self) -> Sort:
        """The sort as the core reasons about it."""
        return self.sort.value(self.deck.ids, self.round.places)

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """All cards in the order in which this person meets them."""
        return tuple(self._face(card, number) for card, number in self.numbers.items())

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the cards, in that order."""
        return self.sort.numbers(self.deck.ids)

    @property
    def placed(self) -> tuple[Face, ...]:
        """The cards in order, most important first."""
        return tuple(self.face(card) for card in self.value.order)

    @property
    def unplaced(self) -> tuple[Face, ...]:
        """What of the *work on* pile has no place."""
        return tuple(self.face(card) for card in self.value.unplaced)

    def face(self, card: str) -> Face:
        """The card of that id. Raises StopIteration where there is none."""
        return next(face for face in self.faces if face.id == card)

    def face_at(self, number: int) -> Face:
        """The card with that number; one that is gone does not exist."""
        card = next((card for card, other in self.numbers.items() if other == number), None)
        return self._face(card, number) if card is not None else abort(404)

    def top_at(self, rank: int) -> Face:
        """The card that was put in that place of the order; an empty one does not exist."""
        return self.placed[rank - 1] if 1 <= rank <= len(self.placed) else abort(404)

    def near(self, face: Face, by: int) -> int | None:
        """The number of the card so many after this one; None where there is none."""
        numbers = list(self.numbers.values())
        at = numbers.index(face.number) + by
        return numbers[at] if 0 <= at < len(numbers) else None

    def alias(self, id: str) -> str:
        """A name for one thing of this sort; see `alias_of`."""
        return alias_of(self.record.id, id)

    def opener_of(self, options: str) -> Face | None:
        """The card whose yes or maybe opens these options."""
        return next((face for face in self.faces if face.opens == options), None)

    def said(self, answer: str | None) -> str:
        """A rating in short words; empty for anything else."""
        return self.words.short.get(answer or "", "")

    def stage(self, number: int) -> str:
        """How far the card at `number` is, as a word that a template says."""
        numbers = list(self.numbers.values())
        share = (numbers.index(number) + 1) / len(numbers)
        if number == 1:
            return "start"
        return next(stage for most, stage in STAGES if share <= most)

    def to(self, page: str, **values: object) -> str:
        """The address of a page of this sort."""
        return address(self.party, self.round, page, **values)

    def show(self, template: str, **values: object) -> str:
        """A page of this sort."""
        return render_template(template, sorting=self, party=self.party.value, mine=self.is_client, **values)

    def _face(self, card: str, number: int) -> Face:
        held, own = self.sort.cards.get(card), self.sort.own_title(card)
        rank = held.place if held else None
        if own is not None:
            return Face(card, number, own, "", (), OWN_CARD_PICTURES, True, None, None, held, rank)
        known, words = self.deck.card(card), self.words.cards[card]
        said = (words.title, words.line, words.examples)
        return Face(card, number, *said, known.pictures, False, known.warns, known.opens, held, rank)


def alias_of(sort_id: str, id: str) -> str:
    """A name for one thing of a sort, be it a card, a question or a goal. It tells nothing of what that is."""
    return hashlib.blake2s(f"{sort_id} {id}".encode(), digest_size=6).hexdigest()


def address(party: Party, round_: Round, page: str, **values: object) -> str:
    """The address of a page of a party's sort. The client's carry no id: that seat knows its round."""
    if party is Party.CLIENT:
        return url_for(f"client.{page}", **values)  # type: ignore[arg-type]
    return url_for(f"keyworker.sort_{page}", round_id=round_.id, **values)  # type: ignore[arg-type]


def at_hand(round_: Round, party: Party) -> Sorting:
    """The sort that this party has under way.

    Whoever reads on when it has not begun, or is finished, is sent where they belong; a change to it is refused. A
    change that was made before, and is only sent again, is answered as it was then.

    Raises:
        SortFinished: a change to a sort that is finished, or whose round is closed.
        OperationRefused: a change that is not in its turn.
    """
    found = own_sort(round_, party)
    if found is None:
        abort(redirect(address(party, round_, "start"), 303))
    if sort_saving.done_before(found.record, round_):
        abort(saved(request.path))
    if found.sort.finished or round_.closed_at is not None:
        if request.method in UNSAFE:
            raise SortFinished
        abort(redirect(address(party, round_, "done"), 303))
    return found


def own_sort(round_: Round, party: Party) -> Sorting | None:
    """This party's own sort in the round, finished or not; None where it has not begun."""
    seen = sorts.sight(db(), round_, Viewer(party.value))
    sort = seen.client if party is Party.CLIENT else seen.keyworker
    if sort is None:
        return None
    kept = decks_of(round_)
    deck = kept.cards(round_.deck_id, round_.spare_cards)
    words = kept.card_words(round_.deck_id, i18n.current(), easy=seat_reading().easy)
    return Sorting(round_, party, sort, deck, words)


def saved(to: str) -> AnyResponse:
    """The answer to a choice that is kept: a bare yes for the saving script, the page again for everybody else."""
    return Response(status=204) if ACKNOWLEDGE in request.headers else redirect(to, 303)


def where(sorting: Sorting) -> str:
    """The page on which this person goes on: the furthest part that holds something, and there the first open card."""
    touched = list(_touched(sorting))
    if touched:
        return sorting.to(touched[-1])
    unreached = next((face for face in sorting.faces if face.answer is None), None)
    if unreached is None:
        return sorting.to("order")
    begun = any(face.answer for face in sorting.faces) or sorting.record.say or not sorting.is_client
    return sorting.to("card", place=unreached.number) if begun else sorting.to("say")


def _touched(sorting: Sorting) -> Iterator[str]:
    if sorting.placed:
        yield "order"
    if sorting.record.what_matters or any(_has_words(card) for card in sorting.sort.cards.values()):
        yield "words"
    if sorts.choices(db(), sorting.record):
        yield "goal"
    if sorts.safety_replies(db(), sorting.record):
        yield "safe"
    if sorts.progress(db(), sorting.record) or sorting.record.listened:
        yield "last"


def _has_words(card: SortCard) -> bool:
    return bool(card.success or card.why) or card.importance is not None or card.confidence is not None
