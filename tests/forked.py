"""The shipped server, forked from a process that has loaded the program: a test has its own in a tenth of the time."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, set_start_method
from pathlib import Path

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["decisionaid.application", "decisionaid.cli", "tests.compiled"])
PATIENCE = 60.0
"""Seconds until a server has to be there, and until it has to be gone."""


def _serve(instance: Path, log: Path) -> None:
    """As the command line does it."""
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(written, stream.fileno())
    os.environ["INSTANCE"] = str(instance)
    set_start_method("fork", force=True)  # what the server does by itself where nothing else was chosen
    from decisionaid.cli import main  # is there already; imported at the top, each test's own process would load it

    main(["demo", "--port", "0"], prog_name="decisionaid")


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The demonstration in this database's folder, on a free port; yields its address, "http://127.0.0.1:43210"."""
    log = database.parent / "server.log"
    log.write_text("")
    server = FORKS.Process(target=_serve, args=(database.parent, log))
    server.start()
    try:
        yield _address(log, server.is_alive)
    finally:
        server.terminate()
        server.join(PATIENCE)
        assert server.exitcode == 0, log.read_text()[-2000:]
        server.close()


def _address(log: Path, is_alive: Callable[[], bool]) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and is_alive():
        said = log.read_text().partition("http://")
        if "\n" in said[2]:
            return f"http://{said[2].split()[0].rstrip('/')}"
        time.sleep(0.02)
    raise AssertionError(log.read_text()[-2000:])
