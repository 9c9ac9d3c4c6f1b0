"""What the service is called, which cards it adds, and what it prints on every plan: its own sentences and crisis lines
in each language."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import people
from decisionaid.i18n import Language
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Nation, Service
from decisionaid.web.admin import blueprint
from decisionaid.web.admin.forms import LinesForm, ServiceForm, SpareCardsForm, TextsForm
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.editions import ChangedMeanwhile, catch_up, changes, drawn
from decisionaid.web.request import db, decks, in_turn, now, seat, staff
from decisionaid.web.request import service as our_service


@blueprint.get("/service")
def service() -> str:
    lines = {code: queries_plan.crisis_lines(db(), seat().service_id, code) for code in i18n.LANGUAGES}
    titles = _spare_titles()
    added = [titles[card] for card in our_service().spare_cards if card in titles]
    held = our_service()
    form = drafted(ServiceForm, data=drawn(_named(held)))
    changed = catch_up(form, _named(held))
    return render_template("admin/service.html", form=form, lines=lines, added=added, changed=changed)


@blueprint.post("/service")
def name_service() -> Response:
    form = ServiceForm()
    if not form.validate():
        return refused(form, to=url_for("admin.service"))
    held = in_turn(our_service())
    try:
        said = {**_named(held), **{name: form[name].data for name in changes(form, _named(held))}}
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("admin.service"))
    nation, time_zone = Nation(said["nation"]), said["time_zone"]
    people.name_service(db(), held, said["name"], nation=nation, time_zone=time_zone, actor=staff(), now=now())
    return _back()


@blueprint.get("/service/cards")
def spare_cards() -> str:
    held = {"cards": our_service().spare_cards}
    form = drafted(SpareCardsForm, data=drawn(held)).offer(_spare_titles())
    return render_template("admin/service-cards.html", form=form, changed=catch_up(form, held))


@blueprint.post("/service/cards")
def set_spare_cards() -> Response:
    titles = _spare_titles()
    form = SpareCardsForm().offer(titles)
    if not form.validate():
        return refused(form, to=url_for("admin.spare_cards"))
    held = in_turn(our_service())
    form.cards.data = [card for card in titles if card in (form.cards.data or ())]
    try:
        changed = changes(form, {"cards": held.spare_cards})
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("admin.spare_cards"))
    if changed:
        people.set_spare_cards(db(), held, tuple(form.cards.data), actor=staff(), now=now())
    return _back()


@blueprint.get("/service/<code>/texts")
def texts(code: str) -> str:
    spoken = _language(code)
    held = _held_texts(spoken)
    form = drafted(TextsForm, data=drawn(held))
    return render_template("admin/service-texts.html", form=form, spoken=spoken, changed=catch_up(form, held))


@blueprint.post("/service/<code>/texts")
def set_texts(code: str) -> Response:
    spoken, form = _language(code), TextsForm()
    if not form.validate():
        return refused(form, to=url_for("admin.texts", code=code))
    ours, held = in_turn(our_service()), _held_texts(spoken)
    try:
        said = {**held, **{name: form.texts[name] for name in changes(form, held)}}
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("admin.texts", code=code))
    people.set_texts(db(), ours, spoken.code, said, actor=staff(), now=now())
    return _back()


@blueprint.get("/service/<code>/lines")
def crisis_lines(code: str) -> str:
    spoken = _language(code)
    held = _held_lines(spoken)
    form = drafted(LinesForm, data=drawn(held))
    return render_template("admin/service-lines.html", form=form, spoken=spoken, changed=catch_up(form, held))


@blueprint.post("/service/<code>/lines")
def set_crisis_lines(code: str) -> Response:
    spoken, form = _language(code), LinesForm()
    if not form.validate():
        return refused(form, to=url_for("admin.crisis_lines", code=code))
    ours, held = in_turn(our_service()), _held_lines(spoken)
    try:
        changed = changes(form, held)
    except ChangedMeanwhile:
        return overtaken(form, to=url_for("admin.crisis_lines", code=code))
    for name in set(held) - changed:
        form[name].data = held[name]
    people.set_crisis_lines(db(), ours, spoken.code, form.lines, actor=staff(), now=now())
    return _back()


def _named(held: Service) -> dict[str, str]:
    return {"name": held.name, "nation": held.nation or "", "time_zone": held.time_zone}


def _held_texts(spoken: Language) -> dict[str, str]:
    held = queries_plan.service_texts(db(), seat().service_id, spoken.code)
    return {field: held.get(field, "") for field in people.SERVICE_TEXTS}


def _held_lines(spoken: Language) -> dict[str, str]:
    """The crisis lines by the boxes that they stand in."""
    held = queries_plan.crisis_lines(db(), seat().service_id, spoken.code)
    empty = {name: "" for row in LinesForm(formdata=None).rows for name in (field.name for field in row)}
    return empty | {
        f"{part}_{n}": getattr(line, part) for n, line in enumerate(held, start=1) for part in ("name", "number")
    }


def _language(code: str) -> Language:
    return i18n.LANGUAGES.get(code) or abort(404)


def _back() -> Response:
    return redirect(url_for("admin.service"), 303)


def _spare_titles() -> dict[str, str]:
    """The spare cards by id, as the desk calls them. One that two decks hold is added to both."""
    held = [(decks().cards(id), decks().card_words(id, i18n.current())) for id in reversed(decks().card_decks)]
    return {card.id: words.cards[card.id].title for deck, words in held for card in deck.spares}
