"""Two people write the same thing: the second is merged or settles it, and nothing of either is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.objectives import queries
from portal.domain.objectives.models import Action
from portal.domain.objectives.queries import SheetView
from portal.domain.texts import queries as texts
from portal.domain.texts.queries import TextView
from portal.domain.trames import queries as trames
from portal.vocabulary import Register
from tests.conftest import World
from tests.factories.diagnostic import a_finding
from tests.factories.objectives import EXPECTED, PLAIN, TECHNICAL, an_action, an_objective
from tests.factories.pages import Page
from tests.factories.trames import a_sheet, signs

FIRST, SECOND = PLAIN.split("\n\n")


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}"


def sheet(world: World, objective: str) -> SheetView:
    found = world.read(lambda s: queries.sheet(s, world.ours.contract_id, objective))
    assert found is not None
    return found


def plain(world: World, objective: str) -> str:
    found = sheet(world, objective).item.plain
    assert found is not None
    return found.source


def of(page: Page) -> list[tuple[str, str]]:
    """What stands side by side: the second person's words, those that are saved."""
    pairs = page.tree.xpath("//div[@class='sides']")
    return [tuple(" ".join(side.xpath(".//p/text()")) for side in pair.xpath("./div")) for pair in pairs]


def test_two_people_write_one_objective_and_both_writings_are_kept(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    path = f"{here}/objectifs/{objective}/recrire"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    theirs |= {"title": "Le titre de l’autre", "plain": f"{FIRST}\n\nVos souhaits comptent."}
    assert deputy.post(path, data=theirs | {"reason": "Plus juste."}).status_code == 303
    mine |= {"watch": "Former aussi la nuit.", "plain": f"Un médecin répond jour et nuit.\n\n{SECOND}"}
    sent = director.post(path, data=mine)
    assert sent.status_code == 303, sent.text
    assert sent.location.endswith("?fait=fusion")
    now = sheet(world, objective)
    assert now.item.title == "Le titre de l’autre"
    assert now.said["watch"] == "Former aussi la nuit."
    assert plain(world, objective) == "Un médecin répond jour et nuit.\n\nVos souhaits comptent."
    told = director.see(sent.location)
    assert "Vous écriviez en même temps" in told.words
    history = director.see(told.tree.xpath("//main//a[contains(@href, '/versions/objectif/')]/@href")[0])
    assert "Raison : Plus juste." in history.words


def test_what_both_changed_is_shown_side_by_side_and_settled_by_the_second(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    path = f"{here}/objectifs/{objective}/recrire"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    theirs |= {
        "title": "Le titre de l’autre",
        "expected": "Elle dormira mieux.",
        "plain": f"{FIRST}\n\nÀ elle.",
    }
    assert deputy.post(path, data=theirs).status_code == 303
    mine |= {"title": "Mon titre", "plain": f"{FIRST}\n\nÀ moi.", "levers": "Une équipe."}
    late = director.post(path, data=mine | {"reason": "Ma raison."})
    assert late.status_code == 409
    page = Page(late)
    assert of(page) == [
        ("Mon titre", "Le titre de l’autre"),
        ("À moi.", "À elle."),
    ]
    kept = page.form(path)
    assert (kept["title"], kept["levers"].strip(), kept["reason"]) == (
        "Mon titre",
        "Une équipe.",
        "Ma raison.",
    )
    assert kept["expected"] == "Elle dormira mieux.", "changed by the other alone"
    assert sheet(world, objective).item.title == "Le titre de l’autre", "nothing is saved yet"
    assert director.post(path, data=kept).status_code == 303
    now = sheet(world, objective)
    assert (now.item.title, now.expected, now.said["levers"]) == (
        "Mon titre",
        "Elle dormira mieux.",
        "Une équipe.",
    )
    assert plain(world, objective) == f"{FIRST}\n\nÀ moi."


def test_the_same_change_twice_is_saved_once(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    path = f"{here}/objectifs/{objective}/recrire"
    forms = [(client, client.see(path).form(path)) for client in map(world.client, ("director", "deputy"))]
    for client, form in forms:
        assert client.post(path, data=form | {"title": "Le même titre"}).status_code == 303
    assert sheet(world, objective).item.row_version == 2


def test_what_is_wrong_after_a_merge_is_said_and_nothing_is_lost(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    path = f"{here}/objectifs/{objective}/recrire"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    assert deputy.post(path, data=theirs | {"title": "Le titre de l’autre"}).status_code == 303
    late = director.post(path, data=mine | {"expected": "", "levers": "Une équipe."})
    assert late.status_code == 422
    kept = Page(late).form(path)
    assert kept["levers"].strip() == "Une équipe."
    sent = director.post(path, data=kept | {"expected": EXPECTED})
    assert sent.status_code == 303
    assert (sheet(world, objective).item.title, sheet(world, objective).said["levers"]) == (
        "Le titre de l’autre",
        "Une équipe.",
    )


def test_two_people_write_one_action(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    action = world.do(lambda s: an_action(s, world.ours, objective))
    path = f"{here}/objectifs/{objective}/actions/{action}"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    theirs |= {"starts_on": "2027-04-01", "lead": "le médecin"}
    assert deputy.post(path, data=theirs).status_code == 303
    assert director.post(path, data=mine | {"team": "l’équipe de nuit"}).status_code == 303
    row = world.read(lambda s: s.scalars(select(Action).where(Action.id == action)).one())
    assert (row.lead, row.team, str(row.starts_on)) == ("le médecin", "l’équipe de nuit", "2027-04-01")
    late = director.post(path, data=mine | {"lead": "la cadre de nuit", "op_id": "un-autre-envoi"})
    assert late.status_code == 409
    page = Page(late)
    assert of(page) == [("la cadre de nuit", "le médecin")]
    assert page.form(path)["starts_on"] == "2027-04-01"


def test_two_people_write_one_finding(world: World, here: str) -> None:
    finding = world.do(lambda s: a_finding(s, world.ours))
    path = f"{here}/diagnostic/constats/{finding}/recrire"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    assert deputy.post(path, data=theirs | {"evidence": "Enquête 2026"}).status_code == 303
    sent = director.post(path, data=mine | {"title": "Le dîner est trop tôt"})
    assert sent.status_code == 303, sent.text
    page = director.see(sent.location)
    assert "Enquête 2026" in page.words
    assert "Vous écriviez en même temps" in page.words
    late = director.post(path, data=mine | {"evidence": "Autre source", "op_id": "un-autre-envoi"})
    assert late.status_code == 409
    assert of(Page(late))[0][1].endswith("Enquête 2026")


def test_another_party_cannot_merge_into_a_finding(world: World, here: str) -> None:
    world.do(lambda s: signs(s, world.ours))
    finding = world.do(lambda s: a_finding(s, world.ours))
    path = f"{here}/diagnostic/constats/{finding}/recrire"
    director, agent = world.client("director"), world.client("authority")
    form, old = director.see(path).form(path), director.see(path).form(path)
    assert director.post(path, data=form | {"evidence": "Enquête 2026"}).status_code == 303
    stolen = {name: words for name, words in old.items() if name not in ("csrf_token", "op_id")}
    refused = agent.send(path, **(stolen | {"title": "Notre titre"}))
    assert refused.status_code == 403


def test_two_people_write_one_text_paragraph_by_paragraph(world: World, here: str) -> None:
    item = world.ours.items[0]
    path = f"{here}/sujets/{item}/texte/clair"
    director, second = world.client("director"), world.client("second_director")

    def now() -> TextView:
        return world.read(lambda s: texts.current(s, [item]))[item, Register.PLAIN]

    parts = now().source.split("\n\n")
    assert len(parts) > 1
    mine, theirs = director.see(path).form(), second.see(path).form()
    rest = "\n\n".join(parts[1:])
    assert second.post(path, data=theirs | {"source": f"Le dîner est à 19 h.\n\n{rest}"}).status_code == 303
    sent = director.post(path, data=mine | {"source": f"{parts[0]}\n\n{rest}\n\nEt le déjeuner à midi."})
    assert sent.status_code == 303
    assert now().source == f"Le dîner est à 19 h.\n\n{rest}\n\nEt le déjeuner à midi."
    assert "vos mots et les siens sont réunis" in director.see(sent.location).words


def test_two_people_write_one_block_of_the_trame(world: World, here: str) -> None:
    world.do(lambda s: signs(s, world.ours))
    block = world.do(lambda s: a_sheet(s, world.ours))["block_id"]
    path = f"{here}/trame/blocs/{block}"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    assert deputy.post(path, data=theirs | {"source": "On sort le jeudi.\n\nOn chante."}).status_code == 303
    late = director.post(path, data=mine | {"source": "On sort le mardi."})
    assert late.status_code == 303, late.text

    def now() -> str:
        return world.read(lambda s: trames.texts(s, world.ours.contract_id))[block].source

    assert now() == "On sort le mardi.\n\nOn chante."
    again = director.post(path, data=mine | {"source": "On sort le lundi.", "op_id": "un-autre-envoi"})
    assert again.status_code == 409
    assert of(Page(again))[0][1].endswith("On sort le mardi.")
    assert Page(again).form(path)["source"].strip() == "On sort le lundi.\n\nOn chante."


def test_typography_alone_is_no_change_of_the_second(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours, technical=f"{TECHNICAL}\n\nFin."))
    path = f"{here}/objectifs/{objective}/recrire"
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = director.see(path).form(path), deputy.see(path).form(path)
    assert deputy.post(path, data=theirs | {"technical": f"{TECHNICAL}\n\nFini."}).status_code == 303
    carried = {"technical": mine["technical"].replace("\n", "\r\n"), "title": "  Autre titre  "}
    assert director.post(path, data=mine | carried).status_code == 303
    found = sheet(world, objective).item.technical
    assert found is not None
    assert found.source == f"{TECHNICAL}\n\nFini."
