"""Whose client somebody is. Names and references only: nothing of any sort or plan."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import people
from decisionaid.storage import queries_people
from decisionaid.storage.models import Client, Staff
from decisionaid.web.admin import blueprint
from decisionaid.web.admin.forms import ReassignForm
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.editions import ChangedMeanwhile, catch_up, changes, drawn
from decisionaid.web.request import db, in_turn, now, seat, staff

LONGEST_SEARCH = 80


@blueprint.get("/clients")
def clients() -> str:
    """All clients of the service by name, a page at a time."""
    find = request.args.get("find", "").strip()[:LONGEST_SEARCH]
    page = queries_people.clients(db(), seat().service_id, find, request.args.get("after", ""))
    return render_template("admin/clients.html", page=page, find=find)


@blueprint.get("/clients/<client_id>")
def client(client_id: str) -> str:
    somebody = _client(client_id)
    keyworker = db().get_one(Staff, (somebody.service_id, somebody.keyworker_id))
    form = drafted(ReassignForm, data=drawn(_held(somebody))).offer(_keyworkers())
    changed = catch_up(form, _held(somebody))
    return render_template("admin/client.html", client=somebody, keyworker=keyworker, form=form, changed=changed)


@blueprint.post("/clients/<client_id>")
def reassign(client_id: str) -> Response:
    """Give a client to another keyworker."""
    somebody, keyworkers = _client(client_id), _keyworkers()
    form = ReassignForm().offer(keyworkers)
    if not form.validate():
        return refused(form, to=url_for("admin.client", client_id=somebody.id))
    try:
        changed = changes(form, _held(in_turn(somebody)))
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("admin.client", client_id=somebody.id))
    chosen = next(person for person in keyworkers if person.id == form.keyworker.data)
    if changed:
        people.reassign(db(), somebody, chosen, actor=staff(), now=now())
    return redirect(url_for("admin.client", client_id=somebody.id), 303)


def _held(somebody: Client) -> dict[str, str]:
    return {"keyworker": somebody.keyworker_id}


def _client(client_id: str) -> Client:
    """A client of this service; anybody else's does not exist."""
    return db().get(Client, (seat().service_id, client_id)) or abort(404)


def _keyworkers() -> list[Staff]:
    return queries_people.keyworkers(db(), seat().service_id)
