"""Passwords: argon2id, never on the event loop, never telling which address exists."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import monkey
from gevent.threadpool import ThreadPool

from portal.domain.accounts.rules import PASSWORD_MAXIMUM, normalise_password

T = TypeVar("T")

# 64 MiB per hash: two at a time bound what a crowd at the door can take.
AT_ONCE = 2
HASHER = PasswordHasher()
# The hash of a forgotten random word, so that an unknown address costs as much as a known one.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$lTwEPhSeCue53vCu7hjC4A$7S9aZigmr46oDF5NLkE2nuXNgSEOMBkPxZXp3be3jTA"

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_turn = threading.BoundedSemaphore(AT_ONCE)
_pools: list[ThreadPool] = []


def make_hash(password: str) -> str:
    """The argon2id hash of a password, made in a thread of its own."""
    return _aside(lambda: HASHER.hash(normalise_password(password)))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; takes as long when there is no hash at all."""
    return _aside(lambda: _verify(password_hash, password))


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(password_hash)


def one_time_password() -> str:
    """Five groups of four easy characters: 100 bits to hand over on paper."""
    letters = [secrets.choice(_ALPHABET) for _ in range(20)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 20, 4))


def _verify(password_hash: str | None, password: str) -> bool:
    # What is too long to be anybody's password still costs one hash.
    known = password_hash is not None and len(password) <= PASSWORD_MAXIMUM
    words = normalise_password(password[:PASSWORD_MAXIMUM])
    try:
        HASHER.verify(password_hash if known and password_hash else NOBODY, words)
    except (VerificationError, InvalidHashError):
        return False
    return known


def _aside(work: Callable[[], T]) -> T:
    if monkey.is_module_patched("threading"):
        return _pool().apply(work)  # type: ignore[no-any-return]
    with _turn:
        return work()


def _pool() -> ThreadPool:
    if not _pools:
        _pools.append(ThreadPool(AT_ONCE))
    return _pools[0]
