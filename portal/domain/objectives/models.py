"""The tree of the objectives, what the sheet of an objective says besides its texts, its actions, how far they are."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class Priority(Labelled):
    """How much an objective matters among the others."""

    FIRST = "premiere", say("à faire en premier")
    NEXT = "ensuite", say("à faire ensuite")
    LATER = "plus-tard", say("à faire plus tard")


class State(Labelled):
    """How far an objective or an action is."""

    NOT_STARTED = "non-demarre", say("non démarré")
    RUNNING = "en-cours", say("en cours")
    DONE = "realise", say("réalisé")
    LATE = "retarde", say("retardé")
    DROPPED = "abandonne", say("abandonné")


class Financing(Labelled):
    """Whether the money of an action is found."""

    UNKNOWN = "a-dire", say("financement pas encore dit")
    NO_COST = "sans-depense", say("sans dépense de plus")
    FUNDED = "finance", say("financé")
    UNFUNDED = "non-finance", say("non financé")


class News(Labelled):
    """What a line of the history of an objective tells."""

    TOLD = "avancement", say("avancement dit")
    ADAPTED = "adapte", say("adapté")


class Branch(Base):
    """An orientation, or under it (`parent_id`) an objectif stratégique; `number` is its place beside the others."""

    __tablename__ = "objective_branch"
    __table_args__ = (Index("ix_objective_branch_place", "contract_id", "parent_id", "number"),)

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("objective_branch.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    plain: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)


class ObjectiveSheet(Base):
    """What an objective says besides its texts: `expected` is what changes for people, in one plain sentence.

    `branch_id` is its objectif stratégique, `rank` its place there. Its version is that of its item.
    """

    __tablename__ = "objective_sheet"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    branch_id: Mapped[str | None] = mapped_column(ForeignKey("objective_branch.id"), index=True)
    rank: Mapped[int] = mapped_column(default=0)
    expected: Mapped[str] = mapped_column(String(160), default="")
    priority: Mapped[Priority] = mapped_column(Word(Priority), default=Priority.NEXT)
    state: Mapped[State] = mapped_column(Word(State), default=State.NOT_STARTED)
    state_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    health_plan: Mapped[str] = mapped_column(String(300), default="")
    scheme: Mapped[str] = mapped_column(String(300), default="")
    house_plan: Mapped[str] = mapped_column(String(300), default="")
    evaluation: Mapped[str] = mapped_column(String(300), default="")
    watch: Mapped[str] = mapped_column(Text, default="")
    obstacles: Mapped[str] = mapped_column(Text, default="")
    levers: Mapped[str] = mapped_column(Text, default="")
    follow_up: Mapped[str] = mapped_column(Text, default="")


class ObjectivePlace(Base):
    """An establishment that an objective concerns; one without any concerns all of them."""

    __tablename__ = "objective_place"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    establishment_id: Mapped[str] = mapped_column(ForeignKey("establishment.id"), primary_key=True)


class ObjectiveFinding(Base):
    """A finding of the diagnostic that an objective answers."""

    __tablename__ = "objective_finding"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    finding_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)


class ObjectiveIndicator(Base):
    """An indicator of the contract by which an objective is followed too."""

    __tablename__ = "objective_indicator"

    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    indicator_id: Mapped[str] = mapped_column(ForeignKey("contract_indicator.id"), primary_key=True)


class Action(Base):
    """What is done for an objective: by which function, with whom, from when to when, with money until when."""

    __tablename__ = "objective_action"
    __table_args__ = (Index("ix_objective_action_place", "item_id", "number"),)

    id: Mapped[public_id]
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    state: Mapped[State] = mapped_column(Word(State), default=State.NOT_STARTED)
    justification: Mapped[str] = mapped_column(String(300), default="")
    lead: Mapped[str] = mapped_column(String(120), default="")
    team: Mapped[str] = mapped_column(String(200), default="")
    partners: Mapped[str] = mapped_column(String(300), default="")
    financing: Mapped[Financing] = mapped_column(Word(Financing), default=Financing.UNKNOWN)
    funded_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by: Mapped[str] = mapped_column(String(120), default="")


class Progress(Base):
    """One line of the history of an objective, or of one of its actions; never changed once written.

    `words` justifies a state, or says why the plan was adapted; `was_…` is then what was planned before.
    """

    __tablename__ = "objective_progress"
    __table_args__ = (Index("ix_objective_progress_place", "item_id", "at"),)

    id: Mapped[public_id]
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    action_id: Mapped[str | None] = mapped_column(ForeignKey("objective_action.id"))
    news: Mapped[News] = mapped_column(Word(News))
    state: Mapped[State | None] = mapped_column(Word(State))
    words: Mapped[str] = mapped_column(String(300), default="")
    was_label: Mapped[str] = mapped_column(String(300), default="")
    was_starts_on: Mapped[date | None]
    was_ends_on: Mapped[date | None]
    was_financing: Mapped[Financing | None] = mapped_column(Word(Financing))
    was_funded_until: Mapped[date | None]
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]
