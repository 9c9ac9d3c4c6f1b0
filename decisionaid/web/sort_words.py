"""Own words for the top cards: the client's success, reason and rulers, or the keyworker's reason."""

from flask import abort, request
from werkzeug.wrappers import Response

from decisionaid.casework import sorting as verbs
from decisionaid.casework.drafts import anywhere
from decisionaid.i18n import gettext as _
from decisionaid.web.drafts import drafted, refused, still_waiting, taken
from decisionaid.web.forms import complain, was_sent
from decisionaid.web.request import db, now
from decisionaid.web.sort_forms import RULERS, CardWordsForm, NamedForm, ReasonForm, WhatMattersForm
from decisionaid.web.sort_pages import Face, Sorting, saved

UNKNOWN = "unknown"
"""What words are about whose card is gone."""


def words_page(sorting: Sorting) -> str:
    """What matters over all, and the top cards to write about."""
    form = drafted(WhatMattersForm, what_matters=sorting.record.what_matters)
    return sorting.show("components/sort_words.html", form=form, fields=form, unplaced=_without_place(sorting))


def say_what_matters(sorting: Sorting) -> Response:
    """Keep what matters over all, and go on where the press said so."""
    form = WhatMattersForm()
    if not form.validate():
        return refused(form, to=sorting.to("words"))
    if was_sent(form.what_matters):
        verbs.say_what_matters(sorting.record, form.what_matters.data or "", now())
    return saved(past_words(sorting, sorting.to("words"), first_words(sorting)))


def card_words_page(sorting: Sorting, place: int) -> str:
    """The words of one top card."""
    face = sorting.top_at(place)
    alias = sorting.alias(face.id)
    form = drafted(_kind(sorting), action=_of_cards(sorting), about=alias, data=_held(face))
    return sorting.show("components/sort_card_words.html", face=face, form=form, fields=form, alias=alias)


def describe(sorting: Sorting, place: int) -> Response:
    """Keep the words of one top card, and go on where the press said so."""
    form = _kind(sorting)()
    face = sorting.placed[place - 1] if 1 <= place <= len(sorting.placed) else None
    if face is None or not form.is_about(sorting.alias(face.id)):
        return _misplaced(sorting, form, face)
    about = sorting.alias(face.id)
    if not form.validate():
        return refused(form, to=sorting.to("card_words", place=place), action=_of_cards(sorting), about=about)
    words = _said(form)
    if words:
        verbs.describe_card(db(), sorting.sort, sorting.deck.ids, face.id, words, now())
    taken(_of_cards(sorting), about)
    stay = sorting.to("card_words", place=place, _anchor=_cleared(form) or None)
    return saved(past_words(sorting, stay, after_words(sorting, place)))


def first_words(sorting: Sorting) -> str:
    """The first page of words about a card; where none is in order, the part after."""
    return sorting.to("card_words", place=1) if sorting.placed else sorting.to("goal")


def after_words(sorting: Sorting, place: int) -> str:
    """The page after the words of this card."""
    return sorting.to("card_words", place=place + 1) if place < len(sorting.placed) else sorting.to("goal")


def onward(stay: str, on: str) -> str:
    """Where a page of typed words leads: on, where "next" was pressed (so nothing typed is lost); else it stays."""
    return on if request.form.get("go") == "next" else stay


def past_words(sorting: Sorting, stay: str, on: str) -> str:
    """Where a page of the sort's own words leads: as `onward`, or past all of them where that was pressed."""
    return sorting.to("goal") if request.form.get("go") == "past" else onward(stay, on)


def _misplaced(sorting: Sorting, form: NamedForm, here: Face | None) -> Response:
    """The card of these words is not in this place any more: the words wait for it where it is now."""
    named = next((face for face in sorting.faces if form.is_about(sorting.alias(face.id))), None)
    if here is None and named is None:
        abort(404)
    form.validate()
    complain(form.why, _("Your order changed after you opened this page. Check these words, then save them."))
    to = sorting.to("card_words", place=named.rank) if named and named.rank else sorting.to("words")
    about = sorting.alias(named.id) if named else UNKNOWN
    return refused(form, to=to, action=_of_cards(sorting), about=about)


def _without_place(sorting: Sorting) -> list[tuple[Face | None, list[str]]]:
    """Words that wait, each with its card: this lost its place, or is gone, before they were saved."""
    faces = {sorting.alias(face.id): face for face in sorting.faces}
    waiting = ((faces.get(about), words) for about, words in still_waiting(_of_cards(sorting)).items())
    return [(face, words) for face, words in waiting if words and not (face and face.rank)]


def _of_cards(sorting: Sorting) -> str:
    """Where the drafts of the words of cards belong, whatever their place is."""
    return anywhere(sorting.to("card_words", place=1))


def _kind(sorting: Sorting) -> type[CardWordsForm | ReasonForm]:
    return CardWordsForm if sorting.is_client else ReasonForm


def _held(face: Face) -> dict[str, object]:
    held = face.held
    if held is None:
        return {}
    names = ("success", "why", "importance", "importance_why", "confidence", "confidence_why")
    return {name: _shown(getattr(held, name)) for name in names}


def _shown(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def _said(form: NamedForm) -> dict[str, object]:
    """What the form says of a card: each field that was sent, and no number where that was removed."""
    sent = (field for field in form if was_sent(field) and field.name not in ("about", "clear"))
    said = {field.name: _kept(field.name, field.data) for field in sent}
    return said | ({_cleared(form): None} if _cleared(form) else {})


def _cleared(form: NamedForm) -> str:
    """The ruler whose number this press removes, if any."""
    return str(form["clear"].data or "") if "clear" in form else ""


def _kept(name: str, value: str | None) -> object:
    if name in RULERS:
        return int(value) if value else None
    return value or ""
