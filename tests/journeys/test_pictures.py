"""The README's pictures can be taken anew from the demonstration, each of them and no other."""

import re
from pathlib import Path

from playwright.sync_api import Browser

from tests.pictures import PICTURES, Camera

README = Path(__file__).parents[2] / "README.md"


def test_the_pictures_of_the_readme_are_taken(chrome: Browser, address: str, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    Camera(chrome, address, folder).take_all()
    taken = {path.name for path in folder.iterdir()}
    assert taken == {path.name for path in PICTURES.iterdir()}
    shown = set(re.findall(r"docs/pictures/([\w-]+\.png)", README.read_text("utf-8")))
    assert shown <= taken
