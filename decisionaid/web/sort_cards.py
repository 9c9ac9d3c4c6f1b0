"""Rating the cards, one at a time; and the list of them all."""

from flask import redirect
from werkzeug.wrappers import Response

from decisionaid.casework import sorting as verbs
from decisionaid.core.sort import answer_from
from decisionaid.storage import sorts
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.request import db
from decisionaid.web.sort_forms import OwnPressForm, RateForm
from decisionaid.web.sort_goal import red_card
from decisionaid.web.sort_pages import Sorting, saved
from decisionaid.web.sort_removed import removed_cards
from decisionaid.web.sort_saving import chosen_at


def card_page(sorting: Sorting, place: int) -> str | Response:
    """One card with its question and answers; for an own card that was removed, the page where it can be put back."""
    if place not in sorting.numbers.values() and any(card.number == place for card in removed_cards(sorting)):
        return redirect(sorting.to("cards"), 303)
    face = sorting.face_at(place)
    asked = [question for question in sorts.questions(db(), sorting.record) if question.card_id == face.id]
    red = red_card(face.warns) if face.warns else None
    return sorting.show("components/sort_card.html", face=face, asked=asked, form=drafted(RateForm), red_card=red)


def blank_page(sorting: Sorting, place: int) -> str:
    """One card, with word that an answer given before is kept though it does not show."""
    face = sorting.face_at(place)
    red = red_card(face.warns) if face.warns else None
    return sorting.show("components/sort_card.html", face=face, asked=(), form=None, red_card=red, offline=True)


def rate(sorting: Sorting, place: int) -> Response:
    """Keep the answer to the card at `place`."""
    face, form = sorting.face_at(place), RateForm()
    if not form.validate():
        return refused(form, to=sorting.to("card", place=place))
    verbs.rate_card(db(), sorting.sort, sorting.deck.ids, face.id, answer_from(form.answer.data), chosen_at())
    return saved(sorting.to("card", place=place))


def cards_page(sorting: Sorting) -> str:
    """All cards and what was said of each."""
    press = drafted(OwnPressForm)
    return sorting.show("components/sort_cards.html", form=press, removed=removed_cards(sorting))
