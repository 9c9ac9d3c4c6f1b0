"""What all measurements share: a clock, a row of the table, and a database with people in it."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from decisionaid.storage import schema
from decisionaid.storage.database import Database


@dataclass(frozen=True)
class Row:
    """A line of the table. `ratio` compares two measurements of one run, so that it holds on any machine."""

    what: str
    figure: str
    target: str
    ratio: str = ""


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def each(work: Callable[[], object], times: int) -> list[float]:
    """How long each of so many calls takes, after one that does not count; in milliseconds."""
    work()
    return [milliseconds(work) for _ in range(times)]


def p50(taken: Sequence[float]) -> float:
    return median(taken)


def p99(taken: Sequence[float]) -> float:
    return quantiles(taken, n=100, method="inclusive")[98]


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder on the disk of the checkout, where a sync means what it will mean there; gone afterwards."""
    place = Path(__file__).parent.parent.parent / "instance"
    place.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def a_database(folder: Path, name: str) -> Iterator[Database]:
    """An empty database in its newest shape."""
    database = Database(f"sqlite:///{folder / name}.db")
    schema.upgrade(database)
    try:
        yield database
    finally:
        database.close()


def printed(rows: Sequence[Row]) -> str:
    """The rows as a table that a page of documentation can hold."""
    lines = [("what", "figure", "target", "beside it, on any machine")]
    lines += [(row.what, row.figure, row.target, row.ratio) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    lines.insert(1, tuple("-" * width for width in widths))  # type: ignore[arg-type]
    padded = (" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(f"| {line} |" for line in padded)
