"""An act is its body's own: who sits there writes it; the direction changes what it recorded from paper, no more."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.acts import service
from portal.domain.acts.models import ActOutcome, FormalAct
from portal.domain.acts.service import Correction, NewAct
from portal.domain.contracts.models import ContractAuthority, ContractEstablishment
from portal.domain.organisations.models import Establishment, Organisation
from portal.domain.participants.models import Participant
from portal.kernel.errors import InvalidError, RefusedError
from portal.policy.actor import Actor
from portal.vocabulary import ActKind, AuthorityKind, Group, Role, Stage
from tests.conftest import World
from tests.factories.acts import an_act, new_act
from tests.factories.pages import Page
from tests.factories.world import House, a_person

VOTE = new_act(ActKind.DEPARTMENT, outcome=ActOutcome.ADOPTED)


@pytest.fixture
def ours(world: World) -> World:
    """Two houses in one contract, with elected people of each; two authorities, with an agent of each."""

    def make(session: Session) -> None:
        house = world.ours
        owner = session.get_one(Establishment, house.establishment_id)
        other = Establishment(organisation_id=owner.organisation_id, name="Les Saules", category="EHPAD")
        session.add(other)
        session.flush()
        session.add(ContractEstablishment(contract_id=house.contract_id, establishment_id=other.id))
        for name in ("elected", "colleague"):
            house.people[name] = a_person(
                session, house, f"{name} Tilleuls", Group.FAMILIES, (Role.CVS_MEMBER,)
            )
        there = House(house.contract_id, other.id, [], [])
        house.people["stranger"] = a_person(session, there, "elue Saules", Group.FAMILIES, (Role.CVS_MEMBER,))
        for name, kind in (("regional", AuthorityKind.ARS), ("local", AuthorityKind.DEPARTMENT)):
            party = Organisation(name=f"Autorité {name}", authority=kind, fictional=True)
            session.add(party)
            session.flush()
            session.add(ContractAuthority(contract_id=house.contract_id, organisation_id=party.id))
            house.people[name] = a_person(
                session, house, f"{name} agent", Group.AUTHORITIES, (Role.AUTHORITY_AGENT,)
            )
            session.get_one(Participant, house[name].id).authority_id = party.id

    world.do(make)
    return world


def opinion(world: World, stage: Stage = Stage.DIAGNOSTIC) -> NewAct:
    return new_act(stage=stage, establishment_id=world.ours.establishment_id)


def recorded(world: World, who: str, command: NewAct) -> str:
    return world.do(lambda s: an_act(s, world.ours, who, command))


def authority(world: World, who: str) -> str:
    """The authority that an agent acts for."""
    return world.read(lambda s: s.get_one(Participant, world.ours[who].id).authority_id) or ""


def take_back(world: World, who: str, act: str) -> None:
    ours = world.ours
    world.do(lambda s: service.take_back(s, ours[who].actor, ours.contract_id, act, "Par erreur.", seen=1).id)


def correct(world: World, who: str, act: str, command: NewAct) -> None:
    ours = world.ours
    world.do(
        lambda s: (
            service.correct(
                s, ours[who].actor, ours.contract_id, act, Correction(command, "Une faute.", 1)
            ).id
        )
    )


def test_an_opinion_is_written_by_the_elected_of_its_own_house(ours: World) -> None:
    for who in ("stranger", "local"):
        with pytest.raises(RefusedError):
            recorded(ours, who, opinion(ours))
    with pytest.raises(RefusedError):
        ours.do(lambda s: an_act(s, ours.ours, "elected", new_act()))
    act = ours.do(lambda s: an_act(s, ours.ours, "elected", opinion(ours)))
    page = ours.client("elected").see(f"/contrats/{ours.ours.contract_id}/actes/nouveau")
    assert page.tree.xpath("//select[@name='establishment']/option/@value") == [ours.ours.establishment_id]
    for who in ("stranger", "director", "deputy"):
        with pytest.raises(RefusedError):
            take_back(ours, who, act)
        with pytest.raises(RefusedError):
            correct(ours, who, act, new_act(outcome=ActOutcome.FAVOURABLE))
        assert (
            ours.client(who).get(f"/contrats/{ours.ours.contract_id}/actes/{act}/reprendre").status_code
            == 403
        )
        assert (
            "Retirer cet acte"
            not in ours.client(who).see(f"/contrats/{ours.ours.contract_id}/actes/{act}").words
        )
    take_back(ours, "colleague", act)


def test_what_the_direction_recorded_from_paper_it_corrects_until_the_body_has_written(ours: World) -> None:
    act = ours.do(lambda s: an_act(s, ours.ours, "director", opinion(ours)))
    other = ours.do(lambda s: an_act(s, ours.ours, "director", opinion(ours)))
    take_back(ours, "deputy", other)
    with pytest.raises(RefusedError):
        take_back(ours, "stranger", act)
    better = new_act(establishment_id=ours.ours.establishment_id, outcome=ActOutcome.FAVOURABLE)
    correct(ours, "elected", act, better)
    with pytest.raises(RefusedError):
        take_back(ours, "director", act)


def test_the_vote_of_the_departement_is_no_other_authority_s(ours: World) -> None:
    for who in ("regional", "authority"):
        with pytest.raises(RefusedError):
            recorded(ours, who, VOTE)
    act = ours.do(lambda s: an_act(s, ours.ours, "local", VOTE))
    for who in ("regional", "director"):
        with pytest.raises(RefusedError):
            take_back(ours, who, act)
    take_back(ours, "local", act)


def test_an_opinion_of_no_house_is_changed_by_anybody_elected(ours: World) -> None:
    """Before acts had an owner, an elected person could write one for the whole contract."""
    act = ours.do(lambda s: an_act(s, ours.ours, "director", new_act()))

    def of_the_body(session: Session) -> None:
        session.get_one(FormalAct, act).by_body = True

    ours.do(of_the_body)
    with pytest.raises(RefusedError):
        take_back(ours, "director", act)
    path = f"/contrats/{ours.ours.contract_id}/actes/{act}"
    page = ours.client("stranger").see(f"{path}/corriger")
    assert "" in page.tree.xpath("//select[@name='establishment']/option/@value")
    assert "Retirer cet acte" in page.words
    with pytest.raises(RefusedError):
        correct(ours, "stranger", act, opinion(ours))
    correct(ours, "stranger", act, new_act(outcome=ActOutcome.FAVOURABLE))
    assert ours.client("elected").get(f"{path}/reprendre").status_code == 200


def test_who_may_not_write_the_vote_is_told_before_the_form(ours: World) -> None:
    path = f"/contrats/{ours.ours.contract_id}/actes/nouveau"
    refused = ours.client("regional").get(path)
    assert refused.status_code == 403
    assert "Ce vote est celui du conseil départemental." in Page(refused).words
    # Nobody told which of the two this agent acts for: it may well be the département.
    unknown = ours.client("authority").get(path)
    assert unknown.status_code == 403
    assert "ne sait pas encore pour quelle autorité vous agissez" in Page(unknown).words
    assert "Ce vote est celui" not in Page(unknown).words
    assert ours.client("local").get(path).status_code == 200


def test_each_authority_writes_who_follows_the_contract_there_and_nowhere_else(ours: World) -> None:
    path = f"/contrats/{ours.ours.contract_id}/referent"
    parties = {name: authority(ours, name) for name in ("regional", "local")}
    client = ours.client("regional")
    page = client.see(path)
    assert page.tree.xpath("//input[@name='autorite']/@value") == [parties["regional"]]
    sent = {"version": "1", "function": "Inspectrice", "contact": ""}
    assert client.send(path, op_id="r1", autorite=parties["local"], **sent).status_code == 403
    assert client.send(path, op_id="r2", autorite=parties["regional"], **sent).status_code == 303
    told = ours.client("local").see(path)
    assert "Inspectrice" in told.words
    # Of several authorities nobody told which one this agent acts for.
    assert (
        ours.client("authority").send(path, op_id="r3", autorite=parties["local"], **sent).status_code == 403
    )
    assert "ne sait pas encore pour quelle autorité" in ours.client("authority").see(path).words


def test_no_act_belongs_to_a_stage_to_come(ours: World) -> None:
    with pytest.raises(InvalidError) as refused:
        ours.do(lambda s: an_act(s, ours.ours, "elected", opinion(ours, Stage.SIGNATURE)))
    assert list(refused.value.errors) == ["stage"]
    page = ours.client("director").see(f"/contrats/{ours.ours.contract_id}/actes/nouveau?sorte=avis-cvs")
    stages = page.tree.xpath("//select[@name='stage']/option/@value")
    assert "diagnostic" in stages
    assert "signature" not in stages


def test_the_list_offers_to_record_only_to_who_then_may(ours: World) -> None:
    path, offer = f"/contrats/{ours.ours.contract_id}/actes", "Enregistrer un acte officiel"
    for who in ("local", "elected", "director"):
        assert offer in ours.client(who).see(path).words
        assert ours.client(who).get(f"{path}/nouveau").status_code == 200
    page = ours.client("regional").see(path)
    assert offer not in page.words
    assert not page.tree.xpath(f"//a[@href='{path}/nouveau']")
    assert "Ce vote est celui du conseil départemental." in page.words
    assert "Ses agents l’enregistrent, ou la direction." in page.words
    assert ours.client("regional").get(f"{path}/nouveau").status_code == 403
    assert not ours.client("regional").see("/plan-du-site").tree.xpath(f"//a[@href='{path}/nouveau']")
    assert ours.client("regional").see("/plan-du-site").tree.xpath(f"//a[@href='{path}']")
    family = ours.client("family").see(path).words
    assert offer not in family
    assert "Ce vote est celui" not in family


@pytest.mark.parametrize("who", ["director", "elected", "regional", "local", "family"])
def test_the_list_asks_once_of_each_kind_whose_it_is(
    ours: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ActKind] = []
    refusal = service.refusal

    def noted(session: Session, person: Actor, kind: ActKind, *more: str | None, **named: bool) -> object:
        asked.append(kind)
        return refusal(session, person, kind, *more, **named)

    monkeypatch.setattr(service, "refusal", noted)
    ours.client(who).see(f"/contrats/{ours.ours.contract_id}/actes")
    assert len(asked) == len(set(asked))
    assert bool(asked) is (who != "family")
