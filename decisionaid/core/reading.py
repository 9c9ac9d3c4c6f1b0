"""How a client reads: the size of the letters, colours, pictures, words, and a voice. It is no answer to anything."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

CHOICES: Mapping[str, tuple[str, ...]] = {
    "size": ("usual", "larger", "largest"),
    "contrast": ("usual", "more"),
    "pictures": ("usual", "fewer"),
    "words": ("usual", "easy"),
    "voice": ("off", "on"),
}
"""What can be chosen, the usual first."""


@dataclass(frozen=True)
class Reading:
    """One client's choices; each is one of `CHOICES`."""

    size: str = "usual"
    contrast: str = "usual"
    pictures: str = "usual"
    words: str = "usual"
    voice: str = "off"

    @property
    def easy(self) -> bool:
        """Whether cards are read in short and easy words."""
        return self.words == "easy"

    @property
    def aloud(self) -> bool:
        """Whether a voice may read cards out."""
        return self.voice == "on"

    @property
    def marks(self) -> dict[str, str]:
        """What is not as usual, as attributes of a page for its style sheet: {"data-size": "larger"}."""
        return {f"data-{name}": said for name, said in asdict(self).items() if said != CHOICES[name][0]}


USUAL = Reading()
"""How a page looks before anybody has chosen."""
