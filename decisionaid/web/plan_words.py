"""The words of the decks as the seat *together* and the plan use them: by round, in one language."""

from dataclasses import dataclass

from decisionaid.core.deck import Deck, DeckWords, OptionDeck, OptionDeckWords, RedCard, SafetyDeck, SafetyWords
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
    def red_card(self) -> RedCard:
        return self.check.red_card


def voice(decks: Decks, round_: Round, language: str) -> DeckVoice:
    """The decks of `round_` in `language`."""
    return DeckVoice(
        language=language,
        deck=decks.cards(round_.deck_id),
        cards=decks.card_words(round_.deck_id, language),
        drinking=decks.options(DRINKING_DECK),
        options=decks.option_words(DRINKING_DECK, language),
        safety=decks.safety(SAFETY_DECK),
        check=decks.safety_words(SAFETY_DECK, language),
    )


def called(staff: Staff) -> str:
    """What a keyworker is called on screen: the first name, or all of a name that begins with a title."""
    first, _, _ = staff.name.partition(" ")
    return first if len(first) > 2 and not first.endswith(".") else staff.name
