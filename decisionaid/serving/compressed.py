"""Answers made small on their way out."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import brotli
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_KINDS = frozenset({"text/html", "text/css", "text/plain", "text/javascript", "application/json", "image/svg+xml"})
_LEAST = 500
# In order of preference. Brotli at 5 is as quick as gzip at 6 and a tenth smaller.
_WAYS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=5),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}


class Compressed:
    """WSGI: sends text of 500 bytes or more as brotli or gzip to whoever takes it.

    Left as they are: what is encoded already, part of a file, or marked `Cache-Control: no-transform`.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = _Answer.from_app(self._app, environ)
        if self._suitable(response):
            response.vary.add("Accept-Encoding")
            if way := self._way(environ.get("HTTP_ACCEPT_ENCODING")):
                self._shrink(response, way)
        return response(environ, start_response)

    def _suitable(self, response: Response) -> bool:
        return (
            response.mimetype in _KINDS
            and response.status_code not in (204, 206, 304)
            and "Content-Encoding" not in response.headers
            and not response.cache_control.no_transform
        )

    def _way(self, accepted: str | None) -> str | None:
        accept = parse_accept_header(accepted)
        best = max(_WAYS, key=accept.quality)
        return best if accept.quality(best) > 0 else None

    def _shrink(self, response: Response, way: str) -> None:
        body = response.get_data()
        if len(body) < _LEAST:
            return
        response.set_data(_WAYS[way](body))
        response.headers["Content-Encoding"] = way
        # The bytes differ now, what they say does not.
        if (etag := response.get_etag()[0]) is not None:
            response.set_etag(etag, weak=True)


class _Answer(Response):
    """A response as the application gave it, without a content type if it gave none."""

    default_mimetype = None
