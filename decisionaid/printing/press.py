"""One child process that prints: started when first needed, replaced when it fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

_TYPESETTER = Path(__file__).with_name("typesetter.py")
_SECONDS_TO_LOAD = 300
_BY_THE_CLOCK = 10
"""How many times longer than its processor time a page may take by the clock, on a machine that is busy."""
# A page to print can be hostile: keys and passwords kept in the environment stay out of the process that reads it.
_ENVIRONMENT = (
    "PATH", "HOME", "LANG", "LC_ALL", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH",
    "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
)  # fmt: skip


class PrintFailed(RuntimeError):
    """The page could not be printed; the message is the kind of fault, never text of the page."""


class PrintTookTooLong(PrintFailed):
    """The page was stopped at the time limit."""


class PrinterBusy(PrintFailed):
    """As many prints are under way as may be, from this seat or in all. Nothing was begun."""


class NotAccessible(PrintFailed):
    """The printed file would not be PDF/A-3a and PDF/UA-1; `faults` names the rules that it breaks."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Press:
    """A child process and the pipe to it, for one caller at a time; only `stop` may come from another thread."""

    _process: subprocess.Popen[bytes] | None = None
    _connection: Connection
    _folder: tempfile.TemporaryDirectory[str]
    _loaded: bool

    def __init__(self, stylesheets: Mapping[str, Path], font_dir: Path, seconds: float, memory: int) -> None:
        files = {name: str(file) for name, file in stylesheets.items()}
        self._settings = json.dumps(
            {"stylesheets": files, "font_dir": str(font_dir), "seconds": seconds, "memory": memory}
        )
        self._seconds = seconds
        self._changing = threading.Lock()

    def start(self) -> None:
        """Start the child unless it runs already; does not wait for it to load."""
        with self._changing:
            if self._process is None or self._process.poll() is not None:
                self._clear()
                self._launch()

    def print(self, job: bytes) -> bytes:
        """Have one page printed, within the time limit."""
        self.start()
        try:
            answer = self._ask(job)
        except (EOFError, OSError):
            if self._ended_by() == signal.SIGPROF:
                raise PrintTookTooLong(f"stopped after {self._seconds} s of processor time") from None
            raise PrintFailed("the press stopped") from None
        except PrintTookTooLong:
            self._replace()
            raise
        return _content(answer)

    def stop(self) -> None:
        """End the child and wait until it is gone."""
        with self._changing:
            self._clear()

    def _ended_by(self) -> int:
        """Which signal ended the child, or 0; it is gone after this."""
        with self._changing:
            ended = -self._process.wait() if self._process is not None else 0
            self._clear()
        return ended

    def _replace(self) -> None:
        self.stop()
        self.start()

    def _ask(self, job: bytes) -> bytes:
        if not self._loaded:
            self._receive(_SECONDS_TO_LOAD)
            self._loaded = True
        self._connection.send_bytes(job)
        return self._receive(self._seconds * _BY_THE_CLOCK)

    def _receive(self, seconds: float) -> bytes:
        if not self._connection.poll(seconds):
            raise PrintTookTooLong(f"stopped after {seconds} s")
        return self._connection.recv_bytes()

    def _launch(self) -> None:
        self._loaded = False
        self._folder = tempfile.TemporaryDirectory(prefix="press-")
        self._connection, theirs = Pipe()
        with theirs:
            self._process = _typesetter(theirs, self._settings, self._folder.name)

    def _clear(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        self._connection.close()
        self._folder.cleanup()


def _typesetter(connection: Connection, settings: str, folder: str) -> subprocess.Popen[bytes]:
    """Run by its path and not as a module of ours, so that it loads printing and nothing of the application."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own file, and no word of a page among the arguments
        [sys.executable, "-P", str(_TYPESETTER), str(connection.fileno()), settings, folder],
        pass_fds=[connection.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        # A fixed seed, as sets of names must come in the same order in every process for files to be equal.
        env=environment | {"TMPDIR": folder, "PYTHONHASHSEED": "0"},
    )


def _content(answer: bytes) -> bytes:
    kind, content = answer[:1], answer[1:]
    if kind == b"+":
        return content
    if kind == b"!":
        raise NotAccessible(json.loads(content))
    raise PrintFailed(content.decode())
