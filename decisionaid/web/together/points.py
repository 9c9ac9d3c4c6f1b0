"""The things to talk about, numbered as they stand: the differences, last the drinking goal, then what is shared."""

from dataclasses import dataclass

from flask import g

from decisionaid.core.comparison import Kind, Row
from decisionaid.core.negotiation import DRINKING
from decisionaid.core.sort import Party, Rating
from decisionaid.storage import sorts
from decisionaid.storage.models import OptionChoice
from decisionaid.web.plan_words import DRINKING_DECK
from decisionaid.web.request import db
from decisionaid.web.together.sitting import Both, both, words

UNSURE = "unsure"


@dataclass(frozen=True)
class Choices:
    """The drinking goal as each of the two gave it last, if they did. The row's place in a comparison of options."""

    client: OptionChoice | None
    keyworker: OptionChoice | None


@dataclass(frozen=True)
class Point:
    """One thing to talk about. `row` is None for the drinking goal, `kind` too; `choices` stands for it alone."""

    number: int
    card: str
    title: str
    picture: str
    kind: Kind | None
    row: Row | None
    choices: Choices | None = None

    @property
    def client_rating(self) -> Rating | None:
        """What the client wants: the rating, or a drinking goal that is more than "not sure yet"."""
        if self.row is not None:
            return self.row.rating(Party.CLIENT)
        chosen = self.choices.client if self.choices else None
        return Rating.DEFINITELY if chosen is not None and chosen.option != UNSURE else None


@dataclass(frozen=True)
class Points:
    """`talk` is to be talked about, in this order; `shared` is common ground that does not stand there too."""

    talk: tuple[Point, ...]
    shared: tuple[Point, ...]

    @property
    def all(self) -> tuple[Point, ...]:
        return self.talk + self.shared

    def of(self, card: str) -> Point:
        """The point of a card; every card has one."""
        return next(point for point in self.all if point.card == card)

    def talk_of(self, kind: Kind | None) -> tuple[Point, ...]:
        """The part of the talk under one heading; None for the drinking goal."""
        return tuple(point for point in self.talk if point.kind is kind)


def points() -> Points:
    """The points of this round."""
    if "points" not in g:
        g.points = _points(both(), choices())
    found: Points = g.points
    return found


def choices() -> Choices:
    """The drinking goal of each, newest first."""
    if "choices" not in g:
        given = (next(iter(sorts.choices(db(), sort.record)), None) for sort in (both().client, both().keyworker))
        g.choices = Choices(*given)
    found: Choices = g.choices
    return found


def _points(two: Both, chosen: Choices) -> Points:
    spoken = words()
    rows = [(point.row, point.kind) for point in two.comparison.talk]
    in_talk = {row.card for row, _ in rows}
    common = two.comparison.common_ground.items()
    shared = [(row, kind) for kind, found in common for row in found if row.card not in in_talk]
    talk = [_point(number, row, kind, two) for number, (row, kind) in enumerate(rows, start=1)]
    if _is_open(two, chosen):
        talk.append(Point(len(talk) + 1, DRINKING, spoken.options.title, "pint-glass", None, None, chosen))
    rest = [_point(number, row, kind, two) for number, (row, kind) in enumerate(shared, start=len(talk) + 1)]
    return Points(tuple(talk), tuple(rest))


def _point(number: int, row: Row, kind: Kind, two: Both) -> Point:
    spoken = words()
    return Point(number, row.card, spoken.title(row.card, two.client), spoken.picture(row.card), kind, row)


def _is_open(two: Both, chosen: Choices) -> bool:
    """Whether the drinking goal is talked about: the client opened it by a yes or a maybe, or somebody gave one."""
    opening = [card.id for card in words().deck.cards if card.opens == DRINKING_DECK]
    wanted = any(two.values[0].rating(card) in (Rating.DEFINITELY, Rating.POSSIBLY) for card in opening)
    return wanted or chosen.client is not None or chosen.keyworker is not None
