"""What the pages of a second look show, from what was read."""

from __future__ import annotations

from dataclasses import dataclass

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.models import ContributionVersion
from portal.domain.contributions.service import by_id
from portal.domain.moderation import appeals, readers, unread
from portal.domain.moderation.models import Appeal, AppealState, Decision, ModerationDecision
from portal.domain.moderation.rules import PLAIN
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.kernel.speech import Sentence
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionKind, ContributionStatus, ModerationRule


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision against words: which ones, which rule, how to mend, and what became of an appeal."""

    decision: ModerationDecision
    appeal: Appeal | None
    version: ContributionVersion | None
    title: str
    mend: str
    shown: bool
    # A correction that waited when the words were hidden.
    correction: bool = False
    # Why the reader of appeals may not read it any more.
    unfit: Sentence | None = None
    # Whether nobody who is named may look again: nothing is promised then.
    nobody: bool = False
    # Whether somebody who was named left it to somebody else.
    passed: bool = False
    # Whether the promised days began again for whoever reads it now; they do so once.
    renewed: bool = False
    # Whether the promised day has gone by.
    late: bool = False

    @property
    def passages(self) -> list[str]:
        """The words that are meant; none stands for the words as a whole."""
        return self.decision.passages.splitlines()

    @property
    def rule(self) -> str:
        """The rule of the closed list."""
        return self.decision.rule.label if self.decision.rule else ""

    @property
    def plain(self) -> str:
        """The same in everyday words."""
        return PLAIN[self.decision.rule] if self.decision.rule else ""

    @property
    def hidden(self) -> bool:
        """Whether people had read the words."""
        return self.decision.decision is Decision.HIDDEN

    @property
    def personal(self) -> bool:
        """Whether somebody in particular is to be spoken to."""
        return self.decision.rule is ModerationRule.PERSONAL

    @property
    def reversed(self) -> bool:
        """Whether a second look undid the decision."""
        return self.appeal is not None and self.appeal.state is AppealState.REVERSED

    @property
    def open(self) -> bool:
        """Whether an appeal waits for its decision."""
        return self.appeal is not None and self.appeal.state is AppealState.ASKED


def decided(asked: Asked) -> Decided | None:
    """The last decision against the words of the address, for their author; None when there is none."""
    session, row = db.session(), asked.about
    decision = appeals.decision_on(session, row.id)
    if decision is None:
        return None
    item = contracts.item(session, row.item_id)
    appeal = appeals.of_decision(session, decision.id)
    aside = readers.aside(session, [appeal.id]).get(appeal.id, set()) if appeal is not None else set()
    waits = appeal is None or appeal.state is AppealState.ASKED
    return Decided(
        decision=decision,
        appeal=appeal,
        nobody=waits and not unread.somebody_for(session, row, decision, aside),
        passed=bool(aside),
        renewed=len(aside) == 1,
        late=appeal is not None and appeal.due_at < asked.now,
        version=contributions.words(session, row.id, decision.number),
        title=item.title if item else "",
        mend=_mend(asked),
        shown=row.status is ContributionStatus.PUBLISHED,
        correction=decision.decision is Decision.HIDDEN and appeals.kept_correction(session, row),
    )


def sealed(asked: Asked) -> Decided:
    """What a reader of appeals looks at; no words before confidentiality is accepted. Errors: NotFoundError."""
    session, appeal = db.session(), asked.in_appeal
    session.refresh(appeal)
    row = by_id(session, appeal.contribution_id)
    decision = session.get(ModerationDecision, appeal.decision_id)
    if row is None or decision is None:
        raise NotFoundError
    unfit = readers.unfit(session, appeal.contract_id, asked.actor)
    may = unfit is None and appeals.promised(session, asked.actor, appeal)
    item = contracts.item(session, row.item_id)
    return Decided(
        decision=decision,
        appeal=appeal,
        version=contributions.words(session, row.id, appeal.number) if may else None,
        title=item.title if item else "",
        mend="",
        shown=row.status is ContributionStatus.PUBLISHED,
        unfit=unfit,
    )


def _mend(asked: Asked) -> str:
    """Where to write again: on one's own words when they stand, else on a new page that takes them over."""
    row = asked.about
    if Permission.CORRECT in asked.can:
        return paths.contribution(row.id, "corriger")
    if row.status is ContributionStatus.PUBLISHED or row.erased:
        return ""
    if row.kind is ContributionKind.REPLY:
        may = Permission.REPLY_IN in asked.can and row.parent_id is not None
        return f"{paths.contribution(row.parent_id or '', 'repondre')}?reprendre={row.id}" if may else ""
    needed = {ContributionKind.QUESTION: Permission.ASK, ContributionKind.PROPOSAL: Permission.PROPOSE}
    if needed.get(row.kind, Permission.COMMENT) not in asked.can:
        return ""
    return f"{paths.item(row.space_id, row.item_id)}/contribuer?type={row.kind.value}&reprendre={row.id}"
