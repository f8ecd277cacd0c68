"""What the operator sees of e-mails: numbers, failures and doubts; no address, no person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.domain.figures import queries as figures
from portal.domain.notifications import mails
from portal.kernel.dates import day_label
from portal.kernel.speech import NO_BREAK
from portal.vocabulary import MailState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def report(session: Session) -> list[str]:
    """One line for each state, then one for each e-mail that failed or perhaps arrived."""
    numbers = figures.mails(session)
    lines = [f"{state.label}{NO_BREAK}: {numbers.get(state.value, 0)}" for state in MailState]
    troubled = mails.troubled(session)
    if troubled:
        lines += [
            "",
            "À regarder. Pour remettre le contenu de l’un d’eux dans le prochain courriel de la personne,",
            "au plus tôt demain matin, lancez la même commande avec --renvoyer et son numéro.",
        ]
    lines += [
        f"{one.id}  {day_label(one.day)}  {one.state.label}  {_attempts(one.attempts)}  {one.error}"
        for one in troubled
    ]
    return lines


def _attempts(number: int) -> str:
    return f"{number} essai{'s' if number > 1 else ''}"
