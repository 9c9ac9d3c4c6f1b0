"""Paper for a day without a tablet: what this service can print blank, and the files."""

from flask import Response, abort, render_template

from decisionaid.web import blank_paper
from decisionaid.web.blank_paper import NoCrisisLines, NoEasyWords
from decisionaid.web.keyworker import blueprint
from decisionaid.web.printer import printed
from decisionaid.web.request import db, service, today


@blueprint.get("/blank")
def blank() -> str:
    """What can be printed, language by language; and where crisis lines are missing, so that nothing can."""
    kinds = blank_paper.kinds(db(), service())
    return render_template("keyworker/blank.html", kinds=kinds, ready=any(kinds.values()))


@blueprint.get("/blank/<language>/<name>.pdf")
def blank_file(language: str, name: str) -> Response:
    """One paper, made anew each time: it holds the crisis lines and the cards of today."""
    try:
        papers = blank_paper.blanks(db(), service(), language, easy=name.endswith("-easy"), on=today())
    except (NoCrisisLines, NoEasyWords):
        abort(404)
    paper = next((paper for paper in papers if paper.name == name), None) or abort(404)
    pdf = printed(paper.html, language=language, title=name, style=blank_paper.STYLE)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})
