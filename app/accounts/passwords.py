"""Passwords: hashed and checked in a thread that gives way to everybody else's pages."""

import os
import secrets
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

Found = TypeVar("Found")
Cost = tuple[int, int]
"""argon2id's memory in KiB and its rounds."""

NO_PASSWORD = "-"  # noqa: S105 nobody's: it is no hash
NICE = 10
MOST_WAITING = 3
"""A worker has four threads: one at least goes on giving out pages."""

places = threading.BoundedSemaphore(MOST_WAITING)


class BusyError(RuntimeError):
    """Too many passwords are being checked at this moment."""


@cache
def hasher(memory_kib: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)


@cache
def dummy_hash(memory_kib: int, rounds: int) -> str:
    """A hash that nobody's password has, so that an unknown address costs the same time (S-11)."""
    return hasher(memory_kib, rounds).hash(secrets.token_hex(16))


def prepared(password: str) -> str:
    """NFKC, so that the same typed text is the same password on every device."""
    return unicodedata.normalize("NFKC", password)


def step_back() -> None:
    """Linux knows a priority for each thread: this one's work waits for all others' (S-68)."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


@cache
def thread(process: int) -> ThreadPoolExecutor:
    """The one thread of a process that hashes."""
    return ThreadPoolExecutor(1, "passwords", initializer=step_back)


def aside(work: Callable[[], Found]) -> Found:
    """Do some work in the hashing thread; raises BusyError when others wait there already."""
    if not places.acquire(blocking=False):
        raise BusyError
    try:
        return thread(os.getpid()).submit(work).result()
    finally:
        places.release()


def hashed(password: str, cost: Cost) -> str:
    """A new hash of a password; raises BusyError."""
    return aside(lambda: hasher(*cost).hash(prepared(password)))


def is_right(known: str | None, password: str, cost: Cost) -> bool:
    """Whether a hash is of this password; as slow without a hash, and then never (BusyError)."""
    there = known if known and known != NO_PASSWORD else None

    def check() -> bool:
        try:
            return hasher(*cost).verify(there or dummy_hash(*cost), prepared(password))
        except VerificationError:
            return False

    return aside(check) and there is not None


def is_old(known: str, cost: Cost) -> bool:
    """Whether a hash was made at another cost and should be made anew (S-10)."""
    return hasher(*cost).check_needs_rehash(known)
