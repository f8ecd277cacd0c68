"""What notices are about, as rights see it: read in bulk, decided at this instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission, Subject
from portal.policy.targets import ContractTarget, ContributionTarget, Target
from portal.vocabulary import Phase

_ANSWER = table("answer", column("contribution_id"))


@dataclass(slots=True)
class Places:
    """Spaces and contributions of some notices, each read once."""

    session: Session
    at: datetime
    spaces: dict[str, SpaceView | None] = field(default_factory=dict)
    contributions: dict[str, ContributionTarget] = field(default_factory=dict)
    rows: dict[str, Contribution] = field(default_factory=dict)

    @classmethod
    def of_contracts(cls, session: Session, contract_ids: Iterable[str], at: datetime) -> Places:
        """Every space of some contracts, in two queries."""
        known = spaces.of_contracts(session, list(contract_ids), at)
        return cls(session, at, {one.id: one for one in known})

    def space(self, space_id: str) -> SpaceView | None:
        """A space, as it is at this instant."""
        if space_id not in self.spaces:
            self.spaces[space_id] = spaces.view(self.session, space_id, self.at)
        return self.spaces[space_id]

    def expect(self, objects: set[str]) -> None:
        """Read at once, with their rights, the contributions that some lines are about."""
        query = select(Contribution).where(Contribution.id.in_(objects))
        self.rows.update({row.id: row for row in self.session.scalars(query)})
        self.read_contributions(self.rows)

    def read_contributions(self, contribution_ids: Iterable[str]) -> None:
        """Read what rights about these contributions depend on, in one query."""
        wanted = set(contribution_ids) - self.contributions.keys()
        if not wanted:
            return
        columns = Contribution.__table__.c
        rows = self.session.execute(
            select(
                columns.id,
                columns.space_id,
                columns.participant_id,
                columns.kind,
                columns.status,
                columns.created_at,
                columns.shown_version,
                _ANSWER.c.contribution_id.label("answered"),
            )
            .select_from(Contribution.__table__.outerjoin(_ANSWER, _ANSWER.c.contribution_id == columns.id))
            .where(columns.id.in_(wanted))
        )
        for row in rows:
            space = self.space(row.space_id)
            if space is not None:
                self.contributions[row.id] = ContributionTarget(
                    space=space.target,
                    contribution_id=row.id,
                    author_id=row.participant_id,
                    kind=row.kind,
                    status=row.status,
                    answered=row.answered is not None,
                    age=self.at - row.created_at,
                    public=row.shown_version is not None,
                )

    def allows(self, actor: Actor, permission: Permission, place: Place) -> bool:
        """Whether this person may, there and now; what is gone or still a draft is told to nobody."""
        target = self._target(permission, place)
        if target is None:
            return False
        if place.space_id is not None and not self._public(actor, place.space_id):
            return False
        return permits.allows(actor, permission, target)

    def _public(self, actor: Actor, space_id: str) -> bool:
        space = self.space(space_id)
        if space is None:
            return False
        return space.phase is not Phase.DRAFT or permits.allows(actor, Permission.SPACE_READ, space.target)

    def _target(self, permission: Permission, place: Place) -> Target | None:
        if Subject.CONTRIBUTION in permission.about:
            return self.contributions.get(place.contribution_id or "")
        if Subject.SPACE in permission.about and (place.space_id or Subject.CONTRACT not in permission.about):
            space = self.space(place.space_id or "")
            return None if space is None else space.target
        return ContractTarget(place.contract_id)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened: what a notice leads to."""

    contract_id: str
    space_id: str | None = None
    item_id: str | None = None
    thread_id: str | None = None
    contribution_id: str | None = None
    due_at: datetime | None = None
