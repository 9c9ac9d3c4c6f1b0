"""A press that is refused writes nothing, whatever its view had begun to write."""

import pytest
from flask import Flask, Response

from decisionaid.storage.database import Database
from decisionaid.storage.models import Service
from decisionaid.web import request as web_request
from tests.builders import a_case


def written(app: Flask, database: Database, method: str, status: int) -> bool:
    """Whether the name that a request gave the service stands after an answer of this status."""
    a_case(database)
    with app.test_request_context("/", method=method):
        web_request.db().query(Service).one().name = "Written"
        app.process_response(Response(status=status))
    with database.reading() as db:
        return db.query(Service).one().name == "Written"


@pytest.mark.parametrize("status", [400, 404, 409, 410, 413, 422, 429, 500, 503])
def test_refused_press_rolls_back(app: Flask, database: Database, status: int) -> None:
    assert not written(app, database, "POST", status)


@pytest.mark.parametrize("status", [200, 204, 303])
def test_control_press_that_went_well_is_kept(app: Flask, database: Database, status: int) -> None:
    assert written(app, database, "POST", status)
