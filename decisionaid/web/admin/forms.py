"""The admin's forms: the people who work here, whose client somebody is, the service's own words."""

import re
from typing import Any

from wtforms import Field, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from decisionaid import i18n
from decisionaid.casework.passwords import new_password
from decisionaid.casework.people import SERVICE_TEXTS
from decisionaid.i18n import lazy_gettext as _
from decisionaid.storage.models import Nation, Role, Staff
from decisionaid.web.account_forms import NewPassword
from decisionaid.web.editions import SharedForm
from decisionaid.web.forms import Needed, NeverKept, PlainForm, TitleField, WordsField, choice, complain, desk_languages

MOST_LINES = 5
"""How many crisis lines of its own a service prints."""


def roles() -> list[Any]:
    """What somebody does here."""
    return [choice(Role.KEYWORKER.value, _("Keyworker")), choice(Role.ADMIN.value, _("Admin"))]


class FirstPasswordField(NeverKept, TitleField):
    """A password that is shown: made anew on each page."""


class FirstPasswordForm(PlainForm):
    """A first password, made by the program and shown on the page that gives it."""

    first_password = FirstPasswordField(validators=[NewPassword()], default=new_password, widget=HiddenInput())


class PersonForm(FirstPasswordForm):
    """Somebody who comes to work here."""

    name = TitleField(_("Name"), [Needed(_("Enter a name. It is printed on plans."))])
    login = TitleField(
        _("Login"),
        [Needed(_("Enter a login"))],
        description=_("What this person types to sign in: letters, numbers, dots and dashes."),
    )
    role = SelectField(_("Role"), choices=roles)
    language = SelectField(_("Their language"), choices=desk_languages)

    def validate_login(self, field: TitleField) -> None:
        if not re.fullmatch(r"[\w.@+-]+", field.data):
            raise ValidationError(_("Use letters, numbers, dots and dashes, without spaces"))

    def say_taken(self) -> None:
        """Put the message at the field: somebody has this login."""
        complain(self.login, _("This login is taken. Choose another"))


class DisableForm(PlainForm):
    """Somebody cannot sign in any more. The button carries the message where that is not possible."""

    disable = StringField()


class ReassignForm(SharedForm):
    """Who becomes a client's keyworker."""

    keyworker = SelectField(_("New keyworker"), validate_choice=True)

    def offer(self, keyworkers: list[Staff]) -> "ReassignForm":
        """Those who may be chosen."""
        self.keyworker.choices = [choice(person.id, person.name) for person in keyworkers]
        return self


WHICH_NATION = _("Choose the nation that the service is in")


def nations() -> list[Any]:
    """The nations to choose from; nothing is chosen for a service that has not been asked."""
    return [
        choice("", _("Choose one")),
        choice(Nation.ENGLAND.value, _("England")),
        choice(Nation.WALES.value, _("Wales")),
        choice(Nation.SCOTLAND.value, _("Scotland")),
        choice(Nation.NORTHERN_IRELAND.value, _("Northern Ireland")),
    ]


def time_zones() -> list[Any]:
    """The time zones to choose from, each by the name of a place."""
    return [choice(zone, zone.replace("_", " ")) for zone in i18n.time_zones()]


class ServiceForm(SharedForm):
    """What the service is called, and where it is."""

    name = TitleField(_("Name of the service"), [Needed(_("Enter the service’s name. It is printed on plans."))])
    nation = SelectField(
        _("Nation"),
        [Needed(WHICH_NATION)],
        choices=nations,
        description=_("Crisis numbers on cards and plans depend on it."),
    )

    time_zone = SelectField(
        _("Time zone"),
        choices=time_zones,
        description=_("It decides which day it is on plans, reviews and your client list."),
    )

    def validate_nation(self, field: Field) -> None:
        """The line that chooses none is none, also where it is sent beside another."""
        if not field.data:
            raise ValidationError(WHICH_NATION)


class SpareCardsForm(SharedForm):
    """Which spare cards are added to the sort."""

    cards = SelectMultipleField(_("Which of these do you want to add?"))

    def offer(self, titles: dict[str, str]) -> "SpareCardsForm":
        """The cards that may be added: what each is called, by id."""
        self.cards.choices = [choice(id, title) for id, title in titles.items()]
        return self


class TextsForm(SharedForm):
    """The service's own sentences, each printed on every plan in its language."""

    missed_meeting = WordsField(_("What happens if someone misses a meeting"))
    complaint = WordsField(_("How to complain"))
    second_view = WordsField(_("How to get a second opinion"))
    advocate = WordsField(_("Who can speak for a client"))
    who_may_know = WordsField(_("Who may know what is in a plan"))

    @property
    def texts(self) -> dict[str, str]:
        """The sentences by field."""
        return {field: self[field].data for field in SERVICE_TEXTS}


class LinesForm(SharedForm):
    """The service's own crisis lines in one language, in the order in which they print."""

    JOINED = tuple((f"name_{n}", f"number_{n}") for n in range(1, MOST_LINES + 1))

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The boxes of each line: its name and its number."""
        return [(self[f"name_{n}"], self[f"number_{n}"]) for n in range(1, MOST_LINES + 1)]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Those that were filled in."""
        return [(name.data, number.data) for name, number in self.rows if name.data and number.data]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        for name, number in self.rows:
            if number.data and not name.data:
                complain(name, _("Enter the name of this line"))
            if name.data and not re.fullmatch(r"\+?[0-9 ()-]{3,}", number.data or ""):
                complain(number, _("Enter a phone number"))
        return fine and not any(field.errors for row in self.rows for field in row)


for _n in range(1, MOST_LINES + 1):
    setattr(LinesForm, f"name_{_n}", TitleField(_("Name")))
    setattr(LinesForm, f"number_{_n}", TitleField(_("Number")))
