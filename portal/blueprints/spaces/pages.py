"""What the pages of a space say, from what was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from flask import render_template

from portal import paths
from portal.blueprints._guards import Asked
from portal.blueprints.contracts.pages import dates, owed, what_i_can
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.views import CardView, ThreadView
from portal.domain.journal import queries as journal
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.policy.permissions import Permission
from portal.vocabulary import Audience, ContributionKind, Group, Level

ACTS = {
    Permission.REACT_IN: "can-react",
    Permission.REPLY_IN: "can-reply",
    Permission.MODERATE: "can-moderate",
    Permission.ANSWER_IN: "can-answer",
    Permission.PROPOSE: "can-propose",
    Permission.ASK: "can-ask",
    Permission.COMMENT: "can-comment",
}
KINDS = (
    (ContributionKind.COMMENT, Permission.COMMENT),
    (ContributionKind.QUESTION, Permission.ASK),
    (ContributionKind.PROPOSAL, Permission.PROPOSE),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What both pages of a space show around their items."""

    space: SpaceView
    group: Group
    level: Level | None
    dates: str
    sentence: str
    owed: str
    others: tuple[tuple[Group, Level | None], ...]
    audience: Audience
    cursors: dict[str, int]
    classes: str
    kinds: tuple[ContributionKind, ...]
    can: frozenset[Permission] = field(default_factory=frozenset)


def frame(asked: Asked) -> Frame:
    """The frame for the person who asks; one query (cursors)."""
    space = asked.in_space
    level = space.target.levels.get(asked.actor.group)
    audience = audience_of(asked)
    own = f"{Audience.AUTHOR.value}:{asked.actor.participant_id}"
    counts = journal.cursors(db.session(), space.id, [audience.value, own])
    return Frame(
        space=space,
        group=asked.actor.group,
        level=level,
        dates=dates(space),
        sentence=what_i_can(level, asked.actor.group),
        owed=owed(space, level),
        others=tuple(
            (group, space.target.levels.get(group)) for group in Group if group is not asked.actor.group
        ),
        audience=audience,
        cursors={audience.value: counts.get(audience.value, 0), Audience.AUTHOR.value: counts.get(own, 0)},
        classes=" ".join(name for permission, name in ACTS.items() if permission in asked.can),
        kinds=tuple(kind for kind, permission in KINDS if permission in asked.can),
        can=asked.can,
    )


def audience_of(asked: Asked) -> Audience:
    """Readers, or moderators for those who read the queue."""
    return Audience.MODERATORS if Permission.QUEUE_READ in asked.can else Audience.READERS


@dataclass(frozen=True, slots=True)
class Marks:
    """The per-viewer block of a page: what is mine, told once."""

    mine: tuple[Any, ...]
    reactions: dict[str, str]
    waiting: tuple[CardView, ...]


def marks(asked: Asked, thread: ThreadView, item_id: str, *, waiting: bool) -> Marks:
    """What is mine among these cards, and my words that others do not read yet."""
    cards = {card.id: card for root in thread.cards for card in (root, *root.replies)}
    own, reactions = contributions.my_ids(db.session(), cards, asked.actor.participant_id)
    mine = tuple(_own(cards[id_]) for id_ in own)
    held: tuple[CardView, ...] = ()
    if waiting:
        held = contributions.my_waiting(db.session(), asked.in_space.id, item_id, asked.actor.participant_id)
    return Marks(mine, reactions, held)


def _own(card: CardView) -> SimpleNamespace:
    return SimpleNamespace(id=card.id, label=card.kind_label, when_label=card.when_label, links=card.links)


def viewer_state(asked: Asked, thread: ThreadView, item_id: str) -> dict[str, Any]:
    """The per-viewer block as JSON: what an open page applies when rights change."""
    seen = frame(asked)
    found = marks(asked, thread, item_id, waiting=False)
    return {
        "can": seen.classes.split(),
        "ladder_html": render_template("spaces/_ladder.html", frame=seen),
        "kinds_html": render_template(
            "spaces/_kinds.html", frame=seen, item_url=paths.item(asked.in_space.id, item_id)
        ),
        "mine": [one.id for one in found.mine],
        "reactions": found.reactions,
    }
