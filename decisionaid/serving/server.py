"""The server around the application."""

from __future__ import annotations

import ctypes

# Imported before a worker is forked: forked while a thread imports it, the worker would wait on its lock without end.
import encodings.idna  # noqa: F401
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from a2wsgi import WSGIMiddleware
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from decisionaid.serving.lanes import Lanes
from decisionaid.serving.whole import Asgi, WholeRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

AppFactory = Callable[[], "WSGIApplication"]

NONE = re.compile("(?!)")
"""Finds no address."""

_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def serve(
    app_factory: str | AppFactory,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    cert: Path | None = None,
    key: Path | None = None,
    workers: int = 1,
    threads: int = 16,
    slow: re.Pattern[str] = NONE,
    slow_threads: int = 16,
    limit: int = 256 * 1024,
    seconds: float = 10,
    announce: Callable[[str], object] = click.echo,
) -> None:
    """Serve a WSGI application until SIGTERM or SIGINT; requests under way are finished.

    app_factory: makes the application, in the worker process; "package.module:function", or the function itself.
    port: 0 for any free one. cert, key: PEM files, together; without them http.
    threads: how many requests of each worker the application handles at once; `slow_threads`, of those to the addresses
        that `slow` finds, which have threads of their own.
    limit, seconds: the largest body in bytes, and how long sending it may take, as may the headers.
    announce: is given the address, once requests are answered; printed as a line, if left out.
    Raises OSError where the port is taken, SystemExit where the application cannot be made.
    """
    port = _claim(host, port)
    server = Server(
        "decisionaid",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        # One protocol is one set of limits; of headers, this one takes at most 100 (431).
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=int(seconds * 1000), max_buffer_size=64 * 1024),
        websockets=False,
        log_level=LogLevels.warning,
        ssl_cert=cert,
        ssl_key=key,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    )
    address = f"{'https' if cert else 'http'}://{_in_url(host)}:{port}"
    server.on_startup(
        lambda: threading.Thread(target=_announce, args=(host, port, address, announce), daemon=True).start()
    )
    server.serve(
        target_loader=partial(_load, app_factory, threads, slow, slow_threads, limit, seconds), wrap_loader=False
    )


def _load(
    app_factory: str | AppFactory,
    threads: int,
    slow: re.Pattern[str],
    slow_threads: int,
    limit: int,
    seconds: float,
) -> Asgi:
    _end_with_parent()
    app = _factory(app_factory)()
    # a2wsgi writes the same protocol with types of its own.
    quick, apart = (cast(Asgi, WSGIMiddleware(app, workers=count)) for count in (threads, slow_threads))  # type: ignore[arg-type]
    return WholeRequest(Lanes(quick, apart, slow), limit=limit, seconds=seconds)


def _factory(app_factory: str | AppFactory) -> AppFactory:
    if not isinstance(app_factory, str):
        return app_factory
    module, _, name = app_factory.partition(":")
    factory: AppFactory = getattr(import_module(module), name)
    return factory


def _end_with_parent() -> None:
    """A worker whose parent was killed would go on answering beside the next one; Linux can tell it to stop."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _claim(host: str, port: int) -> int:
    """The port, checked to be free: the server's own sockets share theirs, and would share with another program's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        claimed: int = probe.getsockname()[1]
    return claimed


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _announce(host: str, port: int, address: str, announce: Callable[[str], object]) -> None:
    while True:
        try:
            socket.create_connection((_reachable(host), port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            announce(address)
            return


def _reachable(host: str) -> str:
    """Where this machine reaches a server that listens everywhere."""
    try:
        everywhere = ip_address(host).is_unspecified
    except ValueError:
        return host
    return ("::1" if ":" in host else "127.0.0.1") if everywhere else host
