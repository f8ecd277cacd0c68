"""From rows to cards: what one audience sees of contributions, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, column, not_, or_, select, table, true
from sqlalchemy.orm import Session

from portal import paths
from portal.domain.contributions import outcomes, rules
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.contributions.outcomes import Outcomes
from portal.domain.contributions.views import (
    SIGNS,
    STONES,
    AnswerView,
    CardView,
    PassageView,
    StoneView,
    UnkeptView,
)
from portal.domain.figures import queries as figures
from portal.domain.texts.models import Paragraph, Text
from portal.kernel.clock import paris
from portal.kernel.columns import UtcDateTime
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, say
from portal.kernel.text import plain
from portal.vocabulary import (
    Audience,
    ContributionStatus,
    Fate,
    ModerationRule,
    ReactionValue,
    ShownScope,
)

ANSWER = table(
    "answer",
    *(
        column(name)
        for name in ("id", "contribution_id", "fate", "passed_to", "html", "by_function", "answered_version")
    ),
    *(column(name) for name in ("group_id", "to_link")),
    column("corrected_at", UtcDateTime()),
    column("at", UtcDateTime()),
)
_THANKS = table("thanks", column("contribution_id"), column("at", UtcDateTime()))
_UNKEPT = table(
    "duty_explanation",
    column("contribution_id"),
    column("html"),
    column("by_function"),
    column("at", UtcDateTime()),
)
_MERGE = table("contribution_merge", column("contribution_id"), column("kept_id"))
_DECISION = table(
    "moderation_decision",
    *(
        column(name)
        for name in (
            "id",
            "contribution_id",
            "number",
            "decision",
            "rule",
            "passages",
            "sentence",
            "by_function",
        )
    ),
    column("at", UtcDateTime()),
)
# Beside a contribution, « id » alone is its own.
_ANSWERED = (ANSWER.c.id.label("answer_id"), *(one for one in ANSWER.c if one.name != "id"))
_EXPLAINED = (
    _UNKEPT.c.html.label("unkept_html"),
    _UNKEPT.c.by_function.label("unkept_by"),
    _UNKEPT.c.at.label("unkept_at"),
)
_DECISIONS = (
    select(*_DECISION.c)
    .where(
        _DECISION.c.contribution_id.in_(bindparam("ids", expanding=True)), _DECISION.c.decision != "approved"
    )
    .order_by(_DECISION.c.at, _DECISION.c.id)
)
PLACE = table("establishment", column("id"), column("name"))
# What is selected beside a contribution and its words.
BESIDE = (
    PLACE.c.name.label("place"),
    *_ANSWERED,
    _THANKS.c.at.label("thanked_at"),
    *_EXPLAINED,
    _MERGE.c.kept_id,
    figures.merged_into(Contribution.id).label("merged"),
    # What the paragraph that the words are about says today; nothing once it was taken away.
    select(Paragraph.source)
    .join(Text, Text.id == Paragraph.text_id)
    .where(
        Text.item_id == Contribution.item_id,
        Text.register == Contribution.anchor_register,
        Paragraph.stable_id == Contribution.anchor_paragraph,
        Paragraph.number == Text.version,
    )
    .correlate(Contribution)
    .scalar_subquery()
    .label("passage_now"),
)


@dataclass(slots=True)
class Extra:
    """What a page of cards needs beside its rows, read once for all."""

    reactions: dict[str, figures.Folded] = field(default_factory=dict)
    decisions: dict[str, Row[Any]] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=Outcomes)


def visible(audience: Audience, row: Any = Contribution) -> Any:
    """The rows an audience may see: readers never know of words that were never public."""
    if audience is not Audience.READERS:
        return true()
    taken_back = row.status == ContributionStatus.WITHDRAWN
    return and_(
        row.status != ContributionStatus.PENDING,
        not_(and_(taken_back, row.shown_version.is_(None))),
    )


def seen_by(audience: Audience, row: Any) -> bool:
    """The same, for a row already read."""
    if audience is not Audience.READERS:
        return True
    never_public = row.status is ContributionStatus.WITHDRAWN and row.shown_version is None
    return row.status is not ContributionStatus.PENDING and not never_public


def select_cards(audience: Audience, *, published: bool = False) -> Select[Any]:
    """Rows of cards: contribution, the version this audience reads, place, answer.

    `published`: the version that people read, for who answers it; a correction that waits is not shown.
    """
    if published or audience is Audience.READERS:
        number: Any = Contribution.shown_version
    else:
        last = or_(Contribution.pending, Contribution.status == ContributionStatus.REFUSED)
        number = case((last, Contribution.version), else_=Contribution.shown_version)
    return (
        select(Contribution, ContributionVersion, *BESIDE)
        .outerjoin(
            ContributionVersion,
            and_(
                ContributionVersion.contribution_id == Contribution.id, ContributionVersion.number == number
            ),
        )
        .outerjoin(PLACE, PLACE.c.id == Contribution.establishment_id)
        .outerjoin(ANSWER, ANSWER.c.contribution_id == Contribution.id)
        .outerjoin(_UNKEPT, _UNKEPT.c.contribution_id == Contribution.id)
        .outerjoin(_THANKS, _THANKS.c.contribution_id == Contribution.id)
        .outerjoin(_MERGE, _MERGE.c.contribution_id == Contribution.id)
    )


def cards(session: Session, rows: Sequence[Row[Any]], audience: Audience) -> list[CardView]:
    """The cards of these rows, those the audience may not see left out; five queries more at most."""
    shown = [row for row in rows if seen_by(audience, row.Contribution)]
    extra = beside(session, shown, audience)
    return [card_of(row, audience, extra) for row in shown]


def beside(session: Session, shown: Sequence[Any], audience: Audience, known: Extra | None = None) -> Extra:
    """What these rows need for an audience; reactions are the same for all: `known` has them already."""
    published = [
        row.Contribution.id for row in shown if row.Contribution.status is ContributionStatus.PUBLISHED
    ]
    if known is not None:
        reactions = known.reactions
    else:
        reactions = figures.reactions(session, published) if published else {}
    decided = [row.Contribution.id for row in shown if _decided(row.Contribution, audience)]
    return Extra(
        reactions,
        _decisions(session, decided) if decided else {},
        known.outcomes if known is not None else outcomes.read(session, shown),
    )


def _decided(row: Contribution, audience: Audience) -> bool:
    refused_correction = (
        audience is not Audience.READERS and not row.pending and row.version != row.shown_version
    )
    return row.status in (ContributionStatus.HIDDEN, ContributionStatus.REFUSED) or refused_correction


def _decisions(session: Session, ids: list[str]) -> dict[str, Row[Any]]:
    rows = session.execute(_DECISIONS, {"ids": ids})
    return {row.contribution_id: row for row in rows}


def card_of(found: Any, audience: Audience, extra: Extra) -> CardView:
    """The card of a row that the audience may see."""
    row: Contribution = found.Contribution
    words_: ContributionVersion | None = found.ContributionVersion
    stone = row.status in STONES
    # An author always reads their own words, refused or hidden, to be able to mend them.
    own = audience is Audience.AUTHOR and row.status is not ContributionStatus.WITHDRAWN
    sealed = (stone and not own) or words_ is None
    decision = extra.decisions.get(row.id)
    shown = words_.number if words_ is not None else row.version
    return CardView(
        id=row.id,
        item_id=row.item_id,
        root_id=row.root_id,
        kind=row.kind.value,
        kind_label=row.kind.label,
        college=row.group.college.value,
        who=_who(row, found.place),
        day=paris(row.created_at).date(),
        status=row.status.value,
        html="" if sealed or words_ is None else words_.html,
        reason_html="" if sealed or words_ is None else words_.reason_html,
        version=shown,
        corrected=not sealed and shown > 1,
        quote=None if sealed else row.anchor_quote,
        passage=None if sealed or row.anchor_quote is None else _passage(row.anchor_quote, found.passage_now),
        stone=replace(_stone(decision, audience), erased=row.erased) if stone else None,
        answer=_answer(found, extra.outcomes) if found.contribution_id is not None and not stone else None,
        reactions=_reactions(extra.reactions.get(row.id))
        if row.status is ContributionStatus.PUBLISHED
        else (),
        waiting=row.pending and audience is not Audience.READERS and shown == row.version,
        behind=row.pending and audience is not Audience.READERS and shown != row.version,
        note=_note(row, decision) if not stone and audience is not Audience.READERS else None,
        unkept=_unkept(found) if not stone else None,
        published_label=day_label(row.published_at) if row.published_at else "",
        thanked_label=_thanked(found, audience),
        merged=0 if stone else found.merged,
        merged_into=paths.contribution(found.kept_id) if found.kept_id and not stone else "",
    )


def _passage(quote: str, now: str | None) -> PassageView | None:
    """What became of the words that a contribution is about; None while they stand as they were."""
    words_now = plain(now) if now is not None else ""
    return None if words_now == quote else PassageView(words_now)


def _who(row: Contribution, place: str | None) -> str:
    scope, name = rules.stone_label(row.status, row.shown_scope, row.shown_name)
    label = rules.label(row.group, scope, row.display, name)
    if scope is ShownScope.ESTABLISHMENT and place:
        return joined((label, place), " · ")
    return label


def _reactions(folded: figures.Folded | None) -> tuple[tuple[str, str, str, int | None], ...]:
    cells = folded or {}
    return tuple((value.value, value.label, SIGNS[value], cells.get(value)) for value in ReactionValue)


def _unkept(found: Row[Any]) -> UnkeptView | None:
    """What is said in place of an answer; an answer that came since is shown instead."""
    if found.unkept_html is None or found.contribution_id is not None:
        return None
    return UnkeptView(found.unkept_html, day_label(found.unkept_at), Sentence(found.unkept_by))


def _thanked(found: Row[Any], audience: Audience) -> str:
    """The day on which the direction said that it read the words: for their author and the moderation."""
    if audience is Audience.READERS or found.thanked_at is None:
        return ""
    return day_label(found.thanked_at)


def _answer(found: Row[Any], known: Outcomes) -> AnswerView:
    fate = Fate(found.fate) if found.fate else None
    label: str | None = fate.label if fate else None
    if fate is Fate.PASSED_ON:
        label = say("Transmise à : %(who)s", who=found.passed_to)
    return AnswerView(
        fate=fate.value if fate else None,
        fate_label=label,
        html=found.html,
        day_label=day_label(found.at),
        by_label=Sentence(found.by_function),
        answered_version=found.answered_version,
        together=known.together.get(found.group_id, 1),
        together_url=paths.contribution(found.contribution_id, "reponse-commune") if found.group_id else "",
        to_link=bool(found.to_link),
        corrected_label=day_label(found.corrected_at) if found.corrected_at else "",
        former_url=paths.contribution(found.contribution_id, "reponse-commune"),
        changes=tuple(known.changes.get(found.answer_id, ())),
        steps=tuple(known.steps.get(found.contribution_id, ())),
    )


def _stone(decision: Row[Any] | None, audience: Audience) -> StoneView:
    if decision is None:
        return StoneView(day_label="")
    told = audience is not Audience.READERS
    return StoneView(
        day_label=day_label(decision.at),
        rule_label=ModerationRule(decision.rule).label if decision.rule else "",
        decider_label=Sentence(decision.by_function),
        sentence=decision.sentence if told else "",
        passages=tuple(decision.passages.splitlines()) if told else (),
    )


def _note(row: Contribution, decision: Row[Any] | None) -> StoneView | None:
    """Why a correction was not published, for its author and the moderation."""
    if decision is None or row.pending or row.version == row.shown_version:
        return None
    return _stone(decision, Audience.AUTHOR)
