"""A service's own deck of cards beside ours: a few of our cards and one of its own, in English and Welsh, without
pictures and without easy words."""

import json
from pathlib import Path
from typing import Any

from decisionaid import packaged
from decisionaid.storage.decks import CARD_DECK, Decks, load_decks

OWN, TITLE, TITLE_CY = "after-release", "The first weeks outside", "Yr wythnosau cyntaf y tu allan"
SHARED = ("accommodation", "drinking", "friends", "money", "self-care", "mental-health", "daytime")
NEW, NEW_TITLE = "licence", "Keeping to my licence"
CARDS = (*SHARED, NEW)
SPARE, SPARE_TITLE = "curfew", "Living with a curfew"


def add_own(folder: Path) -> Path:
    """Put the deck of the service's own into this folder. Returns the folder."""
    ours, own = packaged("questionnaires") / CARD_DECK, folder / OWN
    own.mkdir(parents=True)
    structure = json.loads((ours / f"{CARD_DECK}.json").read_text("utf-8"))
    cards = {card["id"]: card for card in structure["cards"]} | {
        NEW: {"id": NEW, "domain": NEW},
        SPARE: {"id": SPARE, "domain": SPARE, "spare": True},
    }
    structure |= {"id": OWN, "version": 1, "cards": [_bare(cards[id]) for id in (*CARDS, SPARE)]}
    _write(own / f"{OWN}.json", structure)
    for language, title in (("en", TITLE), ("cy", TITLE_CY)):
        words = json.loads((ours / f"{language}.json").read_text("utf-8"))
        words["title"] = title
        for id, called in ((NEW, NEW_TITLE), (SPARE, SPARE_TITLE)):
            words["cards"][id] = {**words["cards"]["food"], "title": called}
        words["cards"] = {id: words["cards"][id] for id in (*CARDS, SPARE)}
        _write(own / f"{language}.json", words)
    return folder


def with_own(folder: Path) -> Decks:
    """Our decks and this one, which is put into the folder first."""
    return load_decks(packaged("questionnaires"), own=add_own(folder))


def _bare(card: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in card.items() if field != "pictures"}


def _write(file: Path, held: dict[str, Any]) -> None:
    file.write_text(json.dumps(held, ensure_ascii=False), "utf-8")
