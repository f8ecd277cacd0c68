"""What the pages of moderation show, from what was read."""

from __future__ import annotations

from dataclasses import dataclass

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.contributions import service
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.contributions.views import CardView
from portal.domain.moderation import appeals, danger, marks, reports, unread
from portal.domain.moderation.models import Appeal, AppealState, DangerAlert, ModerationDecision, Report
from portal.domain.moderation.service import Seen
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.languages import gettext as _
from portal.vocabulary import Audience, ContributionStatus, ModerationRule


@dataclass(frozen=True, slots=True)
class ReportView:
    """One rule that was reported, with the words that were written for it; never how many persons."""

    rule: ModerationRule
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One contribution to decide on: its words in full, and those that people read now."""

    card: CardView
    parent: CardView | None
    shown: ContributionVersion | None
    waiting: ContributionVersion | None
    seen: Seen
    sentences: tuple[str, ...] = ()
    # The same as they are offered: with the version that each is of, when two are judged on one page.
    labels: tuple[str, ...] = ()
    decision: ModerationDecision | None = None
    appeal: Appeal | None = None
    # Whether nobody who is named may decide of the appeal.
    nobody: bool = False
    reports: tuple[ReportView, ...] = ()
    danger: DangerAlert | None = None

    @property
    def published(self) -> bool:
        """Whether people read a version of it now."""
        return self.seen.status is ContributionStatus.PUBLISHED

    @property
    def correction(self) -> bool:
        """Whether a new version waits behind the one people read."""
        return self.waiting is not None and self.shown is not None


def review(contribution_id: str, *, deciding: bool = True, known: CardView | None = None) -> Review:
    """A contribution as it is now, for its reader; `known` is its card, when it was just read.

    Errors: NotFoundError.
    """
    session = db.session()
    row = service.by_id(session, contribution_id)
    card = known or contributions.card(session, contribution_id, Audience.MODERATORS)
    if row is None or card is None:
        raise NotFoundError
    parent = contributions.card(session, row.parent_id, Audience.MODERATORS) if row.parent_id else None
    shown = contributions.words(session, row.id, row.shown_version) if row.shown_version else None
    waiting = contributions.words(session, row.id, row.version) if row.pending else None
    published = shown if row.status is ContributionStatus.PUBLISHED else None
    labelled = _labelled(published, waiting or contributions.words(session, row.id, row.version))
    decision = appeals.decision_on(session, row.id) if deciding else None
    appeal = appeals.of_decision(session, decision.id) if decision is not None else None
    waiting_for = appeal is not None and appeal.state is AppealState.ASKED
    return Review(
        card=_about(card, row),
        parent=parent,
        shown=published,
        waiting=waiting,
        seen=Seen(row.version, row.status, row.shown_version or 0),
        sentences=tuple(labelled),
        labels=tuple(labelled.values()),
        decision=decision,
        appeal=appeal,
        nobody=waiting_for and appeal in unread.waiting(session, [row.space_id]),
        reports=_reports(reports.open_on(session, row.id)) if deciding else (),
        danger=danger.followed(session, row.id) if deciding else None,
    )


def _labelled(published: ContributionVersion | None, last: ContributionVersion | None) -> dict[str, str]:
    """The sentences that may be marked, each with the version that it is of where there are two."""
    first, second = (
        marks.sentences(one.source, one.reason_source) if one is not None else () for one in (published, last)
    )
    if published is None or last is None or published.number == last.number:
        return {one: one for one in first or second}
    found: dict[str, str] = {}
    for one in dict.fromkeys((*second, *first)):
        if one in first and one in second:
            found[one] = _("%(words)s (dans les deux versions)", words=one)
        else:
            found[one] = (
                _("%(words)s (version publiée)", words=one)
                if one in first
                else _("%(words)s (correction)", words=one)
            )
    return found


def _reports(found: list[Report]) -> tuple[ReportView, ...]:
    by_rule: dict[ModerationRule, set[str]] = {}
    for one in found:
        by_rule.setdefault(one.rule, set()).update({one.words} - {""})
    return tuple(ReportView(rule, tuple(sorted(by_rule[rule]))) for rule in ModerationRule if rule in by_rule)


def _about(card: CardView, row: Contribution) -> CardView:
    item = contracts.item(db.session(), row.item_id)
    return card.about(item.title if item else "", paths.item(row.space_id, row.item_id))


def done(asked: Asked, word: str) -> str:
    """What was just done, in words; empty when the address says nothing known."""
    if asked.space is None:
        return ""
    return {
        "publiee": _("C’est publié. La personne qui a écrit en est informée sur sa page."),
        "refusee": _("Ces mots ne sont pas publiés. La personne qui a écrit peut lire votre raison."),
        "gardee": _("La contribution reste publiée. Les personnes qui l’ont signalée en sont informées."),
        "repondu": _("Toutes les contributions ont une réponse. Merci pour elles."),
    }.get(word, "")
