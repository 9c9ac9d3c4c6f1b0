"""The two sorts side by side, as a picture and as a table."""

from flask import render_template

from decisionaid.casework import negotiating
from decisionaid.core.comparison import TALK_ORDER, Kind
from decisionaid.core.figures import figures
from decisionaid.web.request import db, seat_round
from decisionaid.web.together import blueprint
from decisionaid.web.together.look_again import look_again
from decisionaid.web.together.points import points
from decisionaid.web.together.sitting import both, words
from decisionaid.web.together.slope import chart_lines, slope

blueprint.add_app_template_filter(chart_lines)

SHARED = (Kind.BOTH_YES, Kind.BOTH_MAYBE, Kind.BOTH_NOT)


@blueprint.get("/side-by-side")
def side_by_side() -> str:
    """What the two share, what they differ in, in the order of talk, and the figures in plain words."""
    two = both()
    return render_template(
        "together/side-by-side.html",
        **_common(),
        picture=slope(*two.values, title=lambda card: words().title(card, two.client)),
        figures=figures(*two.values),
        wishes=two.client.record,
        look_again=look_again(seat_round(), two.client),
    )


@blueprint.get("/table")
def table() -> str:
    """Every card, with both answers and places."""
    return render_template("together/table.html", **_common())


def _common() -> dict[str, object]:
    return {
        "words": words(),
        "points": points(),
        "shared": both().comparison.common_ground,
        "shared_kinds": SHARED,
        "talk_kinds": TALK_ORDER,
        "settled": negotiating.settlements(db(), seat_round()),
        "count": len(both().comparison.rows),
    }
