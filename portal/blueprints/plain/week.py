"""What the plain texts ask of a direction this week: to look at those that its technical texts left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.domain.duties.week import Act, Rank
from portal.domain.plain import queries
from portal.extensions import db
from portal.kernel import clock
from portal.languages import gettext as _
from portal.paths import contract
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

READING = 5


def plain_acts(people: Mapping[str, Actor]) -> Iterator[Act]:
    """One act a contract whose own words are to write or to review in plain words; one question."""
    mine = [
        contract_id
        for contract_id, person in people.items()
        if permits.allows(person, Permission.TEXT_EDIT, ContractTarget(contract_id))
    ]
    for contract_id in queries.awaited(db.session(), mine) if mine else ():
        url = f"{contract(contract_id)}/textes-simples"
        yield Act(Rank.SIMPLIFY, clock.today(), contract_id, None, 1, READING, url)


def plain_sentence(_act: Act) -> str:
    """What to do, in one sentence."""
    return _(
        "Relire ou écrire des passages en mots simples\u00a0: le texte technique dit autre chose, ou plus."
    )
