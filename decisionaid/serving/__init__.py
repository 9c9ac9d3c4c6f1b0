"""Serving: a whole request first, a thread after; and answers made small; behind proxies that are named."""

from decisionaid.serving.compressed import Compressed
from decisionaid.serving.proxies import BehindProxies, proxies
from decisionaid.serving.server import serve
from decisionaid.serving.whole import WholeRequest

__all__ = ["BehindProxies", "Compressed", "WholeRequest", "proxies", "serve"]
