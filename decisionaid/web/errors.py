"""One table turns what went wrong into a page. No page shows a trace; a fault of ours carries a reference to quote."""

import logging
import secrets
from http import HTTPStatus

from flask import Flask, current_app, redirect, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.wrappers import Response

from decisionaid.casework.negotiating import NotOpen
from decisionaid.casework.pairing import PairingOver, TooManyGuesses
from decisionaid.casework.paper import PaperRefused
from decisionaid.casework.planning import PlanRefused
from decisionaid.casework.presses import PressedBefore
from decisionaid.casework.reviewing import PlanWaits, RoundRefused
from decisionaid.casework.sealing import PlanAltered
from decisionaid.casework.tries import TooManyTries
from decisionaid.core.saving import OperationRefused, OtherBody
from decisionaid.core.sort import NoPlaceLeft, NotInPile, PlacedTwice, SortFinished, UnknownCard
from decisionaid.printing import PrinterBusy
from decisionaid.storage.database import DatabaseBusy
from decisionaid.storage.kept_decks import DeckAltered
from decisionaid.web.csrf import ForeignForm, FormElsewhere
from decisionaid.web.named import ThingGone
from decisionaid.web.pages import language_of_page
from decisionaid.web.request import UNSAFE, is_script, withhold

Answer = Response | tuple[str, int]

log = logging.getLogger(__name__)

PAGES: dict[type[Exception], tuple[int, str]] = {
    SortFinished: (409, "errors/finished.html"),
    OperationRefused: (409, "errors/turn.html"),
    OtherBody: (422, "errors/turn.html"),
    NotOpen: (409, "errors/not-open.html"),
    ThingGone: (409, "errors/gone.html"),
    PlanRefused: (409, "errors/plan.html"),
    PlanWaits: (409, "errors/waits.html"),
    RoundRefused: (409, "errors/round.html"),
    PaperRefused: (409, "errors/paper.html"),
    TooManyTries: (429, "errors/tries.html"),
    TooManyGuesses: (429, "errors/guesses.html"),
    PlanAltered: (409, "errors/altered-plan.html"),
    DeckAltered: (409, "errors/altered-cards.html"),
    PairingOver: (409, "errors/pairing.html"),
    UnknownCard: (422, "errors/choice.html"),
    NotInPile: (422, "errors/choice.html"),
    PlacedTwice: (422, "errors/choice.html"),
    NoPlaceLeft: (422, "errors/choice.html"),
    ForeignForm: (400, "errors/foreign.html"),
    FormElsewhere: (400, "errors/elsewhere.html"),
    DatabaseBusy: (503, "errors/busy.html"),
    PrinterBusy: (503, "errors/printer.html"),
}
OF_STATUS = {400: "errors/foreign.html", 404: "errors/404.html", 413: "errors/413.html", 503: "errors/busy.html"}
"""The pages of what the web server's own library refuses; all others are one page."""

REFUSED = "errors/refused.html"


def init_app(app: Flask) -> None:
    for kind in PAGES:
        app.register_error_handler(kind, page)
    app.register_error_handler(PressedBefore, again)
    app.register_error_handler(SecurityError, stranger)
    app.register_error_handler(HTTPException, http_page)
    app.register_error_handler(OperationalError, fault)
    app.register_error_handler(Exception, fault)


def page(error: Exception) -> Answer:
    """The page of an error that the table names."""
    status, template = next(PAGES[kind] for kind in type(error).__mro__ if kind in PAGES)
    return _answer(template, status)


def http_page(error: HTTPException) -> Answer:
    """Not found, too large and their kin, in plain words."""
    if isinstance(error, InternalServerError):  # what fails while the answer is sent off, as the last commit may
        return fault(error)
    status = error.code or 500
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        status = HTTPStatus.NOT_FOUND  # a page that cannot be asked this way does not exist
    return _answer(OF_STATUS.get(status, REFUSED), status)


def said(what: str) -> Answer:
    """The page that a refused press leads to: the name of an error's template, with that error's own status."""
    template = f"errors/{what}.html"
    statuses = {template: status for status, template in [*PAGES.values(), *OF_STATUS.items(), (422, REFUSED)]}
    return (_show(template), statuses[template]) if template in statuses else _answer(OF_STATUS[404], 404)


def again(error: PressedBefore) -> Answer:
    """A press that was taken before is answered as it was then, and does nothing more."""
    withhold()
    return Response(status=204) if is_script() else redirect(error.led_to, 303)


def stranger(_error: SecurityError) -> tuple[str, int]:
    """Asked under a name that is not ours: nothing, as no page of it could lead anywhere."""
    return "", 400


def fault(error: Exception) -> tuple[str, int]:
    """A fault of ours: logged with its trace under a reference that the page shows."""
    reference = secrets.token_hex(4)
    cause = getattr(error, "original_exception", None) or error
    log.error("fault %s on %s", reference, request.endpoint, exc_info=cause)
    return _show("errors/fault.html", reference=reference), 500


def _answer(template: str, status: int) -> Answer:
    """The page itself to whoever reads. A press leads on to it: what a browser holds of a press is what was typed."""
    if request.method not in UNSAFE:
        return _show(template, status=status), status
    withhold()
    if is_script():
        return "", status
    return redirect(url_for("public.said", what=template.removeprefix("errors/").removesuffix(".html")), 303)


def _show(template: str, **values: object) -> str:
    """An error page needs nothing but words: no seat's own preparations, which may be what went wrong."""
    return current_app.jinja_env.get_template(template).render(**language_of_page(), **values)
