"""Pages that say nothing of anybody: where to go, the page after leaving, and whether the program is alive."""

from flask import g, redirect, render_template
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.web import errors, sweep
from decisionaid.web.pages import asset
from decisionaid.web.public import blueprint
from decisionaid.web.request import seat_client, service
from decisionaid.web.seat import home_of, page_epoch


@blueprint.get("/")
def home() -> Response:
    """To the first page of whoever sits here."""
    return redirect(home_of(g.seat), 303)


@blueprint.get("/away")
def away() -> str:
    """A page that says nothing of anybody."""
    return render_template("public/away.html")


@blueprint.get("/seat")
def who_sits() -> Response:
    """The name of the sitting that this browser holds now, for a tab that wakes up; nothing where it holds none."""
    return Response(page_epoch() or "", mimetype="text/plain")


@blueprint.get("/said/<what>")
def said(what: str) -> errors.Answer:
    """Why a press was not taken: the page that it leads to, as the client speaks and reads where one sits here."""
    if g.seat is not None and g.seat.round_id is not None:
        i18n.speak(seat_client().language)
    return errors.said(what)


@blueprint.get("/sweep.svg")
def sweep_up() -> Response:
    """The picture whose answer clears what the browser kept of whoever was here before."""
    return sweep.picture()


@blueprint.get("/health")
def health() -> tuple[str, int]:
    """Nothing, if the program is alive and reaches its database."""
    service()
    return "", 204


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return redirect(asset("favicon.svg"), 302)
