"""What takes a processor for long is done beside the loop: pages of others go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import gevent

T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """What the work gives, done in a thread. Errors: those of the work."""
    done: T = gevent.get_hub().threadpool.apply(work)
    return done
