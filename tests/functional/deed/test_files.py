"""The whole contract as files: what they hold, in which order, and what PDF/UA-1 and text programs ask of them."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import docx as library
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account
from portal.domain.contracts.models import Contract
from portal.domain.documents.models import Subject
from portal.kernel import clock
from portal.kernel.dates import day_label
from tests.conftest import World
from tests.factories.deed import a_full_contract
from tests.factories.documents import a_document, place
from tests.factories.objectives import an_objective
from tests.factories.trames import a_sheet
from tests.unit.documents.conftest import tags

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def address(world: World, kind: str, more: str = "") -> str:
    return f"/contrats/{world.ours.contract_id}/document/telecharger/{kind}{more}"


def pdf(world: World, who: str = "family", more: str = "") -> PdfReader:
    answer = world.client(who).get(address(world, "pdf", more))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    return PdfReader(io.BytesIO(answer.data))


def text_file(world: World, who: str = "family", more: str = "") -> Any:
    answer = world.client(who).get(address(world, "docx", more))
    assert (answer.status_code, answer.mimetype) == (200, DOCX)
    return library.Document(io.BytesIO(answer.data))


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def in_file(file: Any) -> str:
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return squeezed("\n".join([one.text for one in file.paragraphs] + cells))


def titles(file: Any, level: int = 1) -> list[str]:
    return [one.text for one in file.paragraphs if one.style.name == f"Heading {level}"]


def structure(paper: PdfReader) -> list[tuple[str, Any]]:
    root: Any = paper.trailer["/Root"]
    return list(tags(root["/StructTreeRoot"]))


@pytest.fixture
def paper(world: World, full: dict[str, str]) -> PdfReader:
    return pdf(world)


@pytest.fixture
def file(world: World, full: dict[str, str]) -> Any:
    return text_file(world)


def test_the_pdf_is_tagged_titled_and_in_french(paper: PdfReader) -> None:
    root: Any = paper.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "Le contrat, en entier" in xmp
    kinds = [kind for kind, _one in structure(paper)]
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert max(levels) == 4
    assert kinds.count("/Title") == 1
    assert "/TOC" in kinds


def test_every_table_of_the_pdf_has_column_headers(paper: PdfReader) -> None:
    found = structure(paper)
    tables = [one for kind, one in found if kind == "/Table"]
    assert len(tables) > 8
    for table in tables:
        heads = [one for kind, one in tags(table["/K"]) if kind == "/TH"]
        assert heads
        for one in heads:
            assert [str(part["/Scope"]) for part in one["/A"] if "/Scope" in part] == ["/Column"]


def test_the_first_sheet_is_the_contract_in_short(paper: PdfReader) -> None:
    first = squeezed(paper.pages[0].extract_text())
    for words in (
        "Le contrat en bref",
        "La nuit, vous partirez moins souvent aux urgences.",
        f"Le contrat va du {day_label(date(2027, 1, 1))} au {day_label(date(2031, 12, 31))}.",
        "Qui décide",
        "Association Tilleuls",
        "Comment participer",
    ):
        assert squeezed(words) in first, words
    assert "Sommaire" not in first
    assert "Sommaire" in squeezed(paper.pages[1].extract_text())


def test_a_long_contract_is_in_short_on_one_sheet_too(world: World, full: dict[str, str]) -> None:
    long = "Vous choisirez avec nous ce que l’on fait pour vous, chaque jour, et vous saurez pourquoi. "

    def more(session: Session) -> None:
        for number in range(38):
            an_objective(session, world.ours, expected=f"{number} {long}{long}"[:160])

    world.do(more)
    paper = pdf(world, more="?textes=pour-tous&annexes=non")
    first = squeezed(paper.pages[0].extract_text())
    assert squeezed("Et 31 autres objectifs.") in first
    assert squeezed("Pour 2 objectifs, cette phrase est encore à écrire.") in first
    assert squeezed("Tous les objectifs se lisent dans : Article 3 : Objectifs stratégiques.") in first
    assert squeezed(paper.pages[1].extract_text()).split("2026", 1)[-1].startswith("Sommaire")


def test_parts_follow_the_trame_and_annexes_come_after_the_signatures(file: Any) -> None:
    first, second = titles(file), titles(file, 2)
    start = [
        "Le contrat en bref",
        "Sommaire",
        "Visas",
        "Préambule",
        "Titre 1\u00a0: Objet du contrat",
        "Titre 2\u00a0: Mise en œuvre du contrat",
        "Signatures",
    ]
    assert first[: len(start)] == start
    assert first[-2:] == ["Les documents joints", "Comment ce contrat a été construit"]
    assert all(one.startswith("Annexe ") for one in first[len(start) : -2])
    articles = [one for one in second if one.startswith("Article ")]
    assert articles[:4] == [
        "Article 1\u00a0: Identification du gestionnaire et périmètre du contrat",
        "Article 2\u00a0: Diagnostic partagé",
        "Article 3\u00a0: Objectifs stratégiques",
        "Article 4\u00a0: Moyens dédiés à la réalisation des objectifs",
    ]


def test_headings_are_numbered_inside_their_part(file: Any) -> None:
    found = [one.text for one in file.paragraphs if one.style.name in ("Heading 2", "Heading 3")]
    assert any(re.match(r"A4\.1 ", one) for one in found), found
    assert any(re.match(r"A4\.1\.1 Objectif 3", one) for one in found), found


def test_it_holds_each_noun_once_and_says_where_the_detail_is(file: Any) -> None:
    told = in_file(file)
    for words in (
        "Ce contrat est né de deux ans de travail.",
        "des nuits plus calmes",
        "Former les équipes de nuit",
        "Conduite par : la cadre de santé",
        f"financé jusqu’au {day_label(date(2029, 12, 31))}",
        "Ne réveiller personne.",
        "Deux postes d’aide-soignante la nuit",
        "16 000 € chaque année, de 2027 à 2031.",
        "Dix places de plus.",
        "Présidente",
        "Maison des Prés",
        "Astreinte infirmière de nuit.",
        "Un médecin répond la nuit.",
        "Tout le détail est dans : Annexe 4.",
    ):
        assert squeezed(words) in told, words
    assert told.count(squeezed("Fiche action de l’objectif 3")) == 1


def test_small_numbers_of_persons_are_folded_for_everybody(world: World, full: dict[str, str]) -> None:
    # The director reads them on the page; a file that is handed on holds them for nobody.
    page = world.client("director").see(f"/contrats/{world.ours.contract_id}/indicateurs/{full['indicator']}")
    assert "moins de 5" not in page.words
    files = [in_file(text_file(world, who)) for who in ("director", "family")]
    assert files[0] == files[1]
    assert squeezed("moins de 5") in files[0]


def test_what_is_attached_to_a_space_is_for_who_reads_it(world: World, full: dict[str, str]) -> None:
    where = place(world.ours, Subject.SPACE, world.ours.space_id)
    world.do(lambda session: a_document(session, world.ours, where, title="Le compte rendu de la réunion"))
    beside = place(world.ours, Subject.OBJECTIVE, full["objective"])
    world.do(lambda session: a_document(session, world.ours, beside, title="Le protocole des nuits"))
    told = in_file(text_file(world, "director"))
    assert squeezed("Le compte rendu de la réunion") not in told
    assert squeezed("Le protocole des nuits") in told
    assert squeezed("Un objectif : Réduire les passages aux urgences") in told


def test_a_draft_says_so_on_every_sheet_until_it_is_signed(world: World, full: dict[str, str]) -> None:
    draft = pdf(world)
    assert all("Projetdu" in squeezed(page.extract_text()) for page in draft.pages)
    assert text_file(world).sections[0].header.paragraphs[0].text.startswith("Projet du ")

    def sign(session: Session, days: int) -> None:
        session.get_one(Contract, world.ours.contract_id).signed_on = clock.today() + timedelta(days=days)

    world.do(lambda session: sign(session, 3))
    assert "Projetdu" in squeezed(pdf(world).pages[0].extract_text())
    world.do(lambda session: sign(session, -1))
    assert not any("Projetdu" in squeezed(page.extract_text()) for page in pdf(world).pages)
    assert "Les signatures sont sur l’exemplaire signé." in [one.text for one in text_file(world).paragraphs]


def test_one_chooses_the_texts_and_the_annexes(world: World, full: dict[str, str]) -> None:
    technical, plain = squeezed("Astreinte infirmière de nuit."), squeezed("Un médecin répond la nuit.")
    told = in_file(text_file(world, more="?textes=technique"))
    assert technical in told
    assert plain not in told
    everybody = text_file(world, more="?textes=pour-tous")
    told = in_file(everybody)
    assert everybody.core_properties.title == "Le contrat, version pour tous"
    assert plain in told
    assert technical not in told
    assert squeezed("deux ans de travail") not in told, "the words of an article have no plain version"
    assert "Signatures" not in titles(everybody), "what everybody reads is not what is signed"
    bare = titles(text_file(world, more="?annexes=non"))
    assert not [one for one in bare if one.startswith("Annexe")]
    assert bare[-1] == "Signatures"


def test_what_is_not_written_says_so_in_its_place(file: Any) -> None:
    told = [one.text for one in file.paragraphs]
    place = len(told) - told[::-1].index("Visas") - 1
    assert "Il reste à écrire." in told[place : place + 4]


def test_without_a_trame_the_order_is_a_usual_one(world: World) -> None:
    world.do(lambda session: a_full_contract(session, world.ours, model=""))
    file = text_file(world)
    assert any("ce document suit l’ordre habituel" in one.text for one in file.paragraphs)
    first = titles(file)
    assert first[2].startswith("Article 1\u00a0: Identification")
    assert first[3].startswith("Article 2\u00a0: Entrée en vigueur")


def test_what_the_trame_has_no_place_for_is_kept(world: World) -> None:
    world.do(lambda session: a_full_contract(session, world.ours, model=""))
    world.do(lambda session: a_sheet(session, world.ours))
    file = text_file(world)
    told = titles(file)
    assert "Article 1\u00a0: Vie sociale" in told
    assert "Objectifs stratégiques" in told
    assert squeezed("Former les équipes de nuit") in in_file(file)


def test_the_text_file_says_its_language_and_no_person(file: Any) -> None:
    core = file.core_properties
    assert (core.title, core.language) == ("Le contrat, en entier", "fr-FR")
    assert (core.author, core.last_modified_by) == ("Polyphonie", "Polyphonie")
    assert not core.comments
    for table in file.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")).get(qn("w:val")) == "true"
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_no_name_of_a_person_is_in_it(world: World, full: dict[str, str], file: Any) -> None:
    told = in_file(file)
    names = world.read(lambda session: list(session.scalars(select(Account.name))))
    assert len(names) > 5
    assert not [one for one in names if squeezed(one) in told]


def test_it_speaks_english_and_the_words_of_the_contract_stay_french(
    world: World, full: dict[str, str]
) -> None:
    client = world.client("family")
    client.set_cookie("polyphonie-langue", "en")
    reader = PdfReader(io.BytesIO(client.get(address(world, "pdf")).data))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert squeezed("The contract in brief") in squeezed(reader.pages[0].extract_text())
    assert any(str(one.get("/Lang", "")) == "fr" for _kind, one in structure(reader))


def test_it_is_made_once_as_long_as_nothing_moves(world: World, full: dict[str, str]) -> None:
    client = world.client("family")
    first = client.get(address(world, "pdf")).data
    maker = world.app.extensions["portal_documents"]
    made = maker.made
    assert world.client("director").get(address(world, "pdf")).data == first
    assert maker.made == made


def test_nobody_outside_the_contract_takes_it_away(world: World, full: dict[str, str]) -> None:
    for kind in ("pdf", "docx"):
        assert world.client("director", world.other).get(address(world, kind)).status_code == 404
        assert world.client(None).get(address(world, kind)).status_code in (302, 303)
