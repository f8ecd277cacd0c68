"""What became of my words, step by step, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from portal import paths
from portal.domain.contributions.views import CardView
from portal.kernel.dates import day_label
from portal.languages import gettext as _
from portal.vocabulary import ContributionStatus


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with its day once it happened; `rule_label` and `url` when it is a decision that its author may read."""

    label: str
    day_label: str = ""
    done: bool = True
    sign: str = "check"
    rule_label: str = ""
    url: str = ""


def timelines(cards: Sequence[CardView], promised: Callable[[str], date | None]) -> dict[str, list[Step]]:
    """The steps of each of these contributions; `promised` tells until when its answer is owed, if it is."""
    return {card.id: steps(card, promised) for card in cards}


def steps(card: CardView, promised: Callable[[str], date | None]) -> list[Step]:
    """Sent, published, set aside, read, answered, words changed: what happened, and the next one to come."""
    found = [Step(_("Envoyée"), day_label(card.day))]
    if card.status == ContributionStatus.PENDING:
        return [*found, Step(_("Relue, puis publiée"), done=False)]
    if card.published_label:
        found.append(Step(_("Publiée"), card.published_label))
    if card.status != ContributionStatus.PUBLISHED:
        return [*found, *_set_aside(card)]
    if card.thanked_label:
        found.append(Step(_("Lue par la direction, qui vous dit merci"), card.thanked_label))
    if card.answer is None:
        due = promised(card.id)
        soon = "" if due is None else _("avant le %(day)s", day=day_label(due))
        return [*found, Step(_("Réponse de la direction"), soon, done=False)]
    found.append(Step(_("Réponse de la direction"), card.answer.day_label))
    if card.answer.changes:
        found.append(Step(_("Le texte a changé grâce à vos mots"), card.answer.changes[0].day_label))
    elif card.answer.to_link:
        found.append(Step(_("Le texte sera changé"), done=False))
    return found


def _set_aside(card: CardView) -> list[Step]:
    """The decision that these words are not shown, when it is one; who takes theirs back decides alone."""
    if card.stone is None or card.status == ContributionStatus.WITHDRAWN:
        return []
    hidden = card.status == ContributionStatus.HIDDEN
    return [
        Step(
            _("Masquée") if hidden else _("Non publiée"),
            card.stone.day_label,
            sign="eye-off" if hidden else "lock",
            rule_label=card.stone.rule_label,
            url=paths.contribution(card.id, "decision"),
        )
    ]
