"""Signing in, in the language of whoever is at the door."""

from flask import current_app, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import passwords, seats, tries
from decisionaid.casework.seats import SeatKind
from decisionaid.i18n import lazy_gettext as _
from decisionaid.storage.models import Role, Service, Staff
from decisionaid.web.drafts import drafted, refused, way_on
from decisionaid.web.forms import LineField, Needed, PlainForm, SecretField, complain
from decisionaid.web.public import blueprint
from decisionaid.web.request import commit, db, looking, now, service
from decisionaid.web.seat import LANGUAGE, sit

A_YEAR = 365 * 24 * 3600


class SignInForm(PlainForm):
    """Who signs in."""

    login = LineField(_("Your login"), [Needed(_("Type your login."))])
    password = SecretField(_("Password"), [Needed(_("Type your password."))])


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
    staff = _who_is_it(form.login.data.lower(), form.password.data)
    tries.check(db(), service().id, _places(form), now())  # again: others may have tried meanwhile
    if staff is None:
        return _refused(form)
    _sit_down(staff, form)
    kind = SeatKind.ADMIN if staff.role is Role.ADMIN else SeatKind.KEYWORKER
    return redirect(way_on(kind, staff_id=staff.id) or url_for("public.home"), 303)


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
        held = quick.scalars(select(Service).order_by(Service.created_at)).first()
        service_id = held.id if held else ""
        tries.check(quick, service_id, [_login_key(login), _address_key()], now())
        staff = quick.scalar(select(Staff).where(Staff.service_id == service_id, Staff.login == login))
    is_right = passwords.matches(staff.password_hash if staff else None, password)
    return staff if staff and is_right and staff.disabled_at is None else None


def _refused(form: SignInForm) -> Response:
    tries.count(db(), service().id, _places(form), now())
    commit()  # the count stands, though the press is refused
    complain(form.login, _("This login and password do not go together."))
    return refused(form, to=url_for("public.sign_in"))


def _sit_down(staff: Staff, form: SignInForm) -> None:
    """Open the desk, in place of a seat whose PIN was guessed at too often. The address keeps its count."""
    if g.seat is not None:
        seats.end(db(), g.seat)
    tries.forget(db(), service().id, [_login_key(form.login.data.lower())])
    sit(seats.open_desk(db(), staff, now()))


def _places(form: SignInForm) -> list[str]:
    return [_login_key(form.login.data.lower()), _address_key()]


def _login_key(login: str) -> str:
    return f"login:{login}"


def _address_key() -> str:
    return f"address:{request.remote_addr}"


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
