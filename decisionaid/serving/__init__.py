"""Serving: a whole request first, a thread after; and answers made small."""

from decisionaid.serving.compressed import Compressed
from decisionaid.serving.server import serve
from decisionaid.serving.whole import WholeRequest

__all__ = ["Compressed", "WholeRequest", "serve"]
