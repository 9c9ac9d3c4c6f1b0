"""Passwords and PINs: argon2id with the 19 MiB profile (OWASP, 2023), one check taking some 19 ms whether or not
the login exists."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe(16))


def hashed(secret: str) -> str:
    """What is kept of a password or PIN."""
    return _hasher.hash(secret)


def matches(kept: str | None, secret: str) -> bool:
    """Whether `secret` is the one kept; takes the same time where nothing is kept."""
    try:
        _hasher.verify(kept or _nobody, secret)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def edition(kept: str | None) -> str:
    """A name for the password that is kept, which tells nothing of it. Tries are counted under it, so that what was
    tried at an older password makes nobody wait at a new one."""
    return hashlib.sha256(b"edition:" + (kept or "").encode()).hexdigest()[:16]


def new_password() -> str:
    """A first password to be changed at once: 16 letters, 95 bits."""
    return secrets.token_urlsafe(12)
