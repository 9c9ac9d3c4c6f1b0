"""What a form is about, by an id that cannot come to mean another thing.

An address may name a place (the second goal). Its form carries the id of its thing besides, so that a press made for a
thing that has moved is still done to that thing, and one for a thing that is gone is done to none.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import url_for
from werkzeug.wrappers import Response

from decisionaid.web.drafts import refused
from decisionaid.web.forms import PlainForm
from decisionaid.web.request import about_id

Thing = TypeVar("Thing")


class ThingGone(Exception):
    """What the form was about is not there any more, or the form does not say what it is about."""


def about() -> str:
    """The id of what the form of this request is about."""
    return about_id()


def meant(things: Iterable[Thing], id_of: Callable[[Thing], str]) -> Thing | None:
    """The one of these that the form is about; None where it is not among them."""
    return next((thing for thing in things if id_of(thing) == about()), None)


def meant_here(things: Iterable[Thing], id_of: Callable[[Thing], str]) -> Thing:
    """The one of these that the form is about.

    Raises:
        ThingGone: it is not among them.
    """
    found = meant(things, id_of)
    if found is None:
        raise ThingGone
    return found


def gone(form: PlainForm) -> Response:
    """Refuse a form whose thing is not there any more; its words wait, and are shown where the thing is put back."""
    form.validate()
    return refused(form, to=url_for("public.said", what="gone"), about=about())
