"""`decisionaid check` walks the whole way; here it is run as people run it, and seen to fail."""

import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from decisionaid.check.run import Report


def test_a_whole_round_and_a_review(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "decisionaid", "check", str(tmp_path)], capture_output=True, text=True, check=False
    )
    report = json.loads((tmp_path / "check.json").read_text())
    assert (ran.returncode, report["ok"]) == (0, True), ran.stdout + ran.stderr
    assert all(step["ok"] and step["milliseconds"] >= 0 for step in report["steps"])
    assert {"python", "decisionaid", "flask", "weasyprint"} <= set(report["versions"])
    for number in (1, 2):
        with pikepdf.open(tmp_path / f"plan-{number}.pdf") as paper:
            assert paper.Root.Lang == "en"
            assert "/StructTreeRoot" in paper.Root
    assert [device in words_of(tmp_path / "plan-2.pdf") for device in ("on their own device", "tablet")] == [
        True,
        False,
    ]


def words_of(paper: Path) -> str:
    """The text of a plan."""
    read = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, text=True, check=True)
    return " ".join(read.stdout.split())


def test_control_a_step_that_does_not_hold_stops_the_walk() -> None:
    report = Report()

    def broken() -> None:
        raise ValueError("not as promised")

    report.take("a good step", lambda: None)
    report.take("a broken step", broken)
    report.take("never taken", lambda: pytest.fail("nothing follows a broken step"))
    assert (report.ok, [step.ok for step in report.steps]) == (False, [True, False])
    assert "not as promised" in report.steps[1].fault
