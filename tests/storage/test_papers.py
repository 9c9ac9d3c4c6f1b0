"""A paper that was kept before papers had a hash is given one."""

import hashlib

from decisionaid.casework import signing
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.models import Printout, Signing
from tests.builders import a_case
from tests.casework.plans import complete


def test_a_paper_that_was_kept_before_is_given_its_hash(database: Database) -> None:
    case = a_case(database, own_clock=True).sorted_by_both().confirmed()
    complete(case)
    with database.writing() as db:
        signing.keep_paper(db, db.query(Signing).one(), b"%PDF as it was", case.later())
    schema.downgrade(database, "0009")
    schema.upgrade(database)
    with database.reading() as db:
        kept = db.query(Printout).one()
        assert (kept.pdf, kept.pdf_hash) == (b"%PDF as it was", hashlib.sha256(b"%PDF as it was").hexdigest())
