"""What takes a processor for long is done beside the loop: pages of others go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import gevent

from portal.kernel.errors import InvalidError

T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """What the work gives, done in a thread. Errors: those of the work."""
    done, wrong = gevent.get_hub().threadpool.apply(_kept, (work,))
    if wrong is not None:
        raise wrong
    return done


def _kept(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    """What is wrong with a file is an answer: it is told to the person, not to the log of the threads."""
    try:
        return work(), None
    except (InvalidError, ValueError) as error:
        return None, error
