"""The forms of the plan's own screens: each says which language it is written in, and what was seen."""

from flask import g
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import AnyOf, Optional

from decisionaid import i18n
from decisionaid.core.plan import ActionKind
from decisionaid.i18n import lazy_gettext as _
from decisionaid.web.editions import SharedForm
from decisionaid.web.forms import DayField, LineField, Needed, PlainForm, TitleField, WordsField, choice

KINDS = {
    ActionKind.OWN: _("My own step"),
    ActionKind.KEYWORKER: _("The keyworker’s step"),
    ActionKind.REFERRAL: _("Another service"),
    ActionKind.MUTUAL_AID: _("A mutual aid group"),
    ActionKind.PEER_SUPPORT: _("A peer supporter"),
}


class WrittenForm(PlainForm):
    """Free text of the plan. Where the two languages differ, the form asks which one it is written in."""

    PREFIX = ""
    """What the names of the fields begin with, so that two forms stand on one page."""

    written_in = RadioField(_("Written in"), validators=[Optional()])

    def __init__(self, **kwargs: object) -> None:
        super().__init__(prefix=self.PREFIX, **kwargs)
        spoken = dict.fromkeys((i18n.current(), g.desk_language))
        known = [i18n.LANGUAGES[code] for code in spoken if code in i18n.LANGUAGES]
        self.written_in.choices = [choice(language.code, language.name) for language in known]
        self.written_in.data = self.written_in.data or i18n.current()

    @property
    def language(self) -> str:
        """The code of the language that the text is written in."""
        return str(self.written_in.data)


class EditForm(WrittenForm, SharedForm):
    """Text that two people, or two tabs, may change at once."""


class NewGoalForm(WrittenForm):
    """A goal to begin with; the rest is written on its own page."""

    card = HiddenField()
    of = HiddenField()  # the card whose button was pressed: the goal has its title, whatever else was typed
    title = TitleField(_("What do you want to work on?"), validators=[Needed(_("Write what you want to work on"))])
    fourth_goal_reason = WordsField(_("Why work on more than 3 at once?"))


class NoGoalForm(EditForm):
    """Why the plan has no goal for now, or more than three."""

    PREFIX = "reasons-"

    no_goal_reason = WordsField(_("Why is there no goal for now?"))
    fourth_goal_reason = WordsField(_("Why are there more than 3 goals?"))


class GoalForm(EditForm):
    """The words of a goal."""

    title = TitleField(_("What we will work on"), validators=[Needed(_("Write what you will work on"))])
    success = WordsField(_("I’ll know it’s working when"))
    why = WordsField(_("Why"))
    support = WordsField(_("What will help"))
    how_we_know = WordsField(_("How we’ll check"))
    unmet = WordsField(_("What this goal needs that is not available"))


class ActionForm(WrittenForm):
    """What somebody will do."""

    PREFIX = "step-"

    what = LineField(_("What"), validators=[Needed(_("Write what will be done"))])
    who = LineField(_("Who"), validators=[Needed(_("Write who will do it"))])
    by_when = DayField(_("By when"), validators=[Needed(_("Enter a date for this step"))])
    agency = LineField(_("Which service or group, if any"))
    kind = RadioField(
        _("What kind of step is it?"),
        choices=[choice(kind.value, name) for kind, name in KINDS.items()],
        default=ActionKind.OWN.value,
        validators=[Needed(_("Choose what kind of step it is"))],
    )


class RiskForm(WrittenForm):
    """A risk, and what makes it smaller."""

    PREFIX = "risk-"

    risk = LineField(_("What could go wrong"), validators=[Needed(_("Write what could go wrong"))])
    reduces = WordsField(_("What makes that less likely"))
    explained = BooleanField(_("We talked this through"))


class ChoiceForm(EditForm):
    """What the plan holds about drinking."""

    JOINED = (("option", "allocated"),)

    option = RadioField(_("What the plan says about drinking"), validators=[Optional()])
    allocated = RadioField(
        _("Who chose this"),
        choices=[choice("no", _("The client chose it")), choice("yes", _("It was set for the client"))],
        default="no",
        validators=[Optional()],
    )
    drinking_words = WordsField(_("Limits and plans, in your own words"))


class DatesForm(EditForm):
    """When the two look at the plan again."""

    revisit = DayField(_("First check-in"), validators=[Needed(_("Enter a date for the first check-in"))], bounded=True)
    review = DayField(_("The review, with fresh cards"), validators=[Needed(_("Enter a date for the review"))])


class QuestionForm(SharedForm):
    """Who finds out the answer to a question, and by when."""

    answered = BooleanField(_("It is answered"))
    who = LineField(_("Who finds out"))
    by_when = DayField(_("By when"))

    def __init__(self, number: int, **kwargs: object) -> None:
        super().__init__(prefix=f"question-{number}-", **kwargs)


class MoveForm(PlainForm):
    """Move a goal up or down, or take it off."""

    do = HiddenField(validators=[AnyOf(["up", "down", "drop"])])
