"""The client's own device: the desk shows a code, the device gives it, both compare two words, the keyworker says yes.

Nothing readable is stored. What the desk shows is worked out from the desk's own cookie, so that it can be shown again;
the record holds hashes, each good for one use. A typed code has 39 bits and is throttled; what a scan brings has 128.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from decisionaid.casework import history, seats, tries
from decisionaid.core.clock import SLACK, is_over
from decisionaid.storage.models import Client, Handover, Pairing, Round, Staff
from decisionaid.storage.models.access import PairingStep
from decisionaid.storage.models.sorts import Device

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty, without those that are taken for another: 0 and O, 1, I and L, U and V."""

LENGTH = 8
TOKEN_BYTES = 16
WORDS = 32
"""How many words there are to choose the two from."""

LASTS = timedelta(minutes=10)
"""How long a code can be used; and then, how long each next step may take."""

GUESSES_IN_ALL = 60
"""Wrong codes within the window, from everywhere together. One address has as many as one that signs in."""


class TooManyGuesses(tries.TooManyTries):
    """Codes were guessed too often; what a scan brings still gets in."""


class PairingOver(Exception):
    """What the keyworker answers to is not there any more: it is late, or another code was shown since."""


@dataclass(frozen=True)
class Offer:
    """What the desk shows: a code to type, and a token inside the picture to scan."""

    code: str
    token: str


def offer(desk_token: str, pairing_id: str) -> Offer:
    """The code and the token of a pairing, from the cookie of the desk that opened it."""
    digits, number = [], int.from_bytes(_derived(desk_token, f"code:{pairing_id}"))
    for _ in range(LENGTH):
        number, digit = divmod(number, len(LETTERS))
        digits.append(LETTERS[digit])
    token = _derived(desk_token, f"token:{pairing_id}")[:TOKEN_BYTES]
    return Offer("".join(digits), base64.urlsafe_b64encode(token).decode().rstrip("="))


def begin(db: Session, round_: Round, by: Staff, *, desk_token: str, address: str, now: datetime) -> Pairing:
    """Show a new code for this round; the one shown before is dead, and what is long over is cleared away."""
    long_over = or_(Pairing.until < now - seats.LONGEST, Pairing.until > now + seats.LONGEST)
    over = or_(Pairing.round_id == round_.id, long_over)
    db.execute(delete(Pairing).where(Pairing.service_id == round_.service_id, over))
    pairing_id = secrets.token_urlsafe(TOKEN_BYTES)
    shown = offer(desk_token, pairing_id)
    pairing = Pairing(
        service_id=round_.service_id,
        id=pairing_id,
        round_id=round_.id,
        by_id=by.id,
        step=PairingStep.OFFERED,
        desk_address=_hash(address),
        code_hash=_hash(shown.code),
        token_hash=_hash(shown.token),
        until=now + LASTS,
    )
    db.add(pairing)
    return pairing


def of_round(db: Session, round_: Round, now: datetime) -> Pairing | None:
    """The round's pairing, if one is under way or has led to a seat."""
    found = db.scalar(select(Pairing).filter_by(service_id=round_.service_id, round_id=round_.id))
    if found is None or found.step is PairingStep.ENDED:
        return None
    return found if found.step is PairingStep.CONNECTED or not is_over(found.until, LASTS, now) else None


def shows(pairing: Pairing, desk_token: str) -> Offer | None:
    """What the desk shows; None where another desk has opened it, or this one has been locked since."""
    shown = offer(desk_token, pairing.id)
    return shown if _hash(shown.code) == pairing.code_hash else None


def check_guesses(db: Session, service_id: str, address: str, now: datetime) -> None:
    """Raise TooManyGuesses where codes were guessed too often from this address, or in all.

    Whoever types at the address of a desk that is showing a code is not held up by what others do elsewhere.
    """
    try:
        tries.check(db, service_id, [_here(address)], now)
        if not _is_at_a_desk(db, service_id, address, now):
            tries.check(db, service_id, [EVERYWHERE], now, GUESSES_IN_ALL)
    except tries.TooManyTries as error:
        raise TooManyGuesses from error


def count_guess(db: Session, service_id: str, address: str, now: datetime) -> None:
    """Count a code that was not one."""
    tries.count(db, service_id, [_here(address), EVERYWHERE], now)


def claim_by_code(db: Session, service_id: str, code: str, now: datetime, *, from_desk: bool) -> str | None:
    """Use a typed code up. Returns the device's cookie, or None for a wrong, used or late one alike."""
    return _claim(_offered(db, service_id, now, code_hash=_hash(code)), now, from_desk=from_desk)


def claim_by_token(db: Session, service_id: str, token: str, now: datetime, *, from_desk: bool) -> str | None:
    """The same for what a scan brought."""
    return _claim(_offered(db, service_id, now, token_hash=_hash(token)), now, from_desk=from_desk)


def waiting(db: Session, service_id: str, device: str, now: datetime) -> Pairing | None:
    """The pairing in which the device with this cookie waits, or may go on; None once it is over."""
    found = db.scalar(_of_device(service_id, device))
    is_on = found is not None and not is_over(found.until, LASTS, now) and found.step in _UNDER_WAY
    return found if is_on else None


def answer(db: Session, round_: Round, pairing_id: str, *, same: bool, now: datetime) -> None:
    """The keyworker has looked at the device: the same two words, and it may go on; or not, and nothing works any more.

    Raises:
        PairingOver: there is no device waiting under this id.
    """
    pairing = of_round(db, round_, now)
    if pairing is None or pairing.id != pairing_id or pairing.step is not PairingStep.CLAIMED:
        raise PairingOver
    pairing.step = PairingStep.AGREED if same else PairingStep.ENDED
    pairing.until = now + LASTS


def connect(db: Session, service_id: str, device: str, now: datetime, *, from_desk: bool) -> str | None:
    """Open the client's seat on the device, once; None where nobody has said yes, or the round is over for them."""
    pairing = db.scalar(_of_device(service_id, device).with_for_update())
    if pairing is None or pairing.step is not PairingStep.AGREED or is_over(pairing.until, LASTS, now):
        return None
    round_ = db.get_one(Round, (service_id, pairing.round_id))
    client = db.get_one(Client, (service_id, round_.client_id))
    if round_.closed_at is not None or client.keyworker_id != pairing.by_id:
        return None
    pairing.step, pairing.device_hash = PairingStep.CONNECTED, None
    given = Handover(service_id=service_id, round_id=round_.id, by_id=pairing.by_id, at=now)
    given.device, given.from_desk = Device.OWN, pairing.from_desk or from_desk
    db.add(given)
    history.of_round(db, round_, actor=pairing.by_id, verb="device_connected", at=now)
    return seats.open_own_device(db, round_, pairing.by_id, now)


EVERYWHERE = "codes"
_UNDER_WAY = (PairingStep.CLAIMED, PairingStep.AGREED)


def _of_device(service_id: str, device: str) -> Select[Pairing]:
    return select(Pairing).filter_by(service_id=service_id, device_hash=_hash(device))


def _claim(pairing: Pairing | None, now: datetime, *, from_desk: bool) -> str | None:
    if pairing is None:
        return None
    device = secrets.token_urlsafe(32)
    pairing.step, pairing.until = PairingStep.CLAIMED, now + LASTS
    pairing.code_hash = pairing.token_hash = None
    pairing.device_hash, pairing.from_desk = _hash(device), from_desk
    pairing.first_word, pairing.second_word = secrets.SystemRandom().sample(range(WORDS), 2)
    return device


def _offered(db: Session, service_id: str, now: datetime, **sought: str) -> Pairing | None:
    found = db.scalar(select(Pairing).filter_by(service_id=service_id, **sought).with_for_update())
    is_on = found is not None and found.step is PairingStep.OFFERED and not is_over(found.until, LASTS, now)
    return found if is_on else None


def _is_at_a_desk(db: Session, service_id: str, address: str, now: datetime) -> bool:
    shown = {"service_id": service_id, "step": PairingStep.OFFERED, "desk_address": _hash(address)}
    is_on = (Pairing.until > now) & (Pairing.until <= now + LASTS + SLACK)
    return db.scalar(select(Pairing.id).filter_by(**shown).where(is_on).limit(1)) is not None


def _here(address: str) -> str:
    return f"codes from {address}"


def _derived(key: str, use: str) -> bytes:
    return hmac.digest(key.encode(), use.encode(), "sha256")


def _hash(secret: str) -> str:
    return hashlib.sha256(b"pairing:" + secret.encode()).hexdigest()
