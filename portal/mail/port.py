"""The port through which letters leave the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from portal.domain.notifications.mails import Outcome


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one person; `stop_url` ends these letters in one click (RFC 8058)."""

    id: str
    to: str
    language: str
    subject: str
    text: str
    html: str
    stop_url: str


class Post(Protocol):
    """What carries letters. It may take its time: call it outside any unit of work."""

    def send(self, letter: Letter) -> Outcome:
        """Carry one letter and say what became of it; raises nothing that the network does."""
        ...
