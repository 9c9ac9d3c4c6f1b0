"""How the client's cards were done, where it gives reason to ask: shown to both, never in the way, never printed."""

from dataclasses import dataclass

from decisionaid.core.pace import is_quick
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Round
from decisionaid.storage.sorts import LoadedSort
from decisionaid.web.request import db


@dataclass(frozen=True)
class LookAgain:
    """`quick`: the cards were answered faster than they are read; `from_desk`: in the browser of a keyworker's desk."""

    quick: bool
    from_desk: bool

    def __bool__(self) -> bool:
        return self.quick or self.from_desk


def look_again(round_: Round, client: LoadedSort) -> LookAgain:
    """Whether to ask the two if they would like to look again."""
    answered = (card.answered_at for card in client.cards.values() if card.answered_at)
    given = queries_plan.handovers(db(), round_)
    return LookAgain(is_quick(answered), any(handover.from_desk for handover, _name in given))
