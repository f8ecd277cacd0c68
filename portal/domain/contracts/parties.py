"""For which authority an agent acts on a contract: the one that was told, or the only one that signs it."""

from __future__ import annotations

from sqlalchemy import CompoundSelect, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, ContractAuthority
from portal.domain.organisations.models import Organisation
from portal.domain.participants.models import Participant
from portal.policy.actor import Actor
from portal.vocabulary import AuthorityKind


def signatories(contract_id: str) -> CompoundSelect[str]:
    """What selects the ids of the parties: the organisation and the authorities that sign."""
    own = select(Contract.organisation_id).where(Contract.id == contract_id)
    signing = select(ContractAuthority.organisation_id).where(ContractAuthority.contract_id == contract_id)
    return own.union(signing)


def authorities(session: Session, contract_id: str) -> dict[str, AuthorityKind | None]:
    """The authorities of a contract, and which of the two each is."""
    query = (
        select(Organisation.id, Organisation.authority)
        .join(ContractAuthority, ContractAuthority.organisation_id == Organisation.id)
        .where(ContractAuthority.contract_id == contract_id)
    )
    return dict(session.execute(query).all())


def acts_for(session: Session, person: Actor) -> str | None:
    """The authority that a member acts for; None when nobody told which of several."""
    parties = authorities(session, person.contract_id)
    if len(parties) == 1:
        return next(iter(parties))
    member = session.get(Participant, person.participant_id)
    told = member.authority_id if member is not None else None
    return told if told in parties else None


def is_of(session: Session, person: Actor, wanted: AuthorityKind) -> bool:
    """Whether a member acts for this authority; nothing speaks against it where no authority is recorded."""
    parties = authorities(session, person.contract_id)
    return not parties or parties.get(acts_for(session, person) or "") is wanted
