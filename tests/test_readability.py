"""What clients read is plain, and the equal choices are equal in what they say.

The reading grade is Flesch-Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59. Citations are not counted.
"""

from collections.abc import Iterator

import pytest
import textstat

from decisionaid import packaged
from decisionaid.core.deck import DeckWords
from decisionaid.core.deck_options import OptionDeckWords
from decisionaid.core.deck_safety import SafetyWords
from decisionaid.storage.decks import Decks, load_decks

DECKS = load_decks(packaged("questionnaires"))
DECK_AT_MOST, CARD_AT_MOST = 6, 8
HARD_SENTENCE = (
    "Multidisciplinary practitioners collaboratively facilitate comprehensive psychosocial interventions, "
    "necessitating individualised assessment of physiological dependence and concomitant comorbidities."
)


def grade(*texts: str) -> float:
    """The reading grade of the texts, each taken as a sentence of its own."""
    sentences = (text if text[-1] in ".?!" else f"{text}." for text in texts)
    return float(textstat.flesch_kincaid_grade(" ".join(sentences)))


def pieces(decks: Decks, deck: str, language: str = "en") -> Iterator[tuple[str, tuple[str, ...]]]:
    """All that a client reads of a deck, one card at a time."""
    words = decks.words(deck, language)
    match words:
        case DeckWords():
            yield "questions", (words.questions["client"], *words.answers["client"].values())
            yield from ((id, (said.title, said.line, *said.examples)) for id, said in words.cards.items())
            yield "cues", words.cues
        case OptionDeckWords():
            yield "choice", (words.title, words.choice, words.intro, words.carry_on, *words.headings.values())
            for id, said in words.options.items():
                yield id, (said.title, said.line, *(said.text(heading) for heading in words.headings))
            yield "how made", (words.update_policy, words.funding, words.signed_off)
        case SafetyWords():
            yield "intro", (words.title, words.intro)
            for id, asked in words.questions.items():
                yield id, (asked.text, asked.help, *asked.answers.values())
            for danger, red in words.red_cards.items():
                yield f"red card: {danger}", (red.title, red.lead, *red.signs, red.emergency, words.tell)


def test_the_measure_tells_plain_from_hard() -> None:
    """The control."""
    assert grade("You choose how much, and on which days.") < 4
    assert grade(HARD_SENTENCE) > 16


@pytest.mark.parametrize("deck", DECKS.decks)
def test_a_deck_reads_at_grade_6_or_below(deck: str) -> None:
    measured = grade(*(text for _, texts in pieces(DECKS, deck) for text in texts))
    print(f"{deck}: grade {measured:.1f}")
    assert measured <= DECK_AT_MOST


@pytest.mark.parametrize("deck", DECKS.decks)
def test_no_card_reads_above_grade_8(deck: str) -> None:
    measured = {name: round(grade(*texts), 1) for name, texts in pieces(DECKS, deck)}
    assert len(measured) > 5
    assert {name: found for name, found in measured.items() if found > CARD_AT_MOST} == {}


def counts(words: OptionDeckWords) -> dict[str, int]:
    """How many words each option says under its headings."""
    return {
        id: sum(len(option.text(heading).split()) for heading in words.headings) for id, option in words.options.items()
    }


@pytest.mark.parametrize("language", DECKS.languages)
def test_the_choices_say_equally_much(language: str) -> None:
    words = DECKS.option_words("drinking-goal", language)
    said = counts(words)
    assert len(said) == 5
    assert max(said.values()) <= 1.2 * min(said.values()), said
    headings = set(words.headings)
    assert headings == set(DECKS.options("drinking-goal").headings)
    for option in words.options.values():
        assert set(option.sections) == headings
        assert len(option.sections["good"]) == len(option.sections["hard"]) == 2


def test_each_choice_names_dated_sources_and_how_sure_they_make_us() -> None:
    deck = DECKS.options("drinking-goal")
    for option in deck.options:
        sources = deck.sources_of(option)
        assert len(sources) == len(option.sources) >= 1
        assert all(source.date[:4].isdigit() and source.url.startswith("https://") for source in sources)
        assert option.sureness in DECKS.option_words(deck.id, "en").sureness


def test_each_choice_stands_on_facts_of_its_own_sources() -> None:
    """What a fact says of an option must come from a source that the option shows."""
    deck = DECKS.options("drinking-goal")
    for fact in deck.facts:
        for option in fact.about:
            assert set(fact.sources) & set(deck.option(option).sources), (fact.says, option)


def test_what_is_not_confirmed_says_who_must_confirm_it() -> None:
    for deck in (DECKS.options("drinking-goal"), DECKS.safety("safety-check")):
        assert {fact.to_be_confirmed for fact in deck.facts} == {None, "by a clinician"}
        assert (deck.signed_off.needed_from, deck.signed_off.by) == ("clinical safety officer", None)


def test_each_red_card_stands_on_facts_and_every_source_is_used() -> None:
    deck = DECKS.safety("safety-check")
    both = [deck.sources_of({danger}) for danger in DECKS.safety_words(deck.id, "en").red_cards]
    assert len(both) == 2
    assert all(both)
    assert {source for sources in both for source in sources} == set(deck.sources)


def test_no_deck_holds_a_dose_or_a_taper_rate() -> None:
    """A plan to cut down by so much a day is a clinician's; none may slip into a card."""
    doses = ("mg", "chlordiazepoxide", "thiamine", "per cent a day", "% a day", "units less", "every other day")
    texts = " ".join(text for deck in DECKS.decks for _, texts in pieces(DECKS, deck) for text in texts).lower()
    assert "14 units a week" in texts
    assert [dose for dose in doses if dose in texts.split() or f" {dose} " in texts] == []
