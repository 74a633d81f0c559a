"""Hashing of passwords with Argon2id; knows no database and no Flask."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, 2 passes, 1 lane.
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, with its parameters and salt inside."""
    return _hasher.hash(_normal(password))


def is_password(password: str, hashed: str | None) -> bool:
    """Tell whether a password is the hashed one; without a hash it takes as long and says no."""
    try:
        _hasher.verify(hashed or _nobodys_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def is_outdated(hashed: str) -> bool:
    """Tell whether a hash was made with other parameters than those of today."""
    return _hasher.check_needs_rehash(hashed)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("somebody who does not exist")


def _normal(password: str) -> str:
    """Return the form in which all keyboards write the same letters: some send ñ as n and tilde."""
    return unicodedata.normalize("NFKC", password)
