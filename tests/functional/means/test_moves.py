"""What is asked before money leaves an establishment that does not have it: the same sum as the page of establishments."""

from __future__ import annotations

import re

import pytest

from portal.domain.means.models import Payer
from portal.kernel import clock
from tests.conftest import World
from tests.factories.lifecycle import an_authority
from tests.factories.means import a_line, a_move, another_site

AGENCY = "Agence régionale de santé"


@pytest.fixture
def there(world: World) -> str:
    """The house has 24 000 € of its own and 10 000 € of the agency; 216 000 € of one’s own are for all; 6 000 € left already."""
    ours = world.ours
    site = world.do(lambda s: another_site(s, ours))
    agency = world.do(lambda s: an_authority(s, ours.contract_id, AGENCY))
    here = ours.establishment_id
    for payer, amount, place in (
        (Payer.OWN.value, "24 000", here),
        (agency, "10 000", here),
        (Payer.OWN.value, "216 000", ""),
    ):
        planned = {2027: amount}
        world.do(
            lambda s, payer=payer, planned=planned, place=place: a_line(
                s, ours, payer=payer, planned=planned, establishment_id=place
            )
        )
    world.do(lambda s: a_move(s, ours, site, amount="6 000"))
    return site


def asked(world: World, there: str, payer: str, amount: str, *, back: bool = False) -> tuple[int, str]:
    """The answer to a decision, and the question beside its box."""
    path = f"/contrats/{world.ours.contract_id}/moyens/reaffectations/ajouter"
    director, here = world.client("director"), world.ours.establishment_id
    page = director.see(path)
    purse = next(
        value
        for value in page.tree.xpath("//select[@name='payer']/option/@value")
        if payer in "".join(page.tree.xpath(f"//option[@value='{value}']/text()"))
    )
    typed = {
        "from_id": there if back else here,
        "to_id": here if back else there,
        "year": "2027",
        "amount": amount,
        "payer": purse,
        "clause": "Article 4 du contrat",
        "reason": "Un poste reste vide.",
        "decided_by": "le conseil d’administration",
        "decided_on": clock.today().isoformat(),
        "sure": "y",
    }
    sent = director.post(path, data=page.form(path) | typed)
    found = re.search(r'id="beyond-erreur".*?</p>', sent.text, re.DOTALL)
    return sent.status_code, found[0].replace("\u00a0", " ") if found else ""


@pytest.mark.parametrize(
    ("payer", "amount", "told"),
    [
        ("moyens propres", "18 001", ("18 000 €", "28 000 €", "216 000 €")),
        (AGENCY, "10 001", ("10 000 €", "28 000 €")),
    ],
)
def test_the_sum_told_is_that_of_the_establishment_the_year_and_the_payer(
    world: World, there: str, payer: str, amount: str, told: tuple[str, ...]
) -> None:
    status, words = asked(world, there, payer, amount)
    assert status == 422
    assert [one for one in told if one not in words] == []
    assert "240 000 €" not in words
    sites = world.client("director").see(
        f"/contrats/{world.ours.contract_id}/moyens/etablissements?annee=2027"
    )
    assert "28 000 €" in sites.words.replace("\u00a0", " ")


@pytest.mark.parametrize(("payer", "amount"), [("moyens propres", "18 000"), (AGENCY, "10 000")])
def test_what_is_there_leaves_without_a_question(world: World, there: str, payer: str, amount: str) -> None:
    assert asked(world, there, payer, amount)[0] == 303


def test_a_house_that_has_nothing_of_this_money_is_asked_about_whatever_is_shared(
    world: World, there: str
) -> None:
    status, words = asked(world, there, AGENCY, "200 000", back=True)
    assert (status, "n’écrit aucun argent" in words, "6 000 €" in words) == (422, True, True)
    status, words = asked(world, there, "moyens propres", "200 000", back=True)
    assert (status, "6 000 €" in words, "216 000 €" in words) == (422, True, True)
