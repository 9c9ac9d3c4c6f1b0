"""The client's own answers, as they are read back before anything of the other's is shown."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.models import SortCard
from decisionaid.storage.sorts import LoadedSort
from decisionaid.web.plan_words import DeckVoice


@dataclass(frozen=True)
class OwnAnswers:
    """What the client answered, in words.

    `order` holds titles with what was written to them, most important first; `piles` titles by rating; `left` titles
    without a rating; `check` questions of the safety check, each with the answer or nothing.
    """

    order: tuple[tuple[str, SortCard], ...]
    piles: dict[Rating, tuple[str, ...]]
    left: tuple[str, ...]
    what_matters: str
    choice: str | None
    choice_words: str
    questions: tuple[str, ...]
    check: tuple[tuple[str, str | None], ...]


def own_answers(db: Session, sort: LoadedSort, words: DeckVoice) -> OwnAnswers:
    """Everything of one client's sort, for its author's eyes."""
    deck = words.deck.ids
    value = sort.value(deck, len(deck))
    chosen = next(iter(sorts.choices(db, sort.record)), None)

    def titles(rating: Rating | None) -> tuple[str, ...]:
        return tuple(words.title(card, sort) for card in value.all_cards if value.rating(card) is rating)

    return OwnAnswers(
        order=tuple((words.title(card, sort), sort.cards[card]) for card in value.order),
        piles={rating: titles(rating) for rating in Rating},
        left=titles(None),
        what_matters=sort.record.what_matters,
        choice=words.option(chosen.option) if chosen else None,
        choice_words=chosen.words if chosen else "",
        questions=tuple(question.words for question in sorts.questions(db, sort.record)),
        check=_check(sorts.safety_replies(db, sort.record), words, chosen.option if chosen else None),
    )


def _check(replies: dict[str, str], words: DeckVoice, option: str | None) -> tuple[tuple[str, str | None], ...]:
    """The questions that were asked, each with its answer or nothing."""
    texts = words.check.questions
    asked = words.safety.asked(replies, points=option is not None and words.drinking.warns(option))
    return tuple((texts[q.id].text, texts[q.id].answers.get(replies.get(q.id, ""))) for q in asked)
