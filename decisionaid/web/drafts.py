"""A press that was refused leads to a page, and what was typed waits there as a draft.

A view says `return refused(form, to=…)`; the page that shows the form asks for it with `drafted(Form, …)`. Where there
is nothing to keep (a PIN, a code, a sign-in), only the messages go along, in a cookie for the next page.
"""

import base64
import json
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field

from decisionaid.casework import drafts
from decisionaid.casework.drafts import Kept, Owner
from decisionaid.casework.seats import Seated, SeatKind
from decisionaid.storage.database import Database
from decisionaid.storage.models import Withheld
from decisionaid.web import csrf, page_parts
from decisionaid.web.forms import DayField, NeverKept, PlainForm, may_be_kept
from decisionaid.web.request import ABOUT, UNSAFE, about_id, commit, db, is_script, now, seat, service, withhold

AnyForm = TypeVar("AnyForm", bound=PlainForm)
Fields = dict[str, list[str]]

STATUS = {Withheld.REFUSED: 422, Withheld.CHANGED: 409}
"""What the saving script hears."""

A_MINUTE = 60


def init_app(app: Flask) -> None:
    app.jinja_env.globals["is_unsent"] = lambda: bool(g.get("unsent"))
    app.after_request(_keep_messages)


def refused(
    form: PlainForm, to: str, *, action: str | None = None, about: str = "", is_press: bool = False
) -> AnyResponse:
    """Undo this press, keep what was typed, and lead to the page that shows it.

    Args:
        form: the form as it was sent, with its messages.
        to: the address of that page.
        action: where the form goes, if not where this press was sent.
        about: the id of what it describes, where the address only names a place: a neighbour that has moved there since
            does not get its words.
        is_press: nothing was typed, so the messages alone go along.
    """
    return _withheld(form, to, _key(action, about), Withheld.REFUSED, is_press=is_press)


def overtaken(
    form: PlainForm, to: str, *, action: str | None = None, about: str = "", is_press: bool = False
) -> AnyResponse:
    """The same where someone else has saved meanwhile: the page then shows both texts."""
    return _withheld(form, to, _key(action, about), Withheld.CHANGED, is_press=is_press)


def taken(action: str, about: str) -> None:
    """Forget the draft of a form that was taken, wherever its thing stood when it was typed."""
    drafts.forget(db(), drafts.owner(g.seat), _key(action, about))


def still_waiting(action: str) -> dict[str, list[str]]:
    """What was typed into this form and waits, by what it is about."""
    return {
        key.partition("#")[2]: [text for texts in kept.fields.values() for text in texts if text]
        for key, kept in _waiting().items()
        if key.startswith(f"{action}#")
    }


def drafted(make: Callable[..., AnyForm], *, action: str | None = None, about: str = "", **given: Any) -> AnyForm:
    """The form of a page: the draft that waits for this person, else a fresh one with what is `given`.

    Args:
        make: the form's class.
        action: where the form goes, if not to the address of its page.
        about: the id of what it describes, as `refused` was told it.
        given: what the form holds where nothing was typed, as a form class takes it.
    """
    key = _key(action, about)
    kept = _brought(key) or _waiting_under(key, action, about) or _unsent(action)
    form = make(formdata=None, **given) if kept is None else _filled(make, kept, given)
    form.key = key
    return form


def hold(seat: Seated, page: str, *, leads_on: bool) -> bool:
    """Keep the form of this request, which was not taken, for the person of `seat`, if anything was typed.

    A client's draft goes with their seat, so where that has ended nothing is kept.
    """
    forms = page_parts.split() or {_key(None, about_id()): _typed()}
    typed = {
        key: fields for key, fields in forms.items() if any(value for values in fields.values() for value in values)
    }
    owner = drafts.owner(seat)
    if not typed or (owner.seat_hash and g.seat is None):
        return False
    for key, fields in typed.items():
        _write(owner, key, page, Withheld.UNSENT, fields, {}, leads_on=leads_on)
    withhold()
    return True


def put_by(key: str, fields: Fields) -> None:
    """Keep what was typed into a form that was not pressed."""
    owner, page = drafts.owner(g.seat), csrf.sent().page
    drafts.keep(db(), owner, key, page=page, why=Withheld.UNSENT, fields=fields, messages={}, now=now())
    commit()


def drop(part: page_parts.Part) -> None:
    """Remove the draft of a form that holds nothing unsaved any more."""
    for key in (part.path, part.draft_key):
        drafts.forget(db(), drafts.owner(g.seat), key)
    commit()


def way_on(kind: SeatKind, round_id: str | None = None, *, staff_id: str = "") -> str | None:
    """The page that this person was on when the screen locked or the sign-in ended, if a form of theirs waits there."""
    owner = Owner(service().id, staff_id or seat().staff_id, kind, round_id)
    return drafts.lead_on(db(), owner, now())


def unfinished_page() -> str | None:
    """A page of this seat on which something that was typed still waits."""
    return drafts.unfinished_page(db(), drafts.owner(g.seat), now())


def _withheld(form: PlainForm, to: str, key: str, why: Withheld, *, is_press: bool) -> AnyResponse:
    withhold()
    if is_script() and not g.get("beside"):
        return Response(status=STATUS[why])
    page = urlsplit(to).path
    messages = {name: [str(message) for message in said] for name, said in form.errors.items() if name}
    own = _names(form) - set(form.editions if why is Withheld.CHANGED else ())
    fields = {name: values for name, values in _typed().items() if name in own}
    if fields and g.seat is not None and not is_press:
        _write(drafts.owner(g.seat), key, page, why, fields, messages)
    else:
        g.messages = {"seat": _this_seat(), "action": key, "why": why, "messages": messages}
    return Response(status=STATUS[why]) if g.get("beside") else redirect(to, 303)


def _names(form: PlainForm) -> set[str]:
    """Every name under which this form sends something."""
    boxes = {box for field in form if isinstance(field, DayField) for box in field.boxes}
    return boxes | {field.name for field in form}


def _this_seat() -> str:
    """A name for the seat that opens nothing."""
    return str(g.seat.token_hash[:16]) if g.seat else ""


def _write(
    owner: Owner, action: str, page: str, why: Withheld, fields: Fields, messages: Fields, *, leads_on: bool = False
) -> None:
    """In a transaction of its own: everything else of this request is undone."""
    database: Database = current_app.extensions["database"]
    with database.writing() as session:
        drafts.keep(
            session,
            owner,
            action,
            page=page,
            why=why,
            fields=fields,
            messages=messages,
            leads_on=leads_on,
            now=now(),
        )


def _typed() -> Fields:
    """What this request sends, without its token and whatever is never kept."""
    own = may_be_kept(request.form.keys()) - {csrf.FIELD, ABOUT}
    return {name: values for name, values in request.form.lists() if name in own}


def _filled(make: Callable[..., AnyForm], kept: Kept, given: dict[str, Any]) -> AnyForm:
    typed = MultiDict((name, value) for name, values in kept.fields.items() for value in values)
    form = make(formdata=typed if kept.fields else None, **given)
    form.withheld, form.without_draft = kept.why, make(formdata=None, **given)
    for field in (field for field in form if isinstance(field, NeverKept)):
        cast(Field, field).process(None)
    for name, messages in kept.messages.items():
        if name in form:
            form[name].errors = messages
    g.unsent = g.get("unsent") or kept.why is Withheld.UNSENT
    return form


def _key(action: str | None, about: str) -> str:
    path = action or g.get("beside") or request.path
    if about and about_id() == about:
        return drafts.key(path, about)
    return f"{path}#{about}" if about else path


def _waiting_under(key: str, action: str | None, about: str) -> Kept | None:
    """A draft by its name, or by its address and what it is about."""
    named = drafts.key(action or request.path, about) if about else key
    return _waiting().get(named) or _waiting().get(key)


def _unsent(action: str | None) -> Kept | None:
    """A form that no view has seen: what it was about is not known."""
    kept = _waiting().get(action or request.path)
    return kept if kept is not None and kept.why is Withheld.UNSENT else None


def _waiting() -> dict[str, Kept]:
    """The drafts of who is here, read once for a page with many forms."""
    if "drafts" not in g:
        g.drafts = drafts.waiting(db(), drafts.owner(g.seat), now()) if g.get("seat") else {}
    return cast(dict[str, Kept], g.drafts)


def _brought(path: str) -> Kept | None:
    """The messages for a form of this page, which came along in the cookie. They hold nothing that was typed."""
    try:
        said = json.loads(base64.urlsafe_b64decode(request.cookies.get(_name(), "")))
        messages = {str(name): [str(each) for each in messages] for name, messages in said["messages"].items()}
        kept = Kept(Withheld(said["why"]), {}, messages)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    g.messages_read = True
    is_for_here = said.get("action") == path and said.get("seat") == _this_seat()
    return kept if is_for_here else None


def _keep_messages(response: Response) -> Response:
    if "messages" in g:
        said = base64.urlsafe_b64encode(json.dumps(g.messages).encode()).decode()
        response.set_cookie(_name(), said, max_age=A_MINUTE, **_flags())
    elif "messages_read" in g and request.method not in UNSAFE:
        response.delete_cookie(_name(), **_flags())
    return response


def _name() -> str:
    return "__Host-said" if current_app.config["SECURE_COOKIES"] else "said"


def _flags() -> dict[str, Any]:
    secure = bool(current_app.config["SECURE_COOKIES"])
    return {"path": "/", "httponly": True, "samesite": "Strict", "secure": secure}
