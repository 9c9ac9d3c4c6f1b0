"""Whom to call in a crisis, for the pages of this seat that say so."""

from decisionaid import i18n
from decisionaid.storage import queries_plan
from decisionaid.storage.models import CrisisLine, Nation
from decisionaid.web.client import blueprint
from decisionaid.web.request import db, seat, service


def crisis() -> tuple[list[CrisisLine], Nation | None]:
    """The service's own crisis lines in the language of the page, and which nation's numbers stand beside them."""
    return queries_plan.crisis_lines(db(), seat().service_id, i18n.current()), service().nation


blueprint.context_processor(lambda: {"crisis": crisis})
