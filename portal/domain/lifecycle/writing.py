"""What every verb of this noun shares: the right asked first, all that is wrong said at once, one line of the journal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal.domain.contracts.models import Contract
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.domain.lifecycle import rules
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.lines import check_line, check_reason
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from portal.policy.actor import Actor

MAX_REASON = 600
MOVED_ON = say("Quelqu’un vient de l’écrire autrement. Voici ce qui est enregistré.")
# Beyond, on both sides of a contract, a day is taken for a slip of the year.
A_YEAR = timedelta(days=366)
NO_DAY = say("Écrivez une date, par exemple 31/12/2027.")


def begin(
    session: Session, person: Actor, contract_id: str, permission: Permission = Permission.LIFE_WRITE
) -> Contract:
    """The contract, once the right is there. Errors: RefusedError."""
    permits.require(person, permission, ContractTarget(contract_id))
    return session.get_one(Contract, contract_id, populate_existing=True)


def require_seen(seen: int, version: int, sentence: Sentence = MOVED_ON) -> None:
    """Errors: StaleError when what was on the screen is not what is there any more."""
    if seen != version:
        raise StaleError(sentence, seen=seen, current=version)


def tell(
    session: Session, person: Actor, contract_id: str, kind: FactKind, about: str, *content: object
) -> None:
    """Write the line of the journal, after the rows; its seal covers `content`."""
    session.flush()
    words = "\n".join(str(one) for one in content if one is not None)
    journal.append(
        session,
        Fact(
            kind,
            contract_id,
            about,
            group=person.group,
            participant_id=person.participant_id,
            content=words,
        ),
    )


class Fields:
    """What was typed, checked field by field; `done` raises all that is wrong at once."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def wrong(self, field: str, sentence: Sentence | None) -> None:
        """Say what is wrong with a field; None says nothing."""
        if sentence is not None:
            self.errors.setdefault(field, []).append(sentence)

    def line(self, field: str, typed: str, maximum: int, *, optional: bool = False) -> str:
        """One line of words."""
        return self._kept(lambda: check_line(typed, field, maximum, optional=optional))

    def reason(self, field: str, typed: str, maximum: int = MAX_REASON, *, optional: bool = False) -> str:
        """One line that tells something to those who read it."""
        return self._kept(lambda: check_reason(typed, field, maximum, optional=optional))

    def words(self, take: Callable[[], str]) -> str:
        """Words that `take` checks by itself."""
        return self._kept(take)

    def day(self, field: str, day: date | None, *, today: date | None = None, owed: bool = False) -> None:
        """A day: not too far, already there when `today` is given, not missing when it is owed."""
        self.wrong(field, NO_DAY if owed and day is None else rules.day_problem(day, today=today))

    def order(self, first: date | None, second: date | None, field: str, sentence: Sentence) -> None:
        """Two days of which the second does not come before the first."""
        if first is not None and second is not None and second < first:
            self.wrong(field, sentence)

    def done(self) -> None:
        """Errors: InvalidError with everything that is wrong."""
        if self.errors:
            raise InvalidError(self.errors)

    def _kept(self, take: Callable[[], str]) -> str:
        try:
            return take()
        except InvalidError as error:
            for field, sentences in error.errors.items():
                self.errors.setdefault(field, []).extend(sentences)
            return ""
