"""What somebody will do: the steps of a goal."""

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import planning
from decisionaid.core.plan import ActionKind
from decisionaid.storage.models import Action
from decisionaid.web.drafts import refused
from decisionaid.web.request import db, now
from decisionaid.web.together import blueprint
from decisionaid.web.together.goals import numbered
from decisionaid.web.together.plan_forms import ActionForm, RemoveForm
from decisionaid.web.together.sitting import plan_to_change


@blueprint.post("/goal/<int:number>/action")
def add_action(number: int) -> Response:
    """Add a step to a goal."""
    plan, form = plan_to_change(), ActionForm()
    draft = planning.draft(db(), plan)
    goal = numbered(draft, number)
    if not form.validate():
        return refused(form, to=url_for("together.goal", number=number), about=goal.id)
    said = {**_step(form), "kind": ActionKind(form.kind.data)}
    planning.add_action(db(), plan, goal, said, language=form.language, now=now())
    return redirect(url_for("together.goal", number=number, _anchor="steps"), 303)


@blueprint.post("/goal/<int:number>/action/remove")
def remove_action(number: int) -> Response:
    """Take a step off a goal."""
    plan = plan_to_change()
    draft = planning.draft(db(), plan)
    planning.remove_action(db(), plan, _named(draft.actions_of(numbered(draft, number))), now())
    return redirect(url_for("together.goal", number=number, _anchor="steps"), 303)


def _step(form: ActionForm) -> dict[str, object]:
    return {name: form[name].data or "" for name in ("what", "who", "agency")} | {"by_when": form.by_when.data}


def _named(actions: tuple[Action, ...]) -> Action:
    form = RemoveForm()
    return next((action for action in actions if action.id == form.what.data), None) or abort(422)
