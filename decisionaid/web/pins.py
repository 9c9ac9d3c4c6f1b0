"""The keyworker’s PIN: it takes a tablet back, unlocks a desk, and confirms one act beside the client."""

from wtforms import Field

from decisionaid import i18n
from decisionaid.casework import passwords, seats
from decisionaid.i18n import ngettext
from decisionaid.storage.models import Staff
from decisionaid.web.forms import complain
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


def confirm(field: Field) -> bool:
    """Whether the PIN in this field is the keyworker's, for one act in a seat that stays. A wrong one is named at the
    field."""
    left = tries_left(str(field.data))
    if left is None:
        seats.forget_tries(db(), seat())
    elif left:
        said = ngettext(
            "That PIN does not match. %(left)s try left.", "That PIN does not match. %(left)s tries left.", left
        )
        complain(field, said % {"left": left})
    else:
        complain(field, i18n.gettext("The PIN was wrong five times. Sign in with your password first"))
    return left is None
