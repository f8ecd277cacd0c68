"""What the life of contracts asks of a direction this week: to decide about an end, to make a review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.blueprints.lifecycle.pages import ADDRESSES
from portal.domain.duties.week import Act, Rank
from portal.domain.lifecycle import outlook
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.languages import gettext as _
from portal.paths import contract
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

LIFE = (Rank.END, Rank.TAKE_STOCK)
DECIDING, REVIEWING = 5, 10


def life_acts(people: Mapping[str, Actor]) -> Iterator[Act]:
    """The decisions and reviews that are near or late, for who writes them."""
    mine = [
        contract_id
        for contract_id, person in people.items()
        if permits.allows(person, Permission.LIFE_WRITE, ContractTarget(contract_id))
    ]
    for one in outlook.expected(db.session(), mine, clock.today()) if mine else ():
        url = f"{contract(one.contract_id)}/vie"
        if one.review is None:
            yield Act(Rank.END, one.day, one.contract_id, None, 1, DECIDING, f"{url}/prorogation")
            continue
        about, url = one.review.label, f"{url}/bilans/{ADDRESSES[one.review]}"
        yield Act(Rank.TAKE_STOCK, one.day, one.contract_id, None, 1, REVIEWING, url, about=about)


def life_sentence(act: Act) -> str:
    """What to do, in one sentence."""
    day = day_label(act.day)
    if act.rank is Rank.TAKE_STOCK:
        return _("Préparer le %(review)s, attendu avant le %(day)s.", review=act.about, day=day)
    if act.day < clock.today():
        return _(
            "Écrire ce qui est décidé pour la fin du contrat : la prorogation se demandait jusqu’au %(day)s.",
            day=day,
        )
    return _("Décider de la fin du contrat : la prorogation se demande au plus tard le %(day)s.", day=day)
