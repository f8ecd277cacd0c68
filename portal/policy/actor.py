"""Who asks: a frozen copy, safe to keep in a socket, testable without a database."""

from __future__ import annotations

from dataclasses import dataclass

from portal.vocabulary import Group, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """An active participant of one contract, with the roles held at this instant."""

    participant_id: str
    contract_id: str
    group: Group
    establishment_id: str | None
    roles: frozenset[Role]
