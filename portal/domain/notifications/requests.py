"""What was asked and decided about duties, levels and formal acts: where it leads, and whom it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution, Reaction
from portal.domain.duties import rules as duties
from portal.domain.duties.models import DutyCover, DutyExtension, DutyOwner
from portal.domain.facts import FactKind
from portal.domain.involvement.models import InvolvementProposal
from portal.domain.notifications.places import Place
from portal.domain.notifications.queries import LineRow
from portal.domain.spaces.models import SpaceItem, SpaceReading
from portal.domain.surveys.models import Survey, SurveyGroup
from portal.policy.actor import Actor
from portal.vocabulary import Group


@dataclass(frozen=True, slots=True)
class Named:
    """Those whom an act names: by who they are, as the voices of a group, or as the members of some groups."""

    people: frozenset[str] = frozenset()
    group: Group | None = None
    members_of: frozenset[Group] = frozenset()

    def includes(self, person: Actor) -> bool:
        """Whether a member is among them."""
        if person.participant_id in self.people or person.group in self.members_of:
            return True
        return self.group is not None and duties.may_decide(person.group, person.roles, self.group)


Found = tuple[Place, object]


def place(session: Session, contract_id: str, line: LineRow) -> tuple[str, Place, object] | None:
    """The mark of its notices, where it leads, whom it names; None when it is gone."""
    found = ABOUT[line.kind](session, contract_id, line)
    return None if found is None else (f"ligne:{line.seq}", *found)


def _asked(session: Session, contract_id: str, line: LineRow) -> Found | None:
    row = session.get(DutyExtension, line.object)
    return None if row is None else (Place(contract_id, row.space_id), Named(group=row.group))


def _decided(session: Session, contract_id: str, line: LineRow) -> Found | None:
    row = session.get(DutyExtension, line.object)
    return None if row is None else (Place(contract_id, row.space_id), Named(frozenset({row.by_participant})))


def _entrusted(session: Session, contract_id: str, line: LineRow) -> Found | None:
    row = session.get(DutyOwner, line.object)
    return None if row is None else (Place(contract_id), Named(frozenset({row.participant_id})))


def _covered(session: Session, contract_id: str, line: LineRow) -> Found | None:
    row = session.get(DutyCover, line.object)
    return None if row is None else (Place(contract_id), Named(frozenset({row.covered_by})))


def _proposed(session: Session, contract_id: str, line: LineRow) -> Found | None:
    row = session.get(InvolvementProposal, line.object)
    return None if row is None else (Place(contract_id, row.space_id), row)


def _answered(session: Session, contract_id: str, line: LineRow) -> Found | None:
    row = session.get(InvolvementProposal, line.object)
    return None if row is None else (Place(contract_id), Named(frozenset({row.by_participant})))


def _act(_session: Session, contract_id: str, _line: LineRow) -> Found:
    return Place(contract_id), None


def _surveyed(session: Session, contract_id: str, line: LineRow) -> Found | None:
    row = session.get(Survey, line.object)
    if row is None:
        return None
    invited = session.scalars(select(SurveyGroup.group).where(SurveyGroup.survey_id == row.id))
    return Place(contract_id, row.space_id), Named(members_of=frozenset(invited))


def _told(session: Session, contract_id: str, line: LineRow) -> Found | None:
    row = session.get(SpaceReading, line.object)
    if row is None:
        return None
    return Place(contract_id, row.space_id), Named(members_of=frozenset({Group.AUTHORITIES}))


def _negotiated(session: Session, contract_id: str, line: LineRow) -> Found:
    """Who wrote, or reacted, in a space that puts these words to people."""
    where = select(SpaceItem.space_id).where(SpaceItem.item_id == line.object)
    wrote = select(Contribution.participant_id).where(Contribution.space_id.in_(where))
    reacted = (
        select(Reaction.participant_id)
        .join(Contribution, Contribution.id == Reaction.contribution_id)
        .where(Contribution.space_id.in_(where))
    )
    people = {*session.scalars(wrote.distinct()), *session.scalars(reacted.distinct())}
    return Place(contract_id, item_id=line.object), Named(frozenset(people))


ABOUT: Mapping[FactKind, Callable[[Session, str, LineRow], Found | None]] = {
    FactKind.EXTENSION_ASKED: _asked,
    FactKind.EXTENSION_AGREED: _decided,
    FactKind.EXTENSION_REFUSED: _decided,
    FactKind.DUTY_ENTRUSTED: _entrusted,
    FactKind.LEAVE_COVERED: _covered,
    FactKind.SPACE_WORDS_TOLD: _told,
    FactKind.SURVEY_OPENED: _surveyed,
    FactKind.SURVEY_PUBLISHED: _surveyed,
    FactKind.LEVEL_PROPOSED: _proposed,
    FactKind.LEVEL_PROPOSAL_ACCEPTED: _answered,
    FactKind.LEVEL_PROPOSAL_REFUSED: _answered,
    FactKind.LEVEL_PROPOSAL_LAPSED: _answered,
    FactKind.WORDING_CHANGED_IN_NEGOTIATION: _negotiated,
    FactKind.NEGOTIATED_WORDS_CHANGED: _negotiated,
    FactKind.ACT_RECORDED: _act,
    FactKind.ACT_CORRECTED: _act,
    FactKind.ACT_TAKEN_BACK: _act,
    FactKind.ACT_FOLLOWED: _act,
}
