"""The presses that a program keeps, and the queue before them."""

from __future__ import annotations

import json
import queue
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.util import Finalize
from pathlib import Path

from decisionaid.assets import Assets
from decisionaid.printing.letters import spelled_out
from decisionaid.printing.press import Press, PrintFailed, PrintTookTooLong

_MEBIBYTE = 2**20


class PdfPool:
    """Turns pages into PDF files that are both PDF/A-3a and PDF/UA-1.

    Any number of threads may call it. Rendering itself happens in a few child processes: text layout is not safe in
    threads, and a page that eats time or memory takes only its own process down, which is then replaced.

    stylesheet: the CSS of every print, applied to each page without being named by it; the built print.css by default.
    font_dir: the one folder whose fonts and pictures are used, by ``url("name")`` in the stylesheet and ``asset:name``
        in a page; by default the stylesheet's own. All else is refused.
    processes: how many pages are rendered at once; each process takes some 85 MB.
    seconds: how long one page may take, and also how long a caller waits for a free process.
    memory_mb: the address space of one process in MiB, of which about 320 are taken before it prints.
    """

    def __init__(
        self,
        *,
        stylesheet: Path | None = None,
        font_dir: Path | None = None,
        processes: int = 2,
        seconds: float = 20,
        memory_mb: int = 1024,
    ) -> None:
        self._seconds = seconds
        self._closed = False
        stylesheet = stylesheet or Assets.load().path("print.css")
        font_dir = font_dir or stylesheet.parent
        self._presses = [Press(stylesheet, font_dir, seconds, memory_mb * _MEBIBYTE) for _ in range(processes)]
        # Last in, first out: a quiet service keeps using one warm process and never starts the others.
        self._free: queue.LifoQueue[Press] = queue.LifoQueue()
        for press in self._presses:
            self._free.put(press)
        # Runs when the pool is dropped and when the program ends, in a server's forked worker too (atexit would not).
        self._finalizer = Finalize(self, _stop, args=(self._presses,), exitpriority=1)

    def warm(self) -> None:
        """Start every process now and return at once: they load and print a first page on their own."""
        for press in self._borrow_idle():
            try:
                press.start()
            finally:
                self._free.put(press)

    def pdf(self, html: str, *, language: str, title: str, stamp: datetime | None = None) -> bytes:
        """Print one page of HTML. A letter that no font here has is given by its name, as `letters` says.

        language: BCP 47 tag of the document. title: the only description that the file carries.
        stamp: when it was made, with a time zone; now, if left out. The same page and stamp give the same bytes.
        Raises PrintTookTooLong, PrintFailed, or NotAccessible where the file would fail PDF/A-3a or PDF/UA-1.
        """
        stamp = stamp or datetime.now(UTC)
        if stamp.tzinfo is None:
            raise ValueError("stamp needs a time zone")
        job = {"html": spelled_out(html), "language": language, "title": title, "stamp": int(stamp.timestamp())}
        press = self._borrow()
        try:
            return press.print(json.dumps(job).encode())
        finally:
            self._give_back(press)

    def close(self) -> None:
        """End the processes. What they are printing fails with PrintFailed, and so does all that follows."""
        self._closed = True
        self._finalizer()

    def _borrow(self) -> Press:
        if self._closed:
            raise PrintFailed("the pool is closed")
        try:
            return self._free.get(timeout=self._seconds)
        except queue.Empty:
            raise PrintTookTooLong(f"no press was free for {self._seconds} s") from None

    def _borrow_idle(self) -> list[Press]:
        idle: list[Press] = []
        while not self._closed:
            try:
                idle.append(self._free.get_nowait())
            except queue.Empty:
                break
        return idle

    def _give_back(self, press: Press) -> None:
        if self._closed:
            press.stop()
        self._free.put(press)


def _stop(presses: Sequence[Press]) -> None:
    for press in presses:
        press.stop()
