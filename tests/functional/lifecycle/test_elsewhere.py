"""What the life of a contract brings to other pages: the week, the followed contracts, the account, the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.lifecycle import endings, follow_up, rules, service
from portal.domain.lifecycle.endings import DecisionTyped
from portal.domain.lifecycle.follow_up import ReviewTyped
from portal.domain.lifecycle.models import EndChoice, ReviewKind
from portal.domain.lifecycle.service import StageTyped
from portal.kernel import clock
from portal.vocabulary import Stage
from tests.conftest import World

TODAY = clock.today()
DECISION = DecisionTyped(EndChoice.RENEW, TODAY, "Tout est à reprendre avec les familles.")


def ending(world: World, days: int) -> None:
    """Our contract is carried out, and its prorogation is asked in so many days."""

    def write(session: Session) -> None:
        row = session.get_one(Contract, world.ours.contract_id)
        row.stage, row.signed_on = Stage.EXECUTION, TODAY - timedelta(days=900)
        row.starts_on = TODAY - timedelta(days=900)
        row.ends_on = rules.shifted(TODAY + timedelta(days=days), 6)

    world.do(write)


def decide(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: endings.decide(s, director, here, DECISION, 0))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (20, "la prorogation se demande au plus tard le"),
        (-20, "la prorogation se demandait jusqu’au"),
        (120, ""),
    ],
)
def test_the_week_of_the_direction_tells_the_end_until_it_is_decided(
    world: World, days: int, told: str
) -> None:
    ending(world, days)
    words = world.client("director").see("/ma-semaine").words
    assert ("la prorogation" in words) is bool(told)
    assert told in words
    assert "la prorogation" not in world.client("moderator").see("/ma-semaine").words
    decide(world)
    assert "la prorogation" not in world.client("director").see("/ma-semaine").words


def test_the_week_tells_a_review_until_it_is_made(world: World) -> None:
    ending(world, 400)
    director, here = world.ours["director"].actor, world.ours.contract_id
    kind, planned = ReviewKind.MIDTERM, ReviewTyped(planned_on=TODAY + timedelta(days=50))
    assert "bilan à mi-parcours" not in world.client("director").see("/ma-semaine").words
    world.do(lambda s: follow_up.write_review(s, director, here, kind, planned, 0))
    page = world.client("director").see("/ma-semaine")
    assert "Préparer le bilan à mi-parcours" in page.words
    (link,) = page.tree.xpath("//a[contains(@href, '/vie/bilans/')]/@href")
    world.client("director").see(link)
    world.do(lambda s: follow_up.write_review(s, director, here, kind, ReviewTyped(held_on=TODAY), 1))
    assert "bilan à mi-parcours" not in world.client("director").see("/ma-semaine").words


def test_an_authority_sees_the_day_of_the_prorogation_until_it_is_decided(world: World) -> None:
    ending(world, 20)
    authority = world.client("authority")
    assert "La prorogation du contrat se demande au plus tard le" in authority.see("/suivi").words
    decide(world)
    assert "La prorogation du contrat" not in authority.see("/suivi").words


def test_the_account_tells_the_stages_and_the_disagreements_of_the_parties(
    world: World, sign: Callable[[], str]
) -> None:
    sign()
    director, here = world.ours["director"].actor, world.ours.contract_id
    address = f"/contrats/{here}/construction"
    before = world.client("family").see(address).words
    assert "Les étapes du contrat" not in before
    early = TODAY - timedelta(days=9)
    typed = StageTyped(begun_on=early, ended_on=TODAY)
    world.do(lambda s: service.write_stage(s, director, here, Stage.DIAGNOSTIC, typed, 0))
    world.do(
        lambda s: service.reopen_stage(s, director, here, Stage.DIAGNOSTIC, TODAY, "Il manquait la nuit.", 1)
    )
    about, ours = "Le financement des nuits", "Nous demandons deux postes de nuit."
    one = world.do(lambda s: endings.raise_(s, director, here, about, TODAY, ours))
    told = world.client("family").see(address).words
    for said in ("Les étapes du contrat", "Il manquait la nuit.", about, ours, "ARS du Val"):
        assert said in told
    world.do(lambda s: endings.settle(s, director, here, one, "Un poste de plus en 2028.", TODAY, 1))
    assert "Un poste de plus en 2028." in world.client("family").see(address).words


def test_every_act_has_its_line_in_the_register(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    world.do(
        lambda s: endings.raise_(
            s, director, here, "Le financement des nuits", TODAY, "Deux postes, dès 2027."
        )
    )
    decide(world)
    words = world.client("family").see(f"/contrats/{here}/registre").words
    assert "Un désaccord entre les parties du contrat a été écrit." in words
    assert "La direction a écrit ce qui est décidé pour la fin du contrat." in words
    assert "postes" not in words
