"""« Ce que verra une famille »: the sentences of the real pages, for a member of a group with another level."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.blueprints._guards import Asked
from portal.blueprints.contracts.pages import SpaceLine, space_line
from portal.blueprints.spaces.pages import KINDS
from portal.domain.contracts import queries as contracts
from portal.domain.duties import clocks
from portal.domain.duties import queries as duties
from portal.domain.figures.queries import Awaiting
from portal.domain.involvement import adequacy
from portal.domain.involvement.adequacy import Advice, Situation
from portal.domain.proposals import service as proposals
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import reading
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel.speech import capital
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionKind, DutyState, Group, Level

SEEN = (Permission.ASK, Permission.COMMENT, Permission.REACT_IN, Permission.REPLY_IN, Permission.PROPOSE)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a member of the group would read, and be able to do, in the space."""

    group: Group
    level: Level | None
    line: SpaceLine
    acts: tuple[str, ...]
    kinds: tuple[ContributionKind, ...]


def preview(asked: Asked, space: SpaceView, group: Group, level: Level | None) -> Preview:
    """The page as it would be, asked of the same functions as the page itself."""
    levels = {one: known for one, known in space.target.levels.items() if one is not group}
    if level is not None:
        levels[group] = level
    changed = replace(space, target=replace(space.target, levels=levels))
    member = Actor("", space.contract_id, group, None, frozenset())
    due = clocks.of(db.session(), [space], asked.now)
    return Preview(
        group,
        level,
        space_line(changed, member, Awaiting(), due),
        _acts(member, changed),
        tuple(kind for kind, one in KINDS if permits.allows(member, one, changed.target)),
    )


def _acts(member: Actor, space: SpaceView) -> tuple[str, ...]:
    """The sentences of what the member may do there; of authorities that read the synthesis alone, just that."""
    if member.group in space.target.levels and not space.target.reads(member.group):
        return (capital(reading.SYNTHESIS_ACT),)
    return tuple(one.sentence for one in SEEN if permits.allows(member, one, space.target))


def advice(asked: Asked, space: SpaceView, level: Level | None, before: Level | None) -> tuple[Advice, ...]:
    """What may be worth a thought about this level there, after `before`.

    What this person sent away is not said again.
    """
    session = db.session()
    items = contracts.items(session, spaces.chosen(space.id))
    of_contract = spaces.of_contracts(session, [space.contract_id], asked.now)
    found = duties.lines(session, of_contract, clocks.of(session, of_contract, asked.now))
    situation = Situation(
        level=level,
        stage=contracts.contracts(session, [space.contract_id])[0].stage,
        open_items=sum(bool(one.leeway.open) for one in items),
        items=len(items),
        late=sum(one.number for one in found if one.state is DutyState.LATE),
        unkept=sum(one.number for one in found if one.state is DutyState.EXPLAINED),
        before=before,
    )
    gone = proposals.dismissed(session, asked.actor.participant_id)
    return tuple(one for one in adequacy.advice(situation) if _key(space.id, one.code) not in gone)


def _key(space_id: str, code: str) -> str:
    return f"{space_id}:{code}"


def key_of(space_id: str, code: str) -> str | None:
    """Under which name an advice is sent away; None when it is none."""
    short = code[:40]
    return _key(space_id, short) if short and short.replace("-", "").isalpha() else None
