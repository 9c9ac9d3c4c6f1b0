"""The forms of this seat: leaving it, the talk about a card, signing. Those of the plan's own screens are in `plan_forms`."""

from wtforms import BooleanField, HiddenField, IntegerField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from decisionaid.core.negotiation import Outcome
from decisionaid.core.plan import Agreement
from decisionaid.i18n import lazy_gettext as _
from decisionaid.i18n import ngettext
from decisionaid.web.forms import DayField, PlainForm

TITLE, LINE, WORDS = 80, 200, 2000
"""How many letters fit: a title, a line, some words."""


def room(most: int) -> Length:
    """At most so many letters."""
    return Length(max=most, message=_("This is too long. Please make it shorter."))


class NotRightForm(PlainForm):
    """Why the client's own answers are not what they chose."""

    reason = TextAreaField(_("What is not right?"), validators=[InputRequired(_("Please say in a few words what is not right.")), room(WORDS)])


class PinForm(PlainForm):
    """The keyworker takes the tablet back to the desk."""

    pin = PasswordField(
        _("Keyworker’s PIN"),
        validators=[InputRequired(_("Type the six figures of your PIN.")), Regexp(r"^\d{6}$", message=_("A PIN has six figures."))],
    )

    def say_wrong(self, left: int) -> None:
        """Put the message at the field: this is not the PIN, and how many tries are left."""
        said = ngettext("This is not the PIN. One more try.", "This is not the PIN. %(left)s more tries.", left)
        self.pin.errors = [said % {"left": left}]


class SettleForm(PlainForm):
    """What was heard of a card, and what the two do with it for now."""

    seen_version = IntegerField(validators=[InputRequired()])
    heard = TextAreaField(_("What the keyworker heard"), validators=[room(WORDS)])
    heard_right = RadioField(
        _("Is that right?"),
        choices=[SelectChoice("yes", _("Yes, that’s it")), SelectChoice("no", _("Not quite"))],
        validators=[Optional()],
    )
    outcome = RadioField(
        _("What do you want to do with this card, for now?"),
        choices=[SelectChoice(outcome.value, outcome.value) for outcome in Outcome],
        validators=[Optional()],
    )
    until = DayField(_("Until which day do you try it?"), validators=[Optional()])
    words = TextAreaField(_("In your own words"), validators=[room(WORDS)])
    reason = TextAreaField(_("Why not the client’s choice, for now?"), validators=[room(WORDS)])


class SignForm(PlainForm):
    """One party's word on the frozen text. `text_hash` says which text was on the screen."""

    text_hash = HiddenField(validators=[InputRequired()])
    signs = RadioField(
        _("Your word on this plan"),
        choices=[SelectChoice("yes", _("I sign this plan")), SelectChoice("no", _("I do not sign it, because"))],
        validators=[InputRequired(_("Choose one of the two."))],
    )
    name = StringField(_("Type your name"), validators=[room(TITLE)])
    reason = TextAreaField(_("Why not"), validators=[room(WORDS)])


class ClientSignForm(SignForm):
    """The client's word, with how far they agree: private, unless they share it."""

    agreement = RadioField(
        _("How do you feel about this plan?"),
        choices=[
            SelectChoice(Agreement.AGREE.value, _("I agree")),
            SelectChoice(Agreement.CAN_LIVE_WITH_IT.value, _("I can live with it")),
            SelectChoice(Agreement.DO_NOT_AGREE.value, _("I don’t agree")),
        ],
        validators=[Optional()],
    )
    share_agreement = BooleanField(_("Show this on the plan"))


class NothingForm(PlainForm):
    """A press and nothing else."""


class FlagForm(PlainForm):
    """Whether something was done."""

    done = BooleanField(_("Done"))
