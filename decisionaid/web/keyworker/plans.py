"""Printing: a press, then the file. What was signed is given out byte for byte; a version that was replaced says so."""

from flask import Response, abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from decisionaid.casework import signing
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Plan, Signing
from decisionaid.web import plan_page
from decisionaid.web.keyworker import blueprint
from decisionaid.web.request import commit, db, now, own_client, seat


@blueprint.post("/papers/<signing_id>")
def print_plan(signing_id: str) -> AnyResponse:
    """See that the paper of a version is there, then show it. Nobody waits to write while it is made."""
    plan, version = _own_version(signing_id)
    if queries_plan.printout(db(), version) is None:
        commit()
        signing.keep_paper(db(), version, plan_page.paper(version), now())
    return redirect(
        url_for("keyworker.plan_file", signing_id=version.id, number=plan.number, version=version.version), 303
    )


@blueprint.get("/papers/<signing_id>/plan-<int:number>-<int:version>.pdf")
def plan_file(signing_id: str, number: int, version: int) -> Response:
    """The paper, under a name that says nothing of anybody."""
    plan, signed = _own_version(signing_id)
    if (plan.number, signed.version) != (number, version):
        abort(404)
    pdf = plan_page.kept_paper(signed) or abort(404)
    name = plan_page.file_name(plan, signed)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _own_version(signing_id: str) -> tuple[Plan, Signing]:
    """A complete version of a plan of this keyworker's client; anybody else's does not exist."""
    found = db().get(Signing, (seat().service_id, signing_id))
    if found is None or found.completed_at is None:
        abort(404)
    plan = db().get_one(Plan, (found.service_id, found.plan_id))
    own_client(plan.client_id)
    return plan, found
