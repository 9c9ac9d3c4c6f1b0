"""Two sets of threads: what is slow never holds one that quick requests need."""

from __future__ import annotations

import re
from typing import Any

from decisionaid.serving.whole import Asgi, Message, Receive, Send


class Lanes:
    """ASGI: requests to the addresses that `addresses` finds go to one application, all others to the other."""

    def __init__(self, quick: Asgi, slow: Asgi, addresses: re.Pattern[str]) -> None:
        self._quick, self._slow, self._addresses = quick, slow, addresses

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path: Any = scope.get("path", "")
        await (self._slow if self._addresses.search(path) else self._quick)(scope, receive, send)
