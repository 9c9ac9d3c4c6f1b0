"""What printing costs: a signed plan, first, warm and twenty at once, beside WeasyPrint on its own.

In one process alone the page is laid out with the same styles, without checks or a process between.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import weasyprint

from decisionaid import create_app
from decisionaid.assets import Assets
from decisionaid.printing import PdfPool
from tests.bench.measure import Row, a_database, a_folder, each, milliseconds
from tests.builders import a_case
from tests.police import Police
from tests.web.together_table import both_sign, days, in_days, paper, sit, write


class Remembering(PdfPool):
    """A pool that remembers the last page it was given."""

    page = ""

    def pdf(self, html: str, **named: Any) -> bytes:
        self.page = html
        return super().pdf(html, **named)


def rows() -> Iterator[Row]:
    page = signed_plan()
    pool = PdfPool(processes=2)

    def print_one() -> bytes:
        return pool.pdf(page, language="en", title="plan-1-1")

    first = milliseconds(print_one)
    warm = median(each(print_one, 20))
    with ThreadPoolExecutor(2) as callers:
        list(callers.map(lambda _: print_one(), range(4)))
        twenty = milliseconds(lambda: list(callers.map(lambda _: print_one(), range(20))))
    size = len(print_one())
    pool.close()
    alone = median(each(lambda: _bare(page), 8))
    yield Row("plan to PDF, first", f"{first:.0f} ms", "1000 ms", f"{first / warm:.1f} times warm")
    yield Row("plan to PDF, warm", f"{warm:.0f} ms", "300 ms", f"{warm / alone:.2f} times WeasyPrint alone")
    yield Row("plan to PDF, size", f"{size / 1000:.1f} kB", "100 kB", f"{size / len(_bare(page)):.2f} times bare")
    yield Row(
        "plan to PDF, 2 processes",
        f"{20_000 / twenty:.1f} a second",
        "7 a second",
        f"{20 * warm / twenty:.2f} times one process",
    )


def signed_plan() -> str:
    """The page of a plan with three goals, four steps each, that both have signed."""
    with a_folder() as folder, a_database(folder, "plan") as database:
        pool = Remembering(processes=1)
        app = create_app(DATABASE=database, PDF_POOL=pool)
        app.test_client_class = Police
        table = sit(app, a_case(database).sorted_by_both().confirmed())
        step = {"step-what": "Walk to the shop, ring a friend", "step-who": "Rowan", **days("step-by_when", in_days(5))}
        for goal in range(1, 4):
            write(table, "/together/goals", {"title": f"Sleep through the night, part {goal}"})
            for _ in range(4):
                write(table, f"/together/goal/{goal}", step, to=f"/together/goal/{goal}/action")
        both_sign(table)
        paper(table)
        pool.close()
        return pool.page


def _bare(page: str) -> bytes:
    logging.getLogger("weasyprint").disabled = True
    styles = Assets.load().path("print.css")
    made: bytes = weasyprint.HTML(string=page, base_url=str(styles)).write_pdf(stylesheets=[str(styles)])
    return made
