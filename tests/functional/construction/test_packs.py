"""« Ce que … personnes demandent », in two pages; the pack of the conseil de la vie sociale."""

from __future__ import annotations

import io
import re
from typing import Any

import docx as library
import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.queries import RECIPIENTS
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service as contributions
from portal.vocabulary import ContributionKind, Fate, Group, Level, ReactionValue
from tests.conftest import World
from tests.factories.acts import an_act
from tests.factories.construction import REFUSED, SECRET, WHY, Built, a_built_contract
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_person, a_space

LONG = "Servir le dîner plus tard, parce que la nuit est longue et que l’on a faim le matin. "


@pytest.fixture
def built(world: World) -> Built:
    return world.do(lambda session: a_built_contract(session, world.ours))


def page(world: World, name: str, who: str = "family") -> Page:
    return world.client(who).see(f"/contrats/{world.ours.contract_id}/{name}")


def data(world: World, name: str, kind: str, who: str = "family") -> bytes:
    answer = world.client(who).get(f"/contrats/{world.ours.contract_id}/{name}/telecharger/{kind}")
    assert answer.status_code == 200
    return bytes(answer.data)


def paper(world: World, name: str, who: str = "family") -> PdfReader:
    return PdfReader(io.BytesIO(data(world, name, "pdf", who)))


def text(reader: PdfReader) -> str:
    return re.sub(r"\s+", "", "".join(one.extract_text() for one in reader.pages))


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def test_the_pack_says_what_is_not_proven_of_its_files(world: World) -> None:
    told = squeezed("Non prouvé : aucun outil de contrôle extérieur n’a examiné ces fichiers")
    assert told in text(paper(world, "dossier-cvs"))
    assert told in squeezed(page(world, "dossier-cvs").words)


def test_the_proposals_that_many_support_come_first(world: World, built: Built) -> None:
    seen = page(world, "demandes")
    title = seen.tree.xpath("string(//h1)")
    assert title == "Ce que demandent 10 personnes ou plus"
    quotes = [" ".join(one.text_content().split()) for one in seen.tree.xpath("//main//blockquote")]
    assert quotes[0].startswith("Servir * plus tard")
    assert quotes[1] == REFUSED
    assert "d’accord : au moins 5" in seen.words
    assert SECRET not in seen.words
    assert SECRET in page(world, "demandes", "professional").words


def test_what_others_support_elsewhere_takes_nobody_s_place(world: World) -> None:
    """The first ones of what is read here: not what is left of the first ones of everything."""

    def speak(session: Session) -> None:
        people = [f"pro_{number}" for number in range(10)]
        for name in people:
            world.ours.people[name] = a_person(session, world.ours, name, Group.PROFESSIONALS)
        apart = a_space(session, world.ours, levels={Group.PROFESSIONALS: Level.CONCERTATION})
        for number in range(6):
            said = a_contribution(
                session, world.ours, "professional", f"À part {number}.",
                kind=ContributionKind.PROPOSAL, space_id=apart,
            )  # fmt: skip
            for name in people:
                contributions.react(session, world.ours[name].actor, said, ReactionValue.AGREE)
        said = a_contribution(session, world.ours, "family", "Dîner dehors.", kind=ContributionKind.PROPOSAL)
        for number in range(5):
            contributions.react(session, world.ours[f"resident_{number}"].actor, said, ReactionValue.AGREE)

    world.do(speak)
    words = page(world, "demandes").words
    assert "Les propositions les plus soutenues" in words
    assert "Dîner dehors." in words
    assert "À part" not in words


def test_it_is_two_pages_on_paper(world: World, built: Built) -> None:
    reader = paper(world, "demandes")
    assert len(reader.pages) == 2
    first, second = (squeezed(one.extract_text()) for one in reader.pages)
    assert squeezed("Les propositions les plus soutenues") in first
    assert squeezed("Qui le demande") in second
    assert squeezed("Familles et proches") in second


def test_it_is_two_pages_however_much_is_asked(world: World) -> None:
    def much(session: Session) -> None:
        for number in range(12):
            said = a_contribution(
                session, world.ours, "family", LONG * 20, kind=ContributionKind.PROPOSAL, item=number % 3
            )
            for person in range(5):
                contributions.react(
                    session, world.ours[f"resident_{person}"].actor, said, ReactionValue.AGREE
                )

    world.do(much)
    reader = paper(world, "demandes")
    assert len(reader.pages) == 2
    assert text(reader).count(squeezed(LONG)) >= 4


def test_with_nothing_asked_it_says_so(world: World) -> None:
    seen = page(world, "demandes")
    assert seen.tree.xpath("string(//h1)") == "Ce que quelques personnes demandent"
    assert "Aucune proposition n’est publiée" in seen.words
    assert len(paper(world, "demandes").pages) == 2


def test_one_person_is_never_counted(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours, "family", kind=ContributionKind.PROPOSAL))
    seen = page(world, "demandes")
    assert seen.tree.xpath("string(//h1)") == "Ce que quelques personnes demandent"
    rows = [one.text_content() for one in seen.tree.xpath("//main//tbody/tr")]
    assert not re.search(r"\d", "".join(rows).replace("moins de 5", "").replace("0", ""))


def test_names_stay_on_the_page_of_their_space(world: World) -> None:
    world.do(
        lambda s: a_contribution(
            s, world.ours, "family", kind=ContributionKind.PROPOSAL, name="Jeanne Martin"
        )
    )
    assert "Jeanne" not in page(world, "demandes").words
    assert "Jeanne" not in text(paper(world, "demandes"))


def test_the_pack_says_what_is_open_what_waits_and_what_was_answered(world: World, built: Built) -> None:
    def pass_on(session: Session) -> None:
        said = a_contribution(session, world.ours, "family_3", "Plus de sorties le dimanche.")
        command = NewAnswer("Le conseil en parlera.", Fate.PASSED_ON, passed_to=str(RECIPIENTS[0]))
        answers.give(session, world.ours["director"].actor, said, command)

    world.do(pass_on)
    seen = page(world, "dossier-cvs")
    headings = [one.text_content() for one in seen.tree.xpath("//main//section//h2")]
    agenda = [one for one in headings if one.startswith("Ordre du jour")]
    assert agenda == [
        "Ordre du jour, 1\u00a0: ce qui est ouvert ou annoncé",
        "Ordre du jour, 2\u00a0: ce qui est en attente",
        "Ordre du jour, 3\u00a0: ce qui a reçu une réponse",
    ]
    (waits,) = seen.tree.xpath("//main//section[.//h2[contains(., 'en attente')]]")
    assert "Transmis au conseil de la vie sociale" in waits.text_content()
    assert "Plus de sorties le dimanche." in waits.text_content()
    told = text(paper(world, "dossier-cvs"))
    file: Any = library.Document(io.BytesIO(data(world, "dossier-cvs", "docx")))
    written = squeezed(
        "".join([one.text for one in file.paragraphs])
        + "".join(cell.text for table in file.tables for row in table.rows for cell in row.cells)
    )
    for words in ("Plus de sorties le dimanche.", WHY, "Relevé de conclusions, à remplir"):
        assert squeezed(words) in squeezed(seen.words), words
        assert squeezed(words) in told, words
        assert squeezed(words) in written, words
    # Room to write by hand, on paper and in the file.
    assert sum(one.text == "_" * 70 for one in file.paragraphs) >= 10
    assert SECRET not in seen.words


def test_a_promise_with_nothing_left_to_answer_is_not_on_the_agenda(world: World) -> None:
    said = world.do(
        lambda s: a_contribution(s, world.ours, "board", "Pourquoi ?", kind=ContributionKind.QUESTION)
    )
    assert "les réponses sont promises avant le" in page(world, "dossier-cvs").words
    answer = NewAnswer("Parce que la cuisine ferme à 19 h.", Fate.NOT_KEPT)
    world.do(lambda s: answers.give(s, world.ours["director"].actor, said, answer))
    assert "les réponses sont promises" not in page(world, "dossier-cvs").words


def test_the_pack_of_a_quiet_contract_has_its_sheet(world: World) -> None:
    seen = page(world, "dossier-cvs")
    assert "Aucune réponse n’a été donnée pendant ce temps." in seen.words
    assert "Aucun avis du CVS n’est enregistré" in seen.words
    world.do(lambda session: an_act(session, world.ours))
    assert "Aucun avis du CVS n’est enregistré" not in page(world, "dossier-cvs").words
    assert "Relevé de conclusions, à remplir" in seen.words


@pytest.mark.parametrize("name", ["demandes", "dossier-cvs"])
def test_nobody_outside_reads_them(world: World, name: str) -> None:
    for more in ("", "/telecharger/pdf", "/telecharger/docx"):
        address = f"/contrats/{world.ours.contract_id}/{name}{more}"
        assert world.client("director", world.other).get(address).status_code == 404
