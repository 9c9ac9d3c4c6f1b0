"""What was frozen and printed is what its hash says, or it is not shown, signed or printed."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from decisionaid.core.plan import text_hash
from decisionaid.storage.models import Printout, Signature, Signing


class PlanAltered(Exception):
    """What is held of a frozen plan is not what was frozen, signed or printed: it was changed past the program."""


def check_text(db: Session, signing: Signing) -> None:
    """See that the text is the one that was frozen, and the one that each signature was given for.

    Raises:
        PlanAltered: the text, its language, its version, the digest of its decks or one of the hashes was changed.
    """
    held = text_hash(signing.text, signing.language, signing.version, signing.deck_digest)
    of_version = (Signature.service_id == signing.service_id, Signature.signing_id == signing.id)
    signed = db.scalars(select(Signature.text_hash).where(*of_version))
    if {signing.text_hash, *signed} != {held}:
        raise PlanAltered


def check_paper(printout: Printout) -> None:
    """See that the PDF is the one that was kept.

    Raises:
        PlanAltered: a byte of it, or its hash, was changed.
    """
    if paper_hash(printout.pdf) != printout.pdf_hash:
        raise PlanAltered


def paper_hash(pdf: bytes) -> str:
    """What a kept PDF is known by again: SHA-256 (hex) over its bytes."""
    return hashlib.sha256(pdf).hexdigest()
