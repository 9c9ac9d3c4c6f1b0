"""The forms of this seat beside the plan's own: leaving, the client's own answers, the talk about a card, signing."""

import re

from wtforms import BooleanField, HiddenField, IntegerField, RadioField
from wtforms.validators import AnyOf, InputRequired, Optional

from decisionaid.core.negotiation import Outcome
from decisionaid.core.plan import Agreement
from decisionaid.core.safety import Verdict, Word, WordKind, is_reason
from decisionaid.core.sort import Party
from decisionaid.i18n import lazy_gettext as _
from decisionaid.i18n import ngettext
from decisionaid.web.forms import (
    DayField,
    Needed,
    NeverKept,
    PlainForm,
    SecretField,
    SixFigures,
    TitleField,
    WordsField,
    choice,
    complain,
)
from decisionaid.web.together.plan_forms import WrittenForm

PIN = re.compile("[0-9]{6}")
WORDS = {
    WordKind.REASON: _("We’re going ahead without medical advice, for this reason"),
    WordKind.NO: _("No: nothing in this plan means that"),
}
"""What the keyworker can record for a text in the place of medical advice."""


class NotRightForm(PlainForm):
    """Why the client's own answers are not what they chose."""

    reason = WordsField(_("What is not right?"), validators=[Needed(_("Say in a few words what is not right."))])


class PinForm(PlainForm):
    """The keyworker takes the screen back to the desk."""

    pin = SecretField(_("Keyworker’s PIN"), validators=[Needed(_("Enter your 6-digit PIN")), SixFigures()])

    def say_wrong(self, left: int) -> None:
        """Put it at the field: this is not the PIN, and how many tries are left."""
        said = ngettext(
            "That PIN does not match. %(left)s try left.", "That PIN does not match. %(left)s tries left.", left
        )
        complain(self.pin, said % {"left": left})


class TalkForm(WrittenForm):
    """What was heard of a card. A press on "is that right?" or on an outcome sends it along."""

    EDITIONS = ("seen_version",)

    seen_version = IntegerField(validators=[InputRequired()])
    heard = WordsField(_("What the keyworker heard"))
    right = HiddenField(validators=[AnyOf(["", "yes", "no"])], default="")
    outcome = HiddenField(validators=[AnyOf(["", *(outcome.value for outcome in Outcome)])], default="")


class HowForm(WrittenForm):
    """What goes with an outcome: until which day, in whose words, and why not what the client wants."""

    EDITIONS = ("seen_version",)

    seen_version = IntegerField(validators=[InputRequired()])
    until = DayField(_("Until which day?"))
    words = WordsField(_("In your own words"))
    reason = WordsField(_("Why not do what the client wants, for now?"))


class FreezeForm(PlainForm):
    """The plan is ready to be signed; `text_hash` says which text was on the screen. The last three fields are asked
    where the client is warned and no medical advice is recorded."""

    EDITIONS = ("text_hash",)

    text_hash = HiddenField()
    copy_given = BooleanField(_("The client takes a printed copy home"))
    word = RadioField(
        _("What do you record?"),
        choices=[choice(kind.value, name) for kind, name in WORDS.items()],
        validators=[Optional()],
    )
    reason = WordsField(_("Keyworker’s reason"))
    pin = SecretField(_("Keyworker’s PIN"))

    def __init__(self, verdict: Verdict, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.verdict = verdict
        self.kinds = [kind for kind in WordKind if kind is WordKind.REASON or verdict.may_say_no]
        self.word.choices = [choice(kind.value, WORDS[kind]) for kind in self.kinds]

    @property
    def given(self) -> Word | None:
        """The keyworker's word on the text, where one is needed and was chosen."""
        if not self.verdict.needs_word or self.word.data not in self.kinds:
            return None
        return Word(WordKind(self.word.data), self.reason.data or "")

    def validate(self, extra_validators: object = None) -> bool:
        """Where the keyworker's word is needed, it has a reason and the PIN."""
        well = bool(super().validate(extra_validators))
        if not self.verdict.needs_word:
            return well
        if self.given is None:
            complain(self.word, str(_("Choose what you record, or plan medical advice first")))
        elif not is_reason(self.reason.data or ""):
            complain(self.reason, str(_("Write at least 20 characters")))
        if not PIN.fullmatch(self.pin.data or ""):
            complain(self.pin, str(_("Enter your PIN")))
        return well and not (self.word.errors or self.reason.errors or self.pin.errors)


class SignForm(PlainForm):
    """One party's word on the frozen text. `text_hash` says which text was on the screen."""

    EDITIONS = ("text_hash",)

    text_hash = HiddenField(validators=[InputRequired()])
    signs = RadioField(
        _("Do you want to sign this plan?"),
        choices=[choice("yes", _("I sign this plan")), choice("no", _("I am not signing, because"))],
        validators=[Needed(_("Choose whether to sign"))],
    )
    name = TitleField(_("Type your name"))
    reason = WordsField(_("I am not signing, because"))

    def validate(self, extra_validators: object = None) -> bool:
        """Whoever signs gives a name; whoever does not gives a reason."""
        well = bool(super().validate(extra_validators))
        if self.signs.data == "yes" and not self.name.data:
            complain(self.name, str(_("Enter your name to sign")))
        if self.signs.data == "no" and not self.reason.data:
            complain(self.reason, str(_("Say in a few words why you do not sign.")))
        return well and not (self.name.errors or self.reason.errors)


class PrivateField(NeverKept, RadioField):
    """What one of the two says for themselves alone: no draft shows it to the other."""


class ClientSignForm(SignForm):
    """The client's word, with how far they agree: private, unless they share it."""

    agreement = PrivateField(
        _("How do you feel about this plan?"),
        choices=[
            choice(Agreement.AGREE.value, _("I agree")),
            choice(Agreement.CAN_LIVE_WITH.value, _("I can live with it")),
            choice(Agreement.DONT_AGREE.value, _("I don’t agree")),
        ],
        validators=[Optional()],
    )
    share_agreement = BooleanField(_("Show this on the plan"))


class KeyworkerSignForm(SignForm):
    """The keyworker's word, with their PIN: the tablet lies before both."""

    pin = SecretField(_("Keyworker’s PIN"), validators=[Needed(_("Enter your 6-digit PIN")), SixFigures()])


def sign_form(party: Party, **given: object) -> SignForm:
    """The form by which this party signs. The two stand on one page, so each names its fields after its party."""
    kind = ClientSignForm if party is Party.CLIENT else KeyworkerSignForm
    return kind(prefix=f"{party.value}-", **given)
