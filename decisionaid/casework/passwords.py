"""Passwords and PINs: argon2id with the 19 MiB profile (OWASP, 2023), one check taking some 19 ms whether or not
the login exists."""

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


def new_password() -> str:
    """A first password to be changed at once: 16 letters, 95 bits."""
    return secrets.token_urlsafe(12)
