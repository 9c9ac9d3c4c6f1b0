"""The goal for drinking: equal choices, each opened in full when asked for. The keyworker gives one as advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import sorting as verbs
from decisionaid.core.deck import Danger
from decisionaid.core.deck_options import Option, OptionDeck, OptionDeckWords
from decisionaid.core.deck_safety import RedCard, SafetyQuestion
from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.models import OptionChoice
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import PlainForm, complain, was_sent
from decisionaid.web.request import db, decks, decks_of, now
from decisionaid.web.sort_forms import AdviceWordsForm, LookForm, OptionForm, OptionWordsForm, one_of
from decisionaid.web.sort_pages import Sorting, saved
from decisionaid.web.sort_words import onward

GOAL_DECK, SAFETY_DECK = "drinking-goal", "safety-check"
ALL = "all"


@dataclass(frozen=True)
class Goal:
    """The choices, and what was chosen so far, newest first."""

    deck: OptionDeck
    words: OptionDeckWords
    choices: tuple[OptionChoice, ...]
    wished: bool

    @property
    def chosen(self) -> OptionChoice | None:
        """The choice that counts now."""
        return self.choices[0] if self.choices else None

    @property
    def is_open(self) -> bool:
        """Whether the person's own yes or maybe, or a choice made, has opened this part."""
        return self.wished or bool(self.choices)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.deck.options)

    def option_at(self, number: int) -> Option:
        """The choice at that place; what is out of range does not exist."""
        return self.deck.options[number - 1] if 1 <= number <= len(self.deck.options) else abort(404)

    def words_for(self, option: str) -> str:
        """What was last written beside this choice: each keeps its own words."""
        return next((choice.words for choice in self.choices if choice.option == option), "")


def goal_of(sorting: Sorting) -> Goal:
    """The choices of this sort's goal."""
    kept = decks_of(sorting.round)
    deck, words = kept.options(GOAL_DECK), kept.option_words(GOAL_DECK, i18n.current())
    opener = sorting.opener_of(GOAL_DECK)
    wished = opener is not None and opener.answer in (Rating.DEFINITELY, Rating.POSSIBLY)
    return Goal(deck, words, tuple(sorts.choices(db(), sorting.record)), wished)


def red_card(danger: Danger = "drinking") -> RedCard:
    """The words that stand in red: what not to stop suddenly."""
    return decks().safety_words(SAFETY_DECK, i18n.current()).red_cards[danger]


def goal_page(sorting: Sorting) -> str:
    """All choices, equal; or, where nothing has opened this part, that it can be opened."""
    goal = goal_of(sorting)
    held = goal.words_for(goal.chosen.option) if goal.chosen else ""
    fields = drafted(_words_form(sorting), action=sorting.to("goal_words"), words=held)
    form = _put_right(sorting, fields)
    if not goal.is_open and "open" not in request.args and form.withheld is None:
        return sorting.show("components/sort_goal_closed.html", goal=goal)
    return sorting.show("components/sort_goal.html", goal=goal, form=form, fields=fields, red_card=red_card())


def choose(sorting: Sorting) -> Response:
    """Choose a goal for now. Pressing the chosen one again changes nothing."""
    goal, form = goal_of(sorting), OptionForm()
    form.option.validators = [one_of(goal.ids)]
    if not form.validate():
        return refused(form, to=sorting.to("goal"))
    option = form.option.data
    if goal.chosen is None or goal.chosen.option != option:
        verbs.choose_option(db(), sorting.record, option, goal.words_for(option), now())
    return saved(sorting.to("goal"))


def write(sorting: Sorting) -> Response:
    """Keep own words beside the goal that is chosen, and go on where the press said so."""
    goal, form = goal_of(sorting), _words_form(sorting)()
    good = form.validate()
    if good and form.words.data and goal.chosen is None:
        complain(form.words, i18n.gettext("Choose one of the five first. Your words are saved with it."))
        good = False
    if not good:
        return refused(form, to=sorting.to("goal"))
    if goal.chosen is not None and was_sent(form.words) and form.words.data != goal.words_for(goal.chosen.option):
        verbs.choose_option(db(), sorting.record, goal.chosen.option, form.words.data or "", now())
    return saved(onward(sorting.to("goal"), after_goal(sorting)))


def look(sorting: Sorting) -> Response:
    """Open one choice in full, or all side by side; that they were shown is noted (R20)."""
    goal, form = goal_of(sorting), LookForm()
    numbers = [str(number) for number in range(1, len(goal.ids) + 1)]
    form.look.validators = [one_of([*numbers, ALL])]
    if not form.validate():
        return refused(form, to=sorting.to("goal"))
    if form.look.data == ALL:
        for option in goal.ids:
            verbs.see_option(db(), sorting.record, option, now())
        return redirect(sorting.to("goal_all"), 303)
    number = int(form.look.data)
    verbs.see_option(db(), sorting.record, goal.option_at(number).id, now())
    return redirect(sorting.to("goal_detail", number=number), 303)


def detail_page(sorting: Sorting, number: int) -> str:
    """One choice in full, under the same headings as all."""
    goal = goal_of(sorting)
    option = goal.option_at(number)
    return sorting.show(
        "components/sort_goal_detail.html", goal=goal, option=option, number=number, red_card=red_card()
    )


def all_page(sorting: Sorting) -> str:
    """All choices side by side."""
    return sorting.show("components/sort_goal_all.html", goal=goal_of(sorting), red_card=red_card())


def asked_of(sorting: Sorting, replies: Mapping[str, str]) -> tuple[SafetyQuestion, ...]:
    """The safety questions that this client is asked: all, where their newest choice may mean stopping or less."""
    goal = goal_of(sorting)
    points = goal.chosen is not None and goal.deck.warns(goal.chosen.option)
    return decks().safety(SAFETY_DECK).asked(replies, points=points)


def after_goal(sorting: Sorting) -> str:
    """The page after the goal: the safety check for the client; the last goals at a review; else Check."""
    return sorting.to("safe") if sorting.is_client else after_safe(sorting)


def after_safe(sorting: Sorting) -> str:
    """The page after the safety check: the last goals at a review; else Check."""
    return sorting.to("last") if sorting.round.is_review else sorting.to("check")


def _put_right(sorting: Sorting, fields: PlainForm) -> PlainForm:
    """The form on this page that has something to put right; the words, where none has."""
    presses = drafted(OptionForm), drafted(LookForm, action=sorting.to("look"))
    return next((press for press in presses if press.errors), fields)


def _words_form(sorting: Sorting) -> type[PlainForm]:
    return OptionWordsForm if sorting.is_client else AdviceWordsForm
