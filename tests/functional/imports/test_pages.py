"""A director’s files, from the page where they are given to the contract, and out again."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Axis, Item
from portal.domain.diagnostic import axes
from portal.domain.diagnostic import queries as diagnostic
from portal.domain.facts import FactKind
from portal.domain.imports import outgoing, service
from portal.domain.imports.models import FileImport
from portal.domain.journal.models import JournalLine
from portal.domain.objectives import queries, told
from portal.domain.objectives.models import Financing
from portal.vocabulary import FindingKind, ItemKind
from tests.conftest import World
from tests.factories import papers
from tests.factories.world import House
from tests.functional.pages.test_queries import questions

WAITING = "Vos reprises en attente"


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/reprises"


def give(
    world: World, content: bytes, name: str = "plan.xlsx", who: str = "director", house: House | None = None
) -> Any:
    """Send a file; the answer."""
    ours = house or world.ours
    address = f"/contrats/{ours.contract_id}/reprises"
    client = world.client(who, ours)
    form = client.see(address).form(address)
    return client.post(
        address, data={**form, "file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def taken_up(world: World, content: bytes, name: str = "plan.xlsx", house: House | None = None) -> str:
    """Send a file that is understood; the address of its pieces."""
    answer = give(world, content, name, house=house)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def write(
    world: World, address: str, more: Mapping[str, str] | None = None, house: House | None = None
) -> Any:
    client = world.client("director", house)
    form = client.see(address).form(f"{address}?page=1")
    return client.post(f"{address}/ecrire?page=1", data={**form, **(more or {})})


def objectives(world: World, house: House | None = None) -> list[str]:
    contract_id = (house or world.ours).contract_id
    page = world.read(lambda s: queries.page(s, contract_id, queries.Wanted(), size=200))
    return [one.item.title for one in page.sheets]


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(
        JournalLine.kind == kind.value, JournalLine.contract_id == world.ours.contract_id
    )
    return len(world.read(lambda s: s.scalars(query).all()))


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_nothing_is_written_before_it_is_confirmed(world: World, here: str, who: str) -> None:
    before = objectives(world)
    answer = give(world, papers.plan(), who=who)
    page = world.client(who).see(answer.location)
    assert page.title == "Ce qui est compris de votre fichier"
    assert "Réduire les passages aux urgences" in page.html
    assert "Feuille « Plan d’actions », ligne 4" in page.words.replace("\u00a0", " ")
    assert "vendredi 31 décembre 2027" in page.words
    assert objectives(world) == before
    assert lines(world, FactKind.FILES_TAKEN_UP) == 0
    assert WAITING in world.client(who).see(here).words


@pytest.mark.parametrize("who", ["resident", "family", "authority", "manager"])
def test_nobody_else_takes_files_up(world: World, here: str, who: str) -> None:
    assert world.client(who).get(here).status_code == 403


def test_another_contract_has_no_such_page(world: World) -> None:
    there = f"/contrats/{world.other.contract_id}/reprises"
    assert world.client("director").get(there).status_code == 404
    assert world.client("director").get(f"{there}/{'a' * 26}").status_code == 404


def test_a_dry_run_is_seen_by_its_owner_alone_and_is_forgotten_in_time(
    world: World, here: str, move_clock: Any
) -> None:
    address = taken_up(world, papers.plan())
    assert world.client("deputy").get(address).status_code == 404
    assert WAITING not in world.client("deputy").see(here).words
    move_clock(service.KEPT.total_seconds() + 60)
    assert world.client("director").get(address).status_code in (302, 303, 404)
    assert world.do(lambda s: service.forget_due(s, s.scalars(select(FileImport.expires_at)).one()))
    assert world.read(lambda s: s.scalars(select(FileImport.id)).all()) == []


def test_a_plan_is_written_whole_through_the_services(world: World) -> None:
    address = taken_up(world, papers.plan())
    before = lines(world, FactKind.ACTION_WRITTEN)
    assert write(world, address).status_code == 303
    assert objectives(world)[:2] == ["Réduire les passages aux urgences", "Prévenir les chutes"]
    tree = world.read(lambda s: queries.branches(s, world.ours.contract_id))
    assert [(one.sign, one.title) for one in tree] == [
        ("1", "Bien vivre aux Tilleuls"),
        ("1.1", "Prévenir les hospitalisations"),
    ]
    first = world.read(lambda s: queries.page(s, world.ours.contract_id, queries.Wanted()).sheets[0])
    acting, _more = world.read(lambda s: told.actions(s, first.item.id))
    assert [(one.label, one.lead, one.financing) for one in acting] == [
        ("Former les équipes de nuit", "Cadre de santé", Financing.NO_COST),
        ("Écrire un dossier de liaison", "Cadre de santé", Financing.NO_COST),
        ("Ouvrir une astreinte infirmière", "Directrice", Financing.UNFUNDED),
    ]
    counted = world.read(lambda s: queries.lines(s, first.item.id))
    assert [(one.label, one.initial, one.target) for one in counted] == [
        ("Passages aux urgences pour 100 résidents", "38", "30")
    ]
    assert lines(world, FactKind.ACTION_WRITTEN) == before + 4
    assert lines(world, FactKind.FILES_TAKEN_UP) == 1
    page = world.client("director").see(address)
    assert page.title == "Votre fichier est dans le contrat"
    assert "À écrire en mots simples" in page.words


def test_an_objective_is_written_with_the_establishments_that_its_rows_name(world: World) -> None:
    site = world.ours.establishment_id
    name = world.read(lambda s: dict(diagnostic.places(s, world.ours.contract_id))[site])
    rows = [
        ("Objectif", "Action", "Établissement"),
        ("Bien dormir", "Former", name),
        ("Bien manger", "Goûter", "Tous"),
    ]
    address = taken_up(world, papers.xlsx(rows))
    assert name in world.client("director").see(address).words
    assert write(world, address).status_code == 303
    sheets = world.read(lambda s: queries.page(s, world.ours.contract_id, queries.Wanted()).sheets)
    found = {one.item.title: [place for place, _name in one.places] for one in sheets}
    assert (found["Bien dormir"], found["Bien manger"]) == ([site], [])


def test_what_is_there_already_is_not_written_twice(world: World) -> None:
    write(world, taken_up(world, papers.plan()))
    known = objectives(world)
    address = taken_up(world, papers.plan())
    assert "10 morceaux sont déjà dans le contrat" in world.client("director").see(address).words
    refused = write(world, address)
    assert refused.status_code == 422
    assert "Il n’y a rien à écrire" in refused.text
    assert objectives(world) == known


def test_pieces_are_changed_left_aside_and_kept_from_page_to_page(world: World, here: str) -> None:
    address = taken_up(world, papers.plan())
    client = world.client("director")
    form = client.see(address).form(f"{address}?page=1")
    sent = client.post(
        f"{address}?page=1",
        data={**form, "text-8": "Éviter les chutes", "kind-9": "de-cote", "plain-8": "Tomber moins."},
    )
    assert sent.status_code == 303, sent.text
    assert "Éviter les chutes" in client.see(address).html
    assert write(world, address, {"expected-8": "Vous tomberez moins souvent."}).status_code == 303
    assert "Éviter les chutes" in objectives(world)
    sheets = world.read(lambda s: queries.page(s, world.ours.contract_id, queries.Wanted()).sheets)
    found = next(one for one in sheets if one.item.title == "Éviter les chutes")
    assert found.expected == "Vous tomberez moins souvent."
    assert found.item.plain is not None
    assert found.item.plain.source == "Tomber moins."
    assert world.read(lambda s: told.actions(s, found.item.id)) == ([], None)


def test_what_waits_is_told_beside_each_piece_and_nothing_is_written_meanwhile(world: World) -> None:
    address = taken_up(
        world, papers.xlsx([("Action", "Pilote"), ("Former les équipes", "La directrice")]), "a.xlsx"
    )
    before = objectives(world)
    page = world.client("director").see(address)
    (need,) = page.tree.xpath("//select[@name='parent-1']")
    assert need.get("aria-invalid") is None, "what is still to choose is no mistake"
    hint = page.tree.xpath(f"//*[@id='{need.get('aria-describedby')}']")[0]
    assert hint.text_content().strip() == "À choisir."
    assert "Erreur" not in page.words
    refused = write(world, address, {"text-1": "Former toutes les équipes"})
    assert refused.status_code == 422
    assert "Des morceaux sont encore à compléter" in refused.text
    assert "Former toutes les équipes" in refused.text, "what was typed is given back"
    assert "Choisissez l’objectif." in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert objectives(world) == before
    objective = world.ours.objectives[0]
    assert write(world, address, {"parent-1": f"={objective}"}).status_code == 303
    assert [one.label for one in world.read(lambda s: told.actions(s, objective)[0])] == [
        "Former les équipes"
    ]


def test_two_windows_on_one_dry_run_see_both_states(world: World) -> None:
    address = taken_up(world, papers.plan())
    client = world.client("director")
    form = client.see(address).form(f"{address}?page=1")
    again = client.see(address).form(f"{address}?page=1")
    assert client.post(f"{address}?page=1", data={**form, "text-4": "Former"}).status_code == 303
    stale = client.post(f"{address}?page=1", data={**again, "text-4": "Former mieux"})
    assert stale.status_code == 409
    assert "Former mieux" in stale.text


@pytest.mark.parametrize("begun", [True, False])
def test_a_diagnostic_stands_on_its_axes_which_begin_when_there_are_none(world: World, begun: bool) -> None:
    def clear(session: Session) -> None:
        session.execute(update(Item).where(Item.axis_id == world.ours.axis_id).values(axis_id=None))
        session.execute(delete(Axis).where(Axis.id == world.ours.axis_id))
        if begun:
            axes.begin(session, world.ours["director"].actor, world.ours.contract_id)

    world.do(clear)
    address = taken_up(world, papers.diagnostic(), "diagnostic.docx")
    page = world.client("director").see(address)
    assert "Paragraphe 5" in page.words
    assert "Ce qui est laissé de côté, et pourquoi" in page.words
    assert write(world, address).status_code == 303
    found = world.read(lambda s: diagnostic.axes(s, world.ours.contract_id))
    assert len(found) == len(axes.PROPOSED)
    kinds = {one.name: dict(one.kinds) for one in found if one.kinds}
    assert kinds == {
        "Ressources humaines et qualité de vie au travail": {
            FindingKind.STRENGTH: 2,
            FindingKind.TO_IMPROVE: 1,
        },
        "Finances et budget": {FindingKind.VIGILANCE: 1, FindingKind.STRENGTH: 1, FindingKind.TO_IMPROVE: 1},
    }


def test_words_that_are_pasted_are_read_as_a_file_is(world: World, here: str) -> None:
    client = world.client("director")
    form = client.see(here).form(here)
    sent = client.post(here, data={**form, "words": "Objectif\tAction\nBien dormir\tFormer"})
    assert sent.status_code == 303, sent.text
    assert "Ligne 2" in client.see(sent.location).words


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("", b"", "Choisissez un fichier, ou collez"),
        ("plan.pdf", b"%PDF-1.7", "Un PDF ne garde ni les lignes"),
        (
            "plan.xlsx",
            papers.with_part(papers.plan(), "xl/vbaProject.bin", b"\0"),
            "Ce fichier contient des macros",
        ),
        ("notes.csv", "Bonjour;à tous\nrien;ici".encode(), "Rien n’est compris dans ce fichier"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    world: World, name: str, content: bytes, words: str
) -> None:
    refused = give(world, content, name)
    assert refused.status_code == 422
    assert words in refused.text


@pytest.mark.parametrize("where", ["its own page", "the list"])
def test_a_dry_run_is_given_up_once_what_is_lost_was_read(world: World, here: str, where: str) -> None:
    address = taken_up(world, papers.plan())
    client = world.client("director")
    page = client.see(address if where == "its own page" else here)
    told = page.tree.xpath(f"string(//details[.//form[@action='{address}/abandonner']])")
    assert "vos changements sur ses morceaux seront perdus" in told
    form = page.form(f"{address}/abandonner")
    assert client.post(f"{address}/abandonner", data=form).status_code == 303
    assert client.get(address).status_code == 404
    assert "La reprise est abandonnée" in client.see(f"{here}?fait=abandonne").words


def test_five_dry_runs_wait_at_most_which_is_told_before_a_sixth_file_is_given(
    world: World, here: str
) -> None:
    client = world.client("director")
    before = client.see(here).form(here)
    for number in range(service.MOST):
        table = papers.xlsx([("Objectif", "Action"), ("Dormir", f"Former {number}")])
        address = taken_up(world, table, f"plan-{number}.xlsx")
    page = client.see(here)
    assert "Cinq reprises attendent déjà" in page.words
    assert "plan-0.xlsx" in page.tree.xpath("string(//*[@data-wait])"), "the oldest is named"
    assert not page.tree.xpath("//input[@type='file']")
    sent = {**before, "file": (io.BytesIO(papers.plan()), "plan.xlsx")}
    refused = client.post(here, data=sent, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "Vous avez déjà cinq reprises en attente" in refused.text
    form = page.form(f"{address}/abandonner")
    assert client.post(f"{address}/abandonner", data=form).status_code == 303
    assert client.see(here).tree.xpath("//input[@type='file']")


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv", "docx"])
def test_the_plan_of_a_contract_comes_back_the_same_in_another(world: World, form: str) -> None:
    write(world, taken_up(world, papers.plan()))
    ours, other = world.ours, world.other
    file = world.client("family").get(f"/contrats/{ours.contract_id}/objectifs/telecharger/{form}")
    assert file.status_code == 200
    assert file.headers["Content-Disposition"].endswith(f'.{form}"')
    address = taken_up(world, file.data, f"plan.{form}", other)
    wanted = world.read(lambda s: outgoing.plan(s, ours.contract_id))
    assert write(world, address, house=other).status_code == 303
    found = world.read(lambda s: outgoing.plan(s, other.contract_id))
    told_of = [one for one in wanted if one.branches]
    assert len(told_of) == 2
    assert [one for one in found if one.branches] == told_of


def test_findings_and_values_go_out_too(world: World) -> None:
    contract = f"/contrats/{world.ours.contract_id}"
    for form in ("docx", "xlsx", "ods", "csv"):
        assert world.client("family").get(f"{contract}/diagnostic/telecharger/{form}").status_code == 200
        assert world.client("director").get(f"{contract}/indicateurs/telecharger/{form}").status_code == 200
    assert world.client("family").get(f"{contract}/indicateurs/telecharger/csv").status_code == 403
    assert world.client("family").get(f"{contract}/objectifs/telecharger/exe").status_code == 404


def test_a_page_asks_as_many_questions_with_sixty_pieces_as_with_ten(world: World, here: str) -> None:
    def asked(number: int) -> int:
        rows = [("Objectif", "Action"), *((f"Objectif {one}", f"Action {one}") for one in range(number // 2))]
        address = taken_up(world, papers.xlsx(rows))
        client = world.client("director")
        client.see(address)
        with questions() as seen:
            client.see(address)
        return len(seen)

    assert asked(10) == asked(60)


def test_a_wrong_piece_stops_everything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    address = taken_up(world, papers.plan())
    before = world.read(lambda s: s.scalars(select(Item.id).where(Item.kind == ItemKind.OBJECTIVE)).all())
    refused = write(world, address, {"plain-8": "x" * 6_000})
    assert refused.status_code == 422
    assert "Prévenir les chutes" in refused.text
    assert (
        world.read(lambda s: s.scalars(select(Item.id).where(Item.kind == ItemKind.OBJECTIVE)).all())
        == before
    )
    assert lines(world, FactKind.FILES_TAKEN_UP) == 0
