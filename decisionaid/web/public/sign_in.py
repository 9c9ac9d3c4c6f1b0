"""Signing in, in the language of whoever is at the door."""

from contextlib import suppress
from ipaddress import IPv6Network

from flask import current_app, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import browsers, passwords, seats, tries
from decisionaid.casework.seats import SeatKind
from decisionaid.casework.tries import Limit
from decisionaid.i18n import lazy_gettext as _
from decisionaid.storage.models import Role, Staff
from decisionaid.web.drafts import drafted, refused, way_on
from decisionaid.web.forms import LineField, Needed, PlainForm, SecretField, complain
from decisionaid.web.guesses import may_try
from decisionaid.web.public import blueprint
from decisionaid.web.request import db, looking, now, service
from decisionaid.web.seat import LANGUAGE, sit

A_YEAR = 365 * 24 * 3600


class SignInForm(PlainForm):
    """Who signs in."""

    login = LineField(_("Your login"), [Needed(_("Enter your login"))])
    password = SecretField(_("Password"), [Needed(_("Enter your password"))])


@blueprint.get("/sign-in")
def sign_in() -> str:
    """The door. Of a sign-in that failed nothing comes back: a wrong login is often a password in the wrong box."""
    return _page(drafted(SignInForm))


@blueprint.post("/sign-in")
def try_sign_in() -> Response:
    """Sign in, or say that login and password do not go together: the same answer, in the same time, whoever exists."""
    form = SignInForm()
    if not form.validate():
        return refused(form, to=url_for("public.sign_in"))
    login = form.login.data.lower()
    limits = _limits(login)
    if not may_try(form.login, service().id, limits):
        return refused(form, to=url_for("public.sign_in"))
    staff = _who_is_it(login, form.password.data)
    if staff is None:
        complain(form.login, _("That login and password don’t match"))
        return refused(form, to=url_for("public.sign_in"))
    tries.forget(db(), staff.service_id, [key for key in limits if key != _address_key()])
    if _address_key() in limits:
        tries.give_back(db(), staff.service_id, _address_key())
    return _sit_down(staff)


@blueprint.post("/language")
def choose_language() -> Response:
    """Speak another language from here on, until somebody signs in who has their own."""
    code = request.form.get("language", "")
    answer = redirect(url_for("public.sign_in"), 303)
    if code in i18n.LANGUAGES:
        secure = bool(current_app.config["SECURE_COOKIES"])
        answer.set_cookie(LANGUAGE, code, max_age=A_YEAR, httponly=True, samesite="Strict", secure=secure)
    return answer


def _who_is_it(login: str, password: str) -> Staff | None:
    """Whoever has this login and password. Checked outside any writing, as the check is slow on purpose."""
    with looking() as quick:
        staff = quick.scalar(select(Staff).where(Staff.service_id == service().id, Staff.login == login))
    is_right = passwords.matches(staff.password_hash if staff else None, password)
    return staff if staff and is_right and staff.disabled_at is None else None


def _sit_down(staff: Staff) -> Response:
    """Open the desk, in place of a seat whose PIN was guessed at too often."""
    if g.seat is not None:
        seats.end(db(), g.seat)
    sit(seats.open_desk(db(), staff, now()))
    browser = browsers.remember(db(), staff, _browser(), now())
    kind = SeatKind.ADMIN if staff.role is Role.ADMIN else SeatKind.KEYWORKER
    answer = redirect(way_on(kind, staff_id=staff.id) or url_for("public.home"), 303)
    secure, lasts = bool(current_app.config["SECURE_COOKIES"]), browsers.LASTS
    answer.set_cookie(_browser_cookie(), browser, max_age=lasts, httponly=True, samesite="Strict", secure=secure)
    return answer


def _limits(login: str) -> dict[str, Limit]:
    """What this try counts under. A browser that this person has used before has a count of its own, which nobody
    else can run up; any other counts for the login at its address, for the login, and for the address. A login's
    counts start again when its password changes."""
    kept = db().scalar(select(Staff.password_hash).where(Staff.service_id == service().id, Staff.login == login))
    person = f"login:{login} password:{passwords.edition(kept)}"
    if browsers.knows(db(), service().id, login, _browser(), now()):
        return {f"{person} browser:{_browser()}": tries.ONE_PERSON}
    return {
        f"{person} {_address_key()}": tries.ONE_PERSON,
        person: tries.MANY_PEOPLE,
        _address_key(): tries.MANY_PEOPLE,
    }


def _address_key() -> str:
    """Who asks, as a count knows it. In IPv6 one customer has a whole network of addresses, which counts as one."""
    address = str(request.remote_addr)
    with suppress(ValueError):  # a proxy may say something that is no address
        address = str(IPv6Network((address.partition("%")[0], 64), strict=False))
    return f"address:{address}"


def _browser() -> str:
    return request.cookies.get(_browser_cookie(), "")


def _browser_cookie() -> str:
    return "__Host-browser" if current_app.config["SECURE_COOKIES"] else "browser"


def _page(form: SignInForm) -> str:
    with looking() as quick:
        shown = _invented(quick) if service().demonstration else []
    return render_template(
        "public/sign-in.html",
        form=form,
        service_name=service().name,
        invented=shown,
        password=current_app.config.get("DEMO_PASSWORD", ""),
        pin=current_app.config.get("DEMO_PIN", ""),
    )


def _invented(quick: Session) -> list[Staff]:
    """The people of a demonstration: nobody real."""
    here = select(Staff).where(Staff.service_id == service().id, Staff.disabled_at.is_(None))
    return list(quick.scalars(here.order_by(Staff.role.desc(), Staff.name)))
