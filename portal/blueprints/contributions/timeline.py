"""What became of my words, step by step, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.contributions.views import CardView
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
    """The steps of each of these contributions, from their cards alone."""
    return {card.id: steps(card) for card in cards}


def steps(card: CardView) -> list[Step]:
    """Sent, published, read, answered, words changed: what happened, and the next one to come."""
    found = [Step(_("Envoyée"), day_label(card.day))]
    if card.status == ContributionStatus.PENDING:
        return [*found, Step(_("Relue, puis publiée"), done=False)]
    if card.status != ContributionStatus.PUBLISHED:
        return found
    if card.published_label:
        found.append(Step(_("Publiée"), card.published_label))
    if card.thanked_label:
        found.append(Step(_("Lue par la direction, qui vous dit merci"), card.thanked_label))
    if card.answer is None:
        return [*found, Step(_("Réponse de la direction"), done=False)]
    found.append(Step(_("Réponse de la direction"), card.answer.day_label))
    if card.answer.changes:
        found.append(Step(_("Le texte a changé grâce à vos mots"), card.answer.changes[0].day_label))
    elif card.answer.to_link:
        found.append(Step(_("Le texte sera changé"), done=False))
    return found
