"""Two hundred tablets that save by the clock, alone and beside connections that hold the server up: what of the load is
acknowledged, how long a choice takes from when it was due, and what the server's memory does meanwhile.

LOAD_SECONDS in the environment says how long; 600 is what is promised.
"""

import os
from collections.abc import Iterator

from tests.bench.measure import Row, a_database, a_folder
from tests.promises.load import EVERY, Came, crowd

TABLETS = 200
SLOW, DEAF = 200, 20
SECONDS = float(os.environ.get("LOAD_SECONDS", "60"))
BARE_SECONDS = 10


def rows() -> Iterator[Row]:
    with a_folder() as folder, a_database(folder, "demonstration") as database, crowd(database, TABLETS) as people:
        bare = people.work(BARE_SECONDS, bare=True).within(0.95)
        alone = people.work(SECONDS)
        beside = people.work(SECONDS, slow=SLOW, deaf=DEAF)
    yield from _rows(f"{TABLETS} tablets, a choice each {EVERY} s, {SECONDS:.0f} s", alone, bare, "an empty answer")
    hindered = f"the same beside {SLOW} who send slowly and {DEAF} who read nothing"
    yield from _rows(hindered, beside, alone.within(0.95), "without them")


def _rows(what: str, came: Came, other: float, called: str) -> Iterator[Row]:
    times = f"p95 {came.within(0.95) / other:.1f} times {called}"
    taken = ", ".join(f"p{share:.0%}".rstrip("%") + f" {came.within(share):.0f}" for share in (0.5, 0.95, 0.99))
    yield Row(what, str(came), "98 %, each tablet, 0 failed, 0 lost", "the load is by the clock")
    yield Row("- until a choice is kept", f"{taken} ms", "p95 300 ms", times)
    yield Row("- memory of the server", f"{came.memory[1] / 1000:.0f} MB", "10 % more", f"{came.growth:+.1%}")
