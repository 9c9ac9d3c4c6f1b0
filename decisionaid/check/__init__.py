"""`decisionaid check`: one whole round and a review, walked over real HTTP without any script."""

from decisionaid.check.run import run

__all__ = ["run"]
