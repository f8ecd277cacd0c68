"""Whom to speak to outside the portal, of oneself or of a danger: a function that was recorded, houses one can call."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contributions import rules
from portal.domain.contributions.models import Contribution
from portal.domain.moderation import settings
from portal.domain.organisations.queries import Place
from portal.vocabulary import ShownScope


@dataclass(frozen=True, slots=True)
class InPerson:
    """`contact` is empty when the direction recorded nobody; `houses` all have a telephone."""

    contact: str
    houses: tuple[Place, ...]


def whom(session: Session, contract_id: str, own: Place | None) -> InPerson:
    """Whom to speak to in a contract: one's own house, else those of the perimeter; two queries at most.

    Source: the settings of moderation and the establishments of the contract.
    """
    known, _version = settings.of(session, contract_id)
    houses = [own] if own is not None and own.phone else contracts.places(session, contract_id)
    return InPerson(known.personal_contact, tuple(one for one in houses if one.phone))


def houses_near(
    session: Session, row: Contribution, own: Place | None, *, kept: bool = False
) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The houses to call first about these words, then the others: the one that their label names, else one's own.

    A house without a telephone is passed over. A label that was folded gives no house away: where none is
    known, all come first. `kept`: who follows an alert, and still reads the words, still knows their house.
    Source: the establishments of the contract that have a telephone.
    """
    known = [one for one in contracts.places(session, row.contract_id) if one.phone]
    scope, _name = rules.stone_label(row.status, row.shown_scope, None)
    if kept:
        scope = row.shown_scope
    named = row.establishment_id if scope is ShownScope.ESTABLISHMENT else None
    near = (named, own.id if own is not None else None)
    first = next((one for wanted in near for one in known if one.id == wanted), None)
    if first is None:
        return tuple(known), ()
    return (first,), tuple(one for one in known if one is not first)
