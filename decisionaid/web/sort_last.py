"""At a review: how each goal of the last plan goes, as this party alone sees it. Nothing of the last sort is shown."""

from flask import abort, redirect
from werkzeug.wrappers import Response

from decisionaid.casework import planning
from decisionaid.casework import sorting as verbs
from decisionaid.casework.drafts import anywhere
from decisionaid.core.review import Progress
from decisionaid.i18n import gettext as _
from decisionaid.storage import sorts
from decisionaid.storage.models import AgreedGoal, GoalProgress, Plan
from decisionaid.web.drafts import drafted, refused, taken
from decisionaid.web.forms import complain, was_sent
from decisionaid.web.request import db, now
from decisionaid.web.sort_forms import ProgressForm
from decisionaid.web.sort_pages import Sorting, saved
from decisionaid.web.sort_words import onward


def last_goals(sorting: Sorting) -> tuple[AgreedGoal, ...]:
    """The goals of the plan that this round reviews."""
    if not sorting.round.is_review:
        return ()
    plan = db().get_one(Plan, (sorting.round.service_id, sorting.round.after_plan_id))
    return planning.draft(db(), plan).goals


def first_page(sorting: Sorting) -> Response:
    """On to the first page of this part; it exists at a review only."""
    if not sorting.round.is_review:
        abort(404)
    return redirect(_page(sorting, 1, len(last_goals(sorting))), 303)


def last_page(sorting: Sorting, number: int) -> str:
    """How one goal goes."""
    goals = last_goals(sorting)
    goal, seen = _at(sorting, goals, number)
    alias, words = sorting.alias(goal.id), seen.words if seen else ""
    form = drafted(ProgressForm, action=_of_goals(sorting), about=alias, words=words)
    return sorting.show(
        "components/sort_last.html",
        goal=goal,
        seen=seen,
        number=number,
        form=form,
        fields=form,
        alias=alias,
        onward=_page(sorting, number + 1, len(goals)),
    )


def see_progress(sorting: Sorting, number: int) -> Response:
    """Keep how the goal at `number` goes. Words alone stand beside the answer given before."""
    goals, form = last_goals(sorting), ProgressForm()
    goal, seen = _at(sorting, goals, number)
    good, about, to = form.validate(), sorting.alias(goal.id), sorting.to("last_goal", number=number)
    if not form.is_about(about):
        return _misplaced(sorting, goals, form)
    progress = form.progress.data or (seen.progress.value if seen else "")
    if good and form.words.data and not progress:
        complain(form.progress, _("Choose one of the answers first. Your words are saved with it."))
        good = False
    if not good:
        return refused(form, to=to, action=_of_goals(sorting), about=about)
    words = form.words.data or "" if was_sent(form.words) else (seen.words if seen else "")
    if progress and (form.progress.data or was_sent(form.words)):
        verbs.see_progress(db(), sorting.record, goal.id, Progress(progress), words, now())
    taken(_of_goals(sorting), about)
    return saved(onward(to, _page(sorting, number + 1, len(goals))))


def _misplaced(sorting: Sorting, goals: tuple[AgreedGoal, ...], form: ProgressForm) -> Response:
    """The goal of this page has another number by now: what was typed waits for it there."""
    numbers = (number for number, goal in enumerate(goals, 1) if form.is_about(sorting.alias(goal.id)))
    to = sorting.to("last_goal", number=next(numbers, 1))
    complain(form.progress, _("This page has changed since you opened it. Look at it again."))
    return refused(form, to=to, action=_of_goals(sorting), about=form.about.data or "")


def _of_goals(sorting: Sorting) -> str:
    """Where the drafts of these pages belong, whatever the goal's number is."""
    return anywhere(sorting.to("last_goal", number=1))


def _at(sorting: Sorting, goals: tuple[AgreedGoal, ...], number: int) -> tuple[AgreedGoal, GoalProgress | None]:
    if not 1 <= number <= len(goals):
        abort(404)
    goal = goals[number - 1]
    return goal, sorts.progress(db(), sorting.record).get(goal.id)


def _page(sorting: Sorting, number: int, goals: int) -> str:
    if number <= goals:
        return sorting.to("last_goal", number=number)
    return sorting.to("listened") if sorting.is_client and sorting.round.is_review else sorting.to("check")
