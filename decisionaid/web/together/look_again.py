"""How the client's cards were done, where there is something to say or to ask: shown to both, never in the way."""

from dataclasses import dataclass

from decisionaid.core.pace import is_quick
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Handover, Round
from decisionaid.storage.models.sorts import Device
from decisionaid.storage.sorts import LoadedSort
from decisionaid.web.request import db


@dataclass(frozen=True)
class LookAgain:
    """`quick`: the cards were answered faster than they are read; `from_desk`: in the browser of a keyworker's desk.
    Neither is ever printed. `typed_in`: from paper, each time with a name, which the plan says too.
    """

    quick: bool
    from_desk: bool
    typed_in: tuple[tuple[Handover, str], ...]

    def __bool__(self) -> bool:
        return self.quick or self.from_desk


def look_again(round_: Round, client: LoadedSort) -> LookAgain:
    """Whether to ask the two if they would like to look again. Typing is no reading, so its pace asks nothing."""
    answered = (card.answered_at for card in client.cards.values() if card.answered_at)
    given = queries_plan.handovers(db(), round_)
    typed_in = tuple((handover, by) for handover, by in given if handover.device is Device.PAPER)
    from_desk = any(handover.from_desk for handover, _by in given)
    return LookAgain(is_quick(answered) and not typed_in, from_desk, typed_in)
