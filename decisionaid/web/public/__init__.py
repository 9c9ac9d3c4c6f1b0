"""What anybody may see: signing in, coming in on a device of one's own, and the pages that say nothing of anybody."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from decisionaid.web.public import join, neutral, sign_in  # noqa: E402, F401 - routes register themselves
