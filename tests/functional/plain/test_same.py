"""Both texts of a subject say the same words: they are read once, on the pages and in the printed contract."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.texts import service as texts
from portal.vocabulary import Register
from tests.conftest import World
from tests.factories.objectives import an_objective

WORDS = "Un minibus passe chaque jeudi matin.\n\nIl va au marché, puis à la mairie."
ONCE = "Le texte simple et le texte technique disent les mêmes mots"


def say(world: World, item: str, register: Register, words: str) -> None:
    def write(session: Session) -> None:
        found = contracts.item(session, item)
        assert found is not None
        text = found.text(register)
        assert text is not None
        command = texts.NewWords(words, text.version)
        director, contract = world.ours["director"].actor, world.ours.contract_id
        texts.revise(session, director, contract, item, register, command)

    world.do(write)


@pytest.fixture
def objective(world: World) -> str:
    made = world.do(lambda s: an_objective(s, world.ours))
    say(world, made, Register.PLAIN, WORDS)
    say(world, made, Register.TECHNICAL, WORDS.replace(" ", "  ", 1))
    return made


def addresses(world: World, objective: str) -> list[str]:
    here = f"/contrats/{world.ours.contract_id}"
    return [f"{here}/objectifs/{objective}", f"{here}/textes-simples/{objective}"]


def test_a_page_says_the_same_words_once(world: World, objective: str) -> None:
    for address in addresses(world, objective):
        page = world.client("family").see(address)
        assert page.words.count("Un minibus passe chaque jeudi matin.") == 1, address
        assert page.words.count(ONCE) == 1, address
        assert "Lire le texte technique" not in page.words
    say(world, objective, Register.TECHNICAL, WORDS.replace("jeudi", "mardi"))
    for address in addresses(world, objective):
        page = world.client("family").see(address)
        assert ONCE not in page.words
        # The second passage still says the same on both sides.
        assert page.words.count("Il va au marché") == 1, address
        assert "Ici, le texte simple et le texte technique disent les mêmes mots" in page.words
        assert "chaque mardi matin" in page.words


def test_the_printed_contract_says_them_once(world: World, objective: str) -> None:
    client = world.client("family")
    address = f"/contrats/{world.ours.contract_id}/document/telecharger/docx"
    found = client.get(address)
    assert found.status_code == 200, address
    words = "\n".join(one.text for one in Document(BytesIO(found.data)).paragraphs)
    assert words.count("Un minibus passe chaque jeudi matin.") == 1
    assert words.count(ONCE) == 1
