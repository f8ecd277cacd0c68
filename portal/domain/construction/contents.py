"""What the account says of the contract's own words: who wrote the shared diagnostic, who stands by it."""

from __future__ import annotations

from portal.domain.construction.blocks import Paragraph, Section, Table
from portal.domain.construction.sources import Sources
from portal.domain.diagnostic.models import ValidationState as State
from portal.domain.diagnostic.shares import Share, shares
from portal.kernel.speech import say

STATES = (State.VALIDATED, State.RESERVED, State.TO_REVIEW, State.NOT_YET)


def diagnostic(src: Sources) -> Section | None:
    """How many findings each party wrote, and how many it validated; nothing while there is none."""
    told = shares(src.session, src.contract.id)
    if not told:
        return None
    head = (
        say("Partie"),
        say("Constats écrits"),
        say("Validés"),
        say("Validés avec une réserve"),
        say("À revoir"),
        say("Pas encore validés"),
    )
    words = say(
        "L’organisme et les autorités écrivent chacun leurs constats. Chaque partie dit ensuite si elle les valide. Un constat est à "
        "revoir quand ses mots ont changé depuis."
    )
    table = Table(say("Ce que chaque partie a écrit et validé"), head, tuple(_row(one) for one in told))
    return Section("diagnostic", say("Le diagnostic partagé"), (Paragraph(words, quiet=True), table))


def _row(one: Share) -> tuple[str, ...]:
    return one.party.name, str(one.wrote), *(str(one.states.get(state, 0)) for state in STATES)
