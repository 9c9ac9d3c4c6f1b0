"""What a view may ask of the request it answers: the database, the time, who is before the screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TypeVar, cast

from flask import Flask, Response, abort, current_app, g, request
from sqlalchemy.orm import Session

from decisionaid import i18n
from decisionaid.casework import drafts, presses
from decisionaid.casework.presses import Press
from decisionaid.casework.seats import Seated, SeatKind
from decisionaid.core.reading import USUAL, Reading
from decisionaid.storage.database import Database
from decisionaid.storage.decks import NEEDED, Decks
from decisionaid.storage.kept_decks import KeptDecks, of_round
from decisionaid.storage.models import Client, Round, Service, Staff
from decisionaid.storage.queries_client import round_and_client

Row = TypeVar("Row", Client, Service, Staff)

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
ABOUT = "about"
"""The field in which a form carries the id of what it is about, where its address only names a place."""

ACKNOWLEDGE, OPERATION = "X-Acknowledge", "X-Operation"
"""What the saving script sends: it wants to hear that a choice is kept, not the page again; and which choice it is."""

TYPED = "X-Typed"
"""What the script sends that saves a text while someone types."""


def init_app(app: Flask) -> None:
    """One database session a request: a press that was taken commits, anything else rolls back."""
    app.after_request(_commit)
    app.teardown_request(_close)


def db() -> Session:
    """The request's database session; it can write only where the request may change something.

    Raises:
        PressedBefore: at its first use by a press that was taken before.
    """
    if "db" not in g:
        database = _database()
        g.db = database.open_writer() if request.method in UNSAFE else database.open_reader()
        _take_turn(g.db)
    return cast(Session, g.db)


@contextmanager
def looking() -> Iterator[Session]:
    """A look that takes no turn to write, as at who is there, or before a slow password check."""
    if request.method not in UNSAFE:
        yield db()
        return
    with _database().reading() as session:
        yield session


def commit() -> None:
    """Commit now, where something slow and repeatable (a PDF) follows that must not hold the writers up."""
    db().commit()
    g.press_stands = "press" in g


def is_script() -> bool:
    """Whether a script of ours sent this, and so wants a bare status. Everything else is answered by a page."""
    return ACKNOWLEDGE in request.headers or OPERATION in request.headers


def is_typing() -> bool:
    """Whether the script saves what is typed, with no button pressed."""
    return TYPED in request.headers


def is_beside() -> bool:
    """Whether a form is kept now that stands beside the one that was pressed."""
    return bool(g.get("beside"))


def holds_now(field: str, value: object) -> None:
    """Note what a hidden field of the page should hold from now on, for the script that saved while someone typed."""
    g.setdefault("newest", {})[field] = value


def about_id() -> str:
    """The id of what the form of this request is about: as the button says, or else the page.

    Of a form that is kept beside the pressed one, it is what the page says of that.
    """
    if is_beside():
        return str(g.beside_about)
    said = request.form.getlist(ABOUT) or request.args.getlist(ABOUT)
    return said[-1] if said else ""


def withhold() -> None:
    """Undo what this press wrote so far, and let it write nothing more, though its answer leads on."""
    g.withheld = True
    if "db" in g:
        g.db.rollback()


def go_on() -> bool:
    """After a part of this press, let the rest of it write, and count the press again where that was undone as well.

    Returns:
        Whether the part was withheld.
    """
    was_withheld = bool(g.pop("withheld", False))
    if was_withheld and "db" in g and not g.get("press_stands"):
        _take_turn(g.db)
    return was_withheld


def is_taken(response: Response) -> bool:
    """Whether the press of this request takes effect."""
    return response.status_code < HTTPStatus.BAD_REQUEST and not g.get("withheld")


def now() -> datetime:
    """The moment of this request, in UTC."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast(datetime, g.now)


def today() -> date:
    """The date at the service."""
    return i18n.local_day(now(), service().time_zone)


def decks() -> Decks:
    """The newest decks: those that the program started with. What belongs to a round takes `decks_of` instead."""
    return cast(Decks, current_app.extensions["decks"])


def decks_of(round_: Round) -> Decks:
    """The decks that a round speaks with: as they were when it was opened, words included. The safety check alone is
    always the newest."""
    return _kept_decks().of(db(), round_, decks())


def all_decks() -> tuple[Decks, ...]:
    """Every version of the decks that a round of this service was opened with, the newest first."""
    if "all_decks" not in g:
        g.all_decks = _kept_decks().all(db(), service().id)
    return cast(tuple[Decks, ...], g.all_decks)


def spoken_decks() -> Decks:
    """The decks that this seat speaks with: those of its round, or else the newest."""
    held: Seated | None = g.get("seat")
    return decks_of(seat_round()) if held is not None and held.round_id else decks()


def spoken_names() -> tuple[str, ...]:
    """The ids of the decks whose words this seat's round shows; outside a round, of those that the program needs."""
    held: Seated | None = g.get("seat")
    return of_round(seat_round().deck_id) if held is not None and held.round_id else tuple(NEEDED)


def seat() -> Seated:
    """Who is before the screen. The gate has seen to it that somebody is."""
    return cast(Seated, g.seat)


def staff() -> Staff:
    """The member of staff whose seat this is, or who handed the tablet over."""
    if "staff" not in g:
        g.staff = db().get_one(Staff, (seat().service_id, seat().staff_id))
    return cast(Staff, g.staff)


def service() -> Service:
    """The service this seat belongs to; before sign-in, the one this installation serves."""
    if "service" not in g:
        held = getattr(g, "seat", None)
        found = db().get(Service, held.service_id) if held else db().query(Service).order_by(Service.created_at).first()
        g.service = found or abort(503)
    return cast(Service, g.service)


def in_turn(row: Row) -> Row:
    """A row that this press decides about: of two that do so at once the second waits, and reads what the first saved.

    On SQLite the writers' turn does it.
    """
    db().refresh(row, with_for_update=True)
    return row


def own_client(client_id: str) -> Client:
    """A client of this keyworker's caseload; anybody else's does not exist."""
    client = db().get(Client, (seat().service_id, client_id))
    if client is None or client.keyworker_id != seat().staff_id:
        abort(404)
    return client


def own_round(round_id: str) -> Round:
    """A round of a client of this keyworker's; anybody else's does not exist."""
    round_ = db().get(Round, (seat().service_id, round_id))
    if round_ is None:
        abort(404)
    own_client(round_.client_id)
    return round_


def seat_round() -> Round:
    """The one round that the client's seat, or *together*, was opened for."""
    if "seat_round" not in g:
        _look_up_round()
    return cast(Round, g.seat_round)


def seat_client() -> Client:
    """The client whose round this seat was opened for."""
    if "seat_client" not in g:
        _look_up_round()
    return cast(Client, g.seat_client)


def seat_reading() -> Reading:
    """How the person in the client's seat reads; in any other seat, as usual. It asks nothing of the database."""
    held: Seated | None = g.get("seat")
    in_clients_seat = held is not None and held.kind is SeatKind.CLIENT
    return cast(Reading, g.get("seat_reading", USUAL)) if in_clients_seat else USUAL


def _look_up_round() -> None:
    found = round_and_client(db(), seat().service_id, seat().round_id or "")
    g.seat_round, g.seat_client, g.seat_reading = found or abort(404)


def _kept_decks() -> KeptDecks:
    return cast(KeptDecks, current_app.extensions["kept_decks"])


def _database() -> Database:
    return cast(Database, current_app.extensions["database"])


def _commit(response: Response) -> Response:
    session: Session | None = g.get("db")
    if session is not None and request.method in UNSAFE:
        if is_taken(response):
            _forget_draft(session)
            _lead(session, response)
            session.commit()
        else:
            session.rollback()
            _forget_press()
    return response


def _take_turn(session: Session) -> None:
    """Count this press, in the transaction of what it does: one that is refused leaves nothing.

    It waits for the first use of the database, so that slow checks of passwords hold up no one who writes.
    """
    press: Press | None = g.get("press")
    if press is not None:
        presses.take(session, press, now())


def _lead(session: Session, response: Response) -> None:
    press: Press | None = g.get("press")
    if press is not None:
        presses.lead(session, press, response.location or "")


def _forget_press() -> None:
    """What was kept before the press was refused (a guess that counts) keeps its turn too, unless it is removed.

    It stays where the press added something beside what was refused: that must not be added twice.
    """
    if g.get("press_stands") and not g.get("press_added"):
        with _database().writing() as session:
            presses.forget(session, g.press)


def _forget_draft(session: Session) -> None:
    """A form that was taken has no draft any more."""
    held: Seated | None = g.get("seat")
    if held is not None and not g.get("page_kept"):
        drafts.forget(session, drafts.owner(held), request.path)
        if about_id():
            drafts.forget(session, drafts.owner(held), drafts.key(request.path, about_id()))


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.close()
