"""Words on which a procedure is open, and that their author takes back: kept for who follows it, until it ends."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from portal.domain.contracts.models import ContractEstablishment
from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.moderation import danger, reports
from portal.domain.moderation import service as moderation
from portal.domain.moderation.models import DangerAlert, DangerChannel
from portal.domain.moderation.service import Seen
from portal.domain.organisations.models import Establishment
from portal.domain.register import service as register
from portal.kernel.errors import RefusedError
from portal.vocabulary import ContributionStatus, ModerationMode, ModerationRule, ShownScope
from tests.conftest import World
from tests.factories.pages import Page, steady
from tests.factories.world import a_contribution, a_space

SAID = "On frappe ma mère la nuit."
TOLD = "Une alerte est ouverte sur ces mots"


@pytest.fixture
def said(world: World) -> str:
    """Published words that reveal a danger."""
    return world.do(lambda s: a_contribution(s, world.ours, body=SAID))


def alarm(world: World, one: str, who: str = "resident") -> None:
    world.do(lambda s: danger.raise_(s, world.ours[who].actor, one))


def take_back(world: World, one: str) -> None:
    world.do(lambda s: reports.withdraw(s, world.ours["family"].actor, one))


def tell(world: World, one: str) -> None:
    world.do(lambda s: danger.told(s, world.ours["deputy"].actor, one, DangerChannel.DIRECTION))


def procedure(world: World, one: str, who: str = "moderator") -> Page:
    return world.client(who).see(f"/contributions/{one}/danger")


def end(world: World, one: str, who: str = "moderator") -> None:
    client, here = world.client(who), f"/contributions/{one}/danger"
    form = client.see(here).form(f"{here}/fin")
    assert client.post(f"{here}/fin", data=form).status_code == 303


def test_the_author_knows_before_taking_them_back(world: World, said: str) -> None:
    author = world.client("family")
    assert TOLD not in author.see(f"/contributions/{said}/retirer").words
    alarm(world, said)
    words = author.see(f"/contributions/{said}/retirer").words
    assert TOLD in words
    assert "gardent vos mots jusqu’à sa fin" in words
    assert "Plus personne ne lira votre texte" not in words


def test_who_gives_the_alert_knows_what_the_author_may_learn(world: World, said: str) -> None:
    words = procedure(world, said, "resident").words
    assert "saura alors qu’une alerte existe, mais jamais qui l’a donnée" in words


def test_an_alert_given_since_the_page_was_read_is_told_before_anything_is_taken_back(
    world: World, said: str
) -> None:
    author, here = world.client("family"), f"/contributions/{said}/retirer"
    form = author.see(here).form(here)
    alarm(world, said)
    answer = author.post(here, data=form)
    page = Page(answer)
    assert answer.status_code == 409
    assert TOLD in page.words
    assert "Vos mots n’ont pas été retirés" in page.words
    assert world.read(lambda s: contributions.by_id(s, said).status) is ContributionStatus.PUBLISHED
    assert author.post(here, data=page.form(here)).status_code == 303
    assert world.read(lambda s: contributions.by_id(s, said).status) is ContributionStatus.WITHDRAWN


@pytest.mark.parametrize("mode", [ModerationMode.AFTER, ModerationMode.BEFORE])
@pytest.mark.parametrize("keeper", ["director", "deputy", "moderator"])
def test_who_follows_still_reads_them(world: World, mode: ModerationMode, keeper: str) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=mode))
    one = world.do(lambda s: a_contribution(s, world.ours, space_id=space, body=SAID))
    alarm(world, one, "moderator")
    take_back(world, one)
    page = procedure(world, one, keeper)
    assert SAID in page.words
    assert "La personne qui a écrit les a retirés depuis" in page.words


def test_nobody_else_reads_them(world: World, said: str) -> None:
    alarm(world, said)
    take_back(world, said)
    item = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    for who in ("resident", "family_0", "professional", "moderator", "director"):
        assert SAID not in world.client(who).see(item).words, who
    for who in ("resident", "family_0", "professional"):
        assert SAID not in procedure(world, said, who).words, who
    assert world.client("director").get(f"/contributions/{said}/versions").status_code == 403


def test_of_words_with_a_correction_waiting_both_versions_are_read(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    one = world.do(lambda s: a_contribution(s, world.ours, space_id=space, body="Lu par tout le monde."))
    seen = Seen(1, ContributionStatus.PENDING)
    world.do(lambda s: moderation.approve(s, world.ours["moderator"].actor, one, seen))
    world.do(lambda s: contributions.correct(s, world.ours["family"].actor, one, Words(SAID, "")))
    alarm(world, one)
    take_back(world, one)
    for keeper in ("director", "deputy", "moderator"):
        words = procedure(world, one, keeper).words
        assert words.index("Lu par tout le monde.") < words.index(SAID), keeper


def test_they_stand_as_on_the_day_of_the_alert(world: World, said: str) -> None:
    alarm(world, said)
    corrected = Words("Tout va bien.", "")
    world.do(lambda s: contributions.correct(s, world.ours["family"].actor, said, corrected))
    take_back(world, said)
    words = procedure(world, said).words
    assert SAID in words
    assert "Tout va bien." not in words


def test_the_end_of_the_procedure_closes_them(world: World, said: str) -> None:
    alarm(world, said)
    take_back(world, said)
    assert not procedure(world, said).tree.xpath("//form[contains(@action, '/danger/fin')]")
    seen = world.read(lambda s: danger.of(s, said)).seen
    sent = world.client("moderator").send(f"/contributions/{said}/danger/fin", op_id="f" * 26, seen=seen)
    assert sent.status_code == 403, "nobody was told yet"
    tell(world, said)
    queue = f"/espaces/{world.ours.space_id}/moderation"
    link = f"//main//a[@href='/contributions/{said}/danger']"
    assert world.client("moderator").see(queue).tree.xpath(link)
    end(world, said)
    assert not world.client("moderator").see(queue).tree.xpath(link)
    for who in ("director", "deputy", "moderator"):
        page = procedure(world, said, who)
        assert SAID not in page.words
        assert "Une procédure est finie" in page.words


def test_an_alert_on_words_already_taken_back_gives_them_to_nobody(world: World, said: str) -> None:
    take_back(world, said)
    alarm(world, said, "moderator")
    page = procedure(world, said)
    assert SAID not in page.words
    assert "personne ne peut les lire" in page.words


def test_opened_again_after_its_end_it_does_not_give_them_back(world: World, said: str) -> None:
    alarm(world, said)
    take_back(world, said)
    tell(world, said)
    end(world, said)
    alarm(world, said, "moderator")
    page = procedure(world, said)
    assert SAID not in page.words
    assert "Personne n’a encore été noté comme prévenu." in page.words
    tell(world, said)
    assert "Personne n’a encore" not in procedure(world, said).words


def test_the_direction_erases_them_only_once_somebody_was_told(world: World, said: str) -> None:
    family, director = world.ours["family"].actor, world.client("director")
    here = f"/contributions/{said}/effacer"
    world.do(lambda s: register.ask_erasure(s, family, said))
    form = director.see(here).form(here)
    alarm(world, said)
    refused = director.post(here, data=form)
    assert refused.status_code == 403
    assert "personne n’est encore noté comme prévenu" in Page(refused).words
    assert SAID in procedure(world, said).words
    tell(world, said)
    assert director.post(here, data=director.see(here).form(here)).status_code == 303
    page = procedure(world, said)
    assert SAID not in page.words
    assert "Décider de ces mots" not in page.words


def test_that_somebody_must_be_told_comes_before_what_confirming_does(world: World, said: str) -> None:
    world.do(lambda s: register.ask_erasure(s, world.ours["family"].actor, said))
    here, director = f"/contributions/{said}/effacer", world.client("director")
    assert "Si vous confirmez" in director.see(here).words
    alarm(world, said)
    words = director.see(here).words
    assert words.index("Rien ne peut être effacé avant que quelqu’un soit prévenu") < words.index(
        "Si vous confirmez"
    )


def test_nor_does_the_author_by_accepting_what_was_proposed_before_the_alert(world: World, said: str) -> None:
    family, director = world.ours["family"].actor, world.ours["director"].actor
    here, author = f"/contributions/{said}/effacer", world.client("family")
    world.do(lambda s: register.ask_erasure(s, director, said))
    form = author.see(here).form(here)
    alarm(world, said)
    refused = author.post(here, data=form)
    assert refused.status_code == 403
    assert "La direction note d’abord qui a été prévenu." in Page(refused).words
    assert not Page(refused).tree.xpath("//main//a[contains(@href, '/danger')]")
    tell(world, said)
    world.do(lambda s: register.confirm_erasure(s, family, said))


def test_nor_does_it_propose_to_erase_them_before(world: World, said: str) -> None:
    director = world.ours["director"].actor
    alarm(world, said)
    with pytest.raises(RefusedError) as refused:
        world.do(lambda s: register.ask_erasure(s, director, said))
    assert refused.value.code == "danger"
    tell(world, said)
    world.do(lambda s: register.ask_erasure(s, director, said))


def test_an_erasure_asked_by_the_author_still_empties_them(world: World, said: str) -> None:
    alarm(world, said)
    take_back(world, said)
    family, director = world.ours["family"].actor, world.ours["director"].actor
    world.do(lambda s: register.ask_erasure(s, family, said))
    words = world.client("director").see(f"/contributions/{said}/effacer").words
    assert TOLD in words
    assert "ne pourront plus le lire non plus" in words
    tell(world, said)
    world.do(lambda s: register.confirm_erasure(s, director, said))
    page = procedure(world, said)
    assert SAID not in page.words
    assert "Ces mots ont été effacés" in page.words
    assert world.read(lambda s: s.scalars(select(DangerAlert)).one().ended_at) is None


def test_two_who_end_it_at_once_see_where_it_stands(world: World, said: str) -> None:
    alarm(world, said)
    tell(world, said)
    client, here = world.client("director"), f"/contributions/{said}/danger"
    form = client.see(here).form(f"{here}/fin")
    end(world, said)
    answer = client.post(f"{here}/fin", data=form)
    assert answer.status_code == 409
    assert "Aucune procédure n’est ouverte sur ces mots" in Page(answer).words


def test_who_writes_whom_they_told_once_it_ended_does_not_open_it_again(world: World, said: str) -> None:
    alarm(world, said)
    tell(world, said)
    client, here = world.client("director"), f"/contributions/{said}/danger"
    form = client.see(here).form(f"{here}/prevenu") | {"channel": "3977"}
    end(world, said)
    answer = client.post(f"{here}/prevenu", data=form)
    assert answer.status_code == 409
    page = Page(answer)
    assert "Aucune procédure n’est ouverte sur ces mots" in page.words
    assert "Une procédure est finie" in page.words
    alert = world.read(lambda s: danger.of(s, said))
    assert alert.ended_at is not None
    assert set(world.read(lambda s: danger.steps(s, alert.id))) == {DangerChannel.DIRECTION}


@pytest.mark.parametrize(("act", "chosen"), [("fin", {}), ("prevenu", {"channel": "3977"})])
def test_a_page_of_a_former_procedure_changes_nothing_of_the_new_one(
    world: World, said: str, act: str, chosen: dict[str, str]
) -> None:
    alarm(world, said)
    tell(world, said)
    client, here = world.client("director"), f"/contributions/{said}/danger"
    form = client.see(here).form(f"{here}/{act}") | chosen
    end(world, said)
    alarm(world, said)
    tell(world, said)
    answer = client.post(f"{here}/{act}", data=form)
    assert answer.status_code == 409
    assert "Une nouvelle procédure a été ouverte sur ces mots depuis" in Page(answer).words
    alert = world.read(lambda s: danger.of(s, said))
    assert alert.ended_at is None
    assert set(world.read(lambda s: danger.steps(s, alert.id))) == {DangerChannel.DIRECTION}
    again = Page(answer).form(f"{here}/{act}") | chosen
    assert client.post(f"{here}/{act}", data=again).status_code == 303


def test_once_it_ended_decisions_ask_nothing_more(world: World, said: str) -> None:
    alarm(world, said)
    tell(world, said)
    end(world, said)
    page = world.client("moderator").see(f"/contributions/{said}/moderer")
    assert not page.tree.xpath("//input[@name='channel' or @name='procedure']")


def test_reported_words_with_a_danger_wait_until_somebody_was_told(world: World, said: str) -> None:
    resident, director = world.ours["resident"].actor, world.ours["director"].actor
    world.do(lambda s: reports.report(s, resident, said, ModerationRule.INSULT, ""))
    world.do(lambda s: danger.raise_(s, resident, said))
    with pytest.raises(RefusedError):
        world.do(lambda s: reports.keep(s, director, said))
    world.do(lambda s: danger.told(s, director, said, DangerChannel.DIRECTION))
    world.do(lambda s: reports.keep(s, director, said))
    assert world.read(lambda s: reports.open_on(s, said)) == []


def test_words_taken_back_do_not_close_the_procedure(world: World, said: str) -> None:
    world.do(lambda s: danger.raise_(s, world.ours["resident"].actor, said))
    world.do(lambda s: contributions.withdraw(s, world.ours["family"].actor, said))
    director, here = world.client("director"), f"/contributions/{said}/danger"
    page = director.see("/ma-semaine")
    assert page.tree.xpath("//ol//a/@href")[0] == here
    form = director.see(here).form(f"{here}/prevenu") | {"channel": "3977"}
    assert director.post(f"{here}/prevenu", data=form).status_code == 303
    assert "peut-être en danger" not in director.see("/ma-semaine").words


def test_who_does_not_follow_an_alert_sees_nothing_of_one_that_somebody_else_gave(
    world: World, said: str
) -> None:
    here = f"/contributions/{said}/danger"

    def seen(who: str) -> str:
        return re.sub(r"value=\"[a-z2-7]{26}\"", "", steady(world.client(who).get(here).text))

    before = seen("professional")
    alarm(world, said)
    for who in ("professional", "family", "resident"):
        assert "sont prévenues" not in world.client(who).see(here).words, who
    assert seen("professional") == before
    client = world.client("professional")
    given = client.post(here, data=client.see(here).form(here))
    assert given.status_code == 303
    thanked = client.see(given.headers["Location"])
    assert "La direction et la modération sont prévenues" in thanked.words
    assert thanked.form(here), "it can be said again"
    assert world.read(lambda s: len(s.scalars(select(DangerAlert)).all())) == 1


def test_the_house_of_words_that_were_taken_back_is_still_known_to_who_follows(
    world: World, said: str
) -> None:
    def houses(session):
        ours = session.get_one(Establishment, world.ours.establishment_id)
        other = Establishment(
            organisation_id=ours.organisation_id,
            name="Maison lointaine",
            category="EHPAD",
            phone="0199000099",
        )
        session.add(other)
        session.flush()
        session.add(ContractEstablishment(contract_id=world.ours.contract_id, establishment_id=other.id))
        contributions.by_id(session, said).shown_scope = ShownScope.ESTABLISHMENT
        return ours.name

    ours = world.do(houses)
    alarm(world, said)

    def first() -> list[str]:
        page = procedure(world, said, "director")
        return [
            " ".join(one.text_content().split())
            for one in page.tree.xpath("//section[@aria-labelledby='qui']//li/ul/li")
        ]

    before = first()
    assert before[0].startswith(ours)
    take_back(world, said)
    assert first() == before


def test_an_alert_on_words_already_taken_back_gives_no_house_away(world: World, said: str) -> None:
    def houses() -> list[str]:
        page = procedure(world, said, "director")
        return [str(one) for one in page.tree.xpath("//section[@aria-labelledby='qui']//li/ul/li/a/@href")]

    take_back(world, said)
    before = houses()
    alarm(world, said, "director")
    assert houses() == before
