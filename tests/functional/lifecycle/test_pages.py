"""The pages of the life of a contract, as people read and write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.lifecycle import amendments, endings, follow_up, service
from portal.domain.lifecycle.amendments import AmendmentTyped
from portal.domain.lifecycle.follow_up import ReviewTyped
from portal.domain.lifecycle.models import ReviewKind
from portal.domain.lifecycle.service import StageTyped
from portal.kernel import clock
from portal.vocabulary import Stage
from tests.conftest import World

Counted = Callable[[Callable[[], object]], int]
Sign = Callable[[], str]
TODAY = clock.today()
WHY = "Les chiffres de nuit manquaient."
FORMS = ("dates", "etapes/diagnostic", "avenants/nouveau", "comite", "bilans/milieu", "echeances/errd",
         "echeances/nouvelle", "prorogation", "desaccords/nouveau")  # fmt: skip


def typed(day: date) -> str:
    return day.strftime("%d/%m/%Y")


@pytest.mark.parametrize("who", ["resident", "family", "director", "authority"])
def test_everybody_of_the_contract_reads_it_and_only_the_direction_writes(
    world: World, here: str, who: str
) -> None:
    page = world.client(who).see(here)
    assert "La vie du contrat" in page.words
    assert "Le contrat en est à l’étape" in page.words
    assert "Dernier jour pour demander la prorogation" in page.words
    assert ("Écrire les dates" in page.words) is (who == "director")
    for form in FORMS:
        assert world.client(who).get(f"{here}/{form}").status_code == (200 if who == "director" else 403)
    for listed in ("avenants", "desaccords"):
        assert world.client(who).get(f"{here}/{listed}").status_code == 200


def test_another_contract_has_no_such_page(world: World, here: str) -> None:
    director = world.client("director", world.other)
    for address in (here, *(f"{here}/{form}" for form in FORMS)):
        assert director.get(address).status_code == 404


def test_dates_are_written_and_what_is_wrong_is_said_beside_its_field(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/dates").form(f"{here}/dates")
    wrong = form | {"starts_on": "32/13/2027", "sixth_reference": "Avenant n° 1"}
    page = director.post(f"{here}/dates", data=wrong)
    assert page.status_code == 422
    assert "Écrivez une date" in page.text
    assert 'value="Avenant n° 1"' in page.text
    longer = form | {"ends_on": "31/12/2032"}
    page = director.post(f"{here}/dates", data=longer)
    assert page.status_code == 422
    assert "Au-delà de cinq ans" in page.text
    assert (
        director.post(f"{here}/dates", data=longer | {"sixth_reference": "Arrêté du 3 mai"}).status_code
        == 303
    )
    words = world.client("family").see(here).words
    assert "Le contrat dure 6 ans" in words
    assert "Arrêté du 3 mai" in words
    late = director.post(f"{here}/dates", data=form | {"op_id": "autre-envoi", "ends_on": "30/11/2031"})
    assert late.status_code == 409
    assert "mercredi 31 décembre 2031" not in late.text
    assert "vendredi 31 décembre 2032" in late.text
    assert 'value="30/11/2031"' in late.text


def test_a_contract_beyond_six_years_is_told_and_stays(world: World, here: str) -> None:
    world.do(
        lambda s: setattr(s.get_one(Contract, world.ours.contract_id), "ends_on", TODAY.replace(year=2036))
    )
    words = world.client("resident").see(here).words
    assert "Ce contrat dure plus de six ans" in words
    assert "n’est pas encore écrit ici" in words


def test_a_stage_begins_ends_and_is_opened_again(world: World, here: str) -> None:
    director, url = world.client("director"), f"{here}/etapes/objectifs"
    form = director.see(url).form(url) | {"begun_on": typed(TODAY - timedelta(days=3))}
    assert director.post(url, data=form).status_code == 303
    assert "étape « objectifs », depuis le" in world.client("family").see(here).words.replace("\u00a0", " ")
    form = director.see(url).form(url) | {"ended_on": typed(TODAY)}
    assert director.post(url, data=form).status_code == 303
    again = director.see(url).form(f"{url}/rouvrir")
    refused = director.post(f"{url}/rouvrir", data=again | {"on": typed(TODAY), "reason": "Non"})
    assert refused.status_code == 422
    assert (
        director.post(f"{url}/rouvrir", data=again | {"on": typed(TODAY), "reason": WHY}).status_code == 303
    )
    words = world.client("family").see(here).words
    assert WHY in words
    assert "est rouverte" in words


def test_an_avenant_is_read_with_its_former_words(world: World, here: str) -> None:
    director, url = world.client("director"), f"{here}/avenants/nouveau"
    form = director.see(url).form(url)
    assert form["number"] == "1"
    form |= {
        "signed_on": typed(TODAY),
        "effective_on": "01/01/2028",
        "changes": "Dix places de plus aux Tilleuls.",
        "articles": "articles 1 et 4",
    }
    refused = director.post(url, data=form)
    assert refused.status_code == 422
    assert "pas encore signé" in refused.text
    dates = director.see(f"{here}/dates").form(f"{here}/dates") | {"signed_on": typed(TODAY)}
    assert director.post(f"{here}/dates", data=dates).status_code == 303
    assert director.post(url, data=form).status_code == 303
    links = director.see(here).tree.xpath("//a[starts-with(normalize-space(.), 'Corriger')]/@href")
    (place,) = {one for one in links if one.startswith(f"{here}/avenants/")}
    first = director.see(place).form(place)
    mended = first | {"changes": "Douze places de plus aux Tilleuls.", "reason": "Un chiffre était faux."}
    assert director.post(place, data=mended).status_code == 303
    assert director.post(place, data=mended | {"op_id": "autre-envoi"}).status_code == 409
    words = world.client("family").see(f"{here}/avenants").words
    for said in ("Dix places", "Douze places", "Un chiffre était faux.", "articles 1 et 4"):
        assert said in words


def test_the_committee_is_read_by_function(world: World, here: str, sign: Sign) -> None:
    authority, url = sign(), f"{here}/comite"
    director = world.client("director")
    page = director.see(url)
    assert "name" not in {one.get("name") for one in page.tree.xpath("//input")}
    form = page.form(url) | {"function": "Référente CPOM", "party": authority}
    assert director.post(url, data=form).status_code == 303
    assert "Référente CPOM, pour ARS du Val" in world.client("family").see(here).words
    (leave,) = director.see(url).tree.xpath("//form[contains(@action, '/retirer')]/@action")
    assert director.post(leave, data=director.see(url).form(leave)).status_code == 303
    assert "Référente CPOM" not in world.client("family").see(here).words


def test_everybody_reads_what_a_review_said_before(world: World, here: str) -> None:
    director, url, former = (
        world.client("director"),
        f"{here}/bilans/milieu",
        f"{here}/bilans/milieu/anciens-textes",
    )
    assert "Ce bilan n’a pas été récrit." in world.client("family").see(former).words
    for says in ("Deux veilleurs sont arrivés.", "Deux veilleurs sur trois sont arrivés."):
        assert "Ce qui était écrit avant" not in world.client("family").see(here).words
        form = director.see(url).form(url) | {"held_on": typed(TODAY), "says": says}
        assert director.post(url, data=form).status_code == 303
    family = world.client("family")
    assert "Ce qui était écrit avant" in family.see(here).words
    page = family.see(former)
    assert "Deux veilleurs sont arrivés." in page.words
    assert "par la direction" in page.words
    assert "Deux veilleurs sur trois sont arrivés." not in page.words
    assert world.client("director", world.other).get(former).status_code == 404


def test_the_former_words_of_a_review_are_paged_and_ask_as_much_for_many(
    world: World, here: str, counted: Counted
) -> None:
    director, contract_id, kind = world.ours["director"].actor, world.ours.contract_id, ReviewKind.MIDTERM

    def write(numbers: range) -> None:
        for number in numbers:
            words = ReviewTyped(held_on=TODAY, says=f"Mots numéro {number}.")
            world.do(
                lambda s, w=words, n=number: follow_up.write_review(s, director, contract_id, kind, w, n)
            )

    family, former = world.client("family"), f"{here}/bilans/milieu/anciens-textes"
    write(range(11))
    few = counted(lambda: family.see(former)), counted(lambda: family.see(here))
    write(range(11, 61))
    assert (counted(lambda: family.see(former)), counted(lambda: family.see(here))) == few
    seen, where = [], former
    while where:
        page = family.see(where)
        seen += page.tree.xpath("//ol[@class='versions']/li//p/text()[contains(., 'Mots numéro')]")
        where = next(iter(page.tree.xpath("//a[@rel='next']/@href")), "")
    assert [int(one.split()[-1].rstrip(".")) for one in seen] == list(range(59, -1, -1))


def test_a_review_a_line_and_a_decision_are_written(world: World, here: str) -> None:
    director = world.client("director")
    sent = {
        "bilans/milieu": {"planned_on": "01/06/2029", "meets_on": "01/09/2029"},
        "echeances/eprd": {"day": "30", "month": "5"},
        "echeances/nouvelle": {
            "label": "Le rapport des nuits",
            "reporter": "la direction",
            "day": "15",
            "month": "1",
        },
        "prorogation": {
            "choice": "renouveler",
            "decided_on": typed(TODAY),
            "reason": "Tout est à reprendre.",
        },
    }
    for address, fields in sent.items():
        url = f"{here}/{address}"
        form = director.see(url).form(url) | fields
        assert director.post(url, data=form).status_code == 303, address
        if address != "echeances/nouvelle":
            late = director.post(url, data=form | {"op_id": f"envoi-{len(address)}"})
            assert late.status_code == 409, address
    words = world.client("family").see(here).words
    for said in (
        "vendredi 1er juin 2029",
        "dimanche 30 mai 2027",
        "Le rapport des nuits",
        "préparer un nouveau contrat",
    ):
        assert said in words
    url = f"{here}/echeances/nouvelle"
    page = director.post(
        url, data=director.see(url).form(url) | {"label": "Bilan", "day": "31", "month": "2"}
    )
    assert page.status_code == 422
    assert "un jour qui existe" in page.text
    assert 'value="Bilan"' in page.text


def test_a_disagreement_is_told_by_each_party_then_ends_and_stays(
    world: World, here: str, sign: Sign
) -> None:
    sign()
    director, agent, url = world.client("director"), world.client("authority"), f"{here}/desaccords/nouveau"
    form = director.see(url).form(url) | {
        "about": "Le financement des nuits",
        "raised_on": typed(TODAY),
        "position": "Nous demandons deux postes de nuit.",
    }
    assert director.post(url, data=form).status_code == 303
    place = (
        world.client("family").see(here).tree.xpath(f"//a[starts-with(@href, '{here}/desaccords/')]/@href")[0]
    )
    family = world.client("family")
    assert "N’a pas encore écrit sa position." in family.see(place).words
    assert not family.see(place).tree.xpath("//main//form")
    assert family.send(f"{place}/position", words=WHY).status_code == 403
    assert agent.send(f"{place}/issue", outcome=WHY).status_code == 403
    mine = agent.see(place).form(f"{place}/position")
    assert agent.post(f"{place}/position", data=mine | {"words": "Un poste est possible."}).status_code == 303
    late = agent.post(f"{place}/position", data=mine | {"words": "Aucun poste.", "op_id": "autre-envoi"})
    assert late.status_code == 409
    outcome = director.see(place).form(f"{place}/issue") | {
        "outcome": "Un poste en 2027, un autre en 2028.",
        "settled_on": typed(TODAY),
    }
    assert director.post(f"{place}/issue", data=outcome).status_code == 303
    for address in (here, place, f"{here}/desaccords"):
        words = family.see(address).words
        for said in ("deux postes de nuit", "Un poste est possible.", "Un poste en 2027"):
            assert said in words


def fill(world: World, first: int, last: int) -> None:
    """So many avenants and disagreements."""
    director, here = world.ours["director"].actor, world.ours.contract_id

    def write(session: Session) -> None:
        session.get_one(Contract, here).signed_on = TODAY
        for one in range(first, last + 1):
            typed = AmendmentTyped(one, TODAY, date(2028, 1, 1), f"Changement numéro {one}.")
            amendments.record(session, director, here, typed)
            endings.raise_(session, director, here, f"Le sujet numéro {one}", TODAY, WHY)

    world.do(write)


@pytest.mark.parametrize("listed", ["", "/avenants", "/desaccords"])
def test_a_page_asks_no_more_for_sixty_than_for_ten(
    world: World, here: str, listed: str, counted: Counted
) -> None:
    fill(world, 1, 10)
    family = world.client("family")
    few = counted(lambda: family.see(f"{here}{listed}"))
    fill(world, 11, 60)
    assert counted(lambda: family.see(f"{here}{listed}")) == few


def test_sixty_avenants_and_disagreements_are_read_page_by_page(world: World, here: str) -> None:
    fill(world, 1, 45)
    family = world.client("family")
    for listed, said in (("avenants", r"Changement numéro \d+\."), ("desaccords", r"Le sujet numéro \d+")):
        found: set[str] = set()
        address = f"{here}/{listed}"
        for _page in range(3):
            page = family.see(address)
            found |= set(re.findall(said, page.words))
            following = page.tree.xpath("//a[contains(., 'plus anciens')]/@href")
            address = following[0] if following else address
        assert len(found) == 45


def test_a_signature_planned_after_the_first_day_is_explained(world: World, here: str) -> None:
    director, contract = world.ours["director"].actor, world.ours.contract_id
    starts = world.read(lambda s: s.get_one(Contract, contract).starts_on)
    explained = "une fois signé, il comptera depuis le"

    def planned(day: date, seen: int) -> str:
        stage = StageTyped(planned_from=day, planned_to=day)
        world.do(lambda s: service.write_stage(s, director, contract, Stage.SIGNATURE, stage, seen))
        return (
            world.client("family").see(here).words
            + world.client("family").see(f"/contrats/{contract}/document/en-bref").words
        )

    assert explained not in planned(starts - timedelta(days=5), 0)
    assert planned(starts + timedelta(days=40), 1).count(explained) == 2
