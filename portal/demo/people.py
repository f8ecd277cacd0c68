"""Brings fictional people into a contract: an account, a membership, roles."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.accounts import service as accounts
from portal.domain.contracts import parties
from portal.domain.participants import queries as participants
from portal.domain.participants import service as members
from portal.kernel.errors import NotFoundError
from portal.vocabulary import Group, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration; `key` names them inside the data files only."""

    key: str
    name: str
    actor: Actor
    persona: bool


def bring(
    session: Session,
    contract_id: str,
    places: Mapping[str, str],
    tables: Iterable[Mapping[str, Any]],
    at: datetime,
) -> dict[str, Person]:
    """Make every person of the tables a member since `at`; returns them by key."""
    return {
        entry["cle"]: _bring_one(session, contract_id, places, entry, table["domaine"], at)
        for table in tables
        for entry in table["personnes"]
    }


def _bring_one(
    session: Session,
    contract_id: str,
    places: Mapping[str, str],
    entry: Mapping[str, Any],
    domain: str,
    at: datetime,
) -> Person:
    # No password: a persona comes in through « Entrer comme… », the others do not come in at all.
    account = accounts.create_account(
        session, f"{entry['cle']}@{domain}", entry["nom"], None, entry.get("persona")
    )
    key = entry.get("etablissement")
    member = members.add_member(
        session,
        contract_id,
        word(Group, entry["groupe"]),
        places[key] if key else None,
        account_id=account.id,
        at=at,
        authority_id=_authority(session, contract_id, entry.get("autorite")),
    )
    for role in entry.get("roles", ()):
        members.give_role(session, member.id, word(Role, role))
    actor = participants.actor_of(session, member.id)
    if actor is None:
        raise NotFoundError(entry["nom"])
    return Person(entry["cle"], account.name, actor, persona=account.persona is not None)


def _authority(session: Session, contract_id: str, kind: str | None) -> str | None:
    """The authority of the contract that is of this kind, for who acts for it."""
    found = parties.authorities(session, contract_id)
    return next((key for key, known in found.items() if known is not None and known.value == kind), None)


def shuffled(people: Iterable[Person], salt: str) -> Sequence[Person]:
    """The same people in an order that looks random and is the same at every seeding."""
    return sorted(people, key=lambda person: hashlib.sha256(f"{salt} {person.key}".encode()).digest())
