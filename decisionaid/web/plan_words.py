"""The words of the decks as the seat *together* and the plan use them: by round, in one language."""

from collections.abc import Iterable
from dataclasses import dataclass

from decisionaid.core.deck import Danger, Deck, DeckWords
from decisionaid.core.deck_options import OptionDeck, OptionDeckWords
from decisionaid.core.deck_safety import RedCard, SafetyDeck, SafetyWords
from decisionaid.core.sort import Answer, Rating
from decisionaid.storage.decks import Decks
from decisionaid.storage.models import Round, Staff
from decisionaid.storage.sorts import LoadedSort

DRINKING_DECK, SAFETY_DECK = "drinking-goal", "safety-check"


@dataclass(frozen=True)
class DeckVoice:
    """The three decks of a round, speaking one language."""

    language: str
    deck: Deck
    cards: DeckWords
    drinking: OptionDeck
    options: OptionDeckWords
    safety: SafetyDeck
    check: SafetyWords

    def title(self, card: str, sort: LoadedSort) -> str:
        """What a card is called; an own card as the client wrote it."""
        return sort.own_title(card) or self.cards.cards[card].title

    def picture(self, card: str) -> str:
        """The icon of a card."""
        return self.deck.card(card).pictures[0] if card in self.deck.ids else "note-pencil"

    def said(self, answer: Answer | None) -> str | None:
        """A rating in one short word; None where the card was not rated."""
        return self.cards.short[answer.value] if isinstance(answer, Rating) else None

    def option(self, option: str | None) -> str | None:
        """What a drinking goal is called."""
        found = self.options.options.get(option or "")
        return found.title if found else None

    @property
    def versions(self) -> tuple[tuple[str, int], ...]:
        """Each deck's name and version, as they print."""
        names = (self.cards.title, self.options.title, self.check.title)
        return tuple(zip(names, (self.deck.version, self.drinking.version, self.safety.version), strict=True))

    @property
    def red_card(self) -> RedCard:
        """The red card of the drinking goal."""
        return self.check.red_cards["drinking"]

    def red_card_of(self, card: str) -> RedCard | None:
        """The red card that stands with a card, if any."""
        danger = self._danger(card)
        return self.check.red_cards[danger] if danger else None

    def red_cards(self, cards: Iterable[str | None]) -> dict[str, RedCard]:
        """The red cards of a plan with goals on these cards, by danger: always the one on drinking."""
        found = {"drinking", *(self._danger(card) for card in cards)}
        return {danger: words for danger, words in self.check.red_cards.items() if danger in found}

    def _danger(self, card: str | None) -> Danger | None:
        return next((known.warns for known in self.deck.cards + self.deck.spares if known.id == card), None)


def voice(decks: Decks, round_: Round, language: str) -> DeckVoice:
    """The decks of `round_` in `language`."""
    return DeckVoice(
        language=language,
        deck=decks.cards(round_.deck_id, round_.spare_cards),
        cards=decks.card_words(round_.deck_id, language),
        drinking=decks.options(DRINKING_DECK),
        options=decks.option_words(DRINKING_DECK, language),
        safety=decks.safety(SAFETY_DECK),
        check=decks.safety_words(SAFETY_DECK, language),
    )


def digest(decks: Decks, round_: Round) -> str:
    """What a signature binds of the decks: all whose words a plan may print."""
    return decks.digest(round_.deck_id, DRINKING_DECK, SAFETY_DECK)


def called(staff: Staff) -> str:
    """What a keyworker is called on screen: the first name, or all of a name that begins with a title."""
    first, _, _ = staff.name.partition(" ")
    return first if len(first) > 2 and not first.endswith(".") else staff.name
