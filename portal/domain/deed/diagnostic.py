"""The shared diagnostic: how many findings on each axis, or each of them."""

from __future__ import annotations

from itertools import groupby

from portal.domain.construction.blocks import Block, Heading, Paragraph, Table
from portal.domain.deed.gathered import FINDINGS, Gathered
from portal.domain.deed.words import DASH, MORE, ended, once, places, told, written
from portal.domain.diagnostic.models import ValidationState
from portal.domain.diagnostic.queries import FindingView
from portal.domain.diagnostic.rules import ORDER
from portal.kernel.speech import Sentence, capital, number_words, say


def short(src: Gathered) -> list[Block]:
    """The axes, with how many findings of each kind."""
    rows = tuple(
        (one.name, *(number_words(one.kinds.get(kind, 0)) for kind in ORDER)) for one in src.axes if one.kinds
    )
    head = (say("Axe"), *(capital(kind.label) for kind in ORDER))
    return [Table(say("Les constats, axe par axe"), head, rows, (3, *(1 for _kind in ORDER)))]


def full(src: Gathered) -> list[Block]:
    """Each finding under its axis, with its words and what each party said of it."""
    questions = {one.id: one.question for one in src.axes}
    blocks = short(src)
    for axis, some in groupby(src.findings, key=lambda one: one.item.axis_id):
        found = list(some)
        blocks.append(Heading(found[0].item.axis or say("Sans axe")))
        if questions.get(axis or ""):
            blocks.append(Paragraph(questions[axis or ""], quiet=True))
        for one in found:
            blocks += _finding(src, one)
    return [*blocks, Paragraph(MORE)] if len(src.findings) == FINDINGS else blocks


def _finding(src: Gathered, one: FindingView) -> list[Block]:
    item = one.item
    blocks: list[Block] = [
        Heading(say("Constat %(number)s\u00a0: %(title)s", number=str(item.number), title=item.title), 1)
    ]
    kind = item.finding_kind.label if item.finding_kind else DASH
    blocks.append(
        Paragraph(ended((capital(kind), places(one.places), say("par %(who)s", who=one.by.name))), quiet=True)
    )
    for register in written(item, src.choice.wording.registers):
        text = item.text(register)
        if text is not None:
            blocks += told(text.source)
    blocks += once(item, src.choice.wording.registers)
    if item.evidence and not src.choice.plain:
        blocks.append(Paragraph(say("Sur quoi il repose\u00a0: %(evidence)s", evidence=item.evidence)))
    return [*blocks, Paragraph(_standings(one), quiet=True)]


def _standings(one: FindingView) -> Sentence:
    return ended(
        say(
            "%(party)s\u00a0: %(state)s (%(reason)s)",
            party=said.party.name,
            state=said.state.label,
            reason=said.reason,
        )
        if said.reason and said.state is ValidationState.RESERVED
        else say("%(party)s\u00a0: %(state)s", party=said.party.name, state=said.state.label)
        for said in one.standings
    )
