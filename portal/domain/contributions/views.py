"""What pages and frames show of a contribution: the same for all of an audience."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from portal import paths
from portal.domain.texts.changes import Change
from portal.kernel.dates import day_label
from portal.vocabulary import ContributionStatus, ReactionValue

SIGNS = {ReactionValue.AGREE: "✓", ReactionValue.DEPENDS: "~", ReactionValue.DISAGREE: "✕"}
# From then on their author alone reads the words, and who decides of an appeal.
STONES = (ContributionStatus.WITHDRAWN, ContributionStatus.HIDDEN, ContributionStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """A passage that the words of a contribution changed, with the difference word by word."""

    item_title: str
    register_label: str
    day_label: str
    url: str
    paragraphs: tuple[tuple[Change, ...], ...]
    # A passage of another subject: named, without its difference.
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of words that were passed on."""

    label: str
    day_label: str
    words: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The organiser's answer; `answered_version` tells which words it is about."""

    fate: str | None
    fate_label: str | None
    html: str
    day_label: str
    by_label: str
    answered_version: int
    reason_html: str = ""
    together: int = 1
    together_url: str = ""
    to_link: bool = False
    corrected_label: str = ""
    former_url: str = ""
    changes: tuple[ChangedWords, ...] = ()
    steps: tuple[StepView, ...] = ()


@dataclass(frozen=True, slots=True)
class StoneView:
    """What stays where words are no longer shown."""

    day_label: str
    rule_label: str = ""
    decider_label: str = ""
    sentence: str = ""
    erased: bool = False
    # For the author and the moderation only.
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageView:
    """What stands today where the quoted words stood; nothing when the paragraph was taken away."""

    now: str


@dataclass(frozen=True, slots=True)
class UnkeptView:
    """Why the engagement towards words without an answer is not kept."""

    html: str
    day_label: str
    by_label: str


@dataclass(frozen=True, slots=True)
class CardView:
    """One contribution as one audience may see it; nothing personal in it."""

    id: str
    item_id: str
    root_id: str | None
    kind: str
    kind_label: str
    college: str
    who: str
    day: date
    status: str
    html: str
    reason_html: str = ""
    version: int = 1
    corrected: bool = False
    quote: str | None = None
    # Only once the quoted words are not in the text any more.
    passage: PassageView | None = None
    stone: StoneView | None = None
    answer: AnswerView | None = None
    unkept: UnkeptView | None = None
    reactions: tuple[tuple[str, str, str, int | None], ...] = ()
    replies: tuple[CardView, ...] = ()
    more_replies: bool = False
    item_label: str = ""
    item_url: str = ""
    waiting: bool = False
    # A correction waits behind the words that are shown.
    behind: bool = False
    note: StoneView | None = None
    published_label: str = ""
    thanked_label: str = ""
    merged: int = 0
    merged_into: str = ""

    @property
    def when_label(self) -> str:
        """The day, in words."""
        return day_label(self.day)

    @property
    def when_iso(self) -> str:
        """The day, for machines; never finer."""
        return self.day.isoformat()

    @property
    def links(self) -> dict[str, str]:
        """Plain links; the pages behind them decide and explain."""
        acts = {"lire": paths.contribution(self.id, "fil" if self.more_replies else "")}
        if self.status == ContributionStatus.PUBLISHED:
            acts |= {
                "repondre": paths.contribution(self.id, "repondre"),
                "reagir": paths.contribution(self.id, "reagir"),
                "signaler": paths.contribution(self.id, "signaler"),
                "repondre_officiellement": paths.contribution(self.id, "reponse"),
            }
        if self.status in (ContributionStatus.PUBLISHED, ContributionStatus.PENDING):
            acts |= {
                "corriger": paths.contribution(self.id, "corriger"),
                "retirer": paths.contribution(self.id, "retirer"),
                "moderer": paths.contribution(self.id, "moderer"),
            }
        # Who read words that are gone may still say that somebody is perhaps in danger.
        if self.published_label and self.status in (
            ContributionStatus.HIDDEN,
            ContributionStatus.WITHDRAWN,
        ):
            acts["danger"] = paths.contribution(self.id, "danger")
        if self.corrected:
            acts["versions"] = paths.contribution(self.id, "versions")
        if self.answer is not None:
            acts.pop("repondre_officiellement", None)
        return acts

    def with_replies(self, replies: tuple[CardView, ...], *, more: bool = False) -> CardView:
        """The same card at the head of its thread."""
        return replace(self, replies=replies, more_replies=more)

    def about(self, label: str, url: str) -> CardView:
        """The same card shown outside its item."""
        return replace(self, item_label=label, item_url=url)


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A page of a thread: roots in order of arrival, with their replies."""

    cards: tuple[CardView, ...]
    older: str | None
    newer: str | None
