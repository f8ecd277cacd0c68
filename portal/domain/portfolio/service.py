"""An authority writes who follows a contract there: a function and how to reach it, never a name that is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.domain.contracts import parties
from portal.domain.contracts.models import ContractAuthority
from portal.domain.facts import Fact, FactKind
from portal.domain.journal import service as journal
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_FUNCTION, MAX_CONTACT = 120, 200


@dataclass(frozen=True, slots=True)
class Referent:
    """Who follows a contract in one of its authorities; both empty takes it back."""

    organisation_id: str
    function: str
    contact: str
    version: int


def write(session: Session, person: Actor, contract_id: str, command: Referent) -> ContractAuthority:
    """Write who follows the contract in the authority that one acts for.

    Errors: RefusedError, for another authority too; StaleError when it is no authority of the contract, or when somebody wrote it
    meanwhile; InvalidError (`function`, `contact`).
    """
    permits.require(person, Permission.REFERENT_WRITE, ContractTarget(contract_id))
    row = session.get(ContractAuthority, (contract_id, command.organisation_id), with_for_update=True)
    if row is None:
        told = say("Cette autorité n’est pas, ou n’est plus, sur ce contrat. Voici ce qui est enregistré.")
        raise StaleError(told, seen=command.version, current=None)
    if parties.acts_for(session, person) != command.organisation_id:
        raise RefusedError(
            "role",
            say("Vous n’agissez pas pour cette autorité."),
            say("Ses propres agents écrivent qui suit le contrat chez elle."),
        )
    if row.version != command.version:
        raise StaleError(
            say("Quelqu’un vient d’écrire qui suit ce contrat. Voici ce qui est enregistré."),
            seen=command.version,
            current=row.version,
        )
    contact = check_line(command.contact, "contact", MAX_CONTACT, optional=True)
    function = check_line(command.function, "function", MAX_FUNCTION, optional=True)
    if contact and not function:
        raise InvalidError(
            {"function": [say("Écrivez la fonction de la personne, par exemple : chargée de CPOM.")]}
        )
    row.referent_function, row.referent_contact = function, contact
    row.version += 1
    session.flush()
    journal.append(
        session,
        Fact(
            FactKind.REFERENT_WRITTEN,
            contract_id,
            contract_id,
            group=person.group,
            participant_id=person.participant_id,
            content=function,
        ),
    )
    return row
