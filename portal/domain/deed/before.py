"""The contract before: what it was, and what became of each of its commitments."""

from __future__ import annotations

from portal.domain.construction.blocks import Block, Heading, Paragraph, Section, Table
from portal.domain.deed.gathered import Gathered
from portal.domain.deed.words import DASH, MORE, ended, span
from portal.domain.predecessors import queries
from portal.domain.predecessors.models import Outcome
from portal.domain.predecessors.queries import PredecessorView, Said
from portal.domain.predecessors.rules import GOES_ON
from portal.kernel.speech import Sentence, capital, plural, say

TITLE = say("Ce qui vient du contrat d’avant")
COMMITMENTS = 600


def annex(src: Gathered) -> Section | None:
    """What it was and what each of its commitments became, what goes on first; None when nothing is said of it."""
    known = queries.predecessor(src.session, src.contract_id)
    found = queries.page(src.session, src.contract_id, size=COMMITMENTS)
    if known is None and not found.commitments:
        return None
    blocks: list[Block] = _was(known) if known is not None else []
    for outcome, some in queries.in_order(found.commitments):
        number = plural("%(num)s engagement", "%(num)s engagements", len(some))
        blocks.append(Heading(say("%(what)s\u00a0: %(number)s", what=capital(outcome.label), number=number)))
        rows = tuple((one.now.title, _became(one.now)) for one in some)
        caption = say("Engagements du contrat d’avant\u00a0: %(what)s", what=outcome.label)
        blocks.append(Table(caption, (say("Engagement"), say("Ce qu’il est devenu")), rows))
    if found.after is not None:
        blocks.append(Paragraph(MORE))
    return Section("contrat-d-avant", TITLE, tuple(blocks))


def holds(src: Gathered) -> bool:
    """Whether something is said of it."""
    return queries.predecessor(src.session, src.contract_id) is not None or bool(
        queries.page(src.session, src.contract_id, size=1).commitments
    )


def _was(one: PredecessorView) -> list[Block]:
    when = span(one.starts_on, one.ends_on) if one.starts_on or one.ends_on else ""
    blocks: list[Block] = [
        Paragraph(one.title, strong=True),
        Paragraph(ended((capital(one.kind.label), when)), quiet=True),
    ]
    if one.parties:
        blocks.append(Paragraph(say("Signé par\u00a0: %(who)s", who=one.parties)))
    if one.numbers:
        blocks.append(Paragraph(say("Numéros FINESS qui ont changé\u00a0: %(numbers)s", numbers=one.numbers)))
    return blocks


def _became(one: Said) -> Sentence:
    """Its words and, for what goes on, the objective of this contract."""
    words = say("Parce que\u00a0: %(why)s", why=one.words) if _dropped(one) else one.words
    goes_on = one.outcome in GOES_ON and one.objective_id
    into = (
        say(
            "Dans ce contrat\u00a0: objectif %(number)s, %(title)s",
            number=str(one.number),
            title=one.objective,
        )
        if goes_on
        else ""
    )
    return ended((words, into)) if words or into else ended((DASH,))


def _dropped(one: Said) -> bool:
    return one.outcome is Outcome.DROPPED and bool(one.words)
