"""The contract before: from its file to the page that everybody reads, and to the objectives that come from it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.objectives import queries as objectives
from portal.domain.objectives import told as told_of
from portal.domain.predecessors import queries
from portal.domain.predecessors.models import Outcome
from tests.conftest import World
from tests.factories import papers
from tests.factories.predecessors import TITLE, a_commitment
from tests.functional.pages.test_queries import questions

AGREEMENT = (
    ("Engagement", "Action", "Pilote", "Échéance"),
    ("Accueillir les familles le soir", "Ouvrir le salon jusqu’à 21 heures", "Directrice", "31/12/18"),
    ("", "Installer une cuisine des familles", "Directrice", "31/12/18"),
    ("Réduire les chutes", "Refaire l’éclairage", "Responsable technique", "31/12/17"),
)
DAY_OF_FINDINGS = ("Points forts", "Points à améliorer")


@pytest.fixture
def contract(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}"


@pytest.fixture
def here(contract: str) -> str:
    return f"{contract}/avant"


def give(world: World, contract: str, content: bytes, name: str = "convention.xlsx", **more: str) -> Any:
    """Send the file of the contract before; the answer."""
    address, client = f"{contract}/reprises", world.client("director")
    form = client.see(f"{address}?avant=oui").form(address)
    return client.post(
        address,
        data={**form, **more, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def keep(world: World, contract: str, content: bytes) -> Any:
    answer = give(world, contract, content)
    assert answer.status_code == 303, answer.text
    pieces = answer.location
    client = world.client("director")
    form = client.see(pieces).form(f"{pieces}?page=1")
    return client.post(f"{pieces}/ecrire?page=1", data=form)


def made(world: World, title: str = TITLE) -> str:
    found: str = world.do(lambda s: a_commitment(s, world.ours["director"].actor, title))
    return found


def told(world: World, here: str, commitment_id: str, who: str = "director", **typed: str) -> Any:
    """Say what became of a commitment; the answer."""
    address, client = f"{here}/{commitment_id}", world.client(who)
    form = client.see(address).form(address)
    return client.post(address, data={**form, **typed})


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(
        JournalLine.kind == kind.value, JournalLine.contract_id == world.ours.contract_id
    )
    return len(world.read(lambda s: s.scalars(query).all()))


def sheets(world: World) -> dict[str, Any]:
    page = world.read(lambda s: objectives.page(s, world.ours.contract_id, objectives.Wanted(), size=200))
    return {one.item.title: one for one in page.sheets}


def test_the_commitments_of_a_file_are_shown_then_kept_and_nothing_else_is_written(
    world: World, contract: str, here: str
) -> None:
    before = sheets(world).keys()
    answer = give(world, contract, papers.xlsx(AGREEMENT))
    page = world.client("director").see(answer.location)
    assert "Garder ces engagements" in page.words
    assert "Accueillir les familles le soir" in page.words
    assert set(page.tree.xpath("//select[@id='kind-1']/option/@value")) == {
        "objectif",
        "action",
        "indicateur",
        "de-cote",
    }
    assert "Accueillir les familles" not in world.client("family").see(here).words
    kept = keep(world, contract, papers.xlsx(AGREEMENT))
    assert kept.location == f"{here}?fait=reprise"
    family = world.client("family").see(here).words
    assert "Accueillir les familles le soir" in family
    assert "Réduire les chutes" in family
    assert sheets(world).keys() == before
    assert lines(world, FactKind.COMMITMENTS_ADDED) == 1


def test_a_file_of_the_contract_before_is_not_written_in_this_one_and_the_other_way_round(
    world: World, contract: str
) -> None:
    plan = give(world, contract, papers.plan(), "plan.xlsx", former="")
    assert "Écrire dans le contrat" in world.client("director").see(plan.location).words
    former = give(world, contract, papers.xlsx(AGREEMENT))
    assert "Écrire dans le contrat" not in world.client("director").see(former.location).words


def test_what_is_no_commitment_is_left_aside_and_said(world: World, contract: str) -> None:
    rows = (*AGREEMENT, (), ())
    document = papers.xlsx(rows)
    answer = give(world, contract, document)
    assert answer.status_code == 303
    findings = papers.xlsx([DAY_OF_FINDINGS, ("Le jardin est beau", "Les soirées sont longues")])
    refused = give(world, contract, findings, "diagnostic.xlsx")
    assert refused.status_code == 422
    assert "Rien n’est compris dans ce fichier" in refused.text


@pytest.mark.parametrize(
    ("outcome", "words", "read"),
    [
        ("termine", "La maison reçoit ses voisins chaque mois depuis 2019.", "Terminé"),
        ("abandonne", "Le bâtiment voisin a fermé en 2020.", "Abandonné, parce que"),
    ],
)
def test_what_ended_or_was_dropped_says_it_in_a_sentence_that_everybody_reads(
    world: World, here: str, outcome: str, words: str, read: str
) -> None:
    one = made(world)
    bare = told(world, here, one, became=outcome)
    assert bare.status_code == 422
    assert ("Dites pourquoi" if outcome == "abandonne" else "Dites ce qu’il est devenu") in bare.text
    assert told(world, here, one, became=outcome, words=words).status_code == 303
    family = world.client("family").see(here).words
    assert read in family
    assert words in family
    assert lines(world, FactKind.COMMITMENT_TOLD) == 1


@pytest.mark.parametrize("outcome", ["repris", "change"])
def test_what_goes_on_is_linked_to_an_objective_which_says_where_it_comes_from(
    world: World, contract: str, here: str, outcome: str
) -> None:
    one, objective = made(world), world.ours.objectives[0]
    assert told(world, here, one, became=outcome, words="Le soir aussi.").status_code == 422
    sent = told(world, here, one, became=outcome, words="Le soir aussi.", objective=objective)
    assert sent.status_code == 303
    family = world.client("family")
    assert family.see(here).tree.xpath(f"//a[@href='{contract}/objectifs/{objective}']")
    sheet = family.see(f"{contract}/objectifs/{objective}")
    assert "Vient du contrat d’avant" in sheet.words
    assert sheet.tree.xpath(f"//a[@href='{here}/{one}']")


def test_a_commitment_becomes_a_new_objective_with_its_actions(
    world: World, contract: str, here: str
) -> None:
    assert keep(world, contract, papers.xlsx(AGREEMENT)).status_code == 303
    page = world.read(lambda s: queries.page(s, world.ours.contract_id))
    one = page.commitments[0]
    assert told(world, here, one.id, became="repris", objective="nouveau").status_code == 303
    sheet = sheets(world)["Accueillir les familles le soir"]
    assert sum((sheet.states or {}).values()) == 2
    now = world.read(lambda s: queries.commitment(s, world.ours.contract_id, one.id))
    assert (now.now.outcome, now.now.objective_id) == (Outcome.KEPT, sheet.item.id)


def test_an_objective_of_another_contract_is_refused(world: World, here: str) -> None:
    sent = told(world, here, made(world), became="repris", objective=world.other.objectives[0])
    assert sent.status_code == 422
    assert "Choisissez l’objectif de ce contrat" in sent.text


def test_what_was_said_before_stays_and_a_late_form_is_told_so(world: World, here: str) -> None:
    one = made(world)
    address, director = f"{here}/{one}", world.client("director")
    first = director.see(address).form(address)
    done = {**first, "became": "termine", "words": "La maison reçoit ses voisins depuis 2019."}
    assert director.post(address, data=done).status_code == 303
    late = director.post(
        address,
        data={**first, "op_id": "autre-envoi", "became": "abandonne", "words": "Le bâtiment a fermé."},
    )
    assert late.status_code == 409
    assert "depuis 2019" in late.text
    assert "Le bâtiment a fermé." in late.text
    assert told(world, here, one, became="abandonne", words="Le bâtiment a fermé en 2020.").status_code == 303
    words = world.client("family").see(address).words
    assert "Version 2" in words
    assert "depuis 2019" in words


def test_the_contract_before_is_a_line_that_is_written_anew_with_its_versions(
    world: World, here: str
) -> None:
    address, director = f"{here}/ecrire", world.client("director")
    form = director.see(address).form(address)
    wrong = director.post(
        address, data={**form, "title": "Convention", "starts_on": "01/01/2019", "ends_on": "01/01/2018"}
    )
    assert wrong.status_code == 422
    assert "Choisissez ce qu’était le contrat d’avant" in wrong.text
    assert "La fin doit venir après le début" in wrong.text
    typed = {"kind": "tripartite", "title": "Convention tripartite 2015-2019", "ends_on": "31/12/2019"}
    typed |= {
        "parties": "L’association et le conseil départemental",
        "numbers": "990100018 devient 990100017",
    }
    assert director.post(address, data={**form, **typed}).status_code == 303
    late = director.post(address, data={**form, **typed, "op_id": "autre-envoi", "title": "Autre"})
    assert late.status_code == 409
    family = world.client("family").see(here).words
    assert "Convention tripartite 2015-2019" in family
    assert "990100018 devient 990100017" in family
    again = director.see(address).form(address)
    assert director.post(address, data={**again, "title": "Convention 2015-2020"}).status_code == 303
    assert "Convention tripartite 2015-2019" in world.client("family").see(here).words
    assert lines(world, FactKind.PREDECESSOR_WRITTEN) == 2


def test_what_is_set_aside_is_the_direction_s_alone_and_can_come_back(world: World, here: str) -> None:
    one = made(world)
    assert told(world, here, one, became="de-cote").status_code == 303
    assert TITLE not in world.client("family").see(here).words
    assert world.client("family").get(f"{here}/{one}").status_code == 404
    assert TITLE not in world.client("family").see(f"{here}?suite=de-cote").words
    assert TITLE in world.client("director").see(f"{here}?suite=de-cote").words
    assert told(world, here, one, became="a-dire").status_code == 303
    assert TITLE in world.client("family").see(here).words


@pytest.mark.parametrize(("who", "status"), [("deputy", 303), ("family", 403), ("authority", 403)])
def test_the_direction_alone_writes_and_the_others_are_told_why(
    world: World, here: str, who: str, status: int
) -> None:
    one = made(world)
    form = world.client("director").see(f"{here}/{one}").form(f"{here}/{one}")
    client = world.client(who)
    token = client.see("/affichage").form("/affichage")["csrf_token"]
    typed = {**form, "csrf_token": token, "became": "termine", "words": "La maison reçoit ses voisins."}
    assert client.post(f"{here}/{one}", data=typed).status_code == status
    assert client.get(f"{here}/ecrire").status_code == (200 if status == 303 else 403)
    assert world.client("director", world.other).get(here).status_code == 404


def test_a_commitment_of_another_contract_is_nothing_here(world: World, here: str) -> None:
    theirs = world.do(lambda s: a_commitment(s, world.other["director"].actor))
    assert world.client("director").get(f"{here}/{theirs}").status_code == 404


@pytest.mark.parametrize("who", ["family", "director"])
def test_the_list_is_paged_and_asks_as_many_questions_whatever_it_holds(
    world: World, here: str, who: str
) -> None:
    client, counts = world.client(who), []
    for first, last in ((0, 10), (10, 60)):
        for number in range(first, last):
            made(world, f"Engagement repris numéro {number}")
        client.see(here)
        with questions() as seen:
            page = client.see(here)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12
    assert len(page.tree.xpath("//li[starts-with(@id, 'engagement-')]")) == queries.PAGE
    following = page.tree.xpath("//a[@rel='next']/@href")[0]
    assert "Engagement repris numéro 20" in client.see(following).words


def test_the_account_of_the_contract_tells_what_came_from_the_one_before(
    world: World, contract: str, here: str
) -> None:
    assert "contrat d’avant" not in world.client("family").see(f"{contract}/construction").words
    told(world, here, made(world), became="termine", words="La maison reçoit ses voisins depuis 2019.")
    words = world.client("family").see(f"{contract}/construction").words
    assert "Ce qui vient du contrat d’avant" in words
    assert "La maison reçoit ses voisins depuis 2019." in words


BILAN = (
    ("Engagement", "Action", "Échéance", "Bilan"),
    ("Ouvrir le salon le soir", "", "31/12/2019", "Réalisé : le salon ouvre jusqu’à 21 heures"),
    ("Construire une serre", "", "31/12/2018", "Abandonné"),
    ("Réduire les chutes", "Refaire l’éclairage", "31/12/2017", "En cours"),
    ("", "Poser des rampes", "31/12/2090", "En cours"),
)


def kept_one(world: World, title: str) -> Any:
    page = world.read(lambda s: queries.page(s, world.ours.contract_id))
    found = next(one for one in page.commitments if one.now.title == title)
    return world.read(lambda s: queries.commitment(s, world.ours.contract_id, found.id))


def test_what_the_file_says_of_the_outcome_and_of_the_days_is_shown_kept_and_read(
    world: World, contract: str, here: str
) -> None:
    page = world.client("director").see(give(world, contract, papers.xlsx(BILAN)).location)
    words = page.words
    assert "Ce qui est laissé de côté" not in words
    assert page.tree.xpath("string(//select[@name='outcome-1']/option[@selected]/@value)") == "termine"
    assert page.tree.xpath("string(//select[@name='outcome-2']/option[@selected]/@value)") == "abandonne"
    assert "Le fichier ne dit pas pourquoi" in words
    assert "L’engagement continue" in words
    assert "Cette date est passée : elle reste écrite avec l’engagement" in words.replace("\u00a0", " ")
    assert keep(world, contract, papers.xlsx(BILAN)).status_code == 303
    done = kept_one(world, "Ouvrir le salon le soir")
    assert (done.now.outcome, done.now.words) == (Outcome.ENDED, "le salon ouvre jusqu’à 21 heures")
    assert kept_one(world, "Construire une serre").now.outcome is Outcome.DROPPED
    family = world.client("family").see(f"{here}/{done.id}").words
    assert "Réalisé : le salon ouvre jusqu’à 21 heures" in family.replace("\u00a0", " ")
    assert "mardi 31 décembre 2019" in family
    running = kept_one(world, "Réduire les chutes")
    assert running.now.outcome is Outcome.UNSAID
    asked = world.client("director").see(f"{here}/{running.id}")
    assert asked.tree.xpath("string(//input[@name='became'][@checked]/@value)") == "repris"
    assert "Bilan : « En cours »" in asked.words.replace("\u00a0", " ")


def test_an_outcome_is_changed_before_it_is_kept(world: World, contract: str) -> None:
    pieces = give(world, contract, papers.xlsx(BILAN)).location
    client = world.client("director")
    form = client.see(pieces).form(f"{pieces}?page=1")
    typed = {**form, "outcome-1": "a-dire", "became-2": "Le terrain a été vendu."}
    assert client.post(f"{pieces}/ecrire?page=1", data=typed).status_code == 303
    assert kept_one(world, "Ouvrir le salon le soir").now.outcome is Outcome.UNSAID
    assert kept_one(world, "Construire une serre").now.words == "Le terrain a été vendu."


def test_days_that_are_past_are_told_and_are_not_those_of_a_new_objective(
    world: World, contract: str, here: str
) -> None:
    assert keep(world, contract, papers.xlsx(BILAN)).status_code == 303
    one = kept_one(world, "Réduire les chutes")
    before = world.client("director").see(f"{here}/{one.id}").words
    assert "Cette date est passée" in before
    sent = told(world, here, one.id, became="repris", objective="nouveau")
    assert sent.status_code == 303
    after = world.client("director").see(sent.location)
    assert "Les dates passées du contrat d’avant ne sont pas reprises" in after.words
    objective = sheets(world)["Réduire les chutes"].item.id
    assert after.tree.xpath(f"//a[@href='{contract}/objectifs/{objective}']")
    acting, _more = world.read(lambda s: told_of.actions(s, objective))
    assert [(one.label, one.ends_on and one.ends_on.year) for one in acting] == [
        ("Refaire l’éclairage", None),
        ("Poser des rampes", 2090),
    ]
