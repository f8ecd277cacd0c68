"""From its signature on, a contract changes with its reason: people were promised what it says."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.kernel import reasons
from portal.kernel.speech import say
from portal.vocabulary import Stage

PROMISED = frozenset({Stage.SIGNATURE, Stage.EXECUTION, Stage.MIDTERM, Stage.FINAL})
OWED = say(
    "Le contrat est signé\u00a0: ses mots changent par un avenant. Dites lequel, ou quelle erreur vous corrigez."
)


def is_promised(stage: Stage, signed_on: date | None) -> bool:
    """Whether what is written was promised: the contract is signed, or at its signature and after."""
    return signed_on is not None or stage in PROMISED


def promised(session: Session, contract_id: str) -> bool:
    """The same of a contract as it stands."""
    contract = session.get_one(Contract, contract_id)
    return is_promised(contract.stage, contract.signed_on)


def require_reason(session: Session, contract_id: str, reason: str) -> None:
    """Words that were promised change with their reason. Errors: InvalidError (`reason`)."""
    if promised(session, contract_id):
        reasons.owed(reason, "reason", OWED)
