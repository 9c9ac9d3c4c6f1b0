"""Looking after one's own sign-in: first steps, password, PIN, details, locking and leaving.

The same at the desk and for the admin, each at its own addresses.
"""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import passwords, people, seats, tries
from decisionaid.i18n import lazy_gettext as _
from decisionaid.storage.models import Staff
from decisionaid.web import sweep
from decisionaid.web.account_forms import (
    ChangePasswordForm,
    ChangePinForm,
    DetailsForm,
    FirstStepsForm,
    UnlockForm,
)
from decisionaid.web.drafts import drafted, overtaken, refused, way_on
from decisionaid.web.editions import ChangedMeanwhile, catch_up, changes, drawn
from decisionaid.web.forms import SecretField, complain
from decisionaid.web.guesses import may_try
from decisionaid.web.pins import tries_left
from decisionaid.web.request import db, in_turn, looking, now, seat, staff
from decisionaid.web.seat import home_of, sit, stand_up

Answer = str | Response


def add_to(blueprint: Blueprint) -> None:
    """Give a seat these pages; its templates find the seat's own frame in `<seat>/base.html`."""
    blueprint.context_processor(lambda: {"me": staff, "frame": f"{blueprint.name}/base.html"})
    views: tuple[tuple[str, str, Callable[[], Answer]], ...] = (
        ("GET", "/first-steps", first_steps),
        ("POST", "/first-steps", keep_first_steps),
        ("GET", "/locked", locked),
        ("POST", "/locked", unlock),
        ("POST", "/lock", lock),
        ("POST", "/sign-out", sign_out),
        ("GET", "/account", account),
        ("POST", "/account", keep_details),
        ("GET", "/account/password", password),
        ("POST", "/account/password", change_password),
        ("GET", "/account/pin", pin),
        ("POST", "/account/pin", change_pin),
    )
    for method, rule, view in views:
        blueprint.add_url_rule(rule, view.__name__, view, methods=[method])


def first_steps() -> Answer:
    return render_template("account/first-steps.html", form=drafted(FirstStepsForm))


def keep_first_steps() -> Answer:
    """A password and a PIN of one's own, before anything else."""
    form = FirstStepsForm()
    if not form.validate() or _is_the_first_password(form):
        return refused(form, to=_page_of("first_steps"))
    password_hash, pin_hash = passwords.hashed(form.password.data), passwords.hashed(form.pin.data)
    people.change_password(db(), staff(), password_hash, seat=seat(), now=now())
    sit(seats.renew(db(), seat(), now()))
    people.change_pin(db(), staff(), pin_hash, now=now())
    return redirect(home_of(seat()), 303)


def locked() -> Answer:
    """A desk that shows nothing until its PIN is given."""
    if seat().pin_spent:
        return redirect(url_for("public.sign_in"), 303)
    return render_template("account/locked.html", form=drafted(UnlockForm))


def unlock() -> Answer:
    """Open the desk, if the PIN is right; after five wrong ones only a full sign-in does."""
    form = UnlockForm()
    if seat().pin_spent:
        return redirect(url_for("public.sign_in"), 303)
    if not form.validate():
        return refused(form, to=_page_of("locked"))
    left = tries_left(form.pin.data)
    if left is not None:
        return _wrong_pin(form, left)
    sit(seats.unlock(db(), seat(), now()))
    return redirect(way_on(seat().kind) or home_of(seat()), 303)


def lock() -> Answer:
    seats.lock(db(), seat())
    sweep.ask()
    return redirect(_page_of("locked"), 303)


def sign_out() -> Answer:
    """End this session on the server, and take its cookie."""
    seats.end(db(), seat())
    stand_up()
    return redirect(url_for("public.sign_in"), 303)


def account() -> Answer:
    form = drafted(DetailsForm, data=drawn(_details(staff())))
    return render_template("account/account.html", form=form, changed=catch_up(form, _details(staff())))


def keep_details() -> Answer:
    """The language of the desk, and how clients reach this person."""
    form = DetailsForm()
    if not form.validate():
        return refused(form, to=_page_of("account"))
    held = _details(in_turn(staff()))
    try:
        said = {**held, **{name: form[name].data for name in changes(form, held)}}
    except ChangedMeanwhile:
        return overtaken(form, to=_page_of("account"))
    people.describe_self(db(), staff(), **said, now=now())
    i18n.speak_at_desk(staff().language)
    return redirect(_page_of("account"), 303)


def password() -> Answer:
    return render_template("account/password.html", form=drafted(ChangePasswordForm))


def change_password() -> Answer:
    """Keep a new password; this person's other sessions end."""
    form = ChangePasswordForm()
    if not form.validate() or not _knows_password(form.current):
        return refused(form, to=_page_of("password"))
    password_hash = passwords.hashed(form.password.data)
    people.change_password(db(), staff(), password_hash, seat=seat(), now=now())
    sit(seats.renew(db(), seat(), now()))
    return redirect(_page_of("account"), 303)


def pin() -> Answer:
    return render_template("account/pin.html", form=drafted(ChangePinForm))


def change_pin() -> Answer:
    form = ChangePinForm()
    if not form.validate() or not _knows_password(form.current):
        return refused(form, to=_page_of("pin"))
    pin_hash = passwords.hashed(form.pin.data)
    people.change_pin(db(), staff(), pin_hash, now=now())
    return redirect(_page_of("account"), 303)


def _details(person: Staff) -> dict[str, str]:
    return {"language": person.language, "telephone": person.telephone or "", "hours": person.hours or ""}


def _wrong_pin(form: UnlockForm, left: int) -> Answer:
    if not left:
        return redirect(url_for("public.sign_in"), 303)
    form.say_wrong(left)
    return refused(form, to=_page_of("locked"))


def _knows_password(field: SecretField) -> bool:
    """Whether the present password was given. Guesses are counted as those at the door are."""
    kept = _kept().password_hash
    key = f"own:{seat().staff_id} password:{passwords.edition(kept)}"
    if not may_try(field, seat().service_id, {key: tries.ONE_PERSON}):
        return False
    if passwords.matches(kept, field.data):
        tries.forget(db(), seat().service_id, [key])
        return True
    complain(field, _("That password does not match"))
    return False


def _is_the_first_password(form: FirstStepsForm) -> bool:
    """Whether the new password is the one that somebody else chose."""
    same = passwords.matches(_kept().password_hash, form.password.data)
    if same:
        complain(form.password, _("Choose another password than the one you were given."))
    return same


def _kept() -> Staff:
    """What is kept of this person, read outside the request's own writing, as checks are slow on purpose."""
    with looking() as quick:
        return quick.get_one(Staff, (seat().service_id, seat().staff_id))


def _page_of(view: str) -> str:
    return url_for(f"{request.blueprint}.{view}")
