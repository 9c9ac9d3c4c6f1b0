"""One table turns what went wrong into a page. No page shows a trace; a fault of ours carries a reference to quote."""

import logging
import secrets

from flask import Flask, current_app, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from decisionaid.casework.negotiating import NotOpen
from decisionaid.casework.pairing import PairingOver, TooManyGuesses
from decisionaid.casework.paper import PaperRefused
from decisionaid.casework.planning import PlanRefused
from decisionaid.casework.reviewing import RoundRefused
from decisionaid.casework.tries import TooManyTries
from decisionaid.core.saving import OperationRefused, OtherBody
from decisionaid.core.sort import NoPlaceLeft, NotInPile, PlacedTwice, SortFinished, UnknownCard
from decisionaid.storage.database import DatabaseBusy
from decisionaid.web.csrf import FIELD, ForeignForm, FormExpired
from decisionaid.web.pages import language_of_page

log = logging.getLogger(__name__)

PAGES: dict[type[Exception], tuple[int, str]] = {
    SortFinished: (409, "errors/finished.html"),
    OperationRefused: (409, "errors/turn.html"),
    OtherBody: (422, "errors/turn.html"),
    NotOpen: (409, "errors/not-open.html"),
    PlanRefused: (409, "errors/plan.html"),
    RoundRefused: (409, "errors/round.html"),
    PaperRefused: (409, "errors/paper.html"),
    TooManyTries: (429, "errors/tries.html"),
    TooManyGuesses: (429, "errors/guesses.html"),
    PairingOver: (409, "errors/pairing.html"),
    UnknownCard: (422, "errors/choice.html"),
    NotInPile: (422, "errors/choice.html"),
    PlacedTwice: (422, "errors/choice.html"),
    NoPlaceLeft: (422, "errors/choice.html"),
    ForeignForm: (400, "errors/foreign.html"),
    DatabaseBusy: (503, "errors/busy.html"),
}
SENT_AGAIN_LIMIT = 200


def init_app(app: Flask) -> None:
    for kind in PAGES:
        app.register_error_handler(kind, page)
    app.register_error_handler(FormExpired, send_again)
    app.register_error_handler(SecurityError, stranger)
    app.register_error_handler(HTTPException, http_page)
    app.register_error_handler(OperationalError, fault)
    app.register_error_handler(Exception, fault)


def page(error: Exception) -> tuple[str, int]:
    """The page of an error that the table names."""
    status, template = next(PAGES[kind] for kind in type(error).__mro__ if kind in PAGES)
    return _show(template), status


def send_again(_error: FormExpired) -> tuple[str, int]:
    """An expired form: everything typed is kept, to be sent again with one press."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != FIELD]
    return _show("errors/send-again.html", typed=typed[:SENT_AGAIN_LIMIT], action=request.full_path), 400


def http_page(error: HTTPException) -> tuple[str, int]:
    """Not found, too large and their kin, in plain words."""
    if isinstance(error, InternalServerError):  # what fails while the answer is sent off, as the last commit may
        return fault(error)
    status = error.code or 500
    known = {400: "errors/foreign.html", 404: "errors/404.html", 413: "errors/413.html", 503: "errors/busy.html"}
    if status == 405:
        status = 404  # a page that cannot be asked this way does not exist
    return _show(known.get(status, "errors/refused.html"), status=status), status


def stranger(_error: SecurityError) -> tuple[str, int]:
    """Asked under a name that is not ours: nothing, as no page of it could lead anywhere."""
    return "", 400


def fault(error: Exception) -> tuple[str, int]:
    """A fault of ours: logged with its trace under a reference that the page shows."""
    reference = secrets.token_hex(4)
    cause = getattr(error, "original_exception", None) or error
    log.error("fault %s on %s", reference, request.endpoint, exc_info=cause)
    return _show("errors/fault.html", reference=reference), 500


def _show(template: str, **values: object) -> str:
    """An error page needs nothing but words: no seat's own preparations, which may be what went wrong."""
    return current_app.jinja_env.get_template(template).render(**language_of_page(), **values)
