"""What the files of a deck owe each other: every id once, words for everything, no name that names nothing.

Each check yields the place and the reason; which file it stands in, the caller knows.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import get_args

from decisionaid.core.deck import Danger
from decisionaid.core.deck_safety import GATE_CLOSES
from decisionaid.core.safety import NOT_STOPPING
from decisionaid.storage.deck_required import check_required, check_signs
from decisionaid.storage.deck_shapes import CardsShape, OptionsShape, SafetyShape, StructureShape
from decisionaid.storage.deck_word_shapes import (
    CardsWordsShape,
    EasyWordsShape,
    OptionsWordsShape,
    SafetyWordsShape,
    WordsShape,
)

Findings = Iterator[tuple[str, str]]


def check_structure(deck: StructureShape, option_decks: Collection[str], pictures: Collection[str] | None) -> Findings:
    """Faults of a deck's build. `option_decks` are those that a card may open; without `pictures`, any name will do."""
    yield from _once("sources", [source.id for source in deck.sources])
    yield from check_required(deck)
    match deck:
        case CardsShape():
            yield from _check_cards(deck, option_decks)
        case OptionsShape():
            yield from _check_options(deck)
        case SafetyShape():
            yield from _check_safety(deck)
    if pictures is not None:
        yield from (
            (place, f"There is no picture {name!r}") for place, name in _pictures(deck) if name and name not in pictures
        )


def check_words(deck: StructureShape, words: WordsShape) -> Findings:
    """Where the words leave something of the deck unsaid, or say what is not there."""
    match deck, words:
        case CardsShape(), CardsWordsShape():
            yield from _same("cards", [card.id for card in deck.cards], words.cards)
        case OptionsShape(), OptionsWordsShape():
            yield from _same("options", [option.id for option in deck.options], words.options)
        case SafetyShape(), SafetyWordsShape():
            yield from _same("questions", [question.id for question in deck.questions], words.questions)
            yield from _check_answers(deck, words)
            yield from _check_red_cards(words)


def check_alike(spoken: Mapping[str, WordsShape]) -> Iterator[tuple[str, str, str]]:
    """What the words of one language name fewer of than another's: the language, the place and the reason."""
    cards = {code: words.red_cards for code, words in spoken.items() if isinstance(words, SafetyWordsShape)}
    for danger in get_args(Danger):
        counts = {code: len(getattr(red, danger).signs) for code, red in cards.items()}
        most = max(counts.values(), default=0)
        for code, count in counts.items():
            if count < most:
                yield (
                    code,
                    f"red_cards.{danger}.signs",
                    f"Here stand {count} warning signs, and {most} in another language",
                )


def check_easy_words(deck: StructureShape, easy: EasyWordsShape, languages: Collection[str]) -> Findings:
    """Where the easy words leave a card unsaid, say one that is not there, or have no usual words to stand beside."""
    if languages and easy.language not in languages:  # a deck without any words is told of already
        yield "language", "There are no usual words in this language"
    if isinstance(deck, CardsShape):
        yield from _same("cards", [card.id for card in deck.cards], easy.cards)


def _check_cards(deck: CardsShape, option_decks: Collection[str]) -> Findings:
    yield from _once("cards", [card.id for card in deck.cards])
    if deck.top > sum(not card.spare for card in deck.cards):
        yield "top", "There are fewer cards in use than this"
    for number, card in enumerate(deck.cards):
        if card.opens is not None and card.opens not in option_decks:
            yield f"cards.{number}.opens", f"There is no deck of options {card.opens!r}"
        if (card.opens or card.warns) and not card.points:
            yield f"cards.{number}.points", "A card that opens or warns may mean stopping: it needs points: true"


def _check_options(deck: OptionsShape) -> Findings:
    yield from _once("options", [option.id for option in deck.options])
    yield from _once("headings", [heading.id for heading in deck.headings])
    sources, options = {source.id for source in deck.sources}, {option.id for option in deck.options}
    for number, option in enumerate(deck.options):
        yield from _known(f"options.{number}.sources", option.sources, sources)
        if option.id not in NOT_STOPPING and not option.warns:
            yield f"options.{number}.warns", "The red card must stand with this option"
    for number, fact in enumerate(deck.facts):
        yield from _known(f"facts.{number}.sources", fact.sources, sources)
        yield from _known(f"facts.{number}.about", fact.about, options)


def _check_safety(deck: SafetyShape) -> Findings:
    yield from _once("questions", [question.id for question in deck.questions])
    for number, question in enumerate(deck.questions):
        place = f"questions.{number}.answers"
        yield from _once(place, [answer.id for answer in question.answers])
        if not any(answer.id == "dont_know" and answer.warns for answer in question.answers):
            yield place, 'An answer "dont_know" that warns is needed'
        if not question.gate and not any(answer.warns for answer in question.answers if answer.id != "dont_know"):
            yield place, "No answer but dont_know warns"
        if all(answer.warns for answer in question.answers):
            yield place, "Every answer warns"
    yield from _check_gates(deck)
    yield from _check_dangers(deck)


def _check_gates(deck: SafetyShape) -> Findings:
    """What everybody is asked stands first and can be answered calmly; what counts for life is asked."""
    gates = [question for question in deck.questions if question.gate]
    if not gates or deck.questions[: len(gates)] != gates:
        yield "questions", "The questions that are gates come first, and there is at least one"
    for number, question in enumerate(deck.questions):
        calm = {answer.id for answer in question.answers if not answer.warns}
        if question.gate and GATE_CLOSES not in calm:
            yield f"questions.{number}.answers", f'A gate needs an answer "{GATE_CLOSES}" that does not warn'
    if not any(question.lifetime for question in deck.questions):
        yield "questions", "At least one question needs lifetime: true"


def _check_dangers(deck: SafetyShape) -> Findings:
    """Each red card stands on what the deck has on record."""
    sources, dangers = {source.id for source in deck.sources}, get_args(Danger)
    for number, fact in enumerate(deck.facts):
        yield from _known(f"facts.{number}.sources", fact.sources, sources)
        yield from _known(f"facts.{number}.about", fact.about, dangers)
    recorded = {danger for fact in deck.facts for danger in fact.about}
    yield from (("facts", f"There is none about {danger!r}") for danger in dangers if danger not in recorded)


def _check_answers(deck: SafetyShape, words: SafetyWordsShape) -> Findings:
    for question in deck.questions:
        if question.id in words.questions:
            said = words.questions[question.id].answers
            yield from _same(f"questions.{question.id}.answers", [answer.id for answer in question.answers], said)


def _check_red_cards(words: SafetyWordsShape) -> Findings:
    for danger, card in words.red_cards:
        yield from check_signs(danger, card.signs)
        if card.emergency_number not in card.emergency:
            yield f"red_cards.{danger}.emergency", "The emergency number must stand in this text"


def _once(place: str, ids: Iterable[str]) -> Findings:
    yield from ((place, f"{id!r} stands {times} times") for id, times in Counter(ids).items() if times > 1)


def _known(place: str, ids: Iterable[str], known: Collection[str]) -> Findings:
    yield from ((place, f"There is no {id!r}") for id in ids if id not in known)


def _same(place: str, ids: Collection[str], said: Collection[str]) -> Findings:
    yield from ((f"{place}.{id}", "There are no words for this") for id in ids if id not in said)
    yield from ((f"{place}.{id}", "The deck holds nothing of this name") for id in said if id not in ids)


def _pictures(deck: StructureShape) -> Findings:
    """Every picture that the deck names, after its place."""
    match deck:
        case CardsShape():
            yield from (
                (f"cards.{n}.pictures.{m}", p) for n, c in enumerate(deck.cards) for m, p in enumerate(c.pictures)
            )
        case OptionsShape():
            yield from ((f"options.{number}.picture", option.picture) for number, option in enumerate(deck.options))
            yield from ((f"headings.{number}.picture", heading.picture) for number, heading in enumerate(deck.headings))
