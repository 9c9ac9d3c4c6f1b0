"""Everything that the plan's text says, gathered by a constant number of queries."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from decisionaid import i18n
from decisionaid.casework import negotiating, planning
from decisionaid.casework.planning import Draft
from decisionaid.core.deck import Source
from decisionaid.core.deck_safety import RedCard
from decisionaid.core.negotiation import DRINKING, USUAL_GOALS, Outcome
from decisionaid.core.sort import Answer, Party, answer_from
from decisionaid.storage import queries_plan, sorts
from decisionaid.storage.decks import Decks
from decisionaid.storage.models import (
    AgreedGoal,
    Client,
    CrisisLine,
    Handover,
    Nation,
    OptionChoice,
    Plan,
    Question,
    QuestionAnswer,
    Round,
    Service,
    Settlement,
)
from decisionaid.storage.models.sorts import Device
from decisionaid.storage.sorts import LoadedSort, Viewer
from decisionaid.web.plan_words import SAFETY_DECK, DeckVoice, voice

GOAL_WORDS = ("title", "success", "why", "support", "how_we_know", "unmet")
"""What is typed of a goal, beside its steps."""


@dataclass(frozen=True)
class Said:
    """Free text with the language it was written in."""

    text: str
    language: str

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True)
class OnCard:
    """What one party answered to a card: a rating or none, and its place."""

    answer: Answer | None
    place: int | None


@dataclass(frozen=True)
class Difference:
    """A card or the drinking goal on which the two differ: its name, both reasons, what was settled."""

    title: str
    client: Said
    keyworker: Said
    settled: Settlement


@dataclass(frozen=True)
class OpenQuestion:
    """A question that is still to be answered, and who finds out."""

    words: str
    answer: QuestionAnswer | None


@dataclass(frozen=True)
class Pair:
    """The two sorts of one round, the client's first."""

    client: LoadedSort
    keyworker: LoadedSort

    def of(self, party: str) -> LoadedSort:
        """The sort of one party."""
        return self.client if party == Party.CLIENT else self.keyworker

    def on_card(self, party: str, card: str) -> OnCard:
        """What a party said of a card."""
        kept = self.of(party).cards.get(card)
        return OnCard(answer_from(kept.answer) if kept and kept.answer else None, kept.place if kept else None)


@dataclass(frozen=True)
class PlanContent:
    """What the text of a plan is made of."""

    draft: Draft
    words: DeckVoice
    now: Pair
    before: Pair | None
    cards_before: tuple[str, ...]
    settled: Mapping[str, Settlement]
    choices: Mapping[Party, OptionChoice | None]
    looked_at: int
    questions: tuple[OpenQuestion, ...]
    lines: tuple[CrisisLine, ...]
    nation: Nation | None
    service_texts: Mapping[str, str]
    handovers: tuple[tuple[Handover, str], ...]
    language: str
    red_cards: Mapping[str, RedCard]
    english_red_cards: Mapping[str, RedCard]
    sources: tuple[Source, ...]

    def text(self, name: str) -> Said:
        """A written field; where it is empty, what the client wrote while sorting, or the service's own sentence."""
        row = self.draft.texts.get(name)
        if row is not None:
            return Said(row.text, row.language)
        if name == "what_matters":
            return Said(self.now.client.record.what_matters, self.now.client.record.language)
        return Said(self.service_texts.get(name, ""), self.language)

    @property
    def why_so_many(self) -> Said:
        """Why there are more goals than usual; empty where there no longer are."""
        return self.text("fourth_goal_reason") if len(self.draft.goals) > USUAL_GOALS else Said("", self.language)

    def of_goal(self, goal: AgreedGoal, column: str) -> Said:
        """The words of a goal."""
        return Said(getattr(goal, column), goal.language)

    def words_of(self, goal: AgreedGoal) -> list[str]:
        """All that stands in the box of a goal."""
        steps = self.draft.actions_of(goal)
        return [*(getattr(goal, column) for column in GOAL_WORDS), *(step.what for step in steps)]

    def settlement(self, goal: AgreedGoal) -> Settlement | None:
        """How the card of a goal was settled."""
        return self.settled.get(goal.card_id or "")

    def was_in_last_sort(self, card: str | None) -> bool:
        """Whether the card of a goal was asked in the last round too, so that both answers of then stand beside it."""
        return self.before is not None and card in self.cards_before

    def is_in_sort(self, card: str | None) -> bool:
        """Whether a goal was made of a card of this round, so that both answers can stand beside it."""
        return card is not None and card in (*self.words.deck.ids, *(own.card_id for own in self.now.client.own))

    @property
    def devices(self) -> tuple[tuple[Handover, str], ...]:
        """When each kind of device was last put into the client's hands, and by whom, in the order of time. Paper too,
        where each who typed is named."""
        last = {(given.device, given.device is Device.PAPER and by): (given, by) for given, by in self.handovers}
        return tuple(sorted(last.values(), key=lambda given: given[0].at))

    @property
    def typed_in(self) -> bool:
        """Whether the client's sort, or some of it, came from paper."""
        return any(given.device is Device.PAPER for given, _by in self.handovers)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Where the two differ, as it was written down."""
        return self._with_outcome(Outcome.DIFFER)

    @property
    def left_open(self) -> tuple[Difference, ...]:
        """What was left open for now."""
        return self._with_outcome(Outcome.LEFT_OPEN)

    def _with_outcome(self, outcome: Outcome) -> tuple[Difference, ...]:
        cards = (*self.words.deck.ids, *(own.card_id for own in self.now.client.own), DRINKING)
        found = [self.settled[card] for card in cards if card in self.settled and self.settled[card].outcome is outcome]
        return tuple(self._difference(settled) for settled in found)

    def _difference(self, settled: Settlement) -> Difference:
        card = settled.card_id
        title = self.words.options.title if card == DRINKING else self.words.title(card, self.now.client)
        return Difference(title, self._reason(Party.CLIENT, card), self._reason(Party.KEYWORKER, card), settled)

    def _reason(self, party: Party, card: str) -> Said:
        sort = self.now.of(party)
        if card == DRINKING:
            chosen = self.choices[party]
            return Said(chosen.words if chosen else "", sort.record.language)
        kept = sort.cards.get(card)
        return Said((kept.why or kept.success) if kept else "", sort.record.language)


def gather(db: Session, decks_of: Callable[[Round], Decks], plan: Plan, client: Client) -> PlanContent:
    """Everything for the text of `plan`, in the client's language. `decks_of` gives what a round speaks with."""
    round_ = db.get_one(Round, (plan.service_id, plan.round_id))
    pair = _pair(db, round_)
    draft = planning.draft(db, plan)
    decks = decks_of(round_)
    words = voice(decks, round_, client.language)
    red_cards = words.red_cards(goal.card_id for goal in draft.goals)
    last = _last_round(db, round_)
    chosen = {party: sorts.choices(db, pair.of(party).record) for party in Party}
    return PlanContent(
        draft=draft,
        words=words,
        now=pair,
        before=_pair(db, last) if last else None,
        cards_before=decks_of(last).cards(last.deck_id, last.spare_cards).ids if last else (),
        settled=negotiating.settlements(db, round_),
        choices={party: given[0] if given else None for party, given in chosen.items()},
        looked_at=len(sorts.views(db, pair.client.record)),
        questions=_open(sorts.questions(db, pair.client.record), draft),
        nation=db.get_one(Service, plan.service_id).nation,
        lines=tuple(queries_plan.crisis_lines(db, plan.service_id, client.language)),
        service_texts=queries_plan.service_texts(db, plan.service_id, client.language),
        handovers=tuple(queries_plan.handovers(db, round_)),
        language=client.language,
        red_cards=red_cards,
        english_red_cards=decks.safety_words(SAFETY_DECK, i18n.SOURCE).red_cards,
        sources=_sources(words, plan, red_cards),
    )


def _last_round(db: Session, round_: Round) -> Round | None:
    last = queries_plan.last_plan(db, round_)
    return db.get_one(Round, (last.service_id, last.round_id)) if last else None


def _pair(db: Session, round_: Round) -> Pair:
    seen = sorts.sight(db, round_, Viewer.TOGETHER)
    if seen.client is None or seen.keyworker is None:
        raise LookupError("a plan has both its sorts, finished and confirmed")
    return Pair(seen.client, seen.keyworker)


def _open(asked: list[Question], draft: Draft) -> tuple[OpenQuestion, ...]:
    pairs = ((question, draft.answers.get(question.id)) for question in asked)
    return tuple(OpenQuestion(question.words, answer) for question, answer in pairs if not (answer and answer.answered))


def _sources(words: DeckVoice, plan: Plan, dangers: Collection[str]) -> tuple[Source, ...]:
    """Where what the plan says comes from: the red cards' sources, and those of the chosen drinking goal."""
    found = list(words.safety.sources_of(dangers))
    if plan.drinking_option in {option.id for option in words.drinking.options}:
        found += words.drinking.sources_of(words.drinking.option(plan.drinking_option or ""))
    return tuple({source.citation: source for source in found}.values())
