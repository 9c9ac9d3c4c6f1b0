"""Check and finish: everything this sort holds, as the server holds it, and the press that seals it."""

from dataclasses import dataclass

from flask import redirect
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import sorting as verbs
from decisionaid.core.deck_safety import SafetyQuestion, SafetyWords
from decisionaid.core.sort import Rating
from decisionaid.storage import sorts
from decisionaid.storage.models import AgreedGoal, GoalProgress, Question
from decisionaid.web.drafts import drafted, overtaken
from decisionaid.web.request import db, decks, now
from decisionaid.web.sort_forms import FinishForm
from decisionaid.web.sort_goal import SAFETY_DECK, Goal, asked_of, goal_of
from decisionaid.web.sort_last import last_goals
from decisionaid.web.sort_pages import Face, Sorting


@dataclass(frozen=True)
class Held:
    """What the server holds of one sort, grouped as the page shows it."""

    groups: tuple[tuple[str, tuple[Face, ...]], ...]
    left: tuple[Face, ...]
    goal: Goal
    questions: tuple[tuple[Face | None, Question], ...]
    safety: tuple[SafetyQuestion, ...]
    safety_words: SafetyWords
    replies: dict[str, str]
    progress: tuple[tuple[AgreedGoal, GoalProgress | None], ...]


def held(sorting: Sorting) -> Held:
    """Everything this sort holds."""
    replies = sorts.safety_replies(db(), sorting.record) if sorting.is_client else {}
    seen = sorts.progress(db(), sorting.record)
    return Held(
        groups=tuple((rating.value, _answered(sorting, rating)) for rating in Rating),
        left=tuple(face for face in sorting.faces if sorting.value.rating(face.id) is None),
        goal=goal_of(sorting),
        questions=tuple(_asked(sorting)),
        safety=_safety(sorting, replies) if sorting.is_client else (),
        safety_words=decks().safety_words(SAFETY_DECK, i18n.current()),
        replies=replies,
        progress=tuple((goal, seen.get(goal.id)) for goal in last_goals(sorting)),
    )


def check_page(sorting: Sorting) -> str:
    """All answers with a way to change each, and the press that finishes. `seen` is what this page shows."""
    seen = sorts.fingerprint(db(), sorting.record)
    form = drafted(FinishForm, seen=seen)
    return sorting.show("components/sort_check.html", held=held(sorting), form=form, seen=seen)


def finish(sorting: Sorting) -> Response:
    """Seal the sort, if what the server holds is what was on the page."""
    form = FinishForm()
    try:
        verbs.finish(db(), sorting.record, sorting.round, seen=form.seen.data or "", now=now())
    except verbs.SeenOtherwise:
        return overtaken(form, to=sorting.to("check"))
    return redirect(sorting.to("done"), 303)


def _safety(sorting: Sorting, replies: dict[str, str]) -> tuple[SafetyQuestion, ...]:
    """The safety questions that are asked, and any other that was answered."""
    asked = asked_of(sorting, replies)
    return tuple(q for q in decks().safety(SAFETY_DECK).questions if q in asked or q.id in replies)


def _answered(sorting: Sorting, rating: Rating) -> tuple[Face, ...]:
    faces = (face for face in sorting.faces if sorting.value.rating(face.id) is rating)
    return tuple(sorted(faces, key=lambda face: (face.rank or len(sorting.faces), face.number)))


def _asked(sorting: Sorting) -> list[tuple[Face | None, Question]]:
    by_card = {face.id: face for face in sorting.faces}
    return [(by_card.get(question.card_id or ""), question) for question in sorts.questions(db(), sorting.record)]
