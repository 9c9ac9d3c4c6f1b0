"""Start the server on a free port over a throw-away database, walk, stop, and leave a report."""

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from decisionaid.check.walk import Walk
from decisionaid.visitor import Visitor

PARTS = ("decisionaid", "flask", "sqlalchemy", "weasyprint", "granian", "babel")
STARTS_WITHIN = 60.0
"""Seconds: the first start makes the demonstration too."""


@dataclass(frozen=True)
class Step:
    """One step of the walk: how long it took, and whether what it promises held."""

    name: str
    milliseconds: float
    ok: bool
    fault: str = ""


@dataclass
class Report:
    """What `check.json` holds."""

    ok: bool = True
    steps: list[Step] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, step: Callable[[], object]) -> None:
        """Take a step; after one that does not hold, no more are taken."""
        if not self.ok:
            return
        begun = time.perf_counter()
        fault = ""
        try:
            step()
        except Exception as error:  # noqa: BLE001 - whatever went wrong is the report
            self.ok, fault = False, f"{type(error).__name__}: {error}"
        self.steps.append(Step(name, round((time.perf_counter() - begun) * 1000, 1), not fault, fault))


def run(folder: Path) -> int:
    """Walk, and write plan-1.pdf, plan-2.pdf and check.json into `folder`. 0 where everything held, else 1."""
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in ("plan-1.pdf", "plan-2.pdf", "check.json"):
        (folder / leftover).unlink(missing_ok=True)
    report = Report(versions={"python": platform.python_version(), **{part: version(part) for part in PARTS}})
    with tempfile.TemporaryDirectory() as instance, _served(Path(instance), report) as address:
        if address:
            for name, step in Walk(Visitor(address), folder).steps():
                report.take(name, step)
    (folder / "check.json").write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
    for taken in report.steps:
        sys.stdout.write(f"{'ok  ' if taken.ok else 'FAIL'} {taken.milliseconds:8.1f} ms  {taken.name} {taken.fault}\n")
    return 0 if report.ok else 1


@contextmanager
def _served(instance: Path, report: Report) -> Iterator[str]:
    log = instance / "server.log"
    command = [sys.executable, "-m", "decisionaid", "demo", "--port", "0"]
    environment = {**os.environ, "INSTANCE": str(instance)}
    # Our own command, with nothing of anybody's in it.
    with log.open("w") as written, subprocess.Popen(command, env=environment, stdout=written, stderr=written) as server:  # noqa: S603
        address: list[str] = []
        report.take("the server starts", lambda: address.append(_address(log, server)))
        try:
            yield address[0] if address else ""
        finally:
            report.take("the server stops", lambda: _stop(server))
            if server.poll() is None:
                server.kill()


def _address(log: Path, server: "subprocess.Popen[bytes]") -> str:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        for line in log.read_text().splitlines():
            if "http://" in line:
                return line.partition("http://")[2].split()[0].rstrip("/")
        time.sleep(0.05)
    raise RuntimeError(f"it did not start: {log.read_text()[-2000:]}")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGTERM)
    if server.wait(timeout=20) not in (0, -signal.SIGTERM):
        raise RuntimeError(f"it ended with {server.returncode}")
