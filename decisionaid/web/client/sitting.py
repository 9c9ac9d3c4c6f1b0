"""What every page of this seat stands on: the client's language, and their own sort of this seat's one round."""

from flask import request

from decisionaid import i18n
from decisionaid.core.sort import Party
from decisionaid.web.client import blueprint
from decisionaid.web.request import seat_client, seat_round
from decisionaid.web.sort_pages import Sorting, at_hand
from decisionaid.web.sort_routes import lay_under

SPEAKS_LATER = "client.take_back"
"""The PIN is checked before this page asks for its turn to write, so it speaks the client's language by itself."""


@blueprint.before_request
def speak_their_language() -> None:
    """Every page of this seat speaks the client's language."""
    if request.endpoint != SPEAKS_LATER:
        i18n.speak(seat_client().language)


def my_sort() -> Sorting:
    """The client's own sort, under way."""
    return at_hand(seat_round(), Party.CLIENT)


lay_under(blueprint, my_sort)
