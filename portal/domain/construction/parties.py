"""What the account takes from the life of the contract: its stages, and where its parties did not agree."""

from __future__ import annotations

from datetime import date

from portal.domain.construction.blocks import Block, Heading, Paragraph, Table
from portal.domain.construction.sources import Sources
from portal.domain.lifecycle import queries
from portal.domain.lifecycle.views import DisagreementView, StageView
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, say

DASH = say("–")
TOLD = 40


def stages(src: Sources) -> list[Block]:
    """The stages that have dates, and those that were opened again; nothing while nobody wrote any."""
    known = queries.stages(src.session, src.contract.id).values()
    rows = tuple(
        (capital(one.stage.label), _span(one.planned_from, one.planned_to), _taken(one))
        for one in known
        if one.version
    )
    if not rows:
        return []
    head = (say("Étape"), say("Prévue"), say("Réalisée"))
    blocks: list[Block] = [
        Heading(say("Les étapes du contrat")),
        Table(say("Les étapes, prévues et réalisées"), head, rows),
    ]
    again = tuple(
        (capital(one.stage.label), day_label(one.ended_on), day_label(one.reopened_on), one.reason)
        for one in queries.reopenings(src.session, src.contract.id)
    )
    if again:
        columns = (say("Étape"), say("Terminée le"), say("Rouverte le"), say("Raison"))
        blocks.append(Table(say("Les étapes rouvertes, avec leur raison"), columns, again))
    return blocks


def _span(first: date | None, last: date | None) -> str:
    if first and last:
        return say("du %(start)s au %(end)s", start=day_label(first), end=day_label(last))
    if first:
        return say("à partir du %(start)s", start=day_label(first))
    return say("jusqu’au %(end)s", end=day_label(last)) if last else DASH


def _taken(one: StageView) -> str:
    if one.reopened_on and one.begun_on:
        return say(
            "depuis le %(start)s, rouverte le %(day)s",
            start=day_label(one.begun_on),
            day=day_label(one.reopened_on),
        )
    if one.begun_on and not one.ended_on:
        return say("depuis le %(start)s", start=day_label(one.begun_on))
    return _span(one.begun_on, one.ended_on)


def disagreements(src: Sources) -> list[Block]:
    """What the parties of the contract did not agree about, with each position and the outcome."""
    if src.place is not None:
        return []
    found, more = queries.page_of_disagreements(src.session, src.contract.id, size=TOLD)
    if not found:
        return []
    blocks: list[Block] = [Heading(say("Entre les parties du contrat"))]
    for one in found:
        blocks += _of(one)
    if more:
        told = say("D’autres désaccords, plus anciens, se lisent dans la vie du contrat, sur le portail.")
        blocks.append(Paragraph(told, quiet=True))
    return blocks


def _of(one: DisagreementView) -> list[Block]:
    rows = tuple((said.party, said.words) for said in one.positions)
    rows += tuple((name, say("n’a pas écrit de position")) for name in one.silent)
    table = Table(_about(one), (say("Partie"), say("Sa position")), rows)
    return [Paragraph(one.about, strong=True), table, Paragraph(_outcome(one))]


def _about(one: DisagreementView) -> Sentence:
    return say("Les positions, depuis le %(day)s", day=day_label(one.raised_on))


def _outcome(one: DisagreementView) -> Sentence:
    if one.settled_on is None:
        return say("Il n’y a pas encore d’issue.")
    return say("Issue, le %(day)s : %(outcome)s", day=day_label(one.settled_on), outcome=one.outcome)
