"""Decks of options: equal choices, one of which somebody may make their goal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from decisionaid.core.deck import Fact, SignedOff, Source, Words


@dataclass(frozen=True)
class Option:
    """One equal choice. `sureness` is how sure the evidence is, 1 to 3; `sources` are ids of the deck's sources."""

    id: str
    picture: str
    warns: bool
    sureness: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class OptionDeck:
    """Options under the same `headings` (ids; a picture for each in `heading_pictures`)."""

    id: str
    version: int
    options: tuple[Option, ...]
    headings: tuple[str, ...]
    heading_pictures: Mapping[str, str]
    sources: tuple[Source, ...]
    facts: tuple[Fact, ...]
    signed_off: SignedOff

    def option(self, id: str) -> Option:
        """The option. Raises KeyError where there is none."""
        return {option.id: option for option in self.options}[id]

    def warns(self, option: str) -> bool:
        """Whether an option may mean stopping or less. One that is not known here does."""
        return not any(known.id == option and not known.warns for known in self.options)

    def sources_of(self, option: Option) -> tuple[Source, ...]:
        """The sources of one option, in the deck's order."""
        return tuple(source for source in self.sources if source.id in option.sources)

    def drawn(self, pictures: Collection[str]) -> "OptionDeck":
        """This deck with these pictures alone; what has another is shown without."""
        headings = {id: name if name in pictures else "" for id, name in self.heading_pictures.items()}
        options = tuple(replace(o, picture=o.picture if o.picture in pictures else "") for o in self.options)
        return replace(self, options=options, heading_pictures=headings)


@dataclass(frozen=True)
class OptionWords:
    """`short` is for tabs and tables; `sections` are by heading id, "good" and "hard" being lists of points."""

    title: str
    short: str
    line: str
    sections: Mapping[str, str | tuple[str, ...]]

    def text(self, heading: str) -> str:
        """A section as one text, for reading aloud and for counting."""
        section = self.sections[heading]
        return section if isinstance(section, str) else " ".join(section)


@dataclass(frozen=True)
class OptionDeckWords(Words):
    """The words of an `OptionDeck`.

    `choice` asks the client, `advice` the keyworker; `carry_on` says where carrying on as now stands; `sureness` names
    the degrees 1 to 3; `update_policy`, `funding` and `signed_off` are said as the decision-aid standards (IPDAS) ask.
    """

    choice: str
    advice: str
    intro: str
    carry_on: str
    headings: Mapping[str, str]
    sureness: Mapping[int, str]
    options: Mapping[str, OptionWords]
    update_policy: str
    funding: str
    signed_off: str
