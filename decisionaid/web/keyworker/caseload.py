"""The keyworker's clients: what happens next with each, and when the reviews are."""

from flask import render_template, request

from decisionaid import i18n
from decisionaid.core.next_step import Group
from decisionaid.storage import queries_caseload
from decisionaid.storage.queries_caseload import Line
from decisionaid.web.keyworker import blueprint
from decisionaid.web.request import db, seat, today
from decisionaid.web.safety import strips_of_caseload

LONGEST_SEARCH = 80


@blueprint.get("/")
def caseload() -> str:
    """Everybody, in groups: something for you (longest wait first), waiting for the client, under way."""
    everybody = own_lines()
    find = request.args.get("find", "").strip()[:LONGEST_SEARCH]
    shown = queries_caseload.matching(everybody, find)
    groups = {group: queries_caseload.group_of(shown, group) for group in Group}
    strips = strips_of_caseload(seat().staff_id, i18n.current())
    safety = [(line, strips[line.client_id]) for line in shown if line.client_id in strips]
    return render_template("keyworker/caseload.html", groups=groups, find=find, anybody=bool(everybody), safety=safety)


@blueprint.get("/plans")
def plans() -> str:
    """The plans that stand, by the date on which they are looked at again."""
    agreed = [line for line in own_lines() if line.plan]
    return render_template("keyworker/plans.html", lines=sorted(agreed, key=_by_date))


def own_lines() -> list[Line]:
    """What this keyworker may know of each of their clients."""
    return queries_caseload.lines(db(), seat().service_id, seat().staff_id, today())


def _by_date(line: Line) -> tuple[object, str]:
    return (line.plan.review_date if line.plan else None, line.client_id)
