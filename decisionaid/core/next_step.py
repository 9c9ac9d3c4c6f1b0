"""What happens next for a client, as far as their keyworker may know."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The one next thing to do."""

    OPEN_FIRST = "open_first"
    OWN_CARDS = "own_cards"
    CLIENT_CARDS = "client_cards"
    COMPARE = "compare"
    TALK = "talk"
    SIGN = "sign"
    NOT_SIGNED = "not_signed"
    SEE_PLAN = "see_plan"
    OPEN_REVIEW = "open_review"
    CHECK_IN = "check_in"


class Turn(StrEnum):
    """Whose turn it is."""

    KEYWORKER = "keyworker"
    CLIENT = "client"
    BOTH = "both"
    NOBODY = "nobody"


class Group(StrEnum):
    """The parts of a caseload, in the order in which they stand."""

    FOR_YOU = "for_you"
    FOR_CLIENT = "for_client"
    UNDER_WAY = "under_way"


@dataclass(frozen=True)
class Known:
    """What a keyworker may know of a client's way.

    `declined`: the newest version was not signed by both. `check_in_waits`: the first check-in has come, and nobody
    has looked at the plan since. `client_finished` is None while the keyworker has not
    finished: until then they learn nothing of the client's sort.

    Raises:
        ValueError: it says more than that.
    """

    round_open: bool = False
    own_finished: bool = False
    client_finished: bool | None = None
    confirmed: bool = False
    awaits_signatures: bool = False
    plan_agreed: bool = False
    declined: bool = False
    review_has_come: bool = False
    check_in_waits: bool = False

    def __post_init__(self) -> None:
        if self.client_finished is not None and not self.own_finished:
            raise ValueError("nothing is known of the client's sort before the keyworker's own is finished")


TURNS = {
    Step.OPEN_FIRST: Turn.KEYWORKER,
    Step.OWN_CARDS: Turn.KEYWORKER,
    Step.CLIENT_CARDS: Turn.CLIENT,
    Step.COMPARE: Turn.BOTH,
    Step.TALK: Turn.BOTH,
    Step.SIGN: Turn.BOTH,
    Step.NOT_SIGNED: Turn.BOTH,
    Step.SEE_PLAN: Turn.NOBODY,
    Step.OPEN_REVIEW: Turn.BOTH,
    Step.CHECK_IN: Turn.BOTH,
}
GROUPS = {
    Turn.KEYWORKER: Group.FOR_YOU,
    Turn.BOTH: Group.FOR_YOU,
    Turn.CLIENT: Group.FOR_CLIENT,
    Turn.NOBODY: Group.UNDER_WAY,
}


def next_step(known: Known) -> Step:
    """The next thing to do for this client."""
    if known.awaits_signatures:
        return Step.SIGN
    if not known.round_open:
        return _between_rounds(known)
    if not known.own_finished:
        return Step.OWN_CARDS
    if not known.client_finished:
        return Step.CLIENT_CARDS
    return Step.TALK if known.confirmed else Step.COMPARE


def _between_rounds(known: Known) -> Step:
    if not known.plan_agreed:
        return Step.OPEN_FIRST
    if known.review_has_come:
        return Step.OPEN_REVIEW
    if known.declined:
        return Step.NOT_SIGNED
    return Step.CHECK_IN if known.check_in_waits else Step.SEE_PLAN
