"""The records: facts, each with its service, its author and its time. `service_id` leads every key."""

from decisionaid.storage.models.access import KnownBrowser, Pairing, SeatRow, Throttle
from decisionaid.storage.models.case import Client, Confirmation, Erasure, History, Round
from decisionaid.storage.models.decks import DeckRecord
from decisionaid.storage.models.drafts import FormDraft, Withheld
from decisionaid.storage.models.negotiation import Settlement
from decisionaid.storage.models.plans import (
    Action,
    AgreedGoal,
    Plan,
    PlanText,
    Printout,
    QuestionAnswer,
    Risk,
    Signature,
    Signing,
)
from decisionaid.storage.models.presses import PressRecord
from decisionaid.storage.models.safety import SafetyResponse, SafetyTold
from decisionaid.storage.models.service import CrisisLine, Nation, Role, Service, ServiceText, Staff
from decisionaid.storage.models.sorts import (
    GoalProgress,
    Handover,
    OperationRecord,
    OptionChoice,
    OptionView,
    OwnCard,
    Question,
    ReadingRecord,
    SafetyReply,
    SortCard,
    SortRecord,
)

__all__ = [
    "Action",
    "AgreedGoal",
    "Client",
    "Confirmation",
    "CrisisLine",
    "DeckRecord",
    "Erasure",
    "FormDraft",
    "GoalProgress",
    "Handover",
    "History",
    "KnownBrowser",
    "Nation",
    "OperationRecord",
    "OptionChoice",
    "OptionView",
    "OwnCard",
    "Pairing",
    "Plan",
    "PlanText",
    "PressRecord",
    "Printout",
    "Question",
    "QuestionAnswer",
    "ReadingRecord",
    "Risk",
    "Role",
    "Round",
    "SafetyReply",
    "SafetyResponse",
    "SafetyTold",
    "SeatRow",
    "Service",
    "ServiceText",
    "Settlement",
    "Signature",
    "Signing",
    "SortCard",
    "SortRecord",
    "Staff",
    "Throttle",
    "Withheld",
]
