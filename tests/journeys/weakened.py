"""A way to the server on which protections are missing: what a browser would show if one of them were not there.

It stands between the browser and the server, and leaves out what it is told to. A browser that keeps pages for "Back"
whatever their headers say (some do) is one that never hears of `no-store`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Weaken = Callable[[str, dict[str, str], bytes], bytes]
"""Takes a path, the answer's headers (to be changed in place) and its body; gives the body to send."""

HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "accept-encoding"}


def no_store(_path: str, headers: dict[str, str], body: bytes) -> bytes:
    """The browser is not told to keep nothing."""
    headers.pop("cache-control", None)
    return body


def sweep(_path: str, headers: dict[str, str], body: bytes) -> bytes:
    """The second request clears nothing."""
    headers.pop("clear-site-data", None)
    return body


def without(word: str) -> Weaken:
    """The script listens for something that never happens, in place of `word`."""

    def weaken(path: str, _headers: dict[str, str], body: bytes) -> bytes:
        return body.replace(word.encode(), b"never") if "/pass-" in path else body

    return weaken


def autocomplete(_path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Fields do not say that nothing typed is to be kept."""
    return body.replace(b'autocomplete="off"', b"") if "html" in headers.get("content-type", "") else body


class _Between(BaseHTTPRequestHandler):
    """Passes on what it is asked, and the answer less what is missing."""

    host = ""
    missing: tuple[Weaken, ...] = ()

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def _pass(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        connection = HTTPConnection(self.host, timeout=20)
        try:
            connection.request(self.command, self.path, sent, asked)
            answer = connection.getresponse()
            self._answer(answer, answer.read())
        except (OSError, HTTPException):
            self.close_connection = True
        finally:
            connection.close()

    def _answer(self, answer: HTTPResponse, body: bytes) -> None:
        headers = {n.lower(): v for n, v in answer.headers.items() if n.lower() not in HOP | {"set-cookie"}}
        for weaken in self.missing:
            body = weaken(self.path, headers, body)
        cookies = [("Set-Cookie", each) for each in answer.headers.get_all("Set-Cookie") or []]
        self.send_response_only(answer.status)
        for name, value in [*headers.items(), *cookies, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing is said of what passes."""


@contextmanager
def way(to: str, *missing: Weaken) -> Iterator[str]:
    """An address that leads to the server at `to`, less what is missing."""
    between = type("Between", (_Between,), {"host": to.removeprefix("http://"), "missing": missing})
    server = ThreadingHTTPServer(("127.0.0.1", 0), between)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
