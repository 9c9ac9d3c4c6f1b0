"""The safety check, one question a page: each can be left out, and a warning sign shows the red card at once.

Everybody is asked the gates; after a "no" to each, the rest only where the client's own choice may mean stopping.
"""

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import sorting as verbs
from decisionaid.core.deck_safety import SafetyQuestion
from decisionaid.i18n import gettext as _
from decisionaid.storage import sorts
from decisionaid.web.client import blueprint
from decisionaid.web.client.sitting import my_sort
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import complain
from decisionaid.web.request import db, decks, now
from decisionaid.web.sort_forms import SafetyForm, one_of
from decisionaid.web.sort_goal import SAFETY_DECK, after_safe, asked_of
from decisionaid.web.sort_pages import Sorting, saved

SKIPPED = "skipped"
"""Left out on purpose; like no answer, it counts as a warning sign."""


@blueprint.get("/safe")
def safe() -> Response:
    """The first question that is asked and has no answer yet; the first of all, where each has one."""
    sorting = my_sort()
    replies = sorts.safety_replies(db(), sorting.record)
    open_ = (n for n, question in enumerate(asked_of(sorting, replies), start=1) if question.id not in replies)
    return redirect(url_for("client.safe_question", number=next(open_, 1)), 303)


@blueprint.get("/safe/<int:number>/next")
def after_question(number: int) -> Response:
    """The question after that one, or the end: which, the answers that are held by now decide."""
    sorting = my_sort()
    asked = asked_of(sorting, sorts.safety_replies(db(), sorting.record))
    is_last = _question_at(number) not in asked[:-1]
    return redirect(url_for("client.safe_end") if is_last else url_for("client.safe_question", number=number + 1), 303)


@blueprint.get("/safe/end")
def safe_end() -> str:
    """After the last question: what the answers ask for, and whom to ring."""
    sorting = my_sort()
    replies = sorts.safety_replies(db(), sorting.record)
    asked = asked_of(sorting, replies)
    dangers = {danger for question in asked if question.warns(replies.get(question.id)) for danger in question.dangers}
    words = decks().safety_words(SAFETY_DECK, i18n.current())
    return sorting.show(
        "client/safe-end.html", words=words, dangers=dangers, last=len(asked), onward=after_safe(sorting)
    )


@blueprint.get("/safe/<int:number>")
def safe_question(number: int) -> str:
    return _page(my_sort(), number)


@blueprint.post("/safe/<int:number>")
def answer_safe(number: int) -> Response:
    """Keep the answer to one question."""
    sorting, question, form = my_sort(), _question_at(number), SafetyForm()
    form.answer.validators = [one_of([SKIPPED, *(answer.id for answer in question.answers)])]
    good = form.validate()
    if good and not form.is_about(sorting.alias(question.id)):
        complain(form.answer, _("This page has changed since you opened it. Look at it again."))
        good = False
    if not good:
        return refused(form, to=url_for("client.safe_question", number=number), is_press=True)
    verbs.answer_safety(db(), sorting.record, question.id, form.answer.data, now())
    anchor = "red-card" if question.warns(form.answer.data) else None
    return saved(url_for("client.safe_question", number=number, _anchor=anchor))


def _page(sorting: Sorting, number: int) -> str:
    question = _question_at(number)
    words = decks().safety_words(SAFETY_DECK, i18n.current())
    reply = sorts.safety_replies(db(), sorting.record).get(question.id)
    return sorting.show(
        "client/safe.html",
        question=question,
        alias=sorting.alias(question.id),
        number=number,
        words=words,
        reply=reply,
        warns=reply is not None and question.warns(reply),
        form=drafted(SafetyForm),
        onward=url_for("client.after_question", number=number),
    )


def _question_at(number: int) -> SafetyQuestion:
    questions = _questions()
    return questions[number - 1] if 1 <= number <= len(questions) else abort(404)


def _questions() -> tuple[SafetyQuestion, ...]:
    return decks().safety(SAFETY_DECK).questions
