"""The gate: a blueprint belongs to exactly one seat, and answers only whoever sits there. Everything else does not
exist.

A blueprint that is not named here is closed.
"""

from datetime import UTC, datetime

from flask import Flask, Response, abort, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from decisionaid import i18n
from decisionaid.casework import seats, tries
from decisionaid.casework.drafts import sweep as sweep_drafts
from decisionaid.casework.presses import sweep as sweep_presses
from decisionaid.casework.seats import Seated, SeatKind
from decisionaid.storage.database import Database
from decisionaid.web import csrf, drafts, sweep
from decisionaid.web.csrf import FormElsewhere, Sent
from decisionaid.web.request import OPERATION, UNSAFE, db, is_taken, is_typing, looking, now

BLUEPRINTS = {
    "client": SeatKind.CLIENT,
    "keyworker": SeatKind.KEYWORKER,
    "together": SeatKind.TOGETHER,
    "admin": SeatKind.ADMIN,
}
DESKS = {SeatKind.KEYWORKER, SeatKind.ADMIN}
HOMES = {
    SeatKind.CLIENT: "client.start",
    SeatKind.KEYWORKER: "keyworker.caseload",
    SeatKind.TOGETHER: "together.start",
    SeatKind.ADMIN: "admin.people",
}
LEFT_QUIETLY = {SeatKind.CLIENT, SeatKind.TOGETHER}
"""Seats whose pages, once the seat has ended, lead to the neutral page: "Back" after leaving says nothing."""
OPEN_TO_ALL = {"public.home", "public.away", "public.said", "public.health", "public.favicon", "public.sweep_up"}
OPEN_TO_ALL |= {"public.who_sits"}
SIGN_IN = {"public.sign_in", "public.try_sign_in", "public.choose_language"}
JOIN = {"public.join", "public.claim", "public.claim_by_scan", "public.two_words", "public.go_on"}
"""How a client comes in on a device of their own: for every browser but the service's tablet in somebody's hands."""

ON_THE_TABLET = {"client.back", "client.take_back"}
"""The ways back to the desk: a device of the client's own never becomes one."""

WHILE_LOCKED = {"keyworker.locked", "keyworker.unlock", "admin.locked", "admin.unlock"}
FIRST_STEPS = {"keyworker.first_steps", "keyworker.keep_first_steps", "admin.first_steps", "admin.keep_first_steps"}
ALWAYS_MAY = {"keyworker.sign_out", "admin.sign_out"}

LANGUAGE = "language"
"""The cookie that keeps the language chosen before signing in; whoever sits has their own."""


def init_app(app: Flask) -> None:
    app.jinja_env.globals["page_epoch"] = page_epoch
    app.before_request(gate)
    app.after_request(_keep_cookie)


def gate() -> AnyResponse | None:
    """Let a request through, send it to its own door, or deny that the page exists."""
    seat = _look_who_is_there()
    if request.endpoint is None:
        return None
    return (_press if request.method in UNSAFE else _door)(seat, request.endpoint)


def sit(token: str) -> None:
    """Give the browser the cookie of its new seat."""
    g.new_token = token


def stand_up() -> None:
    """Take the cookie away."""
    g.stood_up = True


def home_of(seat: Seated | None) -> str:
    """The address of the first page of a seat."""
    return url_for(HOMES[seat.kind] if seat else "public.sign_in")


def page_epoch() -> str | None:
    """The name of the sitting that this page belongs to: empty for nobody's, None where that could not be found out."""
    return None if "seat" not in g else g.seat.epoch if g.seat else ""


def _press(seat: Seated | None, endpoint: str) -> AnyResponse | None:
    """Let a form through to its view where it was drawn for who is here now, and withhold any other.

    It is named as a press of this seat, which counts once. The saving script counts its own. What is saved in
    typing may come again, as it says what it was typed on. Before a sign-in there is no one to count for.
    """
    sent, ended = csrf.sent(), None if seat else _who_was_here()
    if seat is not None and not csrf.is_this_browsers(sent):
        csrf.check_site()
        return _press_of_before(seat, endpoint, sent)
    answer = _door(seat, endpoint)
    csrf.check_site()
    was = seat if seat is not None and seat.locked else ended
    if answer is not None and was is not None and sent.is_from(request.cookies[_cookie_name()]):
        drafts.hold(was, sent.page, leads_on=True)
    if answer is None and not csrf.is_this_browsers(sent):
        raise FormElsewhere
    if answer is None and seat is not None and OPERATION not in request.headers and not is_typing():
        g.press = csrf.press(sent, seat)
    return answer


def _press_of_before(seat: Seated, endpoint: str, sent: Sent) -> AnyResponse:
    """A form from before a new sign-in or PIN waits for the same person; any other leaves nothing behind."""
    if not sent.is_of(seat):
        raise FormElsewhere
    door = _door(seat, endpoint)
    if not drafts.hold(seat, sent.page, leads_on=door is not None) and door is None:
        raise FormElsewhere
    return door or redirect(sent.page, 303)


def _door(seat: Seated | None, endpoint: str) -> AnyResponse | None:
    blueprint = endpoint.partition(".")[0]
    if blueprint == "public":
        return _public_door(seat, endpoint)
    wanted = BLUEPRINTS.get(blueprint)
    if wanted is None:
        abort(404)
    if seat is None:
        return _nobody_there(wanted, endpoint)
    if seat.kind is not wanted or (seat.own_device and endpoint in ON_THE_TABLET):
        abort(404)
    return _staff_door(seat, endpoint)


def _public_door(seat: Seated | None, endpoint: str) -> AnyResponse | None:
    if endpoint in OPEN_TO_ALL:
        return None
    if endpoint in JOIN and _may_join(seat):
        return None
    if endpoint not in SIGN_IN:
        abort(404)
    if seat is None or seat.pin_spent:
        return None
    if seat.kind in (SeatKind.CLIENT, SeatKind.TOGETHER):
        abort(404)
    return redirect(home_of(seat), 303)


def _nobody_there(wanted: SeatKind, endpoint: str) -> AnyResponse:
    """Where a page of this kind of seat leads once nobody sits; the saving script hears 410, as its choice is lost."""
    if wanted is SeatKind.CLIENT and OPERATION in request.headers:
        abort(410)
    if wanted is SeatKind.CLIENT and g.get("cut_short"):
        return _stopped(g.cut_short, endpoint)
    return redirect(url_for("public.away" if wanted in LEFT_QUIETLY else "public.sign_in"), 303)


def _stopped(ended: Seated, endpoint: str) -> AnyResponse:
    """Say that the service has ended this seat, and what is saved; what waited on the device goes."""
    if endpoint == "client.leave":
        seats.end(db(), ended)
        stand_up()
        return redirect(url_for("public.away"), 303)
    if request.method in UNSAFE:
        return redirect(url_for("client.start"), 303)
    i18n.speak(ended.language)
    sweep.ask()
    return make_response(render_template("client/stopped.html"), 410)


def _may_join(seat: Seated | None) -> bool:
    return seat is None or seat.own_device or (seat.kind in DESKS and not seat.locked)


def _staff_door(seat: Seated, endpoint: str) -> AnyResponse | None:
    if seat.kind not in DESKS or endpoint in ALWAYS_MAY:
        return None
    area = seat.kind.value
    if seat.locked != (endpoint in WHILE_LOCKED):
        return redirect(url_for(f"{area}.locked") if seat.locked else home_of(seat), 303)
    unready = seat.unready and not seat.locked
    if unready != (endpoint in FIRST_STEPS):
        return redirect(url_for(f"{area}.first_steps") if unready else home_of(seat), 303)
    return None


def _look_who_is_there() -> Seated | None:
    i18n.speak(request.cookies.get(LANGUAGE, i18n.SOURCE))
    g.token = request.cookies.get(_cookie_name())
    found = None
    if g.token:
        with looking() as quick:
            found = seats.seated(quick, g.token, now())
            g.cut_short = None if found else seats.was_cut_short(quick, g.token, now())
    if found is None:
        g.token = g.seat = None
        return None
    g.seat, stale = found
    (i18n.speak if g.seat.kind is SeatKind.CLIENT else i18n.speak_at_desk)(g.seat.language)
    if stale:
        _note_seen(found[0])
    return found[0]


def _note_seen(seat: Seated) -> None:
    """Keep the seat awake, and sweep. A page never waits for those who write: the next one notes it as well."""
    database: Database = current_app.extensions["database"]
    with database.writing_if_free() as writing:
        if writing is not None:
            seats.note_seen(writing, seat, datetime.now(UTC))
            sweep_drafts(writing, datetime.now(UTC))
            sweep_presses(writing, datetime.now(UTC))
            tries.sweep(writing, datetime.now(UTC))


def _who_was_here() -> Seated | None:
    """Whose seat this browser holds the cookie of, where that seat has ended by itself."""
    token = request.cookies.get(_cookie_name())
    if not token:
        return None
    with looking() as quick:
        return seats.ended(quick, token, now())


def _keep_cookie(response: Response) -> Response:
    name = _cookie_name()
    if not is_taken(response):
        return response  # nothing was written: the seat that was, still is
    if g.get("new_token"):
        secure = bool(current_app.config["SECURE_COOKIES"])
        response.set_cookie(name, g.new_token, httponly=True, samesite="Strict", secure=secure, path="/")
    elif g.get("stood_up"):
        response.delete_cookie(name, path="/", secure=bool(current_app.config["SECURE_COOKIES"]), samesite="Strict")
    return response


def _cookie_name() -> str:
    return "__Host-seat" if current_app.config["SECURE_COOKIES"] else "seat"
