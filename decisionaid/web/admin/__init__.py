"""The admin's seat: staff and the service's own words; nothing of any client's sort or plan."""

from flask import Blueprint

from decisionaid.web import whole_page

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

from decisionaid.web.admin import account, clients, people, service  # noqa: E402, F401 - routes register themselves

whole_page.add_to(blueprint)
