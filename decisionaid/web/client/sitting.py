"""What every page of this seat stands on: their own sort of this seat's one round."""

from flask import request

from decisionaid.core.sort import Party
from decisionaid.web.client import blueprint
from decisionaid.web.request import seat_round
from decisionaid.web.sort_pages import Sorting, at_hand
from decisionaid.web.sort_routes import lay_under


@blueprint.before_request
def look_up_round() -> None:
    """Whose round this is, and how they read, for every page; a press asks by itself, in its turn to write."""
    if request.method == "GET":
        seat_round()


def my_sort() -> Sorting:
    """The client's own sort, under way."""
    return at_hand(seat_round(), Party.CLIENT)


lay_under(blueprint, my_sort)
