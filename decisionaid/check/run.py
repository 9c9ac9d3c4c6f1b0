"""Start the server on a free port over a throw-away database, walk, stop, and leave a report."""

import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from decisionaid.check.server import served
from decisionaid.check.walk import Walk
from decisionaid.visitor import Visitor

PARTS = ("decisionaid", "flask", "sqlalchemy", "weasyprint", "granian", "babel")


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
    with tempfile.TemporaryDirectory() as instance, ExitStack() as server:
        address: list[str] = []
        report.take("the server starts", lambda: address.append(server.enter_context(served(Path(instance)))))
        for name, step in Walk(Visitor(urlsplit(address[0]).netloc), folder).steps() if address else ():
            report.take(name, step)
        report.take("the server stops", server.close)
    (folder / "check.json").write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
    for taken in report.steps:
        sys.stdout.write(f"{'ok  ' if taken.ok else 'FAIL'} {taken.milliseconds:8.1f} ms  {taken.name} {taken.fault}\n")
    return 0 if report.ok else 1
