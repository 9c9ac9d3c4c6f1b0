"""A round at the desk: opening it, giving the tablet over, sitting down together, closing it unfinished."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import paper, reviewing, seats
from decisionaid.casework.reviewing import RoundRefused
from decisionaid.casework.seats import SeatKind
from decisionaid.storage import queries_client
from decisionaid.storage.kept_decks import round_deck
from decisionaid.storage.models import Client, Round
from decisionaid.web import csrf
from decisionaid.web.drafts import drafted, refused, way_on
from decisionaid.web.forms import was_sent
from decisionaid.web.keyworker import blueprint
from decisionaid.web.keyworker.forms import CloseRoundForm, DeckForm
from decisionaid.web.request import db, decks, now, own_client, own_round, seat, staff
from decisionaid.web.seat import sit


@blueprint.get("/clients/<client_id>/rounds/new")
def choose_cards(client_id: str) -> str | Response:
    """Which cards the client's next round is started with. The deck of the last round is chosen beforehand, where it is
    still there, and no other."""
    client = own_client(client_id)
    last = _last_round(client)
    if last is not None and last.closed_at is None:
        return redirect(url_for("keyworker.client_page", client_id=client.id), 303)
    start, deck = url_for("keyworker.open_round", client_id=client.id), last.deck_id if last else None
    form = drafted(DeckForm, action=start, data={"deck": deck}).offer(decks().card_titles(i18n.current()))
    return render_template("keyworker/choose-cards.html", client=client, form=form, gone=_is_gone(last))


@blueprint.post("/clients/<client_id>/rounds")
def open_round(client_id: str) -> Response:
    """Open the client's next round: the first, or a review of the last plan. Where there are several decks of cards, or
    that of the last round is no longer there, a page asks or says so first."""
    client, form = own_client(client_id), DeckForm().offer(decks().card_titles(i18n.current()))
    asked, known = url_for("keyworker.choose_cards", client_id=client.id), decks().card_decks
    is_answer = was_sent(form.deck) or csrf.sent().page == asked
    if is_answer and not form.validate():
        return refused(form, to=asked, is_press=True)
    if not is_answer and (len(known) > 1 or _is_gone(_last_round(client))):
        return redirect(asked, 303)
    deck = round_deck(decks(), form.deck.data if is_answer else known[0])
    reviewing.open_round(db(), client, staff(), deck=deck, now=now())
    return redirect(url_for("keyworker.client_page", client_id=client.id), 303)


def _last_round(client: Client) -> Round | None:
    return next(iter(queries_client.rounds(db(), client)), None)


def _is_gone(last: Round | None) -> bool:
    """Whether the deck of cards of the last round is no longer there for another."""
    return last is not None and last.deck_id not in decks().card_decks


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
