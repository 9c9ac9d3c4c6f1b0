"""The keyworker's seat: the desk, with this keyworker's own caseload and own sorts."""

from flask import Blueprint

from decisionaid.web import whole_page

blueprint = Blueprint("keyworker", __name__, url_prefix="/desk")

from decisionaid.web.keyworker import (  # noqa: E402, F401 - routes register themselves
    account,
    blank,
    caseload,
    clients,
    pairing,
    plans,
    rounds,
    safety,
    sorting,
)

whole_page.add_to(blueprint)
