"""One client: who they are, what happens next, what was agreed so far."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import paper, people
from decisionaid.storage import queries_caseload, queries_client, queries_safety
from decisionaid.storage.models import Client
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.editions import ChangedMeanwhile, catch_up, changes, drawn
from decisionaid.web.keyworker import blueprint
from decisionaid.web.keyworker.forms import ClientForm
from decisionaid.web.request import db, decks, in_turn, now, own_client, service, staff, today
from decisionaid.web.safety import Strip, strip_of


@blueprint.get("/clients/new")
def new_client() -> str:
    form = drafted(ClientForm, data={"language": service().language})
    return render_template("keyworker/client-new.html", form=form)


@blueprint.post("/clients/new")
def add_client() -> Response:
    """Add somebody to this keyworker's own caseload."""
    form = ClientForm()
    if not form.validate():
        return refused(form, to=url_for("keyworker.new_client"))
    try:
        client = people.add_client(db(), staff(), form.details, now=now())
    except people.ReferenceTaken:
        form.say_taken()
        return refused(form, to=url_for("keyworker.new_client"))
    return redirect(url_for("keyworker.client_page", client_id=client.id), 303)


@blueprint.get("/clients/<client_id>")
def client_page(client_id: str) -> str:
    client = own_client(client_id)
    (line,) = queries_caseload.lines(db(), client.service_id, client.keyworker_id, today(), client.id)
    rounds = queries_client.rounds(db(), client)
    return render_template(
        "keyworker/client.html",
        client=client,
        line=line,
        rounds=rounds,
        due_on=queries_client.reviews_due(db(), client),
        decks=decks().card_titles(i18n.current()),
        on_paper=any(paper.may_type_in(db(), round_) for round_ in rounds if round_.id == line.round_id),
        events=queries_client.events(db(), client),
        strip=_strip(client),
    )


@blueprint.get("/clients/<client_id>/details")
def client_details(client_id: str) -> str:
    client = own_client(client_id)
    form = drafted(ClientForm, data=drawn(_held(client)))
    changed = catch_up(form, _held(client))
    return render_template("keyworker/client-details.html", client=client, form=form, changed=changed)


@blueprint.post("/clients/<client_id>/details")
def change_client(client_id: str) -> Response:
    client, form = in_turn(own_client(client_id)), ClientForm()
    if not form.validate():
        return refused(form, to=url_for("keyworker.client_details", client_id=client.id))
    try:
        changed = changes(form, _held(client))
        details = {name: value for name, value in form.details.items() if name in changed}
        people.change_client(db(), client, {**_held(client), **details}, actor=staff(), now=now())
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("keyworker.client_details", client_id=client.id))
    except people.ReferenceTaken:
        form.say_taken()
        return refused(form, to=url_for("keyworker.client_details", client_id=client.id))
    return redirect(url_for("keyworker.client_page", client_id=client.id), 303)


def _held(client: Client) -> dict[str, object]:
    """The details of a client as they are held."""
    return {name: getattr(client, name) for name in ClientForm(formdata=None).details}


def _strip(client: Client) -> Strip | None:
    """The safety answers of the newest round of which this keyworker may see them."""
    found = queries_safety.newest_in_sight(db(), client.service_id, client.keyworker_id, client.id)
    return strip_of(found[0][0], i18n.current()) if found else None
