"""The people who work here: added with a first password, shut out, let in again, given a new first password."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import passwords
from decisionaid.casework import people as verbs
from decisionaid.i18n import gettext as _
from decisionaid.storage import queries_people
from decisionaid.storage.models import Role, Staff
from decisionaid.web.admin import blueprint
from decisionaid.web.admin.forms import DisableForm, FirstPasswordForm, PersonForm
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import complain
from decisionaid.web.request import db, now, seat, service
from decisionaid.web.request import staff as me


@blueprint.get("/")
def people() -> str:
    return render_template("admin/people.html", people=queries_people.staff(db(), seat().service_id))


@blueprint.get("/people/new")
def new_person() -> str:
    form = drafted(PersonForm, data={"language": service().language})
    return render_template("admin/person-new.html", form=form)


@blueprint.post("/people/new")
def add_person() -> Response:
    """Add somebody; the first password is the one that this page showed."""
    form = PersonForm()
    if not form.validate():
        return refused(form, to=url_for("admin.new_person"))
    password_hash = passwords.hashed(form.first_password.data)  # slow on purpose, so before this request writes
    try:
        added = verbs.add_staff(
            db(),
            service(),
            login=form.login.data,
            name=form.name.data,
            role=Role(form.role.data),
            password_hash=password_hash,
            language=form.language.data,
            actor=me().id,
            now=now(),
        )
    except verbs.LoginTaken:
        form.say_taken()
        return refused(form, to=url_for("admin.new_person"))
    return _to_page_of(added)


@blueprint.get("/people/<staff_id>")
def person(staff_id: str) -> str:
    form = drafted(DisableForm, action=url_for("admin.disable", staff_id=staff_id))
    return render_template("admin/person.html", person=_colleague(staff_id), form=form)


@blueprint.post("/people/<staff_id>/disable")
def disable(staff_id: str) -> Response:
    """Shut somebody out, at once and everywhere; never the last admin."""
    somebody = _colleague(staff_id)
    try:
        verbs.disable(db(), somebody, actor=me(), now=now())
    except verbs.LastAdmin:
        form = DisableForm()
        complain(form.disable, _("This is the only admin who can sign in. Add another admin first."))
        return refused(form, to=url_for("admin.person", staff_id=somebody.id))
    return _to_page_of(somebody)


@blueprint.post("/people/<staff_id>/enable")
def enable(staff_id: str) -> Response:
    somebody = _colleague(staff_id)
    verbs.enable(db(), somebody, actor=me(), now=now())
    return _to_page_of(somebody)


@blueprint.get("/people/<staff_id>/reset")
def new_first_password(staff_id: str) -> str:
    return render_template("admin/person-reset.html", person=_colleague(staff_id), form=drafted(FirstPasswordForm))


@blueprint.post("/people/<staff_id>/reset")
def reset(staff_id: str) -> Response:
    """Give the first password that this page showed; the PIN is forgotten and every session ends."""
    form = FirstPasswordForm()
    if not form.validate():
        return refused(form, to=url_for("admin.new_first_password", staff_id=_colleague(staff_id).id))
    password_hash = passwords.hashed(form.first_password.data)
    somebody = _colleague(staff_id)
    verbs.reset(db(), somebody, password_hash, actor=me().id, now=now())
    return _to_page_of(somebody)


def _colleague(staff_id: str) -> Staff:
    """Somebody of this service; anybody else's does not exist."""
    return db().get(Staff, (seat().service_id, staff_id)) or abort(404)


def _to_page_of(somebody: Staff) -> Response:
    return redirect(url_for("admin.person", staff_id=somebody.id), 303)
