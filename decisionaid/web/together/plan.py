"""The parts of the plan beside its goals: what to do about drinking, the texts, the questions, the dates."""

from functools import partial
from operator import attrgetter

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import planning, readiness
from decisionaid.casework.planning import Draft
from decisionaid.core.plan import DateInPast, DatesRefused, Missing, ReviewBeforeRevisit, RevisitOutOfRange
from decisionaid.core.safety import Word
from decisionaid.storage import sorts
from decisionaid.storage.models import Plan, Question, QuestionAnswer
from decisionaid.web.drafts import drafted, overtaken, refused
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
from decisionaid.web.together.writing import Newer, claim, held_texts, keep_texts, newer

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
    form = drafted(kind, data={**_texts_to_begin_with(draft, kind), "edition": draft.plan.edition})
    changed = newer(form, held_texts(draft, kind).items())
    return render_template("together/part.html", part=part, form=form, changed=changed)


@blueprint.post("/plan/<part>")
def keep_part(part: str) -> Response:
    """Keep the texts of a part."""
    kind = PARTS.get(part) or abort(404)
    current, form = plan_to_change(), kind()
    if not form.validate():
        return refused(form, to=url_for("together.part", part=part))
    if not claim(current, form):
        return overtaken(form, to=url_for("together.part", part=part))
    keep_texts(current, form)
    return redirect(url_for("together.plan"), 303)


@blueprint.get("/choice")
def choice() -> str:
    """What the plan says about drinking."""
    draft = planning.draft(db(), plan_to_edit())
    held, chosen = draft.plan, choices().client
    given = {
        "edition": held.edition,
        "option": held.drinking_option or (chosen.option if chosen else None),
        "allocated": "yes" if held.drinking_allocated else "no",
        "drinking_words": draft.text("drinking_words") or (chosen.words if chosen else ""),
    }
    form = drafted(_choice_form, data=given)
    changed = newer(form, held_texts(draft, ChoiceForm).items())
    return render_template(
        "together/choice.html", form=form, changed=changed, words=words(), choices=choices(), plan=held
    )


@blueprint.post("/choice")
def keep_choice() -> Response:
    """Keep the drinking goal of the plan, and whether the client chose it."""
    current, form = plan_to_change(), _choice_form()
    if not form.validate():
        return refused(form, to=url_for("together.choice"))
    if not claim(current, form):
        return overtaken(form, to=url_for("together.choice"))
    if form.option.data:  # a field that is missing takes nothing back
        option = None if form.option.data == LEFT_OUT else form.option.data
        planning.set_drinking(current, option, allocated=form.allocated.data == "yes", now=now())
    keep_texts(current, form)
    return redirect(url_for("together.safe"), 303)


@blueprint.get("/questions")
def questions() -> str:
    """What the client asked on the cards: who finds out, and by when."""
    draft, client = planning.draft(db(), plan_to_edit()), both().client
    forms = [_question_form(n, asked.id, draft.answers.get(asked.id)) for n, asked in enumerate(_questions(), start=1)]
    return render_template(
        "together/questions.html",
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
    planning.answer_question(
        db(),
        current,
        asked.id,
        answered=bool(form.answered.data),
        who=form.who.data or "",
        by_when=form.by_when.data,
        now=now(),
    )
    return redirect(url_for("together.questions", _anchor=f"question-{number}"), 303)


@blueprint.get("/dates")
def dates() -> str:
    """When the two look at the plan again."""
    held = plan_to_edit()
    given = {"edition": held.edition, "revisit": held.revisit_date, "review": held.review_date}
    form = drafted(DatesForm, data=given)
    return render_template("together/dates.html", form=form, changed=_other_dates(held) if form.is_overtaken else [])


@blueprint.post("/dates")
def keep_dates() -> Response:
    """Keep the two dates."""
    current, form = plan_to_change(), DatesForm()
    if form.validate() and not claim(current, form):
        return overtaken(form, to=url_for("together.dates"))
    if not form.errors:
        _try_dates(current, form)
    if form.errors:
        return refused(form, to=url_for("together.dates"))
    return redirect(url_for("together.preview"), 303)


def missing(draft: Draft, word: Word | None = None) -> tuple[Missing, ...]:
    """What still stands in the way of signing, where the keyworker gives this word on the text."""
    round_ = seat_round()
    verdict = verdict_of(round_)
    return readiness.lacking(db(), round_, draft, verdict=verdict, word=word, language=i18n.current(), today=today())


def _try_dates(current: Plan, form: DatesForm) -> None:
    assert form.revisit.data is not None  # noqa: S101 - the form needs both
    assert form.review.data is not None  # noqa: S101
    try:
        planning.set_dates(current, form.revisit.data, form.review.data, today=today(), now=now())
    except DatesRefused as refused:
        complain(form[refused.field], _why(refused))


def _why(refused: DatesRefused) -> str:
    said = {
        DateInPast: i18n.gettext("Give a day that is still to come."),
        RevisitOutOfRange: i18n.gettext("The first look back is two to four weeks from today."),
        ReviewBeforeRevisit: i18n.gettext("The review comes after the first look back."),
    }
    return said[type(refused)]


def _other_dates(current: Plan) -> list[Newer]:
    form = DatesForm(formdata=None)
    pairs = ((form.revisit, current.revisit_date), (form.review, current.review_date))
    return [Newer(str(field.label.text), i18n.day(value)) for field, value in pairs if value is not None]


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
    given = {"answered": held.answered, "who": held.who, "by_when": held.by_when} if held else {}
    action = url_for("together.keep_question", number=number)
    return drafted(partial(QuestionForm, number), action=action, about=about, data=given)
