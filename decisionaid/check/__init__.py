"""`decisionaid check`: one whole round and a review, walked over real HTTP by somebody who has no script and types no address."""

from decisionaid.check.run import run

__all__ = ["run"]
