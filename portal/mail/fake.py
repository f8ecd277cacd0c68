"""A post that keeps letters in memory, for tests."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from portal.domain.notifications.mails import Outcome
from portal.mail.port import Letter
from portal.vocabulary import MailState

SENT = Outcome(MailState.SENT)


class FakePost:
    """Keeps what it carried in `letters`; `outcomes` are given in turn, then all is well."""

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self.letters: list[Letter] = []
        self.outcomes = deque(outcomes)

    def send(self, letter: Letter) -> Outcome:
        """Keep the letter, and say what was planned."""
        outcome = self.outcomes.popleft() if self.outcomes else SENT
        if outcome.state in (MailState.SENT, MailState.DOUBTFUL):
            self.letters.append(letter)
        return outcome
