"""What the pages of a space say, from what was read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from flask import render_template

from portal import paths
from portal.blueprints._guards import Asked
from portal.blueprints.contracts.pages import dates, keeps, now_i_can, owed, owed_lead
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.views import CardView, ThreadView
from portal.domain.duties import clocks
from portal.domain.duties.clocks import Clocks
from portal.domain.journal import queries as journal
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel.speech import Sentence, joined
from portal.kernel.text import excerpt
from portal.policy import permits
from portal.policy.permissions import Permission
from portal.policy.targets import ContributionTarget, SpaceTarget
from portal.vocabulary import (
    Audience,
    ContributionKind,
    ContributionStatus,
    Group,
    Level,
    ModerationMode,
)

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
OWN_ACTS = {
    "correct": (Permission.CORRECT, "corriger"),
    "withdraw": (Permission.WITHDRAW, "retirer"),
}
DECIDED = (ContributionStatus.REFUSED, ContributionStatus.HIDDEN)
FIRST_WORDS = 40
BLOCK_END, TAG = re.compile("</(?:p|li)>|<br>"), re.compile("<[^>]*>")


@dataclass(frozen=True, slots=True)
class Frame:
    """What both pages of a space show around their items."""

    space: SpaceView
    group: Group
    level: Level | None
    dates: str
    sentence: str
    owed: str
    owed_lead: str
    keeps: bool
    others: tuple[tuple[Group, Level | None], ...]
    audience: Audience
    cursors: dict[str, int]
    classes: str
    kinds: tuple[ContributionKind, ...]
    due: Clocks
    can: frozenset[Permission] = field(default_factory=frozenset)


def frame(asked: Asked) -> Frame:
    """The frame for the person who asks; two queries (cursors, dates)."""
    space = asked.in_space
    level = space.target.levels.get(asked.actor.group)
    audience = audience_of(asked)
    own = f"{Audience.AUTHOR.value}:{asked.actor.participant_id}"
    counts = journal.cursors(db.session(), space.id, [audience.value, own])
    due = clocks.of(db.session(), [space], asked.now)
    return Frame(
        space=space,
        group=asked.actor.group,
        level=level,
        dates=dates(space),
        sentence=now_i_can(space, level, asked.actor.group),
        owed=owed(space, asked.actor, due),
        owed_lead=owed_lead(asked.actor),
        keeps=keeps(space, asked.actor),
        others=tuple(
            (group, space.target.levels.get(group)) for group in Group if group is not asked.actor.group
        ),
        audience=audience,
        cursors={audience.value: counts.get(audience.value, 0), Audience.AUTHOR.value: counts.get(own, 0)},
        classes=" ".join(name for permission, name in ACTS.items() if permission in asked.can),
        kinds=tuple(kind for kind, permission in KINDS if permission in asked.can),
        due=due,
        can=asked.can,
    )


def audience_of(asked: Asked) -> Audience:
    """Readers, or moderators for those who read the queue."""
    return Audience.MODERATORS if Permission.QUEUE_READ in asked.can else Audience.READERS


@dataclass(frozen=True, slots=True)
class Mine:
    """One contribution of mine on a page: its first words, and what I may still do with it."""

    id: str
    label: str
    when_label: str
    acts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Marks:
    """The per-viewer block of a page: what is mine, told once."""

    mine: tuple[Mine, ...]
    reactions: dict[str, str]
    waiting: tuple[CardView, ...]

    @property
    def acts(self) -> dict[str, list[str]]:
        """What I may still do with my contributions, by id; those left alone are not named."""
        return {one.id: list(one.acts) for one in self.mine if one.acts}


def marks(asked: Asked, thread: ThreadView, item_id: str, *, waiting: bool) -> Marks:
    """What is mine among these cards, and my words that others do not read yet."""
    person, space = asked.actor.participant_id, asked.in_space
    cards = {card.id: card for root in thread.cards for card in (root, *root.replies)}
    held: tuple[CardView, ...] = ()
    if waiting:
        held = contributions.my_waiting(db.session(), space.id, item_id, person)
    cards |= {card.id: card for card in held if card.status == ContributionStatus.PENDING}
    own, reactions = contributions.my_ids(db.session(), cards, person)
    labels = _told_apart([_first_words(cards[id_]) for id_ in own])
    mine = tuple(
        Mine(
            id_,
            label,
            cards[id_].when_label,
            own_acts(asked, space.target, cards[id_], own[id_]) | _decision(cards[id_]),
        )
        for id_, label in zip(own, labels, strict=True)
    )
    return Marks(mine, reactions, held)


def own_acts(asked: Asked, space: SpaceTarget, card: CardView, since: datetime) -> dict[str, str]:
    """What the person may still do with a contribution of theirs, and where."""
    target = ContributionTarget(
        space=space,
        contribution_id=card.id,
        author_id=asked.actor.participant_id,
        kind=ContributionKind(card.kind),
        status=ContributionStatus(card.status),
        answered=card.answer is not None,
        age=asked.now - since,
    )
    return {
        name: paths.contribution(card.id, page)
        for name, (permission, page) in OWN_ACTS.items()
        if permits.allows(asked.actor, permission, target)
    }


def _decision(card: CardView) -> dict[str, str]:
    """Where an author reads why words are set aside, and asks for a second look."""
    erased = card.stone is not None and card.stone.erased
    if card.status not in DECIDED or erased:
        return {}
    return {"decision": paths.contribution(card.id, "decision")}


def _first_words(card: CardView) -> str:
    words = unescape(TAG.sub("", BLOCK_END.sub(" ", card.html)))
    return f"«\u00a0{excerpt(words, FIRST_WORDS)}\u00a0»" if words else card.kind_label


def _told_apart(labels: list[str]) -> list[str]:
    """The same words said twice are numbered."""
    seen = Counter[str]()
    told = []
    for label in labels:
        seen[label] += 1
        told.append(_numbered(label, seen[label]) if seen[label] > 1 else label)
    return told


def _numbered(label: str, number: int) -> str:
    told = f"({number})"
    return joined([label, told]) if isinstance(label, Sentence) else f"{label} {told}"


def viewer_state(asked: Asked, thread: ThreadView, item_id: str) -> dict[str, Any]:
    """The per-viewer block as JSON: what an open page applies when rights change."""
    seen = frame(asked)
    held = asked.in_space.moderation is ModerationMode.BEFORE
    found = marks(asked, thread, item_id, waiting=held)
    return {
        "can": seen.classes.split(),
        "ladder_html": render_template("spaces/_ladder.html", frame=seen),
        "kinds_html": render_template(
            "spaces/_kinds.html", frame=seen, item_url=paths.item(asked.in_space.id, item_id)
        ),
        "mine": [one.id for one in found.mine],
        "acts": found.acts,
        "reactions": found.reactions,
    }
