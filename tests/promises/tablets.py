"""Tablets that save by the clock, and others who hold their connections up: a process of its own.

Reads what to do as a line of JSON, and writes what came of it. The load is open: a choice is due when the clock says
so, however slow the server is, and how long it took counts from then. As the page's own queue does, a tablet sends one
choice at a time and in order, each with its number, and sends again what was not acknowledged.
"""

import asyncio
import json
import re
import secrets
import socket
import sys
import time
from collections.abc import Coroutine
from functools import partial
from typing import Any
from urllib.parse import urlencode

ANSWERS = ("definitely", "possibly", "definitely_not")
CARDS = 24
LONGEST = 15.0
AGAIN_AFTER = 3.0
"""Seconds, as in the page's queue: it gives an answer up, and sends again."""

OPENING = 30.0
"""Seconds that all tablets may take to open their page before the clock begins to count."""

BYTE_EVERY = 0.5
"""Seconds between two bytes of whoever sends slowly."""

FORM = "Content-Type: application/x-www-form-urlencoded"


class Line:
    """A connection that is kept, and opened again when it is lost."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, *headers: str, body: str = "") -> tuple[int, str]:
        """The status and the text of the answer; 0 for none."""
        try:
            async with asyncio.timeout(LONGEST):
                self.ends = reader, writer = self.ends or await asyncio.open_connection(*self.host.split(":"))
                writer.write(request(self.host, method, path, *headers, body=body))
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
                return int(head.split()[1]), (await reader.readexactly(int(length[1]) if length else 0)).decode()
        except (OSError, EOFError, TimeoutError):
            self.hang_up()
            return 0, ""

    def hang_up(self) -> None:
        if self.ends:
            self.ends[1].close()
        self.ends = None


def request(host: str, method: str, path: str, *headers: str, body: str = "") -> bytes:
    """A request as it goes over the wire."""
    head = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", body]).encode()


class Tablet:
    """A client's tablet: what it was told to be kept, and how long each choice took since it was due."""

    def __init__(self, host: str, cookie: str) -> None:
        self.line = Line(host)
        self.cookie = f"Cookie: {cookie}"
        self.csrf = self.epoch = ""
        self.number = self.failed = 0
        self.kept: list[tuple[str, int, str]] = []
        self.under_way: tuple[int, str] | None = None
        self.took: list[float] = []

    async def open(self) -> None:
        """Open the first card, however often that has to be tried."""
        while not self.csrf:
            status, page = await self._ask("GET", "/s/card/1", self.cookie)
            if status == 200:
                self.csrf = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
                self.epoch, number = re.findall(r'data-epoch="(\w+)" data-number="(\d+)"', page)[0]
                self.number = int(number)

    async def choose(self, first: float, every: float, times: int) -> None:
        """So many choices by the clock. One that falls due while another is under way waits its turn."""
        for due in (first + number * every for number in range(times)):
            await asyncio.sleep(due - time.monotonic())
            await self.save(due)
            self.took.append(since(due))

    async def save(self, due: float) -> None:
        """Choose what the next card is answered, and send it until it is acknowledged."""
        await self.open()
        self.number += 1
        place, answer = self.number % CARDS + 1, ANSWERS[self.number // CARDS % 3]
        id, self.under_way = secrets.token_urlsafe(16), (place, answer)
        body = urlencode({"answer": answer, "csrf_token": self.csrf})
        status = 0
        while status != 204:
            said = f"X-Operation: {self.epoch} {self.number} {id} {since(due):.0f}"
            headers = (self.cookie, FORM, "X-Acknowledge: 1", said)
            status, _ = await self._ask("POST", f"/s/card/{place}", *headers, body=body)
        self.kept.append((id, place, answer))
        self.under_way = None

    async def _ask(self, method: str, path: str, *headers: str, body: str = "") -> tuple[int, str]:
        status, text = await self.line.ask(method, path, *headers, body=body)
        if status not in (200, 204):
            self.failed += 1
            await asyncio.sleep(AGAIN_AFTER)
        return status, text


class Bare(Tablet):
    """What asks as often, for an answer over which the program has nothing to do."""

    async def open(self) -> None:
        await self._ask("GET", "/health")

    async def save(self, due: float) -> None:
        await self.open()


def since(due: float) -> float:
    """How long ago it was due, in milliseconds."""
    return (time.monotonic() - due) * 1000


async def hold_up(host: str, cookie: str, first: float) -> None:
    """Promise a long body, send it a byte at a time, and begin again when the server has enough of it."""
    await asyncio.sleep(first)
    promised = request(host, "POST", "/s/card/1", f"Cookie: {cookie}", FORM, body="x" * 9000)[:-9000]
    while True:
        try:
            _, writer = await asyncio.open_connection(*host.split(":"))
            writer.write(promised)
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(BYTE_EVERY)
        except OSError:
            await asyncio.sleep(BYTE_EVERY)


async def read_nothing(host: str, path: str) -> None:
    """Ask for more than the buffers between take, through the smallest window there is, and read none of it."""
    name, port = host.split(":")
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    deaf.connect((name, int(port)))
    _, writer = await asyncio.open_connection(sock=deaf, limit=1)
    writer.write(request(host, "GET", path) * 120)
    await asyncio.Event().wait()


async def work(job: dict[str, Any]) -> list[dict[str, Any]]:
    """Let all of them work, so many choices each; what came of each tablet."""
    host, cookies, every, times = job["host"], job["cookies"], job["every"], job["times"]
    tablets = [(Bare if job["bare"] else Tablet)(host, cookie) for cookie in cookies]
    opening = together(*[tablet.open() for tablet in tablets])
    await asyncio.wait(opening, timeout=OPENING)
    slow = job["slow"]
    in_the_way = together(*[hold_up(host, cookies[0], BYTE_EVERY * n / slow) for n in range(slow)])
    in_the_way += together(*[read_nothing(host, job["file"]) for _ in range(job["deaf"])])
    begun, shift = time.monotonic(), every / len(tablets)
    asyncio.get_running_loop().call_later(every * times / 6, partial(print, "warm", flush=True))
    working = together(*[tablet.choose(begun + n * shift, every, times) for n, tablet in enumerate(tablets)])
    # The last choice falls due just before the end, and then has as long as there is between two.
    await asyncio.wait(working, timeout=every * (times + 1))
    for one in [*in_the_way, *opening, *working]:
        one.cancel()
    names = ("kept", "under_way", "failed", "took")
    return [{name: getattr(tablet, name) for name in names} for tablet in tablets]


def together(*work: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
    """All at once."""
    return [asyncio.create_task(one) for one in work]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(work(json.loads(sys.stdin.readline())))), flush=True)
