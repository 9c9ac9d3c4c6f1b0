"""How the client's pages look and read. Every press is kept at once, also when the sort is finished."""

import re

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.validators import Optional

from decisionaid import i18n
from decisionaid.casework import reading as verbs
from decisionaid.core.reading import CHOICES
from decisionaid.i18n import lazy_gettext as _
from decisionaid.web.client import blueprint
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import PlainForm
from decisionaid.web.request import db, decks_of, now, seat_round
from decisionaid.web.sort_forms import PressField, one_of

A_PAGE = re.compile(r"/s/[a-z]+(/([0-9]{1,3}|all))?")
"""An address of this seat, to go back to; whatever else is asked for is not followed."""


def press(label: str, name: str) -> PressField:
    """One of the choices of that name, or none where another one was pressed."""
    return PressField(label, validators=[Optional(), one_of(CHOICES[name])])


class ReadingForm(PlainForm):
    """How the client reads."""

    size = press(_("Text size"), "size")
    contrast = press(_("Colours"), "contrast")
    pictures = press(_("Pictures"), "pictures")
    words = press(_("Words on the cards"), "words")
    voice = press(_("Reading aloud"), "voice")


@blueprint.get("/reading")
def reading() -> str:
    """What can be chosen, and what is."""
    easy = decks_of(seat_round()).easy_words(seat_round().deck_id, i18n.current()) is not None
    return render_template("client/reading.html", form=drafted(ReadingForm), back=_back(), easy=easy)


@blueprint.post("/reading")
def keep_reading() -> Response:
    """Keep what was pressed; the page that comes next already looks so."""
    form = ReadingForm()
    if not form.validate():
        return refused(form, to=url_for("client.reading", back=_back()))
    chosen = {field.name: field.data for field in form if field.data}
    verbs.choose(db(), seat_round(), chosen, now())
    pressed = next(iter(chosen), None)
    return redirect(url_for("client.reading", back=_back(), _anchor=pressed), 303)


def _back() -> str | None:
    asked = request.args.get("back", "")
    return asked if A_PAGE.fullmatch(asked) else None
