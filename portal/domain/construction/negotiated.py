"""What the confidential negotiation changed in the words of the contract, and what came of it."""

from __future__ import annotations

from portal.domain.construction.blocks import Block, Difference, Paragraph, Section
from portal.domain.construction.sources import Sources
from portal.domain.negotiation import queries
from portal.domain.negotiation.views import ChangeView, ZoneView
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, say

TOLD = 60


def negotiation(src: Sources) -> Section | None:
    """Each negotiation with its outcome, each passage that it changed with its reason; nothing of what was said there."""
    zones = queries.zones(src.session, src.contract.id)
    if not zones:
        return None
    found, more = queries.changes(src.session, src.contract.id, size=TOLD)
    blocks: list[Block] = [
        Paragraph(
            say(
                "Les parties qui signent le contrat ont parlé entre elles, de façon confidentielle. "
                "Tout ce qu’elles ont changé dans ses mots est ici, avec la raison."
            )
        ),
        *(Paragraph(_told(one)) for one in reversed(zones)),
        *(Difference(_where(one), tuple(tuple(part) for part in one.changes)) for one in found),
    ]
    if not found:
        blocks.append(Paragraph(say("Aucun mot du contrat n’a changé en négociation.")))
    if more:
        told = say("D’autres mots, plus anciens, se lisent sur la page de la négociation, sur le portail.")
        blocks.append(Paragraph(told, quiet=True))
    return Section("negociation", say("Ce que la négociation a changé"), tuple(blocks))


def _told(one: ZoneView) -> Sentence:
    start = day_label(one.opened_at)
    if one.closed_at is None:
        return say("Une négociation est ouverte depuis le %(start)s.", start=start)
    if paris(one.opened_at).date() == paris(one.closed_at).date():
        return say("Négociation le %(day)s : %(outcome)s", day=start, outcome=one.outcome)
    return say(
        "Négociation du %(start)s au %(end)s : %(outcome)s",
        start=start,
        end=day_label(one.closed_at),
        outcome=one.outcome,
    )


def _where(one: ChangeView) -> Sentence:
    if one.left is not None:
        return say(
            "%(subject)s · %(piece)s · négocié le %(day)s : %(reason)s "
            "Changé depuis par %(who)s, le %(since)s : %(why)s",
            subject=one.title,
            piece=one.piece.label,
            day=day_label(one.at),
            reason=one.reason,
            who=one.left.by_function,
            since=day_label(one.left.at),
            why=one.left.reason,
        )
    return say(
        "%(subject)s · %(piece)s · le %(day)s · modifié en négociation : %(reason)s",
        subject=one.title,
        piece=one.piece.label,
        day=day_label(one.at),
        reason=one.reason,
    )
