"""The forms by which a member of staff looks after their own sign-in."""

from typing import Any

from wtforms import Field, SelectField
from wtforms.validators import StopValidation

from decisionaid import i18n
from decisionaid.core.guessable import SHORTEST, Weakness, is_plain_pin, weakness
from decisionaid.i18n import lazy_gettext as _
from decisionaid.i18n import ngettext
from decisionaid.storage.models import Service, Staff
from decisionaid.web.editions import SharedForm
from decisionaid.web.forms import (
    LineField,
    Needed,
    PlainForm,
    SecretField,
    SixFigures,
    TitleField,
    complain,
    desk_languages,
)
from decisionaid.web.request import looking, seat

TYPE_PASSWORD_AGAIN = _("Enter the same password twice")
TYPE_PIN_AGAIN = _("Enter the same PIN twice")
WEAK = {
    Weakness.PATTERN: _("This password is a pattern and easy to guess. Use a few words in a row."),
    Weakness.OWN: _("Leave your name, your login and the service’s name out of your password"),
}


class NewPassword:
    """A password that is long enough and not among the first that somebody would guess."""

    def __call__(self, _form: Any, field: Field) -> None:
        staff, service = _who_chooses()
        weak = weakness(field.data or "", login=staff.login, name=staff.name, service=service.name)
        if weak is Weakness.SHORT:
            said = i18n.gettext("Use at least %(shortest)s characters. A few random words work well.")
            raise StopValidation(said % {"shortest": SHORTEST})
        if weak is not None:
            raise StopValidation(str(WEAK[weak]))


def _who_chooses() -> tuple[Staff, Service]:
    """Read outside the request's own writing: what comes next is slow on purpose."""
    with looking() as quick:
        staff = quick.get_one(Staff, (seat().service_id, seat().staff_id))
        return staff, quick.get_one(Service, seat().service_id)


class NotTooPlain:
    """A PIN that is not among the first that somebody would guess."""

    def __call__(self, _form: Any, field: Field) -> None:
        if is_plain_pin(field.data or ""):
            raise StopValidation(i18n.gettext("This PIN is easy to guess. Mix up the numbers."))


class SameAs:
    """Typed again, the same."""

    def __init__(self, other: str, message: str) -> None:
        self.other, self.message = other, message

    def __call__(self, form: Any, field: Field) -> None:
        if field.data != form[self.other].data:
            raise StopValidation(self.message)


class NewPasswordForm(PlainForm):
    """A new password, typed twice."""

    password = SecretField(
        _("New password"),
        [Needed(_("Choose a new password")), NewPassword()],
        description=_("At least 12 characters. A few random words work well."),
    )
    password_again = SecretField(_("New password again"), [SameAs("password", TYPE_PASSWORD_AGAIN)])


class NewPinForm(PlainForm):
    """A new PIN, typed twice."""

    pin = SecretField(
        _("New PIN"),
        [Needed(_("Choose a PIN")), SixFigures(), NotTooPlain()],
        description=_("6 digits. You use it to take the tablet back from a client and to unlock your screen."),
    )
    pin_again = SecretField(_("New PIN again"), [SameAs("pin", TYPE_PIN_AGAIN)])


class FirstStepsForm(NewPasswordForm, NewPinForm):
    """Both, before anything else."""


class ChangePasswordForm(NewPasswordForm):
    """A new password, for whoever knows the present one."""

    current = SecretField(_("Current password"), [Needed(_("Enter your current password"))])


class ChangePinForm(NewPinForm):
    """A new PIN, for whoever knows the password."""

    current = SecretField(_("Your password"), [Needed(_("Enter your password"))])


class UnlockForm(PlainForm):
    """The PIN that opens a locked desk."""

    pin = SecretField(_("Your PIN"), [Needed(_("Enter your 6-digit PIN")), SixFigures()])

    def say_wrong(self, left: int) -> None:
        """Put the message at the field: this is not the PIN, and how many tries are left."""
        said = ngettext("That PIN does not match. 1 try left.", "That PIN does not match. %(left)s tries left.", left)
        complain(self.pin, said % {"left": left})


class DetailsForm(SharedForm):
    """What the plan prints of a keyworker, and the language of the desk."""

    language = SelectField(_("Your language"), choices=desk_languages)
    telephone = TitleField(_("Work phone"), description=_("It is printed on the plans that you agree with clients."))
    hours = LineField(_("When clients can call you"), description=_("For example: Monday to Thursday, 9 to 5."))
