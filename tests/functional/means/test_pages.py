"""The pages of the means, as people read and write them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract
from portal.domain.means.models import Lasting, Payer
from portal.domain.objectives.models import Financing
from portal.kernel import clock
from tests.conftest import World
from tests.factories.lifecycle import an_authority
from tests.factories.means import LABEL, WHY, a_line, a_move, another_site, line_version, steady
from tests.factories.objectives import EXPECTED, an_action, an_objective
from tests.functional.pages.test_queries import questions

PATHS = ("", "/non-finances", "/etablissements", "/mots", "/reaffectations", "/reaffectations/ajouter")


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/moyens"


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def running(world: World) -> int:
    """The contract began two years ago; the year of today."""
    year = clock.today().year

    def do(session: Session) -> None:
        row = session.get_one(Contract, world.ours.contract_id)
        row.starts_on, row.ends_on = row.starts_on.replace(year=year - 2), row.ends_on.replace(year=year + 2)

    world.do(do)
    return year


def cells(column: str, amounts: dict[int, str]) -> dict[str, str]:
    return {f"v-{column}-{year}": amount for year, amount in amounts.items()}


@pytest.mark.parametrize("who", ["resident", "family", "authority", "director"])
def test_everybody_reads_the_money_in_words_first(world: World, here: str, who: str) -> None:
    ours = world.ours
    world.do(lambda s: a_line(s, ours))
    world.do(
        lambda s: a_line(
            s,
            ours,
            payer="autre",
            other="Fondation du Val",
            lasting=Lasting.ONE_OFF,
            planned={2027: "40 000"},
        )
    )
    words = plain(world.client(who).see(here).words)
    assert "Pour tous les objectifs : 120 000 € de 2027 à 2031." in words
    assert "40 000 € : Fondation du Val" in words
    assert (
        words.index("120 000 €")
        < words.rindex("Objectif par objectif")
        < words.rindex("Les mots de l’argent")
    )
    assert "il manque de l’argent" in words


def test_the_two_parts_of_an_objective_stand_side_by_side(world: World, here: str) -> None:
    ours, year = world.ours, running(world)
    planned = steady("10 000", (year - 2, year - 1, year, year + 1, year + 2))
    one = world.do(lambda s: a_line(s, ours, planned=planned))
    director, path = world.client("director"), f"{here}/lignes/{one}/suivi"
    form = director.see(path).form(path)
    given = cells("given", {year - 2: "10 000", year - 1: "7 000"})
    sent = director.post(path, data=form | given | cells("spent", {year - 2: "9 500"}))
    assert sent.status_code == 303, sent.text
    page = world.client("family").see(f"{here}/objectifs/{ours.objectives[0]}")
    words = plain(page.words)
    assert "Pour cet objectif : 50 000 € sur 5 ans. C’est de l’argent durable" in words
    assert "20 000 € étaient prévus, 17 000 € ont été donnés : il manque 3 000 €." in words
    assert "10 000 € chaque année" in words
    assert "Changer" not in words
    rows = [
        [plain("".join(cell.itertext())) for cell in row] for row in page.tree.xpath("(//table)[1]/tbody/tr")
    ]
    assert rows[1] == [str(year - 1), "10 000 €", "7 000 €", "il manque 3 000 €", "–"]
    assert rows[-1] == ["En tout", "50 000 €", "17 000 €", "il manque 3 000 €", "9 500 €"]


def test_money_is_added_then_changed_and_what_it_said_before_is_read(world: World, here: str) -> None:
    ours, director = world.ours, world.client("director")
    path = f"{here}/objectifs/{ours.objectives[0]}/ajouter"
    form = director.see(path).form(path)
    assert form["v-planned-2026"] == ""
    wrong = director.post(path, data=form | {"label": LABEL, "v-planned-2028": "beaucoup"})
    assert wrong.status_code == 422
    assert 'id="v-planned-2028-erreur"' in wrong.text
    assert 'value="beaucoup"' in wrong.text
    assert 'id="payer-erreur"' in wrong.text
    good = {"label": LABEL, "payer": "propres", "lasting": "reconductible", "need": "chaque-annee"}
    sent = director.post(path, data=form | good | cells("planned", steady("16 000")))
    assert sent.status_code == 303, sent.text
    page = director.see(sent.location)
    one = page.tree.xpath("//li[starts-with(@id, 'ligne-')]/@id")[0].removeprefix("ligne-")
    path = f"{here}/lignes/{one}/changer"
    form = director.see(path).form(path)
    assert form["v-planned-2027"] == "16 000"
    assert director.post(path, data=form).status_code == 422, "nothing changed"
    sent = director.post(path, data=form | {"v-planned-2031": "", "reason": WHY})
    assert sent.status_code == 303, sent.text
    words = plain(world.client("family").see(f"{here}/lignes/{one}").words)
    assert "l’argent s’arrête en 2030. Le contrat va jusqu’en 2031." in words
    assert WHY in words
    assert "État n° 1" in words


def test_a_former_state_comes_back_and_a_line_is_taken_away_and_put_back(world: World, here: str) -> None:
    ours, director = world.ours, world.client("director")
    one = world.do(lambda s: a_line(s, ours))
    path, change = f"{here}/lignes/{one}", f"{here}/lignes/{one}/changer"
    director.post(change, data=director.see(change).form(change) | {"label": "Un seul poste"})
    form = director.see(path).form(f"{path}/retirer")
    assert director.post(f"{path}/revenir", data=form | {"number": "1"}).status_code == 303
    assert director.see(path).title == LABEL
    form = director.see(path).form(f"{path}/retirer")
    assert director.post(f"{path}/retirer", data=form).status_code == 303
    assert "retirée" in director.see(path).words
    assert f"ligne-{one}" not in director.get(f"{here}/objectifs/{ours.objectives[0]}").text
    form = director.see(path).form(f"{path}/remettre")
    assert director.post(f"{path}/remettre", data=form).status_code == 303
    assert f"ligne-{one}" in director.get(f"{here}/objectifs/{ours.objectives[0]}").text


def test_two_people_who_write_one_line_see_both_states(world: World, here: str) -> None:
    one = world.do(lambda s: a_line(s, world.ours))
    path = f"{here}/lignes/{one}/changer"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    assert deputy.post(path, data=theirs | {"label": "Les mots de l’autre"}).status_code == 303
    late = director.post(path, data=mine | {"label": "Mes mots"})
    assert late.status_code == 409
    assert "Les mots de l’autre" in late.text
    assert "Mes mots" in late.text
    follow = f"{here}/lignes/{one}/suivi"
    form = director.see(follow).form(follow)
    world.do(lambda s: None)
    assert deputy.post(path, data=deputy.see(path).form(path) | {"label": "Encore"}).status_code == 303
    late = director.post(follow, data=form | {"v-given-2026": "5"})
    assert late.status_code == 409
    assert 'value="5"' in late.text


def test_an_agent_writes_the_part_of_their_authority_in_their_own_form(world: World, here: str) -> None:
    ours = world.ours
    agency = world.do(lambda s: an_authority(s, ours.contract_id, "Agence régionale de santé"))
    own = world.do(lambda s: a_line(s, ours))
    agent, path = world.client("authority"), f"{here}/objectifs/{ours.objectives[0]}/ajouter"
    page = agent.see(path)
    assert page.tree.xpath("//select[@name='payer']/option/@value") == [agency]
    good = {"label": "Renfort de nuit", "lasting": "cnr", "need": "ponctuel", "payer": agency}
    sent = agent.post(path, data=page.form(path) | good | cells("planned", {2027: "9 000"}))
    assert sent.status_code == 303, sent.text
    assert agent.get(f"{here}/lignes/{own}/changer").status_code == 403
    assert agent.get(f"{here}/lignes/{own}/suivi").status_code == 403
    assert agent.get(f"{here}/lignes/{own}").status_code == 200
    refused = agent.post(path, data=page.form(path) | good | {"payer": Payer.OWN.value, "op_id": "autre"})
    assert refused.status_code == 403
    listed = agent.see(f"{here}/objectifs/{ours.objectives[0]}")
    mine = [one for one in listed.tree.xpath("//li[starts-with(@id, 'ligne-')]/@id") if one != f"ligne-{own}"]
    theirs = mine[0].removeprefix("ligne-")
    assert "v-spent-2026" not in agent.get(f"{here}/lignes/{theirs}/suivi").text
    assert "v-given-2026" in agent.get(f"{here}/lignes/{theirs}/suivi").text


@pytest.mark.parametrize("who", ["resident", "family", "board", "moderator"])
def test_who_may_not_write_is_told_why(world: World, here: str, who: str) -> None:
    one = world.do(lambda s: a_line(s, world.ours))
    client = world.client(who)
    for path in (
        f"/objectifs/{world.ours.objectives[0]}/ajouter",
        f"/lignes/{one}/changer",
        "/reaffectations/ajouter",
    ):
        refused = client.get(f"{here}{path}")
        assert refused.status_code == 403, path
        assert "La direction" in refused.text
    assert "Ajouter de l’argent" not in client.get(f"{here}/objectifs/{world.ours.objectives[0]}").text


@pytest.mark.parametrize("path", PATHS)
def test_another_contract_has_no_such_page(world: World, here: str, path: str) -> None:
    client = world.client("director")
    assert client.get(f"/contrats/{world.other.contract_id}/moyens{path}").status_code == 404
    assert client.get(f"{here}{path}").status_code == 200


def test_what_is_of_another_contract_is_not_there(world: World, here: str) -> None:
    line = world.do(lambda s: a_line(s, world.other))
    there = world.do(lambda s: another_site(s, world.other))
    move = world.do(lambda s: a_move(s, world.other, there))
    client = world.client("director")
    for path in (
        f"/lignes/{line}",
        f"/lignes/{line}/changer",
        f"/reaffectations/{move}",
        f"/objectifs/{world.other.objectives[0]}",
    ):
        assert client.get(f"{here}{path}").status_code == 404, path


def test_what_is_not_funded_is_said_in_plain_sentences(world: World, here: str) -> None:
    ours = world.ours
    objective = world.do(lambda s: an_objective(s, ours))
    world.do(lambda s: an_action(s, ours, objective, financing=Financing.UNFUNDED, funded_until=None))
    world.do(lambda s: a_line(s, ours, objective=objective, lasting=Lasting.ONE_OFF, planned={2027: "5 000"}))
    page = world.client("family").see(f"{here}/non-finances")
    words = plain(page.words)
    assert "L’argent de cette action n’est pas trouvé." in words
    assert "cet argent n’est donné qu’une fois : après 2027, rien n’est promis." in words
    assert EXPECTED in world.client("family").see(f"{here}/objectifs/{objective}").words
    assert (
        "L’argent de cette action n’est pas trouvé."
        in world.client("family").see(f"{here}/objectifs/{objective}").words
    )


def test_a_reallocation_is_read_again_recorded_and_corrected_by_another(world: World, here: str) -> None:
    ours, director = world.ours, world.client("director")
    there = world.do(lambda s: another_site(s, ours))
    path = f"{here}/reaffectations/ajouter"
    typed = {
        "from_id": ours.establishment_id,
        "to_id": there,
        "year": "2027",
        "amount": "8 000",
        "payer": "propres",
        "clause": "Article 4 du contrat",
        "reason": "Un poste reste vide.",
        "decided_by": "le conseil d’administration",
        "decided_on": clock.today().isoformat(),
    }
    form = director.see(path).form(path)
    much = director.post(path, data=form | typed | {"sure": "y"})
    assert much.status_code == 422
    assert "le contrat n’écrit aucun argent pour cet établissement" in plain(much.text)
    typed["beyond"] = "y"
    asked = director.post(path, data=form | typed)
    assert asked.status_code == 422
    assert "Relisez votre décision" in asked.text
    assert "8 000" in asked.text
    assert "Aucun argent n’a été déplacé" in director.see(f"{here}/reaffectations").words
    assert director.post(path, data=form | typed | {"sure": "y"}).status_code == 303
    page = world.client("family").see(f"{here}/reaffectations")
    assert "8 000 € de 2027 quittent « Maison" in plain(page.words)
    assert "Article 4 du contrat" in page.words
    assert "Corriger" not in page.words
    first = page.tree.xpath("//li[starts-with(@id, 'decision-')]/@id")[0].removeprefix("decision-")
    path = f"{here}/reaffectations/{first}/corriger"
    deputy = world.client("deputy")
    form, late = director.see(path).form(path), deputy.see(path).form(path)
    told = {"reason": "Une erreur de frappe.", "decided_on": clock.today().isoformat(), "sure": "y"}
    sent = director.post(path, data=form | told | {"amount": "6 000"})
    assert sent.status_code == 303, sent.text
    stale = deputy.post(path, data=late | told | {"amount": "5 000"})
    assert stale.status_code == 409
    assert "6 000 €" in plain(stale.text)
    assert "5 000" in plain(stale.text)
    assert "ne compte plus" in world.client("family").see(f"{here}/reaffectations/{first}").words
    sites = plain(world.client("family").see(f"{here}/etablissements?annee=2027").words)
    assert "6 000 € de moins" in sites
    assert "6 000 € de plus" in sites
    assert "de moins" not in plain(world.client("family").see(f"{here}/etablissements?annee=2028").words)


def test_a_house_reads_its_own_money_and_what_was_moved(world: World, here: str) -> None:
    ours = world.ours
    there = world.do(lambda s: another_site(s, ours))
    world.do(lambda s: a_line(s, ours, establishment_id=there, label="Un renfort ici"))
    world.do(lambda s: a_line(s, ours, label="Pour toutes les maisons"))
    world.do(lambda s: a_move(s, ours, there))
    page = world.client("family").see(f"{here}/etablissements/{there}")
    words = plain(page.words)
    assert plain(page.title) == "L’argent de l’établissement : Maison des Prés"
    assert "80 000 € prévus ici" in words
    assert "8 000 € de plus" in words
    assert "Un renfort ici" in words
    assert "Pour toutes les maisons" not in words
    assert "Décision n° 1" in words
    assert (
        world.client("family").get(f"{here}/etablissements/{world.other.establishment_id}").status_code == 404
    )


def test_who_pays_is_read_year_by_year(world: World, here: str) -> None:
    ours = world.ours
    world.do(lambda s: a_line(s, ours, planned={2027: "5 000", 2028: "6 000"}))
    for number in range(14):
        world.do(
            lambda s, n=number: a_line(
                s, ours, payer="autre", other=f"Fondation {n:02}", planned={2027: "10"}
            )
        )
    page = world.client("family").see(here)
    table = page.tree.xpath("//table[caption='Qui paie, année par année']//tr")
    rows = [[plain("".join(cell.itertext())) for cell in row] for row in table]
    assert rows[1] == ["les moyens propres de l’organisme", "5 000 €", "6 000 €", "–", "–", "–", "11 000 €"]
    assert rows[-1] == ["les autres financeurs", "30 €", "–", "–", "–", "–", "30 €"]
    assert len(rows) == 14


def grown(session: Session, world: World, number: int) -> None:
    """So many objectives with money and actions, so many establishments, so many decisions."""
    ours = world.ours
    for one in range(number):
        objective = an_objective(session, ours)
        an_action(session, ours, objective, financing=Financing.UNFUNDED, funded_until=None)
        site = another_site(session, ours, f"Maison {one}")
        a_line(session, ours, objective=objective, establishment_id=site, lasting=Lasting.ONE_OFF)
        a_line(session, ours, payer="autre", other=f"Fondation {one}")
        a_line(session, ours, objective=objective, establishment_id=ours.establishment_id)
        a_move(session, ours, site)


def test_sixty_of_each_ask_no_more_than_ten_and_are_paged(world: World, here: str) -> None:
    first = world.do(lambda s: a_line(s, world.ours))
    pages = tuple(
        (who, f"{here}{path}")
        for who, path in (
            ("family", ""),
            ("director", ""),
            ("family", "/non-finances"),
            ("family", "/etablissements"),
            ("family", "/reaffectations"),
            ("director", "/reaffectations/ajouter"),
            ("director", f"/objectifs/{world.ours.objectives[0]}"),
            ("director", f"/lignes/{first}"),
            ("director", f"/lignes/{first}/changer"),
            ("family", f"/etablissements/{world.ours.establishment_id}"),
        )
    )

    def asked(who: str, path: str) -> int:
        client = world.client(who)
        client.see(path)
        with questions() as seen:
            client.see(path)
        return len(seen)

    world.do(lambda s: grown(s, world, 10))
    few = {page: asked(*page) for page in pages}
    world.do(lambda s: grown(s, world, 50))
    many = {page: asked(*page) for page in pages}
    assert many == few
    assert max(many.values()) <= 26, many
    family = world.client("family")
    for path, prefix, whole in (
        ("", "objectif-", 62),
        ("/non-finances", "ligne-", 60),
        ("/etablissements", "lieu-", 61),
        ("/reaffectations", "decision-", 60),
    ):
        seen, where = [], f"{here}{path}"
        while where:
            page = family.see(where)
            found = page.tree.xpath(f"//*[starts-with(@id, '{prefix}')]/@id")
            assert len(found) <= 20
            seen += found
            nexts = page.tree.xpath("//a[@rel='next']/@href")
            where = next((one for one in nexts if path != "/non-finances" or "ligne=" in one), "")
        assert len(seen) == len(set(seen)) == whole, path


@pytest.mark.parametrize("path", PATHS)
def test_it_is_read_in_english_too(world: World, here: str, path: str) -> None:
    world.do(lambda s: a_line(s, world.ours, lasting=Lasting.ONE_OFF))
    there = world.do(lambda s: another_site(s, world.ours))
    world.do(lambda s: a_move(s, world.ours, there))
    director = world.client("director")
    director.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = director.see(f"{here}{path}")
    assert page.tree.get("lang") == "en"
    assert "money" in page.words.lower()


def test_the_version_of_a_line_moves_with_each_act(world: World, here: str) -> None:
    one = world.do(lambda s: a_line(s, world.ours))
    director, path = world.client("director"), f"{here}/lignes/{one}/suivi"
    year = clock.today().year
    form = director.see(path).form(path)
    assert director.post(path, data=form | {f"v-given-{year}": "1"}).status_code == 303
    assert world.read(lambda s: line_version(s, one)) == 2
