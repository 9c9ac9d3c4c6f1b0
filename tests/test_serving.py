"""Serving: a slow or hostile client costs nobody else anything, and text goes out small."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from decisionaid.serving import Compressed

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import hashlib, json, os, re, sys, time
from pathlib import Path
from werkzeug.wrappers import Request, Response
from decisionaid.printing import PdfPool
from decisionaid.serving import serve, server

options = json.loads(sys.argv[1])
style = Path(__file__).with_name("print.css")
style.write_text("body { font-family: 'Noto Sans' }")

def make():
    if options.pop("broken", False):
        raise LookupError("no such deck")
    pool = PdfPool(stylesheets={'print': style})

    @Request.application
    def app(request):
        if request.path == "/slow":
            time.sleep(1)
        if request.path == "/print":
            pool.pdf("<h1>-</h1>", language="en", title="-")
            return Response(str(pool._presses[-1]._process.pid))
        body = request.get_data()
        seen = {name: value for name, value in request.environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
        said = {"body": hashlib.sha256(body).hexdigest(), "seen": seen, "worker": os.getpid(), "path": request.path}
        return Response(json.dumps(said))

    return app

def passed_on(app, **_):
    async def asgi(scope, receive, send):
        async def received():
            return await receive()

        await app(scope, received, send)

    return asgi

if options.pop("bare", False):
    server.WholeRequest = passed_on
if "slow" in options:
    options["slow"] = re.compile(options["slow"])
for name in ("cert", "key"):
    if name in options:
        options[name] = Path(options[name])
serve(make, options.pop("host", "127.0.0.1"), options.pop("port", 0), **options)
"""


class Program:
    """The test application, served by a process of its own on a free port."""

    def __init__(self, folder: Path, **options: object) -> None:
        file = folder / "program.py"
        file.write_text(PROGRAM)
        self.process = subprocess.Popen(
            [sys.executable, str(file), json.dumps(options)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        self.port = urlsplit(self.address).port or 0

    def connect(self, timeout: float = 10) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(self, path: str = "/", body: bytes | None = None, timeout: float = 10) -> dict[str, object]:
        connection = self.connect(timeout)
        try:
            connection.request("POST" if body else "GET", path, body)
            answer: dict[str, object] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()

    def status(self, head: str, body: bytes = b"") -> int:
        """The status that raw bytes are answered with."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(head.replace("\n", "\r\n").encode() + b"\r\n" + body)
            return int(client.recv(4096).split()[1])

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        status = self.process.wait(20)
        assert self.process.stdout
        self.process.stdout.close()
        return status

    def kill(self) -> None:
        """End it with its workers, threads that wait for ever among them."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    with ExitStack() as running:

        def program(**options: object) -> Program:
            started = Program(tmp_path, **options)
            running.callback(started.stop)
            return started

        yield program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("program"), seconds=2)
    yield program
    program.stop()


def send_slowly(program: Program, clients: ExitStack, count: int) -> None:
    """Clients who promise a body and then send next to nothing of it."""
    for _ in range(count):
        client = clients.enter_context(socket.create_connection(("127.0.0.1", program.port)))
        client.sendall(b"POST /slow-body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx")


def answered(program: Program, honest: int) -> int:
    """How many of so many honest requests, ten at a time, get an answer within two seconds."""

    def asked(_: int) -> bool:
        try:
            return program.ask(timeout=2)["path"] == "/"
        except TimeoutError:
            return False

    with ThreadPoolExecutor(10) as people:
        return sum(people.map(asked, range(honest)))


def test_20_slow_bodies_do_not_stop_50_honest_requests(start: Callable[..., Program]) -> None:
    program = start(seconds=30)
    with ExitStack() as clients:
        send_slowly(program, clients, 20)
        started = time.monotonic()
        assert answered(program, 50) == 50
        assert time.monotonic() - started < 3


def test_control_without_taking_the_body_in_first_they_do(start: Callable[..., Program]) -> None:
    program = start(bare=True)
    with ExitStack() as clients:
        assert answered(program, 10) == 10
        send_slowly(program, clients, 20)
        time.sleep(0.3)
        assert answered(program, 10) == 0
        program.kill()  # nothing says that a server without its protection can be stopped


@pytest.mark.parametrize("apart", [True, False], ids=["apart", "control: among the others"])
def test_what_is_slow_holds_no_page(start: Callable[..., Program], *, apart: bool) -> None:
    program = start(threads=4, slow_threads=4, **({"slow": "^/slow$"} if apart else {}))
    assert program.ask()
    with ThreadPoolExecutor(8) as people:
        waiting = [people.submit(program.ask, "/slow") for _ in range(8)]
        time.sleep(0.3)
        started = time.monotonic()
        assert program.ask()
        took = time.monotonic() - started
        assert (took < 0.5) is apart
        assert all(each.result()["path"] == "/slow" for each in waiting)


def test_the_whole_body_arrives_however_it_was_sent(program: Program) -> None:
    body = bytes(range(256)) * 1000
    whole = program.ask(body=body)
    assert whole["body"] == hashlib.sha256(body).hexdigest()
    connection = program.connect()
    connection.request("POST", "/", iter([body[:100], body[100:]]), {"Content-Type": "x/y"}, encode_chunked=True)
    chunked = json.loads(connection.getresponse().read())
    connection.close()
    assert chunked["body"] == whole["body"]
    assert chunked["seen"]["CONTENT_LENGTH"] == str(len(body))
    assert "HTTP_TRANSFER_ENCODING" not in chunked["seen"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_413(program: Program, chunked: bool) -> None:
    connection = program.connect()
    body = b"x" * (256 * 1024 + 1)
    connection.request("POST", "/", iter([body]) if chunked else body, encode_chunked=chunked)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (413, b"")
    assert answer.headers["Connection"] == "close"
    connection.close()
    assert program.ask(body=b"x" * (256 * 1024))


def test_a_declared_size_is_refused_before_the_body_is_sent(program: Program) -> None:
    assert program.status("POST / HTTP/1.1\nHost: localhost\nContent-Length: 262145\n") == 413


def test_a_body_that_does_not_come_is_408(program: Program) -> None:
    started = time.monotonic()
    assert program.status("POST / HTTP/1.1\nHost: localhost\nContent-Length: 10\n", b"x") == 408
    assert 1.5 < time.monotonic() - started < 4


def test_too_many_or_too_long_headers_are_refused(program: Program) -> None:
    many = "".join(f"X-{n}: 1\n" for n in range(200))
    assert program.status(f"GET / HTTP/1.1\nHost: localhost\n{many}") == 431
    assert program.status(f"GET / HTTP/1.1\nHost: localhost\nX: {'x' * 100_000}\n") == 431
    assert program.ask()


def test_a_header_cannot_pose_as_another(program: Program) -> None:
    connection = program.connect()
    connection.request("GET", "/", headers={"X_Real_IP": "forged", "X-Request": "kept"})
    seen = json.loads(connection.getresponse().read())["seen"]
    connection.close()
    assert "forged" not in seen.values()
    assert seen["HTTP_X_REQUEST"] == "kept"


@pytest.mark.parametrize("path", ["/%ff%fe", "/%00", "/?q=%ff", "/a%2fb", "/\u00e9?\u00e9"])
def test_an_odd_address_is_never_a_server_error(program: Program, path: str) -> None:
    assert program.status(f"GET {path} HTTP/1.1\nHost: localhost\nConnection: close\n") < 500


@pytest.mark.parametrize("length", ["-1", "x", "1, 1", "99999999999999999999999"])
def test_an_odd_length_is_never_a_server_error(program: Program, length: str) -> None:
    assert 400 <= program.status(f"POST / HTTP/1.1\nHost: localhost\nContent-Length: {length}\n") < 500


def test_one_connection_serves_many_requests(program: Program) -> None:
    connection = program.connect()
    ports = set()
    for n in range(5):
        connection.request("POST", f"/{n}", b"x" * n)
        assert json.loads(connection.getresponse().read())["path"] == f"/{n}"
        ports.add(connection.sock.getsockname()[1])
    connection.close()
    assert len(ports) == 1


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_what_is_under_way_and_leaves_nothing(
    start: Callable[..., Program], by: signal.Signals
) -> None:
    program = start()
    connection = program.connect()
    connection.request("GET", "/print")
    press = int(connection.getresponse().read())
    connection.close()
    assert running(press)
    with ThreadPoolExecutor(1) as people:
        answer = people.submit(program.ask, "/slow")
        time.sleep(0.3)
        assert program.stop(by) == 0
        assert answer.result()["path"] == "/slow"
    assert gone(press)


def test_neither_a_slow_client_nor_a_kept_connection_holds_up_a_stop(start: Callable[..., Program]) -> None:
    program = start(seconds=2)
    kept = program.connect()
    kept.request("GET", "/")
    kept.getresponse().read()
    with ExitStack() as clients:
        send_slowly(program, clients, 5)
        started = time.monotonic()
        assert program.stop() == 0
        assert time.monotonic() - started < 4
    kept.close()


def test_nothing_outlives_a_killed_server(start: Callable[..., Program]) -> None:
    program = start()
    worker = int(str(program.ask()["worker"]))
    program.stop(signal.SIGKILL)
    assert gone(worker)


def running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(process: int) -> bool:
    """Within five seconds."""
    for _ in range(50):
        if not running(process):
            return True
        time.sleep(0.1)
    return False


def test_a_killed_worker_is_replaced(start: Callable[..., Program]) -> None:
    program = start()
    worker = int(str(program.ask()["worker"]))
    os.kill(worker, signal.SIGKILL)
    for _ in range(50):
        try:
            assert program.ask()["worker"] != worker
        except (ConnectionError, http.client.RemoteDisconnected):
            time.sleep(0.1)
        else:
            return
    pytest.fail("no new worker answered")


def test_a_taken_port_is_refused(program: Program, start: Callable[..., Program]) -> None:
    second = start(port=program.port)
    assert second.address == ""
    assert second.process.wait(10) == 1


def test_an_application_that_cannot_start_ends_the_server(start: Callable[..., Program]) -> None:
    program = start(broken=True)
    assert program.address == ""
    assert program.process.wait(10) == 1


def test_https(start: Callable[..., Program], tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(cert)]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(["openssl", "req", "-x509", *kind, *names, *files], check=True, capture_output=True)
    program = start(cert=str(cert), key=str(key))
    assert program.address.startswith("https://127.0.0.1:")
    trust = ssl.create_default_context(cafile=str(cert))
    connection = http.client.HTTPSConnection("127.0.0.1", program.port, timeout=10, context=trust)
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    connection.close()


# Compression

PAGE = "<p>Walk to the shop on Tuesday, ŵ ŷ â.</p>" * 50


def get(response: Response, accept: str = "", method: str = "GET") -> TestResponse:
    client = Client(Compressed(Request.application(lambda _: response)))
    return client.open("/", method=method, headers={"Accept-Encoding": accept} if accept else {})


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("", None),
        ("identity", None),
        ("br;q=0, gzip;q=0", None),
        ("zstd", None),
    ],
)
def test_text_goes_out_as_small_as_the_visitor_takes_it(accept: str, encoding: str | None) -> None:
    answer = get(Response(PAGE, mimetype="text/html"), accept)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert answer.headers.get("Content-Encoding") == encoding
    assert unpack(answer.data).decode() == PAGE
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert encoding is None or len(answer.data) < len(PAGE) / 10


@pytest.mark.parametrize(
    "response",
    [
        Response("short", mimetype="text/html"),
        Response(PAGE, mimetype="application/pdf"),
        Response(PAGE, mimetype="text/html", headers={"Content-Encoding": "zstd"}),
        Response(PAGE, mimetype="text/html", headers={"Cache-Control": "no-store, no-transform"}),
        Response(PAGE, mimetype="text/html", status=206),
    ],
)
def test_left_as_it_is(response: Response) -> None:
    plain = response.get_data()
    answer = get(response, "br")
    assert answer.data == plain
    assert answer.headers.get("Content-Encoding") != "br"


def test_all_kinds_of_text_and_errors_too() -> None:
    for kind in ("text/css", "text/javascript", "application/json", "image/svg+xml"):
        assert get(Response(PAGE, mimetype=kind, status=422), "br").headers["Content-Encoding"] == "br"


def test_other_headers_stay_and_a_strong_tag_becomes_weak() -> None:
    response = Response(PAGE, mimetype="text/html", headers={"Vary": "Cookie", "X-Kept": "1", "Location": "/next"})
    response.set_etag("abc")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    answer = get(response, "br")
    assert answer.headers["Vary"] == "Cookie, Accept-Encoding"
    assert answer.headers["X-Kept"] == "1"
    assert answer.headers["Location"] == "/next"
    assert answer.headers["ETag"] == 'W/"abc"'
    assert len(answer.headers.getlist("Set-Cookie")) == 2


def test_an_answer_without_body_stays_one() -> None:
    assert get(Response(status=204), "br").data == b""
    unchanged = get(Response(status=304, content_type=None), "br")
    assert "Content-Encoding" not in unchanged.headers
    assert get(Response(PAGE, mimetype="text/html"), "br", method="HEAD").data == b""


def test_the_application_is_told_when_its_answer_is_done() -> None:
    closed = threading.Event()
    response = Response(PAGE, mimetype="text/html")
    response.call_on_close(closed.set)
    get(response, "br").close()
    assert closed.is_set()
