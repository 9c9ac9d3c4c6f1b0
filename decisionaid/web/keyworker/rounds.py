"""A round at the desk: opening it, giving the tablet over, sitting down together, closing it unfinished."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import paper, reviewing, seats
from decisionaid.casework.reviewing import RoundRefused
from decisionaid.casework.seats import SeatKind
from decisionaid.storage import queries_client
from decisionaid.storage.kept_decks import round_deck
from decisionaid.storage.models import Round
from decisionaid.web.drafts import drafted, refused, way_on
from decisionaid.web.forms import was_sent
from decisionaid.web.keyworker import blueprint
from decisionaid.web.keyworker.forms import CloseRoundForm, DeckForm
from decisionaid.web.request import db, decks, now, own_client, own_round, seat, staff
from decisionaid.web.seat import sit


@blueprint.get("/clients/<client_id>/rounds/new")
def choose_cards(client_id: str) -> str | Response:
    """Which cards the client's next round is started with; first the deck of the last round, or else the usual one."""
    client = own_client(client_id)
    last = next(iter(queries_client.rounds(db(), client)), None)
    if last is not None and last.closed_at is None:
        return redirect(url_for("keyworker.client_page", client_id=client.id), 303)
    known = decks().card_decks
    chosen = last.deck_id if last is not None and last.deck_id in known else known[0]
    form = drafted(DeckForm, action=url_for("keyworker.open_round", client_id=client.id), data={"deck": chosen})
    return render_template(
        "keyworker/choose-cards.html", client=client, form=form.offer(decks().card_titles(i18n.current()))
    )


@blueprint.post("/clients/<client_id>/rounds")
def open_round(client_id: str) -> Response:
    """Open the client's next round: the first, or a review of the last plan. Where there are several decks of cards and
    none was chosen, ask first."""
    client, form = own_client(client_id), DeckForm().offer(decks().card_titles(i18n.current()))
    asked, known = url_for("keyworker.choose_cards", client_id=client.id), decks().card_decks
    if was_sent(form.deck) and not form.validate():
        return refused(form, to=asked, is_press=True)
    if not was_sent(form.deck) and len(known) > 1:
        return redirect(asked, 303)
    deck = round_deck(decks(), form.deck.data if was_sent(form.deck) else known[0])
    reviewing.open_round(db(), client, staff(), deck=deck, now=now())
    return redirect(url_for("keyworker.client_page", client_id=client.id), 303)


@blueprint.get("/rounds/<round_id>/hand-over")
def hand_over(round_id: str) -> str:
    """What happens when the tablet is given over, and the button that does it."""
    round_ = still_open(round_id)
    client, on_paper = own_client(round_.client_id), paper.may_type_in(db(), round_)
    return render_template("keyworker/hand-over.html", round=round_, client=client, on_paper=on_paper)


@blueprint.post("/rounds/<round_id>/hand-over")
def give_tablet(round_id: str) -> Response:
    """The desk ends here; the client's seat opens, for this round only."""
    sit(seats.hand_over(db(), seat(), still_open(round_id), now()))
    return redirect(url_for("client.start"), 303)


@blueprint.get("/rounds/<round_id>/paper")
def from_paper(round_id: str) -> str:
    """What it means to type in what the client said on paper, and the button that begins it."""
    round_ = still_open(round_id)
    paper.check(db(), round_)
    return render_template("keyworker/from-paper.html", round=round_, client=own_client(round_.client_id))


@blueprint.post("/rounds/<round_id>/paper")
def type_in(round_id: str) -> Response:
    """The desk ends here; the client's seat opens, marked as typed in from paper."""
    sit(paper.type_in(db(), seat(), still_open(round_id), now()))
    return redirect(url_for("client.start"), 303)


@blueprint.post("/rounds/<round_id>/together")
def sit_together(round_id: str) -> Response:
    """Sit down together over one round; the desk opens again with the PIN."""
    round_ = own_round(round_id)
    reviewing.sit_over_plan(db(), round_, actor=staff(), now=now())
    sit(seats.open_together(db(), seat(), round_, now()))
    return redirect(way_on(SeatKind.TOGETHER, round_id) or url_for("together.start"), 303)


@blueprint.get("/rounds/<round_id>/close")
def closing(round_id: str) -> str:
    """Why a round is closed; or that its plan waits for signatures, and what to do first."""
    round_ = still_open(round_id)
    reviewing.check_closing(db(), round_)
    client, form = own_client(round_.client_id), drafted(CloseRoundForm)
    return render_template("keyworker/close-round.html", round=round_, client=client, form=form)


@blueprint.post("/rounds/<round_id>/close")
def close_round(round_id: str) -> Response:
    """Close an unfinished round, saying why."""
    round_, form = still_open(round_id), CloseRoundForm()
    if not form.validate():
        return refused(form, to=url_for("keyworker.closing", round_id=round_id))
    reviewing.close_round(db(), round_, form.reason.data, actor=staff(), now=now())
    return redirect(url_for("keyworker.client_page", client_id=round_.client_id), 303)


def still_open(round_id: str) -> Round:
    """A round of this keyworker's that is still open."""
    round_ = own_round(round_id)
    if round_.closed_at is not None:
        raise RoundRefused
    return round_
