"""The shipped server, started as its own process over a throw-away instance."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTS_WITHIN = 300.0
"""Seconds: the first start makes the demonstration too, and other work may have most of the machine. A server that has
ended is not waited for."""

STOPS_WITHIN = 60.0
"""Seconds."""


class NotServed(Exception):
    """The server did not start, or did not end well; the text says what it wrote."""


@contextmanager
def served(instance: Path, *arguments: str) -> Iterator[str]:
    """Serve the demonstration in `instance` on a free port; yields its address, "http://127.0.0.1:43210"."""
    log = instance / "server.log"
    command = [sys.executable, "-m", "decisionaid", "demo", "--port", "0", *arguments]
    environment = {**os.environ, "INSTANCE": str(instance)}
    # Our own command, with nothing of anybody's in it.
    with log.open("w") as written, subprocess.Popen(command, env=environment, stdout=written, stderr=written) as server:  # noqa: S603
        try:
            yield _address(log, server)
        finally:
            _stop(server)


def _address(log: Path, server: "subprocess.Popen[bytes]") -> str:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        for line in log.read_text().splitlines():
            if "http://" in line:
                return "http://" + line.partition("http://")[2].split()[0].rstrip("/")
        time.sleep(0.05)
    raise NotServed(log.read_text()[-2000:])


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGTERM)
    try:
        ended = server.wait(timeout=STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        raise
    if ended not in (0, -signal.SIGTERM):
        raise NotServed(f"it ended with {ended}")
