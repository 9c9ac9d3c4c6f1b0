"""The printer, as a request uses it."""

import re
from typing import cast

from flask import current_app, g, request

from decisionaid.casework.seats import Seated
from decisionaid.printing import PLACES, PdfPool
from decisionaid.web.request import UNSAFE, commit, now

PRINTS = re.compile(r"\.pdf$|/(papers|print|sign)/[^/]+$")
"""The addresses that print. The server gives them threads of their own, so that no page waits behind a paper."""

THREADS = PLACES + 4
"""How many: one is always free to say that the printer has no place left."""


def printed(html: str, *, language: str, title: str, style: str = "print") -> bytes:
    """One page as a PDF, for the seat that asks. What the request has written by now is committed first: no writer
    waits for the printer, and no fault of it undoes a word.

    Raises:
        PrinterBusy, PrintFailed, PrintTookTooLong, NotAccessible: as the printer says.
    """
    if request.method in UNSAFE:
        commit()
    held: Seated | None = g.get("seat")
    whose = held.token_hash if held else ""
    pool = cast(PdfPool, current_app.extensions["pdf"])
    return pool.pdf(html, language=language, title=title, style=style, stamp=now(), whose=whose)
