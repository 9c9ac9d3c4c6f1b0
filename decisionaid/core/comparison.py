"""Two finished sorts side by side: what is shared, and every difference in the order of talk. Nothing is averaged
away."""

from dataclasses import dataclass
from enum import StrEnum

from decisionaid.core.sort import Answer, Party, Rating, Sort


class NotBothFinished(Exception):
    """Nothing is compared before both have finished."""


class Kind(StrEnum):
    """How the two answers to a card stand to each other."""

    BOTH_YES = "both_yes"
    BOTH_MAYBE = "both_maybe"
    BOTH_NOT = "both_not"
    CLIENT_FORWARD = "client_forward"
    KEYWORKER_FORWARD = "keyworker_forward"
    RANK_GAP = "rank_gap"
    NOT_ANSWERED = "not_answered"


AGREED = {Rating.DEFINITELY: Kind.BOTH_YES, Rating.POSSIBLY: Kind.BOTH_MAYBE, Rating.NOT: Kind.BOTH_NOT}
FORWARD = {Party.CLIENT: Kind.CLIENT_FORWARD, Party.KEYWORKER: Kind.KEYWORKER_FORWARD}
TALK_ORDER = (Kind.CLIENT_FORWARD, Kind.KEYWORKER_FORWARD, Kind.RANK_GAP, Kind.NOT_ANSWERED)


@dataclass(frozen=True)
class Row:
    """A card with both answers and places (from 1). `own` marks a card that the client wrote."""

    card: str
    client: Answer | None
    keyworker: Answer | None
    client_place: int | None
    keyworker_place: int | None
    own: bool = False

    def rating(self, party: Party) -> Rating | None:
        """This party's rating, or None where the card was not rated."""
        answer = self.client if party is Party.CLIENT else self.keyworker
        return answer if isinstance(answer, Rating) else None

    @property
    def unanswered_by(self) -> tuple[Party, ...]:
        """Who did not rate the card; an own card is the client's alone."""
        asked = (Party.CLIENT,) if self.own else tuple(Party)
        return tuple(party for party in asked if self.rating(party) is None)


@dataclass(frozen=True)
class TalkPoint:
    """One thing to talk about: a card, why it stands here, and how wide the gap is (in ratings, or in places)."""

    row: Row
    kind: Kind
    gap: int = 0


@dataclass(frozen=True)
class Comparison:
    """What `compare` finds. `rows` holds every card: the deck's in its order, then the client's own."""

    rows: tuple[Row, ...]
    common_ground: dict[Kind, tuple[Row, ...]]
    talk: tuple[TalkPoint, ...]

    def talk_of(self, kind: Kind) -> tuple[TalkPoint, ...]:
        """The part of the talk that stands under one heading."""
        return tuple(point for point in self.talk if point.kind is kind)


def compare(client: Sort, keyworker: Sort) -> Comparison:
    """The two sorts side by side.

    Common ground comes first, then what the client put forward (own cards, then gap 2, gap 1), what the keyworker
    put forward, cards both want in different places (widest first), and what one did not answer. Ties: the
    client's place, the keyworker's, the deck's order. A card on which both agree but which stands in another place
    is in common ground *and* among the rank gaps. An own card is listed first whatever the client answered to it:
    they wrote it.

    Raises as `check_pair` does.
    """
    check_pair(client, keyworker)
    rows = tuple(_row(client, keyworker, card) for card in client.all_cards)
    last = client.places + 1
    points = [point for row in rows for point in _points(row, last)]
    return Comparison(
        rows=rows,
        common_ground={kind: tuple(r for r in rows if _agreed(r) is kind) for kind in AGREED.values()},
        talk=tuple(sorted(points, key=lambda point: _talk_key(point, last))),
    )


def check_pair(client: Sort, keyworker: Sort) -> None:
    """Refuse two sorts that may not, or cannot, be laid side by side.

    Raises:
        NotBothFinished: one of the sorts is still open.
        ValueError: they are not the client's and then the keyworker's, of one deck with as many places, with own
            cards on the client's side alone.
    """
    if not (client.finished and keyworker.finished):
        raise NotBothFinished
    in_order = (client.party, keyworker.party) == (Party.CLIENT, Party.KEYWORKER)
    same_deck = (client.cards, client.places) == (keyworker.cards, keyworker.places)
    if not in_order or not same_deck or keyworker.own_cards:
        raise ValueError("two sorts are compared as the client's, then the keyworker's, of one deck")


def _row(client: Sort, keyworker: Sort, card: str) -> Row:
    own = card in client.own_cards
    return Row(
        card=card,
        client=client.answer(card),
        keyworker=None if own else keyworker.answer(card),
        client_place=client.place(card),
        keyworker_place=None if own else keyworker.place(card),
        own=own,
    )


def _agreed(row: Row) -> Kind | None:
    mine, theirs = row.rating(Party.CLIENT), row.rating(Party.KEYWORKER)
    return AGREED[mine] if mine is not None and mine is theirs else None


def _points(row: Row, last: int) -> list[TalkPoint]:
    if row.own:
        return [TalkPoint(row, Kind.CLIENT_FORWARD)]
    mine, theirs = row.rating(Party.CLIENT), row.rating(Party.KEYWORKER)
    if mine is None or theirs is None:
        return [TalkPoint(row, Kind.NOT_ANSWERED)]
    gap = mine.weight - theirs.weight
    if gap:
        return [TalkPoint(row, FORWARD[Party.CLIENT if gap > 0 else Party.KEYWORKER], abs(gap))]
    places = abs((row.client_place or last) - (row.keyworker_place or last))
    return [TalkPoint(row, Kind.RANK_GAP, places)] if places else []


def _talk_key(point: TalkPoint, last: int) -> tuple[int, ...]:
    # What is level here stays in the deck's order, in which the points are made: sorting keeps it.
    row = point.row
    places = (row.client_place or last, row.keyworker_place or last)
    if point.kind is Kind.KEYWORKER_FORWARD:
        places = (places[1], places[0])  # each put theirs forward in their own order; ties fall to the other's
    return (TALK_ORDER.index(point.kind), not row.own, -point.gap, *places)
