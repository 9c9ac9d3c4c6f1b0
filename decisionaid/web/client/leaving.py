"""Leaving the page, and giving the tablet back with the keyworker's PIN."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import seats
from decisionaid.casework.seats import SeatKind
from decisionaid.i18n import lazy_gettext as _
from decisionaid.i18n import ngettext
from decisionaid.web.client import blueprint
from decisionaid.web.drafts import drafted, refused, unfinished_page, way_on
from decisionaid.web.forms import Needed, PlainForm, SecretField, SixFigures, complain
from decisionaid.web.pins import tries_left
from decisionaid.web.request import db, now, seat, seat_client, seat_round
from decisionaid.web.seat import sit, stand_up
from decisionaid.web.sort_forms import PressField, one_of

DESK, TOGETHER = "desk", "together"


class PinForm(PlainForm):
    """The keyworker takes the tablet back, to the desk or to sit down together."""

    pin = SecretField(_("Keyworker’s PIN"), validators=[Needed(_("Enter your 6-digit PIN")), SixFigures()])
    go = PressField(_("Where to"), validators=[one_of([DESK, TOGETHER])])


@blueprint.post("/leave")
def leave() -> Response:
    """End the session on the server and show the neutral page. What was saved stays saved."""
    seats.end(db(), seat())
    stand_up()
    return redirect(url_for("public.away"), 303)


@blueprint.get("/back")
def back() -> str:
    """The way back to the desk; it says where something that was typed is not saved yet."""
    form = drafted(PinForm)
    return render_template("client/back.html", form=form, spent=seat().pin_spent, unfinished=unfinished_page())


@blueprint.post("/back")
def take_back() -> Response:
    """Open the desk or *together*, if the PIN is right; after five wrong ones only a full sign-in does."""
    form = PinForm()
    left = tries_left(form.pin.data) if form.validate() else 0
    right = left is None
    i18n.speak(seat_client().language)
    if right and form.go.data == TOGETHER:
        sit(seats.open_together(db(), seat(), seat_round(), now()))
        return redirect(way_on(SeatKind.TOGETHER, seat_round().id) or url_for("together.start"), 303)
    if right:
        sit(seats.back_to_desk(db(), seat(), now()))
        return redirect(url_for("keyworker.caseload"), 303)
    if not form.errors:
        _name_wrong(form, left or 0)
    return refused(form, to=url_for("client.back"))


def _name_wrong(form: PinForm, left: int) -> None:
    if left:
        said = ngettext("That PIN does not match. 1 try left.", "That PIN does not match. %(left)s tries left.", left)
        complain(form.pin, said % {"left": left})
