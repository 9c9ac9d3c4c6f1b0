"""Decision Aid: two blind sorts, a comparison, and the care plan that two people negotiated."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

PACKAGE = Path(__file__).parent


def packaged(name: str) -> Path:
    """A folder that lies in the package when installed, and beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def create_app(**config: Any) -> "Flask":
    """The program, ready to serve; `config` as `application.build` describes it."""
    from decisionaid.application import build

    return build(**config)
