"""The table of promises, printed by `./test --promises`: each with its bound, what was counted, whether it held, and
whether its control noticed that the protection was off. A promise without a control does not pass.

A test says which promise it holds by `@pytest.mark.promise("P04")`, and says what it counted by printing a line. A
control is a test of the promise whose name has "control" or "notice" in it.
"""

import re
from dataclasses import dataclass, field

import pytest

BOUNDS = {
    "P01": "0 traces of the other person after a hand-over",
    "P02": "only declared addresses answer in the client's seat",
    "P03": "0 typed words left on the device",
    "P04": "0 traces of the other sort before both finish",
    "P05": "pages equal whatever the other sort says",
    "P06": "a finished sort refuses every change",
    "P07": "nobody writes the client's side for them",
    "P08": "0 telling words in titles, names and addresses",
    "P09": "0 guessed codes; at least 99 % throttled",
    "P10": "every address answers as one table says",
    "P11": "foreign ids do not exist; nothing written",
    "P13": "0 scripts run; all shown as typed",
    "P14": "0 files read, 0 calls out; all printed as typed",
    "P17": "0 forged, foreign or replayed requests taken",
    "P22": "98 % of the load; 0 failures",
    "P25": "0 wrong, 0 lost on a bad network",
    "P26": "one effect, however often it is sent",
    "P27": "0 acknowledged edits lost",
    "P30": "a plain page; nothing half written",
    "P31": "0 lost, 0 wrong; a sync for each yes",
    "P33": "0 faults of ours",
    "P39": "0 plans signed against the safety rule",
    "P41": "every text prints in full",
    "P42": "the quick tests pass on 13 telling days",
    "P36": "0 faults of access; 0 missing words",
    "P38": "0 written, 0 shown under another seat",
    "P40": "every page of an older round as it was",
}
CONTROL = re.compile("control|notice")


@dataclass
class Held:
    """What came of one promise's tests."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    controls: int = 0
    blind: int = 0
    """Controls that did not notice."""
    said: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        if self.failed or self.blind:
            return "does not hold"
        if not self.controls:
            return "has no control"
        return "holds, in part" if self.skipped else "holds"


class Table:
    """Gathers reports by promise."""

    def __init__(self) -> None:
        self.promises: dict[str, set[str]] = {}
        self.held: dict[str, Held] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            self.promises[item.nodeid] = {mark.args[0] for mark in item.iter_markers("promise")}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        for promise in self.promises.get(report.nodeid, ()):
            self._note(self.held.setdefault(promise, Held()), report)

    def _note(self, held: Held, report: pytest.TestReport) -> None:
        is_control = bool(CONTROL.search(report.nodeid.rpartition("::")[2].partition("[")[0]))
        if report.skipped:
            held.skipped += 1
        elif is_control:
            held.controls += 1
            held.blind += report.failed
        else:
            held.passed += report.passed
            held.failed += report.failed
            held.said += [line for line in report.capstdout.splitlines() if line.strip()][-1:]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        write = terminalreporter.write_line
        terminalreporter.section("promises")
        for promise, held in sorted(self.held.items()):
            write(f"{promise}  {held.word:<14} {BOUNDS.get(promise, 'no bound is written down')}")
            write(f"     {held.passed} of {held.passed + held.failed} tests, {held.skipped} skipped; "
                  f"{held.controls - held.blind} of {held.controls} controls noticed")  # fmt: skip
            for line in sorted(set(held.said)):
                write(f"     {line}")
        for promise in sorted(set(BOUNDS) - set(self.held)):
            write(f"{promise}  has no test     {BOUNDS[promise]}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if any(not held.word.startswith("holds") for held in self.held.values()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Table(), "promises")
