"""The perimeter of a contract: what is written, by whom, on what state, and what stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.contracts import perimeter
from portal.domain.contracts.models import (
    Competence,
    Contract,
    ContractAuthority,
    ContractCompetence,
    ContractEstablishment,
    Scope,
)
from portal.domain.contracts.perimeter import Site
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.organisations.models import Establishment
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from tests.conftest import World

TILLEULS = Site("EHPAD des Tilleuls", "54 000 1234", "500", 80, 92, "12 places d’accueil de jour en plus")
WHY = "La maison ferme ses portes."


def add(world: World, site: Site = TILLEULS, who: str = "director") -> str:
    return world.do(lambda s: perimeter.add(s, world.ours[who].actor, world.ours.contract_id, site))


def links(world: World) -> dict[str, ContractEstablishment]:
    query = select(ContractEstablishment).where(ContractEstablishment.contract_id == world.ours.contract_id)
    return {one.establishment_id: one for one in world.read(lambda s: s.scalars(query).all())}


def lines(world: World) -> int:
    query = select(JournalLine.seq).where(JournalLine.kind == FactKind.PERIMETER_CHANGED.value)
    return len(world.read(lambda s: s.scalars(query).all()))


def row(world: World, site: str) -> Establishment:
    return world.read(lambda s: s.get_one(Establishment, site))


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_a_site_enters_with_its_places_before_and_after(world: World, who: str) -> None:
    site = add(world, who=who)
    found, link = row(world, site), links(world)[site]
    assert (found.finess_et, found.category_code, found.category) == ("540001234", "500", "EHPAD")
    assert (found.places, link.places_after, found.department) == (80, 92, "54")
    assert link.change == "12 places d’accueil de jour en plus"
    assert lines(world) == 1


@pytest.mark.parametrize("who", ["resident", "family", "moderator", "authority"])
def test_nobody_else_writes_it(world: World, who: str) -> None:
    with pytest.raises(RefusedError):
        add(world, who=who)
    assert lines(world) == 0


@pytest.mark.parametrize(
    ("number", "department"),
    [("2A0001234", "2A"), ("2b 000 1234", "2B"), ("970100123", "971"), ("980500123", "976"), ("", None)],
)
def test_corsica_and_overseas_have_their_departement(
    world: World, number: str, department: str | None
) -> None:
    site = add(world, Site("Maison", number, "500", None, None))
    assert row(world, site).department == department


@pytest.mark.parametrize(("number", "department"), [("540001234", "988"), ("570001234", "57")])
def test_a_departement_that_was_told_stays_until_the_number_changes(
    world: World, number: str, department: str
) -> None:
    site, director, here = add(world), world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: setattr(s.get_one(Establishment, site), "department", "988"))
    again = replace(TILLEULS, name="Les Tilleuls du lac", finess_et=number)
    world.do(lambda s: perimeter.change(s, director, here, site, again, 1))
    assert row(world, site).department == department


@pytest.mark.parametrize(
    ("site", "fields"),
    [
        (Site("", "540001234", "500", 1, 1), {"name"}),
        (Site("Maison", "54000123", "500", 1, 1), {"finess_et"}),
        (Site("Maison", "2C0001234", "999", 1, 1), {"finess_et", "category_code"}),
        (Site("Maison", "", "500", -1, 10_000), {"places_before", "places_after"}),
        (Site("", "x", "", None, None, "y" * 301), {"name", "finess_et", "category_code", "change"}),
    ],
)
def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(
    world: World, site: Site, fields: set[str]
) -> None:
    before = links(world).keys()
    with pytest.raises(InvalidError) as refused:
        add(world, site)
    assert refused.value.errors.keys() == fields
    assert links(world).keys() == before


def test_a_number_is_there_once(world: World) -> None:
    site = add(world)
    with pytest.raises(InvalidError, match="déjà dans le périmètre"):
        add(world)
    other = add(world, Site("Autre", "540009999", "500", 1, 1))
    again = Site("Autre", "540001234", "500", 1, 1)
    director, here = world.ours["director"].actor, world.ours.contract_id
    with pytest.raises(InvalidError, match="Un autre établissement"):
        world.do(lambda s: perimeter.change(s, director, here, other, again, 1))
    world.do(lambda s: perimeter.change(s, director, here, site, again, 1))
    assert row(world, site).name == "Autre"


def test_a_site_leaves_with_a_reason_and_may_come_back(world: World) -> None:
    site, director, here = add(world), world.ours["director"].actor, world.ours.contract_id
    day = date(2027, 1, 1)
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: perimeter.leave(s, director, here, site, day, "Non", 1))
    assert "reason" in refused.value.errors
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: perimeter.leave(s, director, here, site, None, WHY, 1))
    assert "left_on" in refused.value.errors
    world.do(lambda s: perimeter.leave(s, director, here, site, day, WHY, 1))
    assert (links(world)[site].left_on, links(world)[site].left_reason) == (day, WHY)
    with pytest.raises(StaleError):
        world.do(lambda s: perimeter.change(s, director, here, site, TILLEULS, 2))
    assert add(world) == site
    assert links(world)[site].left_on is None


def test_a_contract_keeps_one_site(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    sites = sorted(links(world))
    for site in sites[:-1]:
        world.do(lambda s, site=site: perimeter.leave(s, director, here, site, date(2027, 1, 1), WHY, 1))
    with pytest.raises(InvalidError, match="au moins un"):
        world.do(lambda s: perimeter.leave(s, director, here, sites[-1], date(2027, 1, 1), WHY, 1))


def test_two_who_write_see_both_states_and_another_contract_is_not_there(world: World) -> None:
    site, director, here = add(world), world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: perimeter.change(s, director, here, site, TILLEULS, 1))
    with pytest.raises(StaleError):
        world.do(lambda s: perimeter.change(s, director, here, site, TILLEULS, 1))
    theirs = world.read(
        lambda s: s.scalar(
            select(ContractEstablishment.establishment_id).where(
                ContractEstablishment.contract_id == world.other.contract_id
            )
        )
    )
    with pytest.raises(NotFoundError):
        world.do(lambda s: perimeter.change(s, director, here, theirs or "", TILLEULS, 1))


def test_how_far_it_reaches_and_who_answers_for_what(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    parties = world.read(
        lambda s: s.scalars(
            select(ContractAuthority.organisation_id).where(ContractAuthority.contract_id == here)
        ).all()
    )
    wanted = dict.fromkeys([*parties, "inconnue"], frozenset({Competence.CARE, Competence.AUTHORISATION}))
    with pytest.raises(InvalidError):
        world.do(lambda s: perimeter.reach(s, director, here, None, wanted, 1))
    world.do(lambda s: perimeter.reach(s, director, here, Scope.REGION, wanted, 1))
    kept = world.read(lambda s: s.scalars(select(ContractCompetence)).all())
    assert {(one.organisation_id, one.competence) for one in kept} == {
        (party, one) for party in parties for one in (Competence.CARE, Competence.AUTHORISATION)
    }
    contract = world.read(lambda s: s.get_one(Contract, here))
    assert (contract.scope, contract.perimeter_version) == (Scope.REGION, 2)
    with pytest.raises(StaleError):
        world.do(lambda s: perimeter.reach(s, director, here, Scope.SITE, {}, 1))


def test_a_category_of_one_s_own_is_of_this_contract_alone(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.contract_id
    world.do(
        lambda s: perimeter.add_category(s, director, here, "h1", "Habitat inclusif", "logements partagés")
    )
    site = add(world, Site("Les Amis", "", "H1", 6, 6))
    assert row(world, site).category == "Habitat inclusif"
    for code, label, field in (
        ("H1", "Autre", "code"),
        ("500", "Autre", "code"),
        ("é", "Autre", "code"),
        ("X", "", "label"),
    ):
        with pytest.raises(InvalidError) as refused:
            world.do(
                lambda s, code=code, label=label: perimeter.add_category(s, director, here, code, label, "")
            )
        assert field in refused.value.errors
    theirs = world.other["director"].actor
    with pytest.raises(InvalidError):
        world.do(
            lambda s: perimeter.add(s, theirs, world.other.contract_id, Site("Les Amis", "", "H1", 6, 6))
        )
