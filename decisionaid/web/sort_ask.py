"""Questions that stay with a card, or with the whole, until they are answered together."""

from werkzeug.wrappers import Response

from decisionaid.casework import sorting as verbs
from decisionaid.storage import sorts
from decisionaid.storage.models import Question
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.request import db, now
from decisionaid.web.sort_forms import AskForm, DropForm, one_of
from decisionaid.web.sort_pages import Face, Sorting, saved


def ask_page(sorting: Sorting, place: int | None = None) -> str:
    """What was asked so far of this card (or, with no place, of the whole), and room to ask."""
    face, fields = _face(sorting, place), drafted(AskForm)
    asked, to = _asked(sorting, face), _here(sorting, place)
    drop = drafted(DropForm, action=f"{to}/drop")
    form = drop if drop.errors else fields
    return sorting.show("components/sort_ask.html", face=face, asked=asked, form=form, fields=fields, to=to)


def ask(sorting: Sorting, place: int | None = None) -> Response:
    """Keep a question."""
    face, form = _face(sorting, place), AskForm()
    if not form.validate():
        return refused(form, to=_here(sorting, place))
    asked = sorts.questions(db(), sorting.record)
    if len(asked) < verbs.MOST_QUESTIONS:
        verbs.ask(db(), sorting.record, face.id if face else None, form.words.data, now())
    return saved(_here(sorting, place))


def drop(sorting: Sorting, place: int | None = None) -> Response:
    """Take a question back."""
    asked, form = _asked(sorting, _face(sorting, place)), DropForm()
    by_alias = {sorting.alias(question.id): question for question in asked}
    form.drop.validators = [one_of(by_alias)]
    if not form.validate():
        return refused(form, to=_here(sorting, place), is_press=True)
    verbs.withdraw_question(db(), sorting.record, by_alias[form.drop.data], now())
    return saved(_here(sorting, place))


def _face(sorting: Sorting, place: int | None) -> Face | None:
    return None if place is None else sorting.face_at(place)


def _asked(sorting: Sorting, face: Face | None) -> list[Question]:
    card = face.id if face else None
    return [question for question in sorts.questions(db(), sorting.record) if question.card_id == card]


def _here(sorting: Sorting, place: int | None) -> str:
    return sorting.to("ask_card", place=place) if place else sorting.to("ask")
