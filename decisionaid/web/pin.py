"""The keyworker's PIN, asked for one act while the client sits beside them."""

from wtforms import Field

from decisionaid import i18n
from decisionaid.casework import passwords, seats
from decisionaid.i18n import ngettext
from decisionaid.storage.models import Staff
from decisionaid.web.forms import complain
from decisionaid.web.request import commit, db, looking, seat


def confirm(field: Field) -> bool:
    """Whether the PIN in this field is the keyworker's. A wrong one is counted, and named at the field.

    Raises:
        TooManyTries: guesses sent at the same moment have used up the tries.
    """
    if seat().pin_spent:
        complain(field, i18n.gettext("The PIN was wrong five times. Sign in with your password first"))
        return False
    with looking() as quick:  # checked outside the request's own transaction, as the check is slow on purpose
        kept = quick.get_one(Staff, (seat().service_id, seat().staff_id)).pin_hash
    if passwords.matches(kept, str(field.data)):
        seats.right_pin(db(), seat())
        return True
    left = seats.wrong_pin(db(), seat())
    commit()  # the count is kept, though the press is refused
    said = ngettext("This is not the PIN. %(left)s more try.", "This is not the PIN. %(left)s more tries.", left)
    complain(field, said % {"left": left})
    return False
