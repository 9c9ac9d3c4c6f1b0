"""A choice that the saving script sends: it says whose it is and which in turn, so that it counts once.

Without script there is no such header, and each press counts as it comes.
"""

import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import cast

from flask import Response, abort, after_this_request, g, request

from decisionaid.casework import saving as verbs
from decisionaid.core.saving import Operation, OperationRefused, Verdict
from decisionaid.storage import operations
from decisionaid.storage.models import Round, SortRecord
from decisionaid.web import csrf
from decisionaid.web.request import OPERATION, UNSAFE, db, now, seat

HEADER = OPERATION
"""On a request `<epoch> <number> <id> <milliseconds it waited>`; on a refusal, the number that is held."""

_SAID = re.compile(r"([0-9a-f]{16}) ([1-9][0-9]{0,8}) ([\w-]{16,40}) ([0-9]{1,12})", re.ASCII)


def epoch() -> str:
    """A name for this seat that opens nothing: another device, or a later sitting, has another."""
    return seat().epoch


def last_number(sort: SortRecord) -> int:
    """The number of the last choice held of this sort and seat."""
    return operations.last_number(db(), sort, epoch())


def done_before(sort: SortRecord, round_: Round) -> bool:
    """Whether this request asks for what was done before. What is new takes its turn, and is to be done now."""
    if request.method not in UNSAFE or HEADER not in request.headers:
        return False
    sent, waited = _said(sort)
    g.chosen_at = verbs.chosen_at(sort, waited, now())
    try:
        return not verbs.accept_operation(db(), sort, round_, sent, epoch=epoch(), chosen_at=g.chosen_at)
    except OperationRefused as refused:
        if refused.why is Verdict.OUT_OF_TURN:
            _tell(refused.last)
        raise


def chosen_at() -> datetime:
    """When the choice of this request was made: now, or as long ago as it waited on the device."""
    return cast(datetime, g.get("chosen_at") or now())


def _said(sort: SortRecord) -> tuple[Operation, timedelta]:
    said = _SAID.fullmatch(request.headers[HEADER])
    if said is None:
        abort(422)
    name, number, id, waited = said.groups()
    return Operation(sort.id, name, int(number), id, _digest()), timedelta(milliseconds=int(waited))


def _digest() -> str:
    """A hash of what is asked, less the form's token, which is fresh on each page (SHA-256, hex)."""
    fields = [field for field in request.form.items(multi=True) if field[0] != csrf.FIELD]
    return hashlib.sha256(json.dumps([request.path, *fields]).encode()).hexdigest()


def _tell(last: int) -> None:
    @after_this_request
    def tell(response: Response) -> Response:
        response.headers[HEADER] = str(last)
        return response
