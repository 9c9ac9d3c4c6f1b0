"""The forms of the sort, for both parties. A press is a form too: what it sends is known, or refused at its field."""

from collections.abc import Collection

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, Optional

from decisionaid.core.review import Progress
from decisionaid.core.sort import Rating, Unanswered
from decisionaid.i18n import lazy_gettext as _
from decisionaid.storage.models.sorts import Advice, Listened, Say
from decisionaid.web.forms import Needed, PlainForm, TitleField, WordsField, choice

ANSWERS = [answer.value for kind in (Rating, Unanswered) for answer in kind]
STEPS = [str(step) for step in range(11)]
"""The ruler's steps, 0 to 10."""

RULERS = ("importance", "confidence")
"""What the client can give a number to."""


class PressField(StringField):
    """What a press sends: the value of the button, or nothing where another one was pressed."""

    data: str


def one_of(values: Collection[str]) -> AnyOf:
    """One of the answers that stand on the page."""
    return AnyOf(values, message=_("Please choose one of the answers on this page."))


class NamedForm(PlainForm):
    """A form that says what it is about by an alias (`Sorting.alias`), as its address names a place only."""

    about = HiddenField()

    def is_about(self, alias: str) -> bool:
        """Whether it was drawn for this thing, and not for what stood in its place before."""
        return self.about.data == alias


class RateForm(PlainForm):
    """An answer to a card."""

    answer = PressField(_("Your answer"), validators=[one_of(ANSWERS)])


class OrderForm(PlainForm):
    """One step in the order: each field holds a card, and `order` all placed cards, most important first.

    `was` names the order that was on the page.
    """

    was = HiddenField()
    order = SelectMultipleField(_("The order"), choices=[], validate_choice=False)
    add = PressField()
    up = PressField()
    down = PressField()
    out = PressField()


class WhatMattersForm(PlainForm):
    """What matters to the client, over all."""

    what_matters = WordsField(_("What matters to me"), description=_("A few words are enough."))


class ReasonForm(NamedForm):
    """The keyworker's reason for one of their top cards."""

    why = WordsField(
        _("Why I suggest this"), description=_("Your client reads this when you compare. Write it to them.")
    )


def ruler(label: str) -> RadioField:
    """A ruler from 0 to 10."""
    choices = [choice(step, step) for step in STEPS]
    return RadioField(label, choices=choices, validate_choice=False, validators=[Optional(), one_of(STEPS)])


class CardWordsForm(NamedForm):
    """The client's own words for one of their top cards, and how important and how likely it is to them.

    A number is removed only by the press that says so (`clear`); one that is not sent stays.
    """

    success = WordsField(
        _("What would be different if this went well?"), description=_("What would you see or do then?")
    )
    why = WordsField(_("Why does it matter to you?"))
    importance = ruler(_("How much does this matter to you right now?"))
    importance_why = WordsField(_("Why not lower?"), description=_("What makes it matter as much as it does?"))
    confidence = ruler(_("How sure are you that you can do this?"))
    confidence_why = WordsField(_("Why not lower?"), description=_("What makes you as sure as you are?"))
    clear = PressField(_("Remove this number"), validators=[Optional(), one_of(RULERS)])


class OwnCardForm(PlainForm):
    """A card in the client's own words."""

    title = TitleField(
        _("What do you want to work on?"),
        description=_("A few words are enough."),
        validators=[Needed(_("Write a few words for your card"))],
    )


class OwnPressForm(NamedForm):
    """An own card that is removed, or put back."""


class AskForm(PlainForm):
    """A question that stays with a card."""

    words = WordsField(_("What do you want to ask?"), validators=[Needed(_("Write what you want to ask"))])


class DropForm(PlainForm):
    """A question taken back, by its alias."""

    drop = PressField(_("Question"))


class SayForm(PlainForm):
    """How much say the client wants, and what they want to hear."""

    say = PressField(_("How much say"), validators=[Optional(), one_of([say.value for say in Say])])
    advice = PressField(_("What to hear"), validators=[Optional(), one_of([advice.value for advice in Advice])])


class OptionForm(PlainForm):
    """A goal chosen for now. The page says which there are."""

    option = PressField(_("Your choice"))


class OptionWordsForm(PlainForm):
    """Own words beside the chosen goal."""

    words = WordsField(_("In my own words"), description=_("For example how much, on which days, or until when."))


class AdviceWordsForm(PlainForm):
    """The keyworker's reason beside the goal they suggest."""

    words = WordsField(
        _("Why I suggest this"), description=_("Your client will read this when you compare. They make the choice.")
    )


class LookForm(PlainForm):
    """Which goal somebody opens in full: its number, or all of them."""

    look = PressField(_("Choice"))


class ProgressForm(NamedForm):
    """How one goal of the last plan goes."""

    progress = PressField(
        _("How it’s going"), validators=[Optional(), one_of([progress.value for progress in Progress])]
    )
    words = WordsField(_("Anything you want to say about it"))


class ListenedForm(PlainForm):
    """Whether the client felt listened to."""

    listened = PressField(_("Your answer"), validators=[Optional(), one_of([listened.value for listened in Listened])])
    listened_words = WordsField(_("Anything you want to say about it"))


class SafetyForm(NamedForm):
    """One answer of the safety check. The page says which there are."""

    answer = PressField(_("Your answer"))


class FinishForm(PlainForm):
    """The end of a sort; `seen` says what was on the page."""

    EDITIONS = ("seen",)

    seen = HiddenField()
