"""What somebody will do: the steps of a goal."""

from operator import attrgetter

from flask import redirect, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import planning
from decisionaid.casework.planning import Draft
from decisionaid.core.plan import ActionKind
from decisionaid.storage.models import Action
from decisionaid.web.days import are_to_come
from decisionaid.web.drafts import refused
from decisionaid.web.named import gone, meant, meant_here
from decisionaid.web.request import db, now
from decisionaid.web.together import blueprint
from decisionaid.web.together.plan_forms import ActionForm
from decisionaid.web.together.sitting import plan_to_change


@blueprint.post("/goal/<int:number>/action")
def add_action(number: int) -> Response:
    """Add a step to a goal."""
    plan, form = plan_to_change(), ActionForm()
    goals = planning.draft(db(), plan).goals
    goal = meant(goals, attrgetter("id"))
    if goal is None:
        return gone(form)
    number = goals.index(goal) + 1
    if not form.validate() or not are_to_come(form.by_when):
        return refused(form, to=url_for("together.goal", number=number), about=goal.id)
    said = {**_step(form), "kind": ActionKind(form.kind.data)}
    planning.add_action(db(), plan, goal, said, language=form.language, now=now())
    return redirect(url_for("together.goal", number=number, _anchor="steps"), 303)


@blueprint.post("/goal/<int:number>/action/remove")
def remove_action(number: int) -> Response:
    """Take a step off a goal. It can be put back."""
    plan = plan_to_change()
    draft = planning.draft(db(), plan)
    step = meant_here(draft.actions, attrgetter("id"))
    planning.remove_action(plan, step, now())
    return redirect(_goal_of(draft, step), 303)


@blueprint.post("/goal/<int:number>/action/back")
def put_action_back(number: int) -> Response:
    """Put a step back that was taken off."""
    plan = plan_to_change()
    draft = planning.draft(db(), plan)
    step = meant_here(draft.actions_taken_out, attrgetter("id"))
    planning.restore_action(plan, step, now())
    return redirect(_goal_of(draft, step), 303)


def _step(form: ActionForm) -> dict[str, object]:
    return {name: form[name].data or "" for name in ("what", "who", "agency")} | {"by_when": form.by_when.data}


def _goal_of(draft: Draft, step: Action) -> str:
    """The page of the goal of a step, wherever it stands now."""
    number = next((n for n, goal in enumerate(draft.goals, start=1) if goal.id == step.goal_id), None)
    return url_for("together.goal", number=number, _anchor="steps") if number else url_for("together.goals")
