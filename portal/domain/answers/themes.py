"""Themes: how a director sorts what waits for an answer. Readers see nothing of it before the answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.answers import queries
from portal.domain.answers.models import Answer, ContributionTheme, Theme
from portal.domain.spaces import queries as spaces
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.lines import check_line
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

MAX_NAME, MAX_SENTENCE = 80, 200
LIMIT = 40


def file(
    session: Session,
    person: Actor,
    space_id: str,
    contribution_ids: Collection[str],
    name: str,
    sentence: str = "",
    *,
    at: datetime | None = None,
) -> Theme:
    """File these contributions under the theme of this name, made when it is new.

    Errors: NotFoundError, RefusedError, InvalidError (`chosen`, `theme_name`, `theme_sentence`).
    """
    now = at or clock.now()
    space = spaces.view(session, space_id, now)
    if space is None:
        raise NotFoundError
    permits.require(person, Permission.ANSWER_IN, space.target)
    if not contribution_ids:
        raise InvalidError({"chosen": [say("Choisissez au moins une contribution à ranger.")]})
    rows = queries.rows_in(session, space_id, contribution_ids)
    if len(rows) != len(set(contribution_ids)):
        raise NotFoundError
    theme = _named(session, space_id, name, sentence, now)
    ids = [row.id for row in rows]
    session.execute(delete(ContributionTheme).where(ContributionTheme.contribution_id.in_(ids)))
    session.add_all(ContributionTheme(contribution_id=one, theme_id=theme.id) for one in ids)
    session.flush()
    return theme


def of_space(session: Session, space_id: str) -> list[Theme]:
    """The themes of a space, by name."""
    return list(session.scalars(select(Theme).where(Theme.space_id == space_id).order_by(Theme.name)))


def answered_under(session: Session, contribution_id: str) -> Theme | None:
    """The theme of a contribution, once it was answered."""
    return session.scalar(
        select(Theme)
        .join(ContributionTheme, ContributionTheme.theme_id == Theme.id)
        .join(Answer, Answer.contribution_id == ContributionTheme.contribution_id)
        .where(ContributionTheme.contribution_id == contribution_id)
    )


def _named(session: Session, space_id: str, name: str, sentence: str, at: datetime) -> Theme:
    written = check_line(name, "theme_name", MAX_NAME)
    told = check_line(sentence, "theme_sentence", MAX_SENTENCE, optional=True)
    known = {one.name: one for one in of_space(session, space_id)}
    theme = known.get(written)
    if theme is None:
        if len(known) >= LIMIT:
            raise InvalidError({"theme_name": [say("Cet espace a déjà 40 thèmes. Choisissez-en un.")]})
        theme = Theme(space_id=space_id, name=written, sentence=told, at=at)
        session.add(theme)
    elif told:
        theme.sentence = told
    session.flush()
    return theme
