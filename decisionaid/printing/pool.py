"""The presses that a program keeps, and the queue before them."""

from __future__ import annotations

import json
import queue
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.util import Finalize
from pathlib import Path

from decisionaid.assets import Assets
from decisionaid.printing.letters import spelled_out
from decisionaid.printing.press import Press, PrinterBusy, PrintFailed

_MEBIBYTE = 2**20
PLACES, PER_SEAT = 24, 2
"""How many may print or wait for a press at once, and how many of them from one seat."""


class PdfPool:
    """Turns pages into PDF files that are both PDF/A-3a and PDF/UA-1.

    Any number of threads may call it. Rendering itself happens in a few child processes: text layout is not safe in
    threads, and a page that eats time or memory takes only its own process down, which is then replaced.

    stylesheets: the CSS of each kind of paper, by a name that a print gives; the first is loaded at the start. By
        default the built ones, of the plan ("print") and of the blank papers ("blank"). A page never names its own.
    font_dir: the one folder whose fonts and pictures are used, by ``url("name")`` in the stylesheet and ``asset:name``
        in a page; by default the first stylesheet's own. All else is refused.
    processes: how many pages are rendered at once; each process takes some 85 MB.
    seconds: how much processor time one page may take; on a busy machine that is longer by the clock.
    memory_mb: the address space of one process in MiB, of which about 320 are taken before it prints.
    """

    def __init__(
        self,
        *,
        stylesheets: Mapping[str, Path] | None = None,
        font_dir: Path | None = None,
        processes: int = 2,
        seconds: float = 20,
        memory_mb: int = 1024,
    ) -> None:
        self._closed = False
        stylesheets = stylesheets or {name: Assets.load().path(f"{name}.css") for name in ("print", "blank")}
        font_dir = font_dir or next(iter(stylesheets.values())).parent
        self._presses = [Press(stylesheets, font_dir, seconds, memory_mb * _MEBIBYTE) for _ in range(processes)]
        # Last in, first out: a quiet service keeps using one warm process and never starts the others.
        self._free: queue.LifoQueue[Press] = queue.LifoQueue()
        for press in self._presses:
            self._free.put(press)
        self._inside: Counter[str] = Counter()
        self._counting = threading.Lock()
        # Runs when the pool is dropped and when the program ends, in a server's forked worker too (atexit would not).
        self._finalizer = Finalize(self, _stop, args=(self._presses,), exitpriority=1)

    def warm(self) -> None:
        """Start every process now and return at once: they load and print a first page on their own."""
        for press in self._borrow_idle():
            try:
                press.start()
            finally:
                self._free.put(press)

    def pdf(
        self,
        html: str,
        *,
        language: str,
        title: str,
        style: str = "print",
        stamp: datetime | None = None,
        whose: str = "",
    ) -> bytes:
        """Print one page of HTML. A letter that no font here has is given by its name, as `letters` says.

        language: BCP 47 tag of the document. title: the only description that the file carries.
        style: which of the stylesheets. stamp: when it was made, with a time zone; now, if left out. The same page and
        stamp give the same bytes.
        whose: the seat that asks; each may have only a few prints under way.
        Raises PrinterBusy at once where no place is left, PrintTookTooLong, PrintFailed, or NotAccessible where the
        file would fail PDF/A-3a or PDF/UA-1.
        """
        stamp = stamp or datetime.now(UTC)
        if stamp.tzinfo is None:
            raise ValueError("stamp needs a time zone")
        job = {"html": spelled_out(html), "language": language, "title": title, "stamp": int(stamp.timestamp())}
        with self._place(whose):
            press = self._borrow()
            try:
                return press.print(json.dumps({**job, "style": style}).encode())
            finally:
                self._give_back(press)

    def close(self) -> None:
        """End the processes. What they are printing fails with PrintFailed, and so does all that follows."""
        self._closed = True
        self._finalizer()

    @contextmanager
    def _place(self, whose: str) -> Iterator[None]:
        """One of the places in the queue, or at a press."""
        with self._counting:
            if self._inside.total() >= PLACES or (whose and self._inside[whose] >= PER_SEAT):
                raise PrinterBusy
            self._inside[whose] += 1
        try:
            yield
        finally:
            with self._counting:
                self._inside[whose] -= 1
                self._inside += Counter()  # whoever has none under way is forgotten

    def _borrow(self) -> Press:
        """The next free press. Whoever has a place waits as long as those before them need, and each has its limit."""
        if self._closed:
            raise PrintFailed("the pool is closed")
        return self._free.get()

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
