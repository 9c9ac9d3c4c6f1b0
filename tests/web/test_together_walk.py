"""From "this is what I chose" to the paper, without script."""

import subprocess

from flask import Flask

from decisionaid.storage.database import Database
from tests.builders import a_case
from tests.police import Police, words
from tests.web.together_table import days, in_days, sit


def printed(pdf: bytes) -> str:
    """The text of a PDF, spaces folded."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def test_from_the_answers_to_the_paper(app: Flask, database: Database) -> None:
    case = a_case(database).sorted_by_both()
    table = sit(app, case)
    table.send("/together/", "/together/confirm")
    assert "To talk about, in this order" in words(table.get("/together/", follow_redirects=True))
    table.send("/together/card/1", heard="Mornings are hard", outcome="client_choice")
    assert "What you settled, for now" in words(table.get("/together/card/1"))
    table.send("/together/card/1", "/together/goals")
    table.send("/together/goal/1", "/together/goal/1", success="I go twice a week")
    step = {"step-what": "Ring the plots", "step-who": "Rowan", "step-kind": "own", **days("step-by_when", in_days(5))}
    table.send("/together/goal/1", "/together/goal/1/action", **step)
    table.send("/together/dates", **days("revisit", in_days(21)), **days("review", in_days(84)))
    table.send("/together/preview", "/together/freeze")
    sign(table)
    paper = table.get(table.send("/together/done", "/together/print/1").headers["Location"])
    assert paper.mimetype == "application/pdf"
    text = printed(paper.data)
    for said in ("I go twice a week", "Ring the plots", "Rowan Ellis, RE-0522", "signed on screen", "Plan 1, version 1", "116 123"):
        assert said in text


def sign(table: Police) -> None:
    """Both sign."""
    for party, name in (("client", "Rowan Ellis"), ("keyworker", "Maya Osei")):
        table.send("/together/sign", f"/together/sign/{party}", **{f"{party}-signs": "yes", f"{party}-name": name})
