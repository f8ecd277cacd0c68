"""What the account takes from the contract before: what is taken up from it, what changed, what ended and why."""

from __future__ import annotations

from portal.domain.construction.blocks import Block, Paragraph, Section, Table
from portal.domain.construction.sources import Sources
from portal.domain.predecessors import queries
from portal.domain.predecessors.models import Outcome
from portal.domain.predecessors.queries import CommitmentView
from portal.kernel.speech import capital, say

TOLD = 100


def before(src: Sources) -> Section | None:
    """The commitments of the contract before, each with what it became; nothing while nobody wrote any."""
    contract_id = src.contract.id
    page = queries.page(src.session, contract_id, size=TOLD)
    if not page.commitments:
        return None
    known = queries.predecessor(src.session, contract_id)
    blocks: list[Block] = []
    if known is not None:
        blocks.append(Paragraph(say("Avant ce contrat : %(title)s.", title=known.title)))
    rows = tuple(_row(one) for one in page.commitments)
    head = (say("L’engagement"), say("Ce qu’il est devenu"), say("En une phrase"))
    blocks.append(Table(say("Les engagements du contrat d’avant"), head, rows))
    if page.after:
        blocks.append(Paragraph(say("Les autres se lisent sur la page du contrat d’avant.")))
    return Section("avant", say("Ce qui vient du contrat d’avant"), tuple(blocks))


def _row(one: CommitmentView) -> tuple[str, ...]:
    now = one.now
    became: str = capital(now.outcome.label)
    if now.outcome in (Outcome.KEPT, Outcome.CHANGED) and now.number is not None:
        became = say("%(outcome)s, dans l’objectif %(number)s", outcome=became, number=now.number)
    return now.title, became, now.words or "–"
