"""What one person holds of a space: one contribution as the rules tell it, one page that receives.

Nothing here calls what decides or renders in the product: audiences, statuses and who reads which
words are said again. Every text carries a word of its own, so that whoever receives it is known.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

MARK = re.compile(r"mot[a-z]{12}")
READERS, MODERATORS, AUTHOR = "readers", "moderators", "author"


class DivergenceError(AssertionError):
    """Somebody received what is not theirs, or did not receive what is."""


def mark() -> str:
    """A word that stands nowhere else."""
    return "mot" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(12))


@dataclass
class Said:
    """One contribution as the rules tell it."""

    id: str
    author: str
    kind: str
    words: list[str]
    status: str = "published"
    shown: int | None = 0
    pending: bool = False
    answer: str | None = None
    sentences: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        return len(self.words) - 1

    @property
    def was_public(self) -> bool:
        return self.shown is not None

    def seen_by(self, audience: str) -> set[str] | None:
        """The marked words in its card for an audience; None when the audience has no card."""
        if audience == READERS and (
            self.status == "pending" or (self.status == "withdrawn" and not self.was_public)
        ):
            return None
        if self.status == "withdrawn":
            return set()
        own = audience == AUTHOR
        latest = audience != READERS and (self.pending or self.status == "refused")
        number = self.last if latest else self.shown
        if self.status in ("hidden", "refused"):
            return {self.words[number]} if own else set()
        return {self.words[number]} | ({self.answer} if self.answer else set())

    def explained_to(self, audience: str) -> set[str]:
        """Sentences of the moderation that an audience may also read: never readers."""
        return set() if audience == READERS else set(self.sentences)


class Page:
    """A page of one person: it follows its cursors as the product's own does, and forgets nothing."""

    def __init__(self, name, listener, space_id):
        self.name, self.listener, self.space_id = name, listener, space_id
        self.cursors: dict[str, int] = {}
        self.held: dict[str, dict[str, str]] = {}
        self.epoch: int | None = None
        self.granted: set[str] | None = None
        self.read = self.told = 0
        self.received: list[tuple[str, dict]] = []

    @property
    def inside(self) -> bool:
        return bool(self.cursors)

    def enter(self) -> None:
        answer = self.listener.enter(self.space_id)
        self.granted = set(answer.get("audiences", ()))
        if not answer["ok"]:
            self.cursors, self.held, self.epoch = {}, {}, None
            return
        self.epoch = answer["epoch"]
        told = {audience: one["cursor"] for audience, one in answer["audiences"].items()}
        self.cursors = {audience: self.cursors.get(audience, 0) for audience in told}
        self.held = {audience: self.held.get(audience, {}) for audience in told}
        for audience, cursor in told.items():
            if self.cursors[audience] < cursor:
                self.catch_up(audience)

    def catch_up(self, audience: str) -> None:
        more = True
        while more:
            answer = self.listener.ask(
                "catch_up", space=self.space_id, audience=audience, cursor=self.cursors[audience]
            )
            if "frames" not in answer:
                return
            for frame in answer["frames"]:
                self.take(audience, frame)
            self.cursors[audience], more = answer["cursor"], answer["more"]

    def follow(self) -> None:
        """Read what arrived since the last time; enter again when told."""
        while self.told < len(self.listener.events):
            name, _ = self.listener.events[self.told]
            self.told += 1
            if name == "reenter":
                self.enter()
        while self.read < len(self.listener.frames):
            frame = self.listener.frames[self.read]
            self.read += 1
            audience = frame["audience"]
            self.received.append((audience, frame))
            if audience not in self.cursors:
                continue
            if frame["prev"] == self.cursors[audience]:
                self.cursors[audience] = frame["cursor"]
                self.take(audience, frame)
            elif frame["cursor"] > self.cursors[audience]:
                self.catch_up(audience)

    def take(self, audience: str, frame: dict) -> None:
        self.received.append((audience, frame))
        if frame["shape"] == "card":
            self.held[audience][frame["id"]] = frame["html"]

    def marks(self, audience: str) -> dict[str, set[str]]:
        return {id_: set(MARK.findall(html)) for id_, html in self.held.get(audience, {}).items()}
