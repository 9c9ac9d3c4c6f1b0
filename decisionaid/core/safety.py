"""The safety rule: people who are dependent can die if they suddenly stop drinking or taking certain drugs.

The rule reads facts, never words, so it is the same in every language. It can only fail towards the warning. Where the
client is warned, a plan is signed only with medical advice, or with the keyworker's reason; where nothing in the round
points to stopping or less, also with the keyworker's recorded "no".

Sources: Alcohol Change UK; UK clinical guidelines for alcohol treatment, chapters 4, 11 and 12; NICE CG100.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from decisionaid.core.deck import Card, Deck
from decisionaid.core.deck_options import Option, OptionDeck
from decisionaid.core.deck_safety import GATE_CLOSES, SafetyDeck, SafetyQuestion
from decisionaid.core.negotiation import Outcome
from decisionaid.core.sort import is_own_card

NO_ANSWER = frozenset({"dont_know", "skipped", ""})
"""Replies that are no answer, whatever a deck says of them."""

NOT_STOPPING = frozenset({"safer", "unsure"})
"""The only options that a deck may mark as calm; a deck that marks another is refused."""

ANSWERS_LAST = timedelta(days=14)
ADVICE_LASTS = timedelta(weeks=4)
NAME_LETTERS = 3
REASON_LETTERS = 20


class SafetyStepMissing(Exception):
    """The plan needs medical advice, or the keyworker's reason, before anyone signs it."""


class SignKind(StrEnum):
    """Why something warns, gravest first."""

    ANSWER = "answer"
    EARLIER = "earlier"
    MISSING = "missing"
    OLD = "old"


class PointKind(StrEnum):
    """Where something in the round points to stopping or less."""

    CHOSEN = "chosen"
    SETTLED = "settled"
    PLANNED = "planned"
    CARRIED = "carried"
    TALKED = "talked"
    GOAL = "goal"
    CARRIED_GOAL = "carried_goal"


OF_OPTIONS = frozenset({PointKind.CHOSEN, PointKind.SETTLED, PointKind.PLANNED, PointKind.CARRIED})
"""Pointers whose subject is a drinking goal; that of the others is a card."""


class WordKind(StrEnum):
    """What the keyworker can put in the place of medical advice, for one frozen text."""

    REASON = "reason"
    NO = "no"


class ResponseKind(StrEnum):
    """What a member of staff recorded about the warnings: medical advice that is planned, given, or no longer planned;
    that the client declined it; or a reason for going on without it."""

    PLANNED = "planned"
    GIVEN = "given"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    REASON = "reason"


DEALT_WITH = frozenset({ResponseKind.GIVEN, ResponseKind.DECLINED, ResponseKind.REASON})
"""Responses after which a warning no longer waits for anyone."""

OF_ADVICE = frozenset({ResponseKind.PLANNED, ResponseKind.GIVEN, ResponseKind.CANCELLED})
SHOWN = frozenset({SignKind.ANSWER, SignKind.EARLIER, SignKind.MISSING})
"""Warnings that wait for someone. That answers are no longer fresh counts at signing alone."""


@dataclass(frozen=True)
class Reply:
    """One answer that the client gave to a question of the safety check, on a local day."""

    question: str
    answer: str
    on: date


@dataclass(frozen=True)
class Sign:
    """One warning: an answer, a warning of an earlier round, or a question without a fresh answer."""

    question: str
    kind: SignKind
    answer: str | None = None
    on: date | None = None

    @property
    def token(self) -> str:
        """What a response names this warning by; a changed answer has another."""
        return "/".join((self.question, self.kind, self.answer or ""))


@dataclass(frozen=True, order=True)
class Pointer:
    """One thing that points to stopping or less: an option or a card, and where it is."""

    kind: PointKind
    subject: str


@dataclass(frozen=True)
class Response:
    """What was recorded about the warnings of a round.

    `on` is the local day on which it was recorded. `with_whom` names a clinician or service and `day` is when the
    advice is planned, or was given. `about` is the `change_of` the round when it was recorded, and `signs` the tokens
    of the warnings that stood then.
    """

    kind: ResponseKind
    on: date
    with_whom: str = ""
    day: date | None = None
    about: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Word:
    """The keyworker's reason or "no", bound by the caller to the frozen text that it was given for."""

    kind: WordKind
    reason: str


@dataclass(frozen=True)
class Rules:
    """What the newest decks say: the questions, the options that are calm, and the cards that point to no change.

    `drinking_cards` are the cards on drinking, which name no other change than the drinking goal does.
    """

    check: SafetyDeck
    calm_options: frozenset[str]
    calm_cards: frozenset[str]
    drinking_cards: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.check.questions:
            raise ValueError("a safety check without questions cannot show that a plan is safe")


@dataclass(frozen=True)
class Facts:
    """All of a round that the rule reads.

    `replies` are all answers ever given in this round, oldest first, `earlier` those of the client's earlier rounds.
    `chosen` and `advised` are the newest drinking goal of client and keyworker, `planned` the plan's. `settled` is how
    the drinking goal was settled; None where it was not. `carried` is the last plan's drinking goal where this round
    has none of its own yet. `cards` are the cards of goals (with their steps) and settled points; None is a goal
    that was made of no card. `responses` are oldest first.
    """

    replies: tuple[Reply, ...] = ()
    earlier: tuple[Reply, ...] = ()
    chosen: str | None = None
    advised: str | None = None
    settled: Outcome | None = None
    planned: str | None = None
    carried: str | None = None
    cards: tuple[tuple[PointKind, str | None], ...] = ()
    responses: tuple[Response, ...] = ()
    change_begins: date | None = None
    revisit: date | None = None


@dataclass(frozen=True)
class Verdict:
    """What the rule says of a round on one day. `signs` come gravest first."""

    signs: tuple[Sign, ...]
    points: tuple[Pointer, ...]
    advised: bool

    @property
    def warned(self) -> bool:
        """Whether the client is warned."""
        return bool(self.signs)

    @property
    def needs_word(self) -> bool:
        """Whether signing needs the keyworker's reason or "no"."""
        return self.warned and not self.advised

    @property
    def may_say_no(self) -> bool:
        """Whether the keyworker can say that nothing here means stopping or less."""
        return not self.points

    def allows(self, word: Word | None) -> bool:
        """Whether a text with this word of the keyworker's can be signed."""
        if not self.needs_word:
            return True
        if word is None or not is_reason(word.reason):
            return False
        return word.kind is WordKind.REASON or self.may_say_no


def rules(check: SafetyDeck, *decks: Deck | OptionDeck) -> Rules:
    """The rules that these decks make. Of a card or option the first version of a deck that knows it decides; one that
    none of them knows counts as pointing to a change, and so does a card that two decks hold and one says points."""
    cards: dict[tuple[str, str], Card] = {}
    options: dict[str, Option] = {}
    for deck in decks:
        if isinstance(deck, OptionDeck):
            options = {option.id: option for option in deck.options} | options
        else:
            cards = {(deck.id, card.id): card for card in deck.cards + deck.spares} | cards
    return Rules(
        check=check,
        calm_options=frozenset(option.id for option in options.values() if not option.warns),
        calm_cards=_in_every_deck(cards, lambda card: not card.points),
        drinking_cards=_in_every_deck(cards, lambda card: card.warns == "drinking"),
    )


def _in_every_deck(cards: Mapping[tuple[str, str], Card], holds: Callable[[Card], bool]) -> frozenset[str]:
    """The cards of which this holds in each deck that has them. `cards` are by deck and card."""
    not_so = {id for (_deck, id), card in cards.items() if not holds(card)}
    return frozenset(id for _deck, id in cards if id not in not_so)


def judge(rules: Rules, facts: Facts, today: date) -> Verdict:
    """Apply the rule to a round, as it is on this local day."""
    found = points(rules, facts)
    return Verdict(
        signs=signs(rules.check, facts.replies, facts.earlier, today, points_to_change=bool(found)),
        points=found,
        advised=_is_advised(facts, change_of(rules, found), today),
    )


def check(rules: Rules, facts: Facts, word: Word | None, today: date) -> None:
    """Raise SafetyStepMissing where the round cannot be signed today with this word of the keyworker's."""
    if not judge(rules, facts, today).allows(word):
        raise SafetyStepMissing


def signs(
    check: SafetyDeck, replies: Iterable[Reply], earlier: Iterable[Reply], today: date, *, points_to_change: bool
) -> tuple[Sign, ...]:
    """Every warning: answers that warn, even if they were changed later; missing answers; warnings that last a
    lifetime.

    Two noes to the first questions stand for the rest, unless something points to stopping or less.
    """
    given = list(replies)
    known = {question.id for question in check.questions}
    unknown = [Sign(reply.question, SignKind.ANSWER, reply.answer, reply.on) for reply in given]
    found = [sign for sign in unknown if sign.question not in known]
    excused = not points_to_change and _two_noes(check, given, today)
    for question in check.questions:
        sign = _sign(question, [r for r in given if r.question == question.id], today, excused=excused)
        found += [sign] if sign else []
        found += _lifetime(question, earlier)[:1]
    order = list(SignKind)
    return tuple(sorted(found, key=lambda sign: order.index(sign.kind)))


def points(rules: Rules, facts: Facts) -> tuple[Pointer, ...]:
    """Everything in the round that points to stopping or less."""
    options = (
        (PointKind.CHOSEN, facts.chosen),
        (PointKind.PLANNED, facts.planned),
        (PointKind.CARRIED, facts.carried),
        (PointKind.SETTLED, _settled(facts, rules)),
    )
    found = {Pointer(kind, option) for kind, option in options if option and option not in rules.calm_options}
    for kind, card in facts.cards:
        if card is not None and not is_own_card(card) and card not in rules.calm_cards:
            found.add(Pointer(kind, card))
    return tuple(sorted(found))


def change_of(rules: Rules, pointers: tuple[Pointer, ...]) -> frozenset[str]:
    """The change that a round points to, so that advice on another change does not count for it.

    A goal on the card on drinking is the same change as the drinking goal that was chosen.
    """
    subjects = frozenset(pointer.subject for pointer in pointers)
    options = {pointer.subject for pointer in pointers if pointer.kind in OF_OPTIONS}
    return subjects - rules.drinking_cards if options else subjects


def counts(kind: ResponseKind, on: date, today: date) -> bool:
    """Whether a response of this kind that was recorded on that local day counts today. Of one dated after today nobody
    knows when it was recorded, as a clock was wrong: it allows nothing, and still takes planned advice back."""
    return on <= today or kind is ResponseKind.CANCELLED


def last_day_for_advice(facts: Facts) -> date | None:
    """The day by which advice has to be planned: when the change begins, at the latest the first check-in."""
    days = [day for day in (facts.change_begins, facts.revisit) if day is not None]
    return min(days, default=None)


def planned_advice(responses: Iterable[Response], today: date) -> Response | None:
    """The medical advice that is planned, as it was planned last; None once it was given or taken back."""
    newest = next((each for each in reversed(_that_count(responses, today)) if each.kind in OF_ADVICE), None)
    return newest if newest is not None and newest.kind is ResponseKind.PLANNED else None


def waiting(verdict: Verdict, responses: Iterable[Response], change: frozenset[str], today: date) -> tuple[Sign, ...]:
    """The warnings that nobody has dealt with. A changed answer, choice or goal opens them again."""
    counted = _that_count(responses, today)
    dealt = [response for response in counted if response.kind in DEALT_WITH and change <= response.about]
    named = {token for response in dealt for token in response.signs}
    return tuple(sign for sign in verdict.signs if sign.kind in SHOWN and sign.token not in named)


def is_name(text: str) -> bool:
    """Whether this can name a clinician or a service."""
    return _letters(text) >= NAME_LETTERS


def is_reason(text: str) -> bool:
    """Whether this is long enough to be a reason."""
    return _letters(text) >= REASON_LETTERS


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)


def _that_count(responses: Iterable[Response], today: date) -> list[Response]:
    return [each for each in responses if counts(each.kind, each.on, today)]


def _is_fresh(replies: list[Reply], today: date) -> bool:
    """Whether the newest of these answers to one question is recent enough. Where one of them is dated after today, a
    clock was wrong and nobody knows which is the newest, so none is."""
    return all(reply.on <= today for reply in replies) and today - replies[-1].on <= ANSWERS_LAST


def _two_noes(check: SafetyDeck, replies: list[Reply], today: date) -> bool:
    said = [[reply for reply in replies if reply.question == gate.id] for gate in check.gates]
    return bool(said) and all(given and given[-1].answer == GATE_CLOSES and _is_fresh(given, today) for given in said)


def _sign(question: SafetyQuestion, replies: list[Reply], today: date, *, excused: bool) -> Sign | None:
    for reply in reversed(replies):
        if reply.answer not in NO_ANSWER and question.warns(reply.answer):
            return Sign(question.id, SignKind.ANSWER, reply.answer, reply.on)
    if excused:
        return None
    newest = replies[-1] if replies else None
    if newest is None or newest.answer in NO_ANSWER:
        return Sign(question.id, SignKind.MISSING, newest.answer if newest else None, newest.on if newest else None)
    if not _is_fresh(replies, today):
        return Sign(question.id, SignKind.OLD, newest.answer, newest.on)
    return None


def _lifetime(question: SafetyQuestion, earlier: Iterable[Reply]) -> list[Sign]:
    if not question.lifetime:
        return []
    said = (reply for reply in earlier if reply.question == question.id and reply.answer not in NO_ANSWER)
    return [Sign(r.question, SignKind.EARLIER, r.answer, r.on) for r in said if question.warns(r.answer)]


def _settled(facts: Facts, rules: Rules) -> str | None:
    """The option that was settled; where none was, the outcome itself, which points until there is one."""
    if facts.settled is Outcome.CLIENT_CHOICE:
        return facts.chosen
    if facts.settled is Outcome.KEYWORKER_ACCEPTED:
        return facts.advised
    if facts.settled is Outcome.DIFFER and {facts.chosen, facts.advised} <= rules.calm_options:
        return None
    return facts.settled


def _is_advised(facts: Facts, change: frozenset[str], today: date) -> bool:
    counted = _that_count(facts.responses, today)
    return any(_is_given(response, change, today) for response in counted) or _is_planned(facts, today)


def _is_given(response: Response, change: frozenset[str], today: date) -> bool:
    if response.kind is not ResponseKind.GIVEN or response.day is None or not is_name(response.with_whom):
        return False
    return today - ADVICE_LASTS <= response.day <= today and change <= response.about


def _is_planned(facts: Facts, today: date) -> bool:
    planned, last = planned_advice(facts.responses, today), last_day_for_advice(facts)
    if planned is None or planned.day is None or last is None:
        return False
    return is_name(planned.with_whom) and today <= planned.day <= last
