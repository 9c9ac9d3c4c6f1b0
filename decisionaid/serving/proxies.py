"""What proxies in front of the program say is believed where they are named, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from itertools import takewhile
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Network = IPv4Network | IPv6Network


def proxies(named: Iterable[str]) -> list[Network]:
    """The networks of addresses and networks as they are typed: "10.0.0.5", "10.0.0.0/24", "2001:db8::/64".

    Raises:
        ValueError: one of them is neither, or is everybody.
    """
    networks = [ip_network(name) for name in named]
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError("this network is everybody")
    return networks


class BehindProxies:
    """WSGI: takes the address of who asks, the scheme and the host from X-Forwarded-* where a named proxy sends it.

    Of several proxies in a row each must be named: the address is that of the first in the row that is not.
    """

    def __init__(self, app: WSGIApplication, believed: Sequence[Network]) -> None:
        self._app, self._believed = app, believed

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        hops = self._hops(environ)
        app = ProxyFix(self._app, x_for=hops, x_proto=1, x_host=1) if hops else self._app
        return app(environ, start_response)

    def _hops(self, environ: WSGIEnvironment) -> int:
        """How many named proxies the request came through last."""
        said = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        row = [environ.get("REMOTE_ADDR", ""), *reversed(said)]
        return len(list(takewhile(self._is_believed, row)))

    def _is_believed(self, address: str) -> bool:
        try:
            asks = ip_address(address.strip())
        except ValueError:
            return False
        asks = getattr(asks, "ipv4_mapped", None) or asks
        return any(asks in network for network in self._believed)
