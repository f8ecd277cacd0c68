"""What changed in a contract, as people read it: who, when, why, in words; two versions compared; one brought back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.domain.contracts import perimeter
from portal.domain.contracts.models import ContractEstablishment
from portal.domain.diagnostic import service as diagnostic
from portal.domain.indicators import service as indicators
from portal.domain.indicators.models import ContractIndicator
from portal.domain.objectives import actions, queries, service, tree
from portal.domain.objectives.models import Action, Branch
from portal.domain.trames import queries as trames
from portal.domain.trames import service as blocks
from portal.domain.versions.models import PieceVersion
from tests.conftest import World
from tests.factories import diagnostic as findings
from tests.factories.indicators import follow_indicators
from tests.factories.means import some_means
from tests.factories.objectives import (
    EXPECTED,
    a_branch,
    action_version,
    an_action,
    an_objective,
    typed,
    typed_action,
    version_of,
)
from tests.factories.pages import Page
from tests.factories.trames import a_sheet, signs
from tests.functional.pages.test_queries import questions


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/versions"


def rewrite(world: World, objective: str, who: str = "director", why: str = "", **more: Any) -> None:
    ours = world.ours
    world.do(
        lambda s: service.rewrite(
            s, ours[who].actor, ours.contract_id, objective, typed(**more), version_of(s, objective), why
        )
    )


def changed(page: Page) -> list[tuple[str, str]]:
    """The words that were removed and added, as they are marked."""
    marks = page.tree.xpath("//main//*[self::ins or self::del]")
    return [(one.tag, " ".join(one.text_content().replace("\xa0", " ").split())) for one in marks]


@pytest.mark.parametrize("who", ["resident", "family", "authority", "director"])
def test_whoever_reads_an_objective_reads_its_history(world: World, here: str, who: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    rewrite(world, objective, "deputy", "Le CVS l’a demandé.", expected="Vous dormirez mieux.")
    client = world.client(who)
    sheet = client.see(f"/contrats/{world.ours.contract_id}/objectifs/{objective}")
    link = f"{here}/objectif/{objective}"
    assert link in sheet.tree.xpath("//main//a/@href")
    page = client.see(link)
    assert "Version 2 celle d’aujourd’hui" in page.words
    assert "Raison : Le CVS l’a demandé." in page.words
    assert "écrite par la suppléance de la direction" in page.words
    assert ("ins", "ajouté : Vous dormirez mieux.") in changed(page)
    assert any(tag == "del" and words.startswith("retiré :") for tag, words in changed(page))


def test_only_what_changed_is_shown_of_a_version(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    top = world.do(lambda s: a_branch(s, world.ours))
    under = world.do(lambda s: a_branch(s, world.ours, top, "La nuit"))
    place = world.ours.establishment_id
    rewrite(
        world, objective, branch_id=under, places=frozenset({place}), findings=frozenset(world.ours.items[:1])
    )
    page = world.client("family").see(f"{here}/objectif/{objective}")
    labels = page.tree.xpath("(//ol[@class='versions']/li)[1]//dt/text()")
    assert labels == ["Sa place", "Établissements concernés", "Constats auxquels il répond"]
    assert "ajouté : 1.1 La nuit" in page.words
    assert "ajouté : 1. " in page.words


def test_two_versions_are_compared_in_words_without_a_script(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    for title in ("Deuxième titre", "Troisième titre"):
        rewrite(world, objective, title=title)
    client = world.client("family")
    page = client.see(f"{here}/objectif/{objective}")
    numbers = [int(one) for one in page.tree.xpath("//input[@name='de']/@value")]
    assert len(numbers) == 3
    url = f"{here}/objectif/{objective}?de={numbers[-1]}&a={numbers[0]}"
    told = client.see(url)
    part = told.tree.xpath("//section[@aria-labelledby='comparaison']")[0]
    words = " ".join(part.text_content().replace("\xa0", " ").split())
    assert "De la version 1 à la version 3" in words
    assert "ajouté : Troisième titre" in words
    assert "Deuxième" not in words
    other_way = client.see(f"{here}/objectif/{objective}?de={numbers[0]}&a={numbers[-1]}")
    assert "De la version 1 à la version 3" in other_way.words
    same = client.see(f"{here}/objectif/{objective}?de={numbers[0]}&a={numbers[0]}")
    assert "Choisissez deux versions différentes" in same.words


def test_a_version_is_brought_back_with_its_reason_as_a_new_one(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    first = world.read(lambda s: version_of(s, objective))
    rewrite(world, objective, expected="Vous dormirez mieux.", plain="On dort mieux.")
    client = world.client("deputy")
    url = f"{here}/objectif/{objective}/reprendre"
    asked = client.see(f"{url}?version={first}")
    assert "Ce qui changerait aujourd’hui" in asked.words
    form = asked.form(url)
    missing = client.post(url, data=form)
    assert missing.status_code == 422
    assert 'id="reason-erreur"' in missing.text
    sent = client.post(
        url, data=Page(missing).form(url) | {"reason": "La première phrase était plus claire."}
    )
    assert sent.status_code == 303, sent.text
    now = world.read(lambda s: queries.sheet(s, world.ours.contract_id, objective))
    assert now is not None
    assert now.expected == EXPECTED
    page = client.see(sent.location)
    assert "Les mots d’avant sont repris" in page.words
    assert "Retour à la version 1." in page.words
    assert "Raison : La première phrase était plus claire." in page.words
    assert len(page.tree.xpath("//ol[@class='versions']/li")) == 3


def test_a_return_on_what_moved_meanwhile_shows_what_it_would_be_now(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    first = world.read(lambda s: version_of(s, objective))
    rewrite(world, objective, title="Deuxième titre")
    client, url = world.client("director"), f"{here}/objectif/{objective}/reprendre"
    form = client.see(f"{url}?version={first}").form(url) | {"reason": "Plus clair."}
    rewrite(world, objective, "deputy", title="Troisième titre")
    late = client.post(url, data=form)
    assert late.status_code == 409
    assert "Quelqu’un vient d’écrire une autre version." in Page(late).words
    assert Page(late).form(url)["reason"] == "Plus clair."
    assert client.post(url, data=Page(late).form(url)).status_code == 303


@pytest.mark.parametrize("who", ["resident", "family", "board"])
def test_who_does_not_write_does_not_bring_back(world: World, here: str, who: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    first = world.read(lambda s: version_of(s, objective))
    rewrite(world, objective, title="Deuxième titre")
    url = f"{here}/objectif/{objective}/reprendre"
    form = world.client("director").see(f"{url}?version={first}").form(url) | {"reason": "Plus clair."}
    client = world.client(who)
    assert "Reprendre la version" not in client.see(f"{here}/objectif/{objective}").words
    assert client.send(url, **{k: v for k, v in form.items() if k != "csrf_token"}).status_code == 403


def test_an_authority_brings_back_its_findings_and_no_objective(world: World, here: str) -> None:
    authority = world.do(lambda s: signs(s, world.ours))
    ours, agent = world.ours, world.ours["authority"].actor
    assert authority
    objective = world.do(lambda s: an_objective(s, ours))
    finding = world.do(lambda s: findings.a_finding(s, ours, "authority"))
    first = world.read(lambda s: findings.version_of(s, finding))
    world.do(
        lambda s: diagnostic.rewrite(
            s, agent, ours.contract_id, finding, findings.typed(ours, title="Autre titre"), first
        )
    )
    client = world.client("authority")
    own = f"{here}/constat/{finding}/reprendre"
    form = client.see(f"{own}?version={first}").form(own) | {"reason": "Plus exact."}
    assert client.post(own, data=form).status_code == 303
    assert "Le dîner est servi trop tôt" in client.see(f"{here}/constat/{finding}").words
    other = f"{here}/objectif/{objective}/reprendre"
    page = client.see(other)
    assert not page.tree.xpath(f"//form[@action='{other}']")
    stolen = {k: v for k, v in form.items() if k not in ("csrf_token", "op_id")}
    assert client.send(other, **stolen).status_code in (403, 404)
    seen = world.read(lambda s: version_of(s, objective))
    refused = client.send(other, **(stolen | {"version": str(seen), "number": str(seen)}))
    assert refused.status_code == 403


def test_what_is_gone_since_is_not_brought_back(world: World, here: str) -> None:
    ours, director = world.ours, world.ours["director"].actor
    top = world.do(lambda s: a_branch(s, ours))
    under = world.do(lambda s: a_branch(s, ours, top, "La nuit"))
    objective = world.do(lambda s: an_objective(s, ours, branch_id=under))
    first = world.read(lambda s: version_of(s, objective))
    rewrite(world, objective, title="Deuxième titre")
    world.do(lambda s: tree.remove(s, director, ours.contract_id, under, s.get_one(Branch, under).version))
    client, url = world.client("director"), f"{here}/objectif/{objective}/reprendre"
    asked = client.see(f"{url}?version={first}")
    assert (
        "ce qui n’existe plus"
        not in asked.words.split("Ce qui changerait")[1].split("Ce qui n’existe plus")[0]
    )
    assert client.post(url, data=asked.form(url) | {"reason": "Plus clair."}).status_code == 303
    gone = client.see(f"{here}/branche/{under}")
    assert "Ce n’est plus dans le contrat" in gone.words
    assert "Reprendre" not in gone.words


def test_every_kind_of_piece_keeps_and_brings_back(world: World, here: str) -> None:
    ours = world.ours
    director, contract = ours["director"].actor, ours.contract_id
    world.do(lambda s: signs(s, ours))
    objective = world.do(lambda s: an_objective(s, ours))
    action = world.do(lambda s: an_action(s, ours, objective))
    branch = world.do(lambda s: a_branch(s, ours))
    indicator = world.do(lambda s: follow_indicators(s, ours, "etp-vacants"))[0]
    block = world.do(lambda s: a_sheet(s, ours))["block_id"]
    site, places = ours.establishment_id, 20

    def place(session: Session, after: int) -> None:
        wanted = perimeter.Site("Maison Tilleuls", "", "500", 84, after)
        link = session.get_one(ContractEstablishment, (contract, site))
        perimeter.change(session, director, contract, site, wanted, link.version)

    def write(session: Session) -> None:
        changed_action = typed_action(label="Former deux équipes")
        actions.write(session, director, contract, action, changed_action, action_version(session, action))
        tree.change(session, director, contract, branch, "Autre titre", "Autre phrase.", 1)
        settings = indicators.Settings(1, "5", "2031")
        row = session.get_one(ContractIndicator, indicator)
        indicators.settle(session, director, contract, indicator, settings, row.version)
        place(session, places)
        blocks.write(session, director, contract, block, "On sort le mardi.", 1)

    world.do(lambda s: place(s, 10))
    # Its first state has no category: it is known from its second one on.
    world.do(
        lambda s: s.execute(delete(PieceVersion).where(PieceVersion.rank == 1, PieceVersion.piece_id == site))
    )
    world.do(write)
    client = world.client("director")
    for kind, piece, before in (
        ("action", action, "Former les équipes de nuit"),
        ("branche", branch, "Bien vivre ici"),
        ("indicateur", indicator, ""),
        ("etablissement", site, ""),
        ("bloc", block, "On sort le jeudi."),
    ):
        page = client.see(f"{here}/{kind}/{piece}")
        assert len(page.tree.xpath("//ol[@class='versions']/li")) == 2, kind
        back = page.tree.xpath("//a[contains(@href, '/reprendre')]/@href")[-1]
        url = f"{here}/{kind}/{piece}/reprendre"
        form = client.see(back).form(url) | {"reason": "C’était mieux."}
        sent = client.post(url, data=form)
        assert sent.status_code == 303, (kind, sent.text)
        page = client.see(sent.location)
        first = 2 if kind == "etablissement" else 1
        assert f"Retour à la version {first}." in page.words, kind
        assert before in page.words
    assert world.read(lambda s: s.get_one(Action, action).label) == "Former les équipes de nuit"
    assert world.read(lambda s: s.get_one(ContractIndicator, indicator).target) is None
    assert world.read(lambda s: s.get_one(ContractEstablishment, (contract, site)).places_after) != places
    assert world.read(lambda s: trames.texts(s, contract))[block].source == "On sort le jeudi."


def test_an_action_that_was_removed_says_so_and_waits_to_be_put_back(world: World, here: str) -> None:
    ours, director = world.ours, world.ours["director"].actor
    objective = world.do(lambda s: an_objective(s, ours))
    action = world.do(lambda s: an_action(s, ours, objective))
    world.do(lambda s: actions.write(s, director, ours.contract_id, action, typed_action(label="Autre"), 1))
    world.do(lambda s: actions.remove(s, director, ours.contract_id, action, 2))
    client = world.client("director")
    page = client.see(f"{here}/action/{action}")
    assert "Retirée de l’objectif" in page.words
    url = f"{here}/action/{action}/reprendre"
    form = client.see(f"{url}?version=1").form(url) | {"reason": "C’était mieux."}
    late = client.post(url, data=form)
    assert late.status_code == 409
    assert "Remettez-la d’abord." in Page(late).words


def test_a_text_corrected_by_itself_is_a_version_of_its_objective(world: World, here: str) -> None:
    objective = world.ours.objectives[0]
    client = world.client("director")
    path = f"/contrats/{world.ours.contract_id}/sujets/{objective}/texte/clair"
    form = client.see(path).form() | {"source": "D’autres mots.", "reason": "Plus simple."}
    assert client.post(path, data=form).status_code == 303
    page = client.see(f"{here}/objectif/{objective}")
    assert "Ce qui était écrit avant que les versions soient gardées ici." in page.words
    assert "Raison : Plus simple." in page.words
    assert page.tree.xpath("(//ol[@class='versions']/li)[1]//dt/text()") == ["L’objectif, en mots simples"]


def test_what_was_written_before_versions_were_kept_can_be_brought_back(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))

    def forget(session: Session) -> None:
        session.execute(delete(PieceVersion))

    world.do(forget)
    client = world.client("director")
    assert "Rien n’a encore changé" in client.see(f"{here}/objectif/{objective}").words
    rewrite(world, objective, title="Deuxième titre")
    page = client.see(f"{here}/objectif/{objective}")
    back = page.tree.xpath("//a[contains(@href, '/reprendre')]/@href")
    assert len(back) == 1
    assert "retiré : Réduire les passages aux urgences" in client.see(f"{here}/objectif/{objective}").words


@pytest.mark.parametrize("path", ["", "/objectif/{id}", "/objectif/{id}/reprendre"])
def test_outside_the_contract_nothing_exists(world: World, path: str) -> None:
    mine = world.do(lambda s: an_objective(s, world.ours))
    theirs = world.other.objectives[0]
    client = world.client("director")
    ours, other = world.ours.contract_id, world.other.contract_id
    assert client.get(f"/contrats/{other}/versions{path.format(id=theirs)}").status_code == 404
    assert client.get(f"/contrats/{ours}/versions{path.format(id=mine)}").status_code == 200
    if path:
        assert client.get(f"/contrats/{ours}/versions{path.format(id=theirs)}").status_code == 404
        assert client.get(f"/contrats/{ours}/versions{path.format(id='a' * 26)}").status_code == 404


def test_the_latest_changes_of_the_contract_come_first_and_go_on(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    for number in range(25):
        rewrite(world, objective, title=f"Titre numéro {number}", why="Encore un essai.")
    client = world.client("resident")
    assert f"{here}" in client.see(f"/contrats/{world.ours.contract_id}").tree.xpath("//main//a/@href")
    page = client.see(here)
    lines = page.tree.xpath("//ol[@class='versions']/li//strong/text()")
    assert len(lines) == 20
    assert lines[0] == "Titre numéro 24"
    assert "par la direction" in page.words
    assert "Ce qui change : Le titre de l’objectif" in page.words
    older = client.see(page.tree.xpath("//a[contains(@href, 'apres=')]/@href")[0])
    assert older.tree.xpath("//ol[@class='versions']/li//strong/text()")[0] == "Titre numéro 4"
    assert "Titre numéro 24" not in older.words


def test_the_changes_are_filtered_by_kind(world: World, here: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    world.do(lambda s: an_action(s, world.ours, objective))
    client = world.client("family")
    page = client.see(f"{here}?sorte=action")
    assert page.tree.xpath("//ol[@class='versions']/li//strong/text()") == ["Former les équipes de nuit"]
    assert "Aucun changement ici" in client.see(f"{here}?sorte=bloc").words
    for odd in ("?sorte=rien", "?apres=n.importe.quoi", "?apres=objectif.x.99999999999"):
        assert client.get(f"{here}{odd}").status_code == 200


@pytest.mark.parametrize("page", ["", "/objectif/{id}"])
def test_many_versions_ask_no_more_than_few(world: World, here: str, page: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    client, url = world.client("family"), f"{here}{page.format(id=objective)}"

    def grow(number: int) -> int:
        kept = select(PieceVersion).where(PieceVersion.piece_id == objective)
        while len(world.read(lambda s: s.scalars(kept).all())) < number:
            mark = len(world.read(lambda s: s.scalars(kept).all()))
            rewrite(
                world,
                objective,
                title=f"Titre {mark}",
                plain=f"Mots {mark}.",
                places=frozenset({world.ours.establishment_id}),
            )
        client.see(url)
        with questions() as seen:
            client.see(url)
        return len(seen)

    assert grow(10) == grow(60)


def test_money_and_blocks_are_listed_from_where_they_keep_their_own_versions(world: World, here: str) -> None:
    ours, director = world.ours, world.ours["director"].actor
    world.do(lambda s: signs(s, ours))
    objective = world.do(lambda s: an_objective(s, ours))
    means = world.do(lambda s: some_means(s, director, objective))
    block = world.do(lambda s: a_sheet(s, ours))["block_id"]
    client = world.client("family")
    page = client.see(here)
    links = page.tree.xpath("//ol[@class='versions']/li//a/@href")
    line = f"/contrats/{ours.contract_id}/moyens/lignes/{means['means_id']}#histoire"
    assert {line, f"{here}/bloc/{block}", f"{here}/objectif/{objective}"} <= set(links)
    assert client.get(line).status_code == 200
    only = client.see(f"{here}?sorte=moyen").tree.xpath("//ol[@class='versions']/li//a/@href")
    assert only
    assert set(only) == {line}
