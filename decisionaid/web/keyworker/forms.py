"""The desk's own forms: a client's details, what a round is started with, and why one is closed."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import ValidationError

from decisionaid.i18n import lazy_gettext as _
from decisionaid.web.editions import SharedForm
from decisionaid.web.forms import LineField, Needed, PlainForm, TitleField, WordsField, choice, complain, languages


class ClientForm(SharedForm):
    """Who somebody is, by name or by reference alone, and how they can safely be reached."""

    JOINED = (("telephone", "may_ring", "may_text", "may_leave_message", "may_write", "contact_note"),)

    name = TitleField(_("Name"), description=_("Leave empty if you only use a reference."))
    preferred_name = TitleField(_("Preferred name"), description=_("This is what their screens say."))
    reference = TitleField(_("Reference"), [Needed(_("Enter a reference, such as your service’s own number"))])
    second_identifier = TitleField(
        _("Year of birth, or a second local number"),
        description=_("Needed if there is no name. Each page of a plan shows two things that identify the client."),
    )
    language = SelectField(_("Language of their cards and plans"), choices=languages)
    telephone = TitleField(_("Phone"))
    may_ring = BooleanField(_("OK to call"))
    may_text = BooleanField(_("OK to text"))
    may_leave_message = BooleanField(_("OK to leave a message"))
    may_write = BooleanField(_("OK to send a letter"))
    contact_note = LineField(
        _("How to keep contact safe"), description=_("For example: only before noon, or do not say who is calling.")
    )

    def validate_second_identifier(self, field: TitleField) -> None:
        if not self.name.data and not field.data:
            raise ValidationError(_("Enter a year of birth or a second local number, or enter a name"))

    def validate_telephone(self, field: TitleField) -> None:
        if not field.data and (self.may_ring.data or self.may_text.data or self.may_leave_message.data):
            raise ValidationError(_("Enter a phone number, or untick the boxes below"))

    def say_taken(self) -> None:
        """Put the message at the field: another client has this reference."""
        complain(self.reference, _("Another client of your service has this reference."))

    @property
    def details(self) -> dict[str, Any]:
        """The columns of a client."""
        return {name: value for name, value in self.data.items() if name != "seen"}


class DeckForm(PlainForm):
    """Which deck of cards a round is started with."""

    deck = RadioField(_("Which cards will you both sort?"), validators=[Needed(_("Choose the cards for this round."))])

    def offer(self, titles: dict[str, str]) -> "DeckForm":
        """The decks that there are: what each is called, by id."""
        self.deck.choices = [choice(id, title) for id, title in titles.items()]
        return self


class CloseRoundForm(PlainForm):
    """Why a round is closed before there is a plan."""

    reason = WordsField(_("Why are you closing this round?"), [Needed(_("Please say in a few words why."))])
