"""The PIN of whoever gave the seat: it takes a tablet back and opens a locked desk."""

from decisionaid.casework import passwords, seats
from decisionaid.storage.models import Staff
from decisionaid.web.request import commit, db, looking, seat


def tries_left(pin: str) -> int | None:
    """How many tries are left after this wrong PIN; None where it is the right one.

    A try is counted, for good, before the PIN is checked: of guesses that come at the same moment no more are checked
    than there are tries. The check is slow on purpose, so no writer waits for it.
    """
    left = seats.take_try(db(), seat())
    commit()
    if left is None:
        return 0
    with looking() as quick:
        kept = quick.get_one(Staff, (seat().service_id, seat().staff_id)).pin_hash
    return None if passwords.matches(kept, pin) else left
