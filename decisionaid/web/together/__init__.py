"""Both at one screen: the comparison, the talk, the plan, signing, the review."""

from flask import Blueprint

from decisionaid.web import whole_page

blueprint = Blueprint("together", __name__, url_prefix="/together")

from decisionaid.web.together import (  # noqa: E402, F401 - routes register themselves
    actions,
    comparison,
    goals,
    leaving,
    plan,
    review,
    safe,
    signing,
    start,
    talk,
)

whole_page.add_to(blueprint)
