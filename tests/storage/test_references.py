"""Older databases learn that one reference is one; where two clients had it, both stay and it is said."""

import logging

import pytest
from sqlalchemy import text

from decisionaid.casework import people
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client
from tests.builders import NOW, Case, a_case

CLIENT = text(
    "INSERT INTO client (service_id, id, name, preferred_name, reference, second_identifier, sought, language,"
    " telephone, may_ring, may_text, may_leave_message, may_write, contact_note, keyworker_id, added_at) VALUES"
    " (:service, :reference, 'Łucja Hale', '', :reference, '', 'old', 'en', '01632 960117', 0, 0, 0, 0, '', :worker,"
    " :at)"
)


def older(database: Database, *references: str) -> Case:
    """A database of before, with clients of these references, added in this order."""
    case = a_case(database)
    schema.downgrade(database, "0007")
    with database.writing() as db:
        for number, reference in enumerate(references):
            given = {"service": case.service_id, "worker": case.keyworker_id, "reference": reference}
            db.execute(CLIENT, {**given, "at": f"2026-01-0{number + 1}T00:00:00.000000Z"})
    return case


def keys(database: Database) -> dict[str, str]:
    with database.reading() as db:
        return {client.reference: client.reference_key for client in db.query(Client)}


def test_old_clients_have_a_key_and_are_found_anew(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    older(database, "HL-1", "HL-2")
    schema.upgrade(database)
    assert keys(database) == {"RE-0522": "re0522", "HL-1": "hl1", "HL-2": "hl2"}
    with database.reading() as db:
        found = db.query(Client).filter_by(reference="HL-1").one()
        assert found.sought == "lucja hale hl 1 lucjahale hl1 1632960117"
    assert not caplog.records


def test_clients_with_one_reference_are_kept_and_named(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    case = older(database, "HL-1", "hl 1", "HL–1")
    with caplog.at_level(logging.WARNING):
        schema.upgrade(database)
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "Two clients have one reference: HL-1 and hl 1. Both are kept; change one.",
        "Two clients have one reference: HL-1 and HL–1. Both are kept; change one.",
    ]
    assert keys(database) == {"RE-0522": "re0522", "HL-1": "hl1", "hl 1": "hl1 hl 1", "HL–1": "hl1 HL–1"}
    with database.writing() as db:
        second = db.query(Client).filter_by(reference="hl 1").one()
        maya = case.keyworker(db)
        people.change_client(db, second, {"reference": "hl 1", "name": "Lu Hale"}, actor=maya, now=NOW)
        with pytest.raises(people.ReferenceTaken):
            people.add_client(db, maya, {"reference": "HL1", "name": "Jo", "language": "en"}, now=NOW)
        people.change_client(db, second, {"reference": "HL-9"}, actor=maya, now=NOW)
        assert (second.name, second.reference_key) == ("Lu Hale", "hl9")
