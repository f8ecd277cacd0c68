"""What became of my words, step by step, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.answers import queries as answers
from portal.domain.answers.queries import Fortune
from portal.domain.contributions.views import CardView
from portal.extensions import db
from portal.kernel.dates import day_label
from portal.languages import gettext as _
from portal.vocabulary import ContributionStatus


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with its day once it happened."""

    label: str
    day_label: str = ""
    done: bool = True


def timelines(cards: Sequence[CardView]) -> dict[str, list[Step]]:
    """The steps of each of these contributions; one query, none without any."""
    if not cards:
        return {}
    known = answers.fortunes(db.session(), [card.id for card in cards])
    return {card.id: steps(card, known.get(card.id, Fortune())) for card in cards}


def steps(card: CardView, fortune: Fortune) -> list[Step]:
    """Sent, published, read, answered, words changed: what happened, and the next one to come."""
    found = [_step(_("Envoyée"), card.day)]
    if card.status == ContributionStatus.PENDING:
        return [*found, Step(_("Relue, puis publiée"), done=False)]
    if card.status != ContributionStatus.PUBLISHED and fortune.answered_at is None:
        return found
    if fortune.published_at is not None:
        found.append(_step(_("Publiée"), fortune.published_at))
    if fortune.thanked_at is not None:
        found.append(_step(_("Lue par la direction, qui vous dit merci"), fortune.thanked_at))
    if fortune.answered_at is None:
        return [*found, Step(_("Réponse de la direction"), done=False)]
    found.append(_step(_("Réponse de la direction"), fortune.answered_at))
    if fortune.changed_at is not None:
        found.append(_step(_("Le texte a changé grâce à vos mots"), fortune.changed_at))
    elif fortune.to_link:
        found.append(Step(_("Le texte sera changé"), done=False))
    return found


def _step(label: str, at: date | datetime) -> Step:
    return Step(label, day_label(at))
