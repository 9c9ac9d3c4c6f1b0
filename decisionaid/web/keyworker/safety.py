"""A client's safety answers at the desk, and what the keyworker records about them."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.core.safety import ResponseKind
from decisionaid.storage.models import Round
from decisionaid.web import safety
from decisionaid.web.drafts import refused
from decisionaid.web.keyworker import blueprint
from decisionaid.web.request import own_client, own_round
from decisionaid.web.safety import FORMS

AT_THE_DESK = tuple(kind for kind in FORMS if kind is not ResponseKind.PLANNED)
"""What is recorded without the client: advice is planned with them, in their plan."""


@blueprint.get("/rounds/<round_id>/safety")
def safety_answers(round_id: str) -> str:
    """The safety answers of a round, and what was done about them."""
    return _page(own_round(round_id))


@blueprint.post("/rounds/<round_id>/safety/<kind>")
def deal_with_safety(round_id: str, kind: str) -> Response:
    """Record what was done about them."""
    round_ = own_round(round_id)
    form = FORMS[ResponseKind(kind)](with_pin=False) if kind in AT_THE_DESK else abort(404)
    if safety.strip_of(round_, i18n.current()) is None:
        abort(404)
    if not (form.validate() and safety.record(round_, form)):
        return refused(form, to=url_for("keyworker.safety_answers", round_id=round_id))
    return redirect(url_for("keyworker.safety_answers", round_id=round_id), 303)


def _page(round_: Round) -> str:
    def address(kind: str) -> str:
        return url_for("keyworker.deal_with_safety", round_id=round_.id, kind=kind)

    forms = safety.waiting_forms(round_, address, with_pin=False, kinds=AT_THE_DESK)
    return render_template(
        "keyworker/safety.html",
        round=round_,
        client=own_client(round_.client_id),
        strip=safety.strip_of(round_, i18n.current()) or abort(404),
        recorded=safety.recorded(round_),
        forms=forms,
        form=next((form for form in forms.values() if form.errors), None),
    )
