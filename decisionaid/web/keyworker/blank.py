"""Paper for a day without a tablet: what this service can print blank, and the files."""

from flask import Response, abort, render_template

from decisionaid import i18n
from decisionaid.storage.decks import CARD_DECK
from decisionaid.web import blank_paper
from decisionaid.web.blank_paper import NoCrisisLines
from decisionaid.web.keyworker import blueprint
from decisionaid.web.printer import printed
from decisionaid.web.request import db, decks, service, today


@blueprint.get("/blank")
def blank() -> str:
    """What can be printed, language by language; and where crisis lines are missing, so that nothing can."""
    kinds = blank_paper.kinds(db(), service())
    decks_called = decks().card_titles(i18n.current())
    return render_template("keyworker/blank.html", kinds=kinds, decks=decks_called, ready=any(kinds.values()))


@blueprint.get("/blank/<language>/<name>.pdf")
def blank_file(language: str, name: str) -> Response:
    """One paper, made anew each time: it holds the crisis lines and the cards of today."""
    asked = next((paper for paper in blank_paper.papers(language) if paper.name == name), None) or abort(404)
    deck = asked.deck or CARD_DECK
    try:
        found = blank_paper.blanks(db(), service(), language, deck=deck, easy=asked.easy, on=today())
    except NoCrisisLines:
        abort(404)
    html = next(blank.html for blank in found if blank.name == name)
    pdf = printed(html, language=language, title=name, style=blank_paper.STYLE)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})
