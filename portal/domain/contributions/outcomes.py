"""What goes with the answers of a page of cards: words that changed, who else was answered, news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, column, select, table
from sqlalchemy.orm import Session, aliased

from portal import paths
from portal.domain.contracts.models import Item
from portal.domain.contributions.states import HandoverState
from portal.domain.contributions.views import ChangedWords, StepView
from portal.domain.figures import queries as figures
from portal.domain.texts.changes import Change, word_changes
from portal.domain.texts.models import Paragraph, TextVersion
from portal.kernel.columns import UtcDateTime
from portal.kernel.dates import day_label
from portal.vocabulary import Fate, Register

_CHANGE = table(
    "answer_change",
    *(column(name) for name in ("answer_id", "text_id", "to_version", "from_version", "paragraph")),
    column("item_id"),
    column("register"),
)
_STEP = table(
    "handover_step",
    *(column(name) for name in ("id", "contribution_id", "state", "words")),
    column("at", UtcDateTime()),
)
_OLD, _NEW = aliased(Paragraph), aliased(Paragraph)
_CHANGES = (
    select(*_CHANGE.c, Item.title, Item.contract_id, TextVersion.at, _OLD.source, _NEW.source)
    .join(Item, Item.id == _CHANGE.c.item_id)
    .join(
        TextVersion,
        and_(TextVersion.text_id == _CHANGE.c.text_id, TextVersion.number == _CHANGE.c.to_version),
    )
    .outerjoin(
        _OLD,
        and_(
            _OLD.text_id == _CHANGE.c.text_id,
            _OLD.number == _CHANGE.c.from_version,
            _OLD.stable_id == _CHANGE.c.paragraph,
        ),
    )
    .outerjoin(
        _NEW,
        and_(
            _NEW.text_id == _CHANGE.c.text_id,
            _NEW.number == _CHANGE.c.to_version,
            _NEW.stable_id == _CHANGE.c.paragraph,
        ),
    )
    .where(_CHANGE.c.answer_id.in_(bindparam("ids", expanding=True)))
    .order_by(Item.number, _CHANGE.c.text_id, _CHANGE.c.to_version, _CHANGE.c.paragraph)
)
_STEPS = (
    select(*_STEP.c)
    .where(_STEP.c.contribution_id.in_(bindparam("ids", expanding=True)))
    .order_by(_STEP.c.at, _STEP.c.id)
)
KEPT = frozenset({Fate.KEPT.value, Fate.PARTLY.value})


@dataclass(slots=True)
class Outcomes:
    """By answer, by group of answers, by contribution."""

    changes: dict[str, list[ChangedWords]] = field(default_factory=dict)
    together: dict[str, int] = field(default_factory=dict)
    steps: dict[str, list[StepView]] = field(default_factory=dict)


def read(session: Session, rows: Sequence[Row[Any]]) -> Outcomes:
    """What goes with these rows' answers; three queries at most, none where nothing was answered."""
    answered = [row for row in rows if row.contribution_id is not None]
    found = Outcomes()
    kept = {
        row.answer_id: row.Contribution.item_id for row in answered if row.fate in KEPT and not row.to_link
    }
    if kept:
        found.changes = _changed(session, kept)
    groups = {row.group_id for row in answered if row.group_id}
    if groups:
        found.together = figures.answered_together(session, list(groups))
    passed_on = [row.contribution_id for row in answered if row.fate == Fate.PASSED_ON.value]
    for step in session.execute(_STEPS, {"ids": passed_on}) if passed_on else ():
        view = StepView(HandoverState(step.state).label, day_label(step.at), step.words)
        found.steps.setdefault(step.contribution_id, []).append(view)
    return found


def _changed(session: Session, subjects: Mapping[str, str]) -> dict[str, list[ChangedWords]]:
    """The words that these answers changed; `subjects` are those of what was answered, by answer."""
    found: dict[str, list[ChangedWords]] = {}
    # Answers given together share their passages: each is compared once.
    compared: dict[tuple[str, int, str], tuple[tuple[Change, ...], ...]] = {}
    for row in session.execute(_CHANGES, {"ids": list(subjects)}):
        *_, title, contract_id, at, old, new = row
        if row.item_id != subjects[row.answer_id]:
            # Written before it was refused: the link stays, without a difference that is not these words' doing.
            found.setdefault(row.answer_id, []).append(
                _words(row, title, contract_id, at, (), elsewhere=True)
            )
            continue
        key = (row.text_id, row.to_version, row.paragraph)
        if key not in compared:
            compared[key] = tuple(tuple(part) for part in word_changes(old or "", new or ""))
        found.setdefault(row.answer_id, []).append(_words(row, title, contract_id, at, compared[key]))
    return found


def _words(
    row: Any,
    title: str,
    contract_id: str,
    at: datetime,
    paragraphs: tuple[tuple[Change, ...], ...],
    *,
    elsewhere: bool = False,
) -> ChangedWords:
    register = Register(row.register)
    url = f"{paths.contract(contract_id)}/sujets/{row.item_id}/texte/{register.value}/historique"
    return ChangedWords(title, register.label, day_label(at), url, paragraphs, elsewhere)
