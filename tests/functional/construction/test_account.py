"""« Comment ce contrat a été construit »: on the screen, for each reader, and as files with the same numbers."""

from __future__ import annotations

import io
import re
from typing import Any

import docx as library
import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractEstablishment
from portal.domain.contributions import service as contributions
from portal.domain.moderation import appeals, readers
from portal.domain.moderation.models import Appeal, AppealState
from portal.domain.organisations.models import Establishment
from portal.domain.register import queries as registers
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.vocabulary import Group, ReactionValue, Role
from tests.conftest import World
from tests.factories.construction import ADDED, HOSTILE, REFUSED, SECRET, WHY, Built, a_built_contract
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_person

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def built(world: World) -> Built:
    return world.do(lambda session: a_built_contract(session, world.ours))


def address(world: World, more: str = "") -> str:
    return f"/contrats/{world.ours.contract_id}/construction{more}"


def page(world: World, who: str = "family", more: str = "") -> Page:
    return world.client(who).see(address(world, more))


def pdf(world: World, who: str = "family", more: str = "") -> PdfReader:
    answer = world.client(who).get(address(world, f"/telecharger/pdf{more}"))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    return PdfReader(io.BytesIO(answer.data))


def text_file(world: World, who: str = "family", more: str = "") -> Any:
    answer = world.client(who).get(address(world, f"/telecharger/docx{more}"))
    assert (answer.status_code, answer.mimetype) == (200, DOCX)
    return library.Document(io.BytesIO(answer.data))


def squeezed(words: str) -> str:
    """Words without spaces nor the numbers of pages: lines break elsewhere on paper."""
    return re.sub(r"\s+", "", words)


def on_paper(reader: PdfReader) -> str:
    text = "\n".join(one.extract_text() for one in reader.pages)
    return squeezed(text)


def in_file(file: Any) -> str:
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return squeezed("\n".join([one.text for one in file.paragraphs] + cells))


def rows_of(seen: Page) -> list[list[str]]:
    """The rows of every table, cell by cell."""
    found = seen.tree.xpath("//main//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in found]


def headings(seen: Page) -> list[str]:
    return [one.text_content().strip() for one in seen.tree.xpath("//main//section//h2")]


def test_every_section_is_there_and_the_contract_leads_to_it(world: World, built: Built) -> None:
    seen = page(world)
    told = headings(seen)
    for title in (
        "Qui participait, et jusqu’où",
        "Le calendrier",
        "Qui s’est exprimé",
        "Ce qui a été dit, et ce que c’est devenu",
        "Les mots que les contributions ont changés",
        "Les désaccords",
        "La relecture, et les recours",
        "Ce que la direction devait",
        "Le registre, et comment vérifier",
    ):
        assert title in told, title
    assert address(world) in world.client("family").see(f"/contrats/{world.ours.contract_id}").html
    assert "La fête de la maison." in seen.words
    assert ADDED in " ".join(one.text_content() for one in seen.tree.xpath("//ins"))
    # And why they changed, as the direction wrote it.
    assert "raison : Les familles l’ont demandé." in seen.words


def test_what_persons_said_comes_before_the_history_of_levels(world: World, built: Built) -> None:
    told = headings(page(world))
    order = [
        "Le calendrier",
        "Qui s’est exprimé",
        "Ce qui a été dit, et ce que c’est devenu",
        "Équilibre des voix",
        "Les mots que les contributions ont changés",
        "La relecture, et les recours",
        "Les désaccords",
        "Ce que la direction devait",
        "Qui participait, et jusqu’où",
        "Le registre, et comment vérifier",
    ]
    assert [one for one in told if one in order] == order
    for words in (on_paper(pdf(world)), in_file(text_file(world))):
        places = [words.index(squeezed(title)) for title in order]
        assert places == sorted(places)


def test_the_last_words_say_what_is_checked_and_what_is_not_proven(world: World) -> None:
    told = (
        "Ce qui est vérifié dans ce document",
        "Un programme vérifie, à chaque changement du portail, les balises du PDF",
        "Non prouvé : aucun outil de contrôle extérieur n’a examiné ces fichiers",
    )
    seen = page(world)
    assert headings(seen)[-2:-1] == [told[0]], "before the links to other documents"
    for words in (squeezed(seen.words), on_paper(pdf(world)), in_file(text_file(world))):
        places = [words.index(squeezed(one)) for one in ("Le registre, et comment vérifier", *told)]
        assert places == sorted(places)


def test_what_has_no_source_has_no_section(world: World) -> None:
    told = headings(page(world))
    assert "Les désaccords" not in told
    assert "Les mots que les contributions ont changés" not in told


def test_the_numbers_are_those_of_figures_and_small_ones_are_folded(world: World, built: Built) -> None:
    seen = page(world)
    words = seen.words
    # Six families and six residents published: told by steps; one professional and nobody else: folded.
    assert "Familles et proches : au moins 5." in words
    assert "Professionnels : moins de 5" in words
    assert "Contributions publiées : 13." in words
    assert ["Propos injurieux ou menaçants", "1"] in rows_of(seen)


def test_second_looks_are_told_once_decided_and_alike_everywhere(world: World, built: Built) -> None:
    """That somebody asked is an act of a person; what was decided is one of the organiser."""
    space = f"/espaces/{world.ours.space_id}"
    assert "Les recours" not in page(world).words
    assert "Recours" not in world.client("family_3").see(space).words

    def decide(session: Any) -> None:
        (asked,) = session.scalars(select(Appeal.id))
        ours = world.ours
        ours.people["reader"] = a_person(session, ours, "lectrice", Group.FAMILIES, (Role.APPEAL_READER,))
        readers.name(session, ours["director"].actor, ours.space_id, ours["reader"].id)
        readers.promise(session, ours["reader"].actor)
        appeals.decide(session, ours["reader"].actor, asked, AppealState.UPHELD, "Vu et relu ici.")

    world.do(decide)
    assert ["Décision maintenue", "1"] in rows_of(page(world))
    assert "1 Recours : décision maintenue" in world.client("family_3").see(space).words


def test_words_of_a_space_stay_in_that_space(world: World, built: Built) -> None:
    for who, reads in (("family", False), ("professional", True), ("director", True), ("board", False)):
        seen = page(world, who)
        assert (SECRET in seen.words) is reads, who
        assert (squeezed(SECRET) in on_paper(pdf(world, who))) is reads, who
        assert (squeezed(SECRET) in in_file(text_file(world, who))) is reads, who
        # So do the reasons of its pauses.
        assert ("Une pause à part." in seen.words) is reads, who
        # That two proposals were not kept is a number: everybody reads it.
        assert rows_of(seen).count(["Non retenue", "2"]) == 2, who


def test_two_contributions_that_people_disagree_with_are_told_apart(world: World, built: Built) -> None:
    said = [
        world.do(lambda s, body=body: a_contribution(s, world.ours, "resident", body))
        for body in ("Dîner à 17 h.", "Dîner à 21 h.")
    ]

    def disagree(session: Session) -> None:
        people = [one for name, one in world.ours.people.items() if name.startswith("family")][:6]
        for one in people:
            for words in said:
                contributions.react(session, one.actor, words, ReactionValue.DISAGREE)

    world.do(disagree)
    day = str(day_label(clock.now()))
    seen = page(world)
    first = [row[0] for row in rows_of(seen) if re.match(r"[23]\. ", row[0])]
    which = f"Constat 1 de Tilleuls · Avis du {day}, Résident ou résidente · Maison Tilleuls"
    assert first == [f"2. {which}", f"3. {which}"]
    for number, words in enumerate(("Dîner à 17 h.", "Dîner à 21 h."), 2):
        assert re.search(rf"{words}\W*{number}\. Constat 1", seen.words), words


def test_a_refused_proposal_is_read_with_its_reason(world: World, built: Built) -> None:
    seen = page(world, "family")
    assert REFUSED in seen.words
    assert WHY in seen.words
    few = "moins de 5, ou non montré"
    (row,) = (row for row in rows_of(seen) if row[0].startswith("1. Constat 1 de Tilleuls · "))
    assert row[1:] == [few, few, "au moins 5"]


def test_the_files_say_each_number_and_each_row_of_the_page(world: World, built: Built) -> None:
    seen = page(world, "director")
    paper, text = on_paper(pdf(world, "director")), in_file(text_file(world, "director"))
    rows = [[squeezed(cell) for cell in row] for row in rows_of(seen)]
    assert len(rows) > 40
    for row in rows:
        # A hyphen may divide a long word at the end of a line; cells stand in their order.
        assert "".join(row) in paper, row
        assert "".join(row) in text, row
    for sentence in seen.tree.xpath("//main//section//p[not(ancestor::figure)]/text()"):
        if re.search(r"\d", sentence):
            assert squeezed(sentence) in paper, sentence
            assert squeezed(sentence) in text, sentence


def test_the_head_of_the_register_is_printed(world: World, built: Built) -> None:
    head = world.read(lambda session: registers.head(session, world.ours.contract_id))
    for told in (squeezed(page(world).words), on_paper(pdf(world)), in_file(text_file(world))):
        assert head.hash in told
        assert str(head.seq) in told


def test_a_file_is_made_again_only_when_the_contract_has_moved(world: World, built: Built) -> None:
    client = world.client("family")
    path = address(world, "/telecharger/pdf")
    first = client.get(path).data
    maker = world.app.extensions["portal_documents"]
    assert maker.made == 1
    assert client.get(path).data == first
    assert world.client("family_0").get(path).data == first
    assert maker.made == 1
    world.do(lambda session: a_contribution(session, world.ours, "family", "Encore un mot."))
    assert client.get(path).data != first
    assert maker.made == 2


def test_hostile_words_are_words(world: World, built: Built) -> None:
    world.do(lambda session: _disputed(session, world))
    for told in (on_paper(pdf(world)), in_file(text_file(world))):
        assert squeezed(HOSTILE) in told
        assert "[signe]" in told or "😀" in told


def _disputed(session: Any, world: World) -> None:
    from portal.domain.contributions import service as contributions
    from portal.vocabulary import ReactionValue

    said = a_contribution(session, world.ours, "family", f"{HOSTILE} 😀 中文")
    for number in range(5):
        contributions.react(session, world.ours[f"resident_{number}"].actor, said, ReactionValue.DISAGREE)


def test_one_establishment_has_its_own_numbers(world: World, built: Built) -> None:
    def more(session: Any) -> str:
        row = session.get(Establishment, world.ours.establishment_id)
        second = Establishment(organisation_id=row.organisation_id, name="La Clairière", category="EHPAD")
        session.add(second)
        session.flush()
        session.add(ContractEstablishment(contract_id=world.ours.contract_id, establishment_id=second.id))
        return str(second.id)

    second = world.do(more)
    empty = page(world, "family", f"?etablissement={second}")
    assert "La Clairière" in empty.words
    assert "Contributions publiées : moins de 5, ou non montré." in empty.words
    assert HOSTILE not in empty.words
    first = world.ours.establishment_id
    alone = page(world, "family", f"?etablissement={first}")
    assert "Contributions publiées : moins de 5, ou non montré." in alone.words, "it would tell of the other"

    def speak(session: Any) -> None:
        world.ours.establishment_id = second
        for number in range(5):
            name = f"voisin {number}"
            world.ours.people[name] = a_person(session, world.ours, name, Group.RESIDENTS)
            a_contribution(session, world.ours, name, "Une voix de la maison voisine.")
        world.ours.establishment_id = first

    world.do(speak)
    own = page(world, "family", f"?etablissement={first}")
    assert "Contributions publiées : au moins 10." in own.words
    assert squeezed("La Clairière") in on_paper(pdf(world, "family", f"?etablissement={second}"))
    whole = "\u00a0: pour tout le contrat"
    # What cannot be told of one house says so; the rest is of that house alone.
    for seen in (empty, own):
        told = headings(seen)
        for title in (
            "Le calendrier",
            "La relecture, et les recours",
            "Ce que la direction devait",
            "Équilibre des voix",
        ):
            assert f"{title}{whole}" in told
        assert "Qui s’est exprimé" in told
        assert "Direction" not in [row[0] for row in rows_of(seen) if len(row) == 2], "no house of its own"
    assert "Les mots que les contributions ont changés" not in headings(empty)
    assert "Les mots que les contributions ont changés" in headings(own)
    assert not any(whole in title for title in headings(page(world, "family")))


@pytest.mark.parametrize("place", ["x", "a" * 26])
def test_the_place_of_another_contract_does_not_exist(world: World, place: str) -> None:
    other = world.other.establishment_id if place == "x" else place
    for more in ("", "/telecharger/pdf", "/telecharger/docx"):
        answer = world.client("family").get(address(world, f"{more}?etablissement={other}"))
        assert answer.status_code == 404


def test_nobody_outside_the_contract_reads_it(world: World, built: Built) -> None:
    for more in ("", "/telecharger/pdf", "/telecharger/docx"):
        assert world.client("director", world.other).get(address(world, more)).status_code == 404
        assert world.client(None).get(address(world, more)).status_code in (302, 303)


def test_it_speaks_english(world: World, built: Built) -> None:
    client = world.client("family")
    client.set_cookie("polyphonie-langue", "en")
    answer = client.get(address(world, "/telecharger/pdf"))
    reader = PdfReader(io.BytesIO(answer.data))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert squeezed("How this contract was built") in on_paper(reader)
