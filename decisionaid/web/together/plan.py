"""The parts of the plan beside its goals: what to do about drinking, the texts, the questions, the dates."""

from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import planning, readiness
from decisionaid.casework.planning import Draft
from decisionaid.core.plan import DateInPast, DatesRefused, Missing, ReviewBeforeRevisit, RevisitOutOfRange
from decisionaid.core.safety import Word
from decisionaid.storage import sorts
from decisionaid.storage.models import Plan, Question, QuestionAnswer
from decisionaid.web.days import are_to_come
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.editions import ChangedMeanwhile, Newer, catch_up, changes, drawn, seen
from decisionaid.web.forms import choice as an_option
from decisionaid.web.forms import complain
from decisionaid.web.named import gone, meant
from decisionaid.web.request import db, now, seat_round, today
from decisionaid.web.safety import verdict_of
from decisionaid.web.together import blueprint
from decisionaid.web.together.part_forms import PARTS
from decisionaid.web.together.plan_forms import ChoiceForm, DatesForm, EditForm, QuestionForm
from decisionaid.web.together.points import choices
from decisionaid.web.together.sitting import both, plan_to_change, plan_to_edit, words
from decisionaid.web.together.writing import held_texts, keep_texts

LEFT_OUT = "left_out"
"""The act of leaving the drinking goal out of the plan."""


@blueprint.get("/plan")
def plan() -> str:
    """The parts of the plan, what stands in each, and what is still missing."""
    draft = planning.draft(db(), plan_to_edit())
    return render_template(
        "together/plan.html",
        draft=draft,
        parts={part: any(draft.text(name) for name in held_texts(draft, form)) for part, form in PARTS.items()},
        missing=missing(draft),
        questions=_questions(),
        words=words(),
    )


@blueprint.get("/plan/<part>")
def part(part: str) -> str:
    """A part that is text alone."""
    kind = PARTS.get(part) or abort(404)
    draft = planning.draft(db(), plan_to_edit())
    held = held_texts(draft, kind)
    form = drafted(kind, data={**_texts_to_begin_with(draft, kind), "seen": seen(held)})
    changed = catch_up(form, held)
    return render_template("together/part.html", part=part, form=form, changed=changed)


@blueprint.post("/plan/<part>")
def keep_part(part: str) -> Response:
    """Keep the texts of a part."""
    kind = PARTS.get(part) or abort(404)
    current, form = plan_to_change(), kind()
    if not form.validate():
        return refused(form, to=url_for("together.part", part=part))
    try:
        keep_texts(current, form, changes(form, held_texts(planning.draft(db(), current), kind)))
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("together.part", part=part))
    return redirect(url_for("together.plan"), 303)


@blueprint.get("/choice")
def choice() -> str:
    """What the plan says about drinking."""
    draft = planning.draft(db(), plan_to_edit())
    held, chosen = draft.plan, choices().client
    given = {
        "seen": seen(_held_choice(draft)),
        "option": held.drinking_option or (chosen.option if chosen else None),
        "allocated": "yes" if held.drinking_allocated else "no",
        "drinking_words": draft.text("drinking_words") or (chosen.words if chosen else ""),
    }
    form = drafted(_choice_form, data=given)
    changed = catch_up(form, _held_choice(draft))
    return render_template(
        "together/choice.html", form=form, changed=changed, words=words(), choices=choices(), plan=held
    )


@blueprint.post("/choice")
def keep_choice() -> Response:
    """Keep the drinking goal of the plan, and whether the client chose it."""
    current, form = plan_to_change(), _choice_form()
    if not form.validate():
        return refused(form, to=url_for("together.choice"))
    held = _held_choice(planning.draft(db(), current))
    try:
        changed = changes(form, held)
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("together.choice"))
    said = {name: form[name].data if name in changed else held[name] for name in ("option", "allocated")}
    if changed & set(said):
        option = None if said["option"] == LEFT_OUT else said["option"] or None
        planning.set_drinking(current, option, allocated=said["allocated"] == "yes", now=now())
    keep_texts(current, form, changed)
    return redirect(url_for("together.safe"), 303)


@blueprint.get("/questions")
def questions() -> str:
    """What the client asked on the cards: who finds out, and by when."""
    draft, client = planning.draft(db(), plan_to_edit()), both().client
    forms = [_question_form(n, asked.id, draft.answers.get(asked.id)) for n, asked in enumerate(_questions(), start=1)]
    return render_template(
        "together/questions.html",
        changed=[each for n, asked in enumerate(_questions()) for each in _newer_answers(forms[n], draft, asked)],
        overtaken=any(form.is_overtaken for form in forms),
        form=next((form for form in forms if form.errors), None),
        questions=[(asked, _title(asked), form) for asked, form in zip(_questions(), forms, strict=True)],
        client_language=client.record.language,
    )


@blueprint.post("/questions/<int:number>")
def keep_question(number: int) -> Response:
    """Say who finds out the answer to one question, and by when, or that it is answered."""
    current, form = plan_to_change(), QuestionForm(number)
    asked = meant(_questions(), attrgetter("id"))
    if asked is None:
        return gone(form)
    if not form.validate():
        return refused(form, to=url_for("together.questions", _anchor=f"question-{number}"), about=asked.id)
    held = _held_answer(planning.draft(db(), current).answers.get(asked.id))
    try:
        changed = changes(form, held)
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("together.questions", _anchor=f"question-{number}"), about=asked.id)
    if "by_when" in changed and not are_to_come(form.by_when):
        return refused(form, to=url_for("together.questions", _anchor=f"question-{number}"), about=asked.id)
    said = {name: form[name].data if name in changed else held[name] for name in held}
    planning.answer_question(
        db(),
        current,
        asked.id,
        answered=bool(said["answered"]),
        who=said["who"] or "",
        by_when=said["by_when"],
        now=now(),
    )
    return redirect(url_for("together.questions", _anchor=f"question-{number}"), 303)


@blueprint.get("/dates")
def dates() -> str:
    """When the two look at the plan again."""
    held = plan_to_edit()
    form = drafted(DatesForm, data=drawn(_held_dates(held)))
    changed = catch_up(form, _held_dates(held))
    return render_template("together/dates.html", form=form, changed=changed)


@blueprint.post("/dates")
def keep_dates() -> Response:
    """Keep the two dates."""
    current, form = plan_to_change(), DatesForm()
    held = _held_dates(current)
    if not form.validate():
        return refused(form, to=url_for("together.dates"))
    try:
        changed = changes(form, held)
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("together.dates"))
    if not are_to_come(*(form[name] for name in sorted(changed))):
        return refused(form, to=url_for("together.dates"))
    _try_dates(current, form, {name: form[name].data if name in changed else held[name] for name in held})
    if form.errors:
        return refused(form, to=url_for("together.dates"))
    return redirect(url_for("together.preview"), 303)


def missing(draft: Draft, word: Word | None = None) -> tuple[Missing, ...]:
    """What still stands in the way of signing, where the keyworker gives this word on the text."""
    round_ = seat_round()
    verdict = verdict_of(round_)
    return readiness.lacking(db(), round_, draft, verdict=verdict, word=word, language=i18n.current(), today=today())


def _try_dates(current: Plan, form: DatesForm, said: dict[str, date | None]) -> None:
    assert said["revisit"] is not None  # noqa: S101 - the form needs both
    assert said["review"] is not None  # noqa: S101
    try:
        planning.set_dates(current, said["revisit"], said["review"], today=today(), now=now())
    except DatesRefused as refused:
        complain(form[refused.field], _why(refused))


def _why(refused: DatesRefused) -> str:
    said = {
        DateInPast: i18n.gettext("Enter a date in the future"),
        RevisitOutOfRange: i18n.gettext("The first check-in must be 2 to 4 weeks from today"),
        ReviewBeforeRevisit: i18n.gettext("The review must be after the first check-in"),
    }
    return said[type(refused)]


def _texts_to_begin_with(draft: Draft, kind: type[EditForm]) -> dict[str, str]:
    """What is held; what matters begins with the client's own words, of which the plan keeps a copy."""
    texts = held_texts(draft, kind)
    if "what_matters" in texts and "what_matters" not in draft.texts:
        texts["what_matters"] = both().client.record.what_matters
    return texts


def _choice_form(**given: object) -> ChoiceForm:
    form = ChoiceForm(**given)
    titles = words().options.options
    form.option.choices = [
        *(an_option(option.id, titles[option.id].title) for option in words().drinking.options),
        an_option(LEFT_OUT, i18n.gettext("Leave drinking out of this plan")),
    ]
    return form


def _questions() -> list[Question]:
    return sorts.questions(db(), both().client.record)


def _title(question: Question) -> str | None:
    """The card that a question was asked on; None for one that was asked of the whole."""
    client = both().client
    known = question.card_id in words().cards.cards or client.own_title(question.card_id or "")
    return words().title(question.card_id, client) if question.card_id and known else None


def _question_form(number: int, about: str, held: QuestionAnswer | None) -> QuestionForm:
    action = url_for("together.keep_question", number=number)
    return drafted(partial(QuestionForm, number), action=action, about=about, data=drawn(_held_answer(held)))


def _held_answer(held: QuestionAnswer | None) -> dict[str, Any]:
    if held is None:
        return {"answered": False, "who": "", "by_when": None}
    return {"answered": held.answered, "who": held.who, "by_when": held.by_when}


def _newer_answers(form: QuestionForm, draft: Draft, asked: Question) -> list[Newer]:
    return catch_up(form, _held_answer(draft.answers.get(asked.id)))


def _held_choice(draft: Draft) -> dict[str, str]:
    plan = draft.plan
    allocated = "yes" if plan.drinking_allocated else "no"
    return {"option": plan.drinking_option or "", "allocated": allocated, **held_texts(draft, ChoiceForm)}


def _held_dates(plan: Plan) -> dict[str, date | None]:
    return {"revisit": plan.revisit_date, "review": plan.review_date}
