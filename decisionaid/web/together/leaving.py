"""Leaving this seat: a break, the neutral page, or back to the desk with the keyworker's PIN."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import seats
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.pins import tries_left
from decisionaid.web.request import db, now, seat
from decisionaid.web.seat import sit, stand_up
from decisionaid.web.together import blueprint
from decisionaid.web.together.forms import PinForm


@blueprint.get("/break")
def pause() -> str:
    """A page that shows nothing of anybody, until the two go on."""
    return render_template("together/break.html")


@blueprint.post("/leave")
def leave() -> Response:
    """End the session and show the neutral page."""
    seats.end(db(), seat())
    stand_up()
    return redirect(url_for("public.away"), 303)


@blueprint.get("/desk")
def desk() -> str | Response:
    if seat().pin_spent:
        return redirect(url_for("public.sign_in"), 303)
    return render_template("together/desk.html", form=drafted(PinForm))


@blueprint.post("/desk")
def take_back() -> Response:
    """Open the desk, if the PIN is right; after five wrong ones only a full sign-in does."""
    form = PinForm()
    if seat().pin_spent:
        return redirect(url_for("public.sign_in"), 303)
    if not form.validate():
        return refused(form, to=url_for("together.desk"))
    left = tries_left(form.pin.data)
    if left is not None:
        return _wrong_pin(form, left)
    sit(seats.back_to_desk(db(), seat(), now()))
    return redirect(url_for("keyworker.caseload"), 303)


def _wrong_pin(form: PinForm, left: int) -> Response:
    if not left:
        return redirect(url_for("public.sign_in"), 303)
    form.say_wrong(left)
    return refused(form, to=url_for("together.desk"))
