"""The whole request, before a thread sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

_LARGEST_HEAD = 32 * 1024


class _Refused(Exception):
    """A request that is not passed on; holds the status that it is answered with."""

    def __init__(self, status: int) -> None:
        self.status = status


class WholeRequest:
    """ASGI: takes in the whole body before the application, and so one of its few threads, hears of the request.

    A client that sends slowly then costs memory only. Answers 413 above `limit` bytes, 408 after `seconds`, 431 where
    the headers are too large, and 400 to an address that WSGI cannot carry.
    """

    def __init__(self, app: Asgi, *, limit: int = 256 * 1024, seconds: float = 10) -> None:
        self._app = app
        self._limit = limit
        self._seconds = seconds
        self._under_way = 0
        self._all_done = asyncio.Event()
        self._all_done.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._request(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start and stop with the server. It would leave once the last answer is out, under a thread not yet done."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._all_done.wait()
        await send({"type": "lifespan.shutdown.complete"})

    async def _request(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            _check_head(scope)
            async with asyncio.timeout(self._seconds):
                body = await self._body(scope, receive)
        except TimeoutError:
            await _refuse(send, 408)
        except _Refused as refused:
            await _refuse(send, refused.status)
        except ConnectionAbortedError:
            pass
        else:
            await self._pass_on(_plain(scope, len(body)), body, send)

    async def _pass_on(self, scope: Message, body: bytes, send: Send) -> None:
        self._under_way += 1
        self._all_done.clear()
        try:
            await self._app(scope, partial(_given, body), send)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._all_done.set()

    async def _body(self, scope: Message, receive: Receive) -> bytes:
        if int(dict(scope["headers"]).get(b"content-length", 0)) > self._limit:
            raise _Refused(413)
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionAbortedError
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limit:
                raise _Refused(413)
        return bytes(body)


def _check_head(scope: Message) -> None:
    if not scope["query_string"].isascii():
        raise _Refused(400)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _LARGEST_HEAD:
        raise _Refused(431)


async def _refuse(send: Send, status: int) -> None:
    """An empty answer; the connection goes, as the rest of the body may still be on its way."""
    headers = [(b"content-length", b"0"), (b"connection", b"close"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _given(body: bytes) -> Message:
    return {"type": "http.request", "body": body, "more_body": False}


def _plain(scope: Message, length: int) -> Message:
    """The request with one true length, and no name with an underscore: CGI cannot tell X_Real_IP from X-Real-IP."""
    dropped = (b"content-length", b"transfer-encoding")
    headers = [(name, value) for name, value in scope["headers"] if name not in dropped and b"_" not in name]
    return {**scope, "headers": [*headers, (b"content-length", str(length).encode())]}
