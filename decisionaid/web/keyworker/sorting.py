"""The keyworker's own sort: the same screens, with their own question, their reasons, and a goal given as advice."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import sorting as verbs
from decisionaid.core.sort import Party, SortFinished
from decisionaid.web.keyworker import blueprint
from decisionaid.web.request import db, decks_of, now, own_client, own_round, staff
from decisionaid.web.sort_pages import Sorting, at_hand, own_sort, where
from decisionaid.web.sort_routes import lay_under

UNDER = "/rounds/<round_id>/sort"


def my_sort(round_id: str) -> Sorting:
    """This keyworker's own sort of the round, under way."""
    return at_hand(own_round(round_id), Party.KEYWORKER)


lay_under(blueprint, my_sort, under=UNDER, prefix="sort_")


@blueprint.get(f"{UNDER}/")
def sort_start(round_id: str) -> str | Response:
    """What this is for; or where the keyworker was."""
    round_ = own_round(round_id)
    own = own_sort(round_, Party.KEYWORKER)
    if round_.closed_at is not None or (own is not None and own.sort.finished):
        return redirect(url_for("keyworker.sort_done", round_id=round_id), 303)
    if own is not None:
        return redirect(where(own), 303)
    words = decks_of(round_).card_words(round_.deck_id, i18n.current())
    client = own_client(round_.client_id)
    return render_template("keyworker/sort_start.html", party="keyworker", round=round_, client=client, words=words)


@blueprint.post(f"{UNDER}/")
def sort_begin(round_id: str) -> Response:
    """Begin; or go on, where it has begun."""
    round_ = own_round(round_id)
    if round_.closed_at is not None:
        raise SortFinished
    verbs.begin(db(), round_, Party.KEYWORKER, author=staff(), language=i18n.current(), now=now())
    return redirect(url_for("keyworker.sort_card", round_id=round_id, place=1), 303)


@blueprint.get(f"{UNDER}/done")
def sort_done(round_id: str) -> Response:
    """A finished sort leads back to its client's page, which says what happens next."""
    return redirect(url_for("keyworker.client_page", client_id=own_round(round_id).client_id), 303)
