"""Whether a keyworker of a large service waits longer than one of a small service, each with sixty clients."""

from collections.abc import Iterator
from contextlib import ExitStack

from flask.testing import FlaskClient

from tests.bench.measure import Row, a_database, a_folder, milliseconds, p50
from tests.bench.people import a_service_of, an_app, at_seat, desk_token

SMALL, LARGE = 100, 10_000
TIMES = 60
PAGES = (
    ("caseload of 60", "maya", "/desk/"),
    ("keyworker's search", "maya", "/desk/?find=mine 03"),
    ("admin's list", "robin", "/admin/clients"),
    ("admin's list, the last page", "robin", "/admin/clients?after=p-30"),
    ("admin's search, one found", "robin", "/admin/clients?find=p-31"),
    ("admin's search, nobody found", "robin", "/admin/clients?find=zzz"),
)


def rows() -> Iterator[Row]:
    with ExitStack() as running:
        folder = running.enter_context(a_folder())
        desks = []
        for clients in (SMALL, LARGE):
            database = running.enter_context(a_database(folder, f"of-{clients}"))
            app = running.enter_context(an_app(database))
            service_id = a_service_of(database, clients).service_id
            desks.append({one: at_seat(app, desk_token(database, service_id, one)) for one in ("maya", "robin")})
        for what, who, path in PAGES:
            few, many = _in_turn(desks[0][who], desks[1][who], path)
            yield Row(
                f"{what}, {LARGE:,} clients against {SMALL}",
                f"{many:.1f} ms against {few:.1f}",
                "1.5 times",
                f"{many / few:.2f} times",
            )


def _in_turn(small: FlaskClient, large: FlaskClient, path: str) -> tuple[float, float]:
    """The median of each, taken in turn so that a busy moment of the machine meets both."""
    for browser in (small, large):
        assert browser.get(path).status_code == 200, path
    pairs = [(milliseconds(lambda: small.get(path)), milliseconds(lambda: large.get(path))) for _ in range(TIMES)]
    return p50([pair[0] for pair in pairs]), p50([pair[1] for pair in pairs])
