"""What the service is called, which cards it adds, and what it prints on every plan: its own sentences and crisis lines
in each language."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import people
from decisionaid.i18n import Language
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Nation
from decisionaid.web.admin import blueprint
from decisionaid.web.admin.forms import LinesForm, ServiceForm, SpareCardsForm, TextsForm
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.plan_words import CARD_DECK
from decisionaid.web.request import db, decks, now, seat, staff
from decisionaid.web.request import service as our_service


@blueprint.get("/service")
def service() -> str:
    lines = {code: queries_plan.crisis_lines(db(), seat().service_id, code) for code in i18n.LANGUAGES}
    titles = _spare_titles()
    added = [titles[card] for card in our_service().spare_cards if card in titles]
    held = our_service()
    form = drafted(ServiceForm, data={"name": held.name, "nation": held.nation or ""})
    return render_template("admin/service.html", form=form, lines=lines, added=added)


@blueprint.post("/service")
def name_service() -> Response:
    form = ServiceForm()
    if not form.validate():
        return refused(form, to=url_for("admin.service"))
    nation = Nation(form.nation.data)
    people.name_service(db(), our_service(), form.name.data, nation=nation, actor=staff(), now=now())
    return _back()


@blueprint.get("/service/cards")
def spare_cards() -> str:
    form = drafted(SpareCardsForm, data={"cards": our_service().spare_cards})
    return render_template("admin/service-cards.html", form=form.offer(_spare_titles()))


@blueprint.post("/service/cards")
def set_spare_cards() -> Response:
    titles = _spare_titles()
    form = SpareCardsForm().offer(titles)
    if not form.validate():
        return refused(form, to=url_for("admin.spare_cards"))
    chosen = tuple(card for card in titles if card in (form.cards.data or ()))
    people.set_spare_cards(db(), our_service(), chosen, actor=staff(), now=now())
    return _back()


@blueprint.get("/service/<code>/texts")
def texts(code: str) -> str:
    spoken = _language(code)
    held = queries_plan.service_texts(db(), seat().service_id, spoken.code)
    return render_template("admin/service-texts.html", form=drafted(TextsForm, data=held), spoken=spoken)


@blueprint.post("/service/<code>/texts")
def set_texts(code: str) -> Response:
    spoken, form = _language(code), TextsForm()
    if not form.validate():
        return refused(form, to=url_for("admin.texts", code=code))
    people.set_texts(db(), our_service(), spoken.code, form.texts, actor=staff(), now=now())
    return _back()


@blueprint.get("/service/<code>/lines")
def crisis_lines(code: str) -> str:
    spoken = _language(code)
    held = queries_plan.crisis_lines(db(), seat().service_id, spoken.code)
    data = {f"{part}_{n}": getattr(line, part) for n, line in enumerate(held, start=1) for part in ("name", "number")}
    return render_template("admin/service-lines.html", form=drafted(LinesForm, data=data), spoken=spoken)


@blueprint.post("/service/<code>/lines")
def set_crisis_lines(code: str) -> Response:
    spoken, form = _language(code), LinesForm()
    if not form.validate():
        return refused(form, to=url_for("admin.crisis_lines", code=code))
    people.set_crisis_lines(db(), our_service(), spoken.code, form.lines, actor=staff(), now=now())
    return _back()


def _language(code: str) -> Language:
    return i18n.LANGUAGES.get(code) or abort(404)


def _back() -> Response:
    return redirect(url_for("admin.service"), 303)


def _spare_titles() -> dict[str, str]:
    """The spare cards by id, as the desk calls them."""
    words = decks().card_words(CARD_DECK, i18n.current())
    return {card.id: words.cards[card.id].title for card in decks().cards(CARD_DECK).spares}
