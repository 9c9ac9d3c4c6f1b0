"""What every page of this seat stands on: whose language is spoken, the two names, and when the two sorts may be seen."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.core.comparison import Comparison, compare
from decisionaid.core.deck import Deck, DeckWords, OptionDeck, OptionDeckWords
from decisionaid.storage import sorts
from decisionaid.storage.models import Round
from decisionaid.storage.sorts import LoadedSort, Viewer
from decisionaid.web.plan_names import called, drinking_deck
from decisionaid.web.request import db, decks, seat_client, seat_round, staff
from decisionaid.web.together import blueprint

BEFORE_CONFIRMING = {"start", "confirm", "not_right", "say_not_right", "pause", "leave", "desk", "take_back"}
"""The pages that answer before the client has said that their own answers are right: none shows anything of the other's."""


@dataclass(frozen=True)
class Both:
    """The two finished sorts, and what the core makes of them."""

    client: LoadedSort
    keyworker: LoadedSort
    comparison: Comparison


@blueprint.before_request
def sit_down() -> Response | None:
    """Speak the client's language, and show nothing of the two sorts before the client has confirmed their own."""
    g.desk_language = i18n.current()
    i18n.speak(seat_client().language)
    page = (request.endpoint or "").partition(".")[2]
    if page in BEFORE_CONFIRMING or may_compare(seat_round()):
        return None
    return redirect(url_for("together.start"), 303)


@blueprint.context_processor
def _everywhere() -> dict[str, object]:
    return {
        "client_called": seat_client().called,
        "keyworker_called": called(staff()),
        "desk_language": g.desk_language,
        "in_desk_language": _in_desk_language,
        "is_review": seat_round().is_review,
    }


def may_compare(round_: Round) -> bool:
    """Whether both have finished and the client has said that their answers are right."""
    if "may_compare" not in g:
        g.may_compare = sorts.confirmed(db(), round_) and sorts.both_finished(db(), round_)
    return bool(g.may_compare)


def both() -> Both:
    """The two sorts side by side; `compare` itself refuses sorts that are not finished."""
    if "both" not in g:
        g.both = load_both(seat_round())
    found: Both = g.both
    return found


def load_both(round_: Round) -> Both:
    """The two sorts of any round of this client, as the seat *together* may see them."""
    seen = sorts.sight(db(), round_, Viewer.TOGETHER)
    if seen.client is None or seen.keyworker is None:
        raise LookupError("nothing is compared before both have finished and the client has confirmed")
    deck = deck_of(round_)
    values = (sort.value(deck.ids, round_.places) for sort in (seen.client, seen.keyworker))
    return Both(seen.client, seen.keyworker, compare(*values))
