"""Where the people of the demonstration stand, to choose whom to enter as."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account
from portal.domain.contracts.models import Contract
from portal.domain.organisations.models import Establishment
from portal.domain.participants.models import Participant, ParticipantRole, Seat
from portal.kernel.speech import joined, say
from portal.vocabulary import College, Group, Role


@dataclass(frozen=True, slots=True)
class PersonaView:
    """One persona in one contract; `establishment` is empty when there is none.

    `slug` stands in the address of its door; `persona` presents it in a few words.
    """

    slug: str
    persona: str
    group: Group
    establishment: str
    contract: str
    director: bool

    @property
    def college(self) -> College:
        """The college, which draws the strand of the card."""
        return self.group.college

    @property
    def label(self) -> str:
        """Who this is, in a few words."""
        function = say("Direction du contrat") if self.director else self.group.one
        return joined([part for part in (function, self.establishment) if part], ", ")


def personas(session: Session) -> list[PersonaView]:
    """The people to enter as, each once, under the first of their contracts, in the order of the colleges."""
    directs = exists().where(
        ParticipantRole.participant_id == Participant.id,
        ParticipantRole.role == Role.DIRECTOR,
        ParticipantRole.ended_at.is_(None),
    )
    query = (
        select(Account.email, Account.persona, Participant.group, Establishment.name, Contract.title, directs)
        .join(Seat, Seat.account_id == Account.id)
        .join(Participant, Participant.id == Seat.participant_id)
        .join(Contract, Contract.id == Participant.contract_id)
        .outerjoin(Establishment, Establishment.id == Participant.establishment_id)
        .where(Account.persona.is_not(None), Account.disabled_at.is_(None), Participant.left_at.is_(None))
        .order_by(Contract.created_at, Contract.title, Account.persona)
    )
    first: dict[str, PersonaView] = {}
    for email, persona, group, place, contract, director in session.execute(query):
        slug = email.partition("@")[0]
        first.setdefault(
            email, PersonaView(slug, persona or "", group, place or "", contract, director=director)
        )
    return sorted(first.values(), key=lambda view: list(Group).index(view.group))


def by_contract(views: list[PersonaView]) -> dict[str, list[PersonaView]]:
    """The same, under the title of their contract; the contract with most people first."""
    titles = sorted({view.contract for view in views}, key=lambda t: -sum(v.contract == t for v in views))
    return {title: [view for view in views if view.contract == title] for title in titles}
