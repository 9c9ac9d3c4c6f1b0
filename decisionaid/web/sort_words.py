"""Own words for the top cards: the client's success, reason and rulers, or the keyworker's reason."""

from flask import request
from werkzeug.wrappers import Response

from decisionaid.casework import sorting as verbs
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import PlainForm
from decisionaid.web.request import db, now
from decisionaid.web.sort_forms import CardWordsForm, ReasonForm, WhatMattersForm
from decisionaid.web.sort_pages import Face, Sorting, saved

RULERS = ("importance", "confidence")


def words_page(sorting: Sorting) -> str:
    """What matters over all, and the top cards to write about."""
    form = drafted(WhatMattersForm, what_matters=sorting.record.what_matters)
    return sorting.show("components/sort_words.html", form=form, fields=form)


def say_what_matters(sorting: Sorting) -> Response:
    """Keep what matters over all, and go on where the press said so."""
    form = WhatMattersForm()
    if not form.validate():
        return refused(form, to=sorting.to("words"))
    verbs.say_what_matters(sorting.record, form.what_matters.data or "", now())
    return saved(onward(sorting.to("words"), first_words(sorting)))


def card_words_page(sorting: Sorting, place: int) -> str:
    """The words of one top card."""
    face = sorting.top_at(place)
    form = drafted(_kind(sorting), about=face.id, data=_held(face))
    return sorting.show("components/sort_card_words.html", face=face, form=form, fields=form)


def describe(sorting: Sorting, place: int) -> Response:
    """Keep the words of one top card, and go on where the press said so."""
    face, form = sorting.top_at(place), _kind(sorting)()
    if not form.validate():
        return refused(form, to=sorting.to("card_words", place=place), about=face.id)
    words = {field.name: _kept(field.name, field.data) for field in form}
    verbs.describe_card(db(), sorting.sort, sorting.deck.ids, face.id, words, now())
    return saved(onward(sorting.to("card_words", place=place), after_words(sorting, place)))


def first_words(sorting: Sorting) -> str:
    """The first page of words about a card; where none is in order, the part after."""
    return sorting.to("card_words", place=1) if sorting.placed else sorting.to("goal")


def after_words(sorting: Sorting, place: int) -> str:
    """The page after the words of this card."""
    return sorting.to("card_words", place=place + 1) if place < len(sorting.placed) else sorting.to("goal")


def onward(stay: str, on: str) -> str:
    """Where a page of typed words leads: on, where "next" was pressed (so nothing typed is lost); else it stays."""
    return on if request.form.get("go") == "next" else stay


def _kind(sorting: Sorting) -> type[PlainForm]:
    return CardWordsForm if sorting.is_client else ReasonForm


def _held(face: Face) -> dict[str, object]:
    held = face.held
    if held is None:
        return {}
    names = ("success", "why", "importance", "importance_why", "confidence", "confidence_why")
    return {name: _shown(getattr(held, name)) for name in names}


def _shown(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def _kept(name: str, value: str | None) -> object:
    if name in RULERS:
        return int(value) if value else None
    return value or ""
