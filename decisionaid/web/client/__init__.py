"""The client's seat: one sort, alone, and nothing else of anybody's."""

from flask import Blueprint

blueprint = Blueprint("client", __name__, url_prefix="/s")

from decisionaid.web.client import (  # noqa: E402, F401 - routes register themselves
    crisis,
    done,
    leaving,
    offline,
    own_cards,
    reading,
    review,
    safe,
    sitting,
    start,
    tell,
)
