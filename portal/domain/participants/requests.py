"""What one side of a contract asks and the other decides: more time for a duty, another level."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.participants.queries import function_of
from portal.kernel import clock
from portal.kernel.columns import UtcDateTime, Word, moment
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.vocabulary import RequestState

# What is decided for a request when its space closes first.
ENDED = say("L’espace d’échange a été clos avant qu’une décision soit prise.")


class Request:
    """Who asked, who decided, when and why; nothing changes until it is decided."""

    reason: Mapped[str] = mapped_column(Text)
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
    state: Mapped[RequestState] = mapped_column(Word(RequestState), default=RequestState.ASKED)
    decided_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    decided_function: Mapped[str] = mapped_column(String(120), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    def decide(self, person: Actor, state: RequestState, reason: str) -> None:
        """Write down who decided what, now."""
        self.state = state
        self.decided_by, self.decided_function = person.participant_id, function_of(person)
        self.decided_at, self.decision_reason = clock.now(), reason
