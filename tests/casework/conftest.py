"""What the tests of casework begin with: a client at some point of the way."""

import pytest

from decisionaid.storage.database import Database
from tests.builders import Case, a_case


@pytest.fixture
def case(database: Database) -> Case:
    """A client on a caseload; no round is open."""
    return a_case(database)


@pytest.fixture
def agreed(case: Case) -> Case:
    """Both have sorted, and the client has said that the answers are what they chose."""
    return case.sorted_by_both().confirmed()
