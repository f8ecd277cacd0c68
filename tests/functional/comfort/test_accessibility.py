"""« Accessibilité »: what the operator wrote, counted; what is tried, tried indeed; never a rate made up."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from portal import cli
from portal.accessibility import FILE, State, StatementError, load
from portal.blueprints.home.accessibility import FACTS
from tests.conftest import World

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 12, 1)
HEAD = """organisme = "Association des Tilleuls"
[contact]
telephone = "01 99 00 00 00"
adresse_electronique = "acces@exemple.fr"
"""
AUDIT = """[audit]
fait_le = {day}
par = "Atelier Clair"
referentiel = "RGAA 4.1.2"
criteres_applicables = {applicable}
criteres_respectes = {met}
moyens = ["NVDA et Firefox", "clavier seul"]
"""
GAP = """[[contenu_non_accessible]]
quoi = "Les tableaux d’indicateurs n’ont pas de résumé."
pourquoi = "non-conformite"
"""
SCHEME = """[schema]
pluriannuel = "https://exemple.fr/schema"
"""


def audit(applicable: int = 50, met: int = 41, day: str = "2026-11-03") -> str:
    return AUDIT.format(applicable=applicable, met=met, day=day)


def written(folder: Path, text: str) -> Path:
    file = folder / FILE
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_nothing_is_claimed(world: World) -> None:
    page = world.client(None).see("/accessibilite")
    assert "Non évaluée : aucun audit n’a encore été fait." in page.words
    assert "non conforme (non évaluée)" in page.words
    assert not re.search(r"\d ?%|\d critères", page.words)
    assert "Défenseur des droits" in page.words
    assert "schéma" not in page.words.lower()


def test_what_is_not_proven_of_the_documents_is_said(world: World) -> None:
    words = world.client(None).see("/accessibilite").words
    assert "Les documents PDF portent des balises, un titre et leur langue." in words
    assert "Non prouvé : aucun outil de contrôle extérieur n’a examiné les documents PDF et .docx" in words


@pytest.mark.parametrize(
    ("text", "state", "mention", "said"),
    [
        (HEAD, State.NOT_ASSESSED, "non évaluée", "aucun audit"),
        (HEAD + audit() + GAP + SCHEME, State.PARTLY_MET, "partiellement conforme", "Cela fait 82 %"),
        (HEAD + audit(60, 59) + GAP, State.PARTLY_MET, "partiellement conforme", "Cela fait 98,3 %"),
        (HEAD + audit(60, 20) + GAP, State.NOT_MET, "Accessibilité : non conforme", "Cela fait 33,3 %"),
        (HEAD + audit(48, 48), State.FULLY_MET, "totalement conforme", "Cela fait 100 %"),
    ],
    ids=["no audit", "partly", "almost", "not", "fully"],
)
def test_the_state_and_the_rate_are_counted(
    world: World, instance: Path, text: str, state: State, mention: str, said: str
) -> None:
    assert load(written(instance, text), TODAY).state is state
    page = world.client(None).see("/accessibilite")
    assert said in page.words
    assert "acces@exemple.fr" in page.words
    foot = world.client(None).see("/glossaire").tree.xpath("//footer//a[@href='/accessibilite']")[0]
    assert mention in foot.text_content().replace("\N{NO-BREAK SPACE}", " ")
    if state is State.PARTLY_MET:
        assert "Les tableaux d’indicateurs" in page.words
        assert "NVDA et Firefox" in page.words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("organisme = ", "ne se lit pas comme du TOML"),
        ("", "organisme : écrivez le nom"),
        ('organisme = "A"', "[contact] : donnez au moins"),
        (HEAD + audit(50, 51) + GAP, "criteres_respectes : écrivez un nombre entre 0 et 50"),
        (HEAD + audit(400, 3) + GAP, "criteres_applicables : écrivez un nombre entre 1 et 106"),
        (HEAD + audit(0, 0), "criteres_applicables"),
        (HEAD + audit(50, 41), "dites ce qui n’est pas conforme"),
        (HEAD + audit(50, 50) + GAP, "rien ne peut être non conforme"),
        (HEAD + audit() + "taux = 100\n" + GAP, "taux : le taux ne s’écrit pas, il se compte"),
        ("taux = 75\n" + HEAD, "taux : le taux ne s’écrit pas"),
        (HEAD + audit(day='"hier"') + GAP, "fait_le : écrivez la date sans guillemets"),
        (HEAD + audit(day="2031-01-01") + GAP, "cette date n’est pas encore venue"),
        (HEAD + GAP.replace("non-conformite", "bof"), "pourquoi est l’un de ces mots"),
        (HEAD + SCHEME.replace("https://", "javascript:"), "commence par https://"),
        (HEAD + "couleur = 1\n", "couleur : ce nom n’est pas connu"),
        ('contact = 3\norganisme = "A"', "[contact] doit être une partie"),
        (
            HEAD + audit().replace('["NVDA et Firefox", "clavier seul"]', "[]") + GAP,
            "moyens : écrivez la liste",
        ),
    ],
)
def test_an_absurd_file_is_refused_with_words(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(StatementError) as error:
        load(written(tmp_path, text), TODAY)
    assert told in str(error.value).replace("\N{NO-BREAK SPACE}", " ")


def test_a_refused_file_claims_nothing(world: World, instance: Path) -> None:
    written(instance, HEAD + audit(50, 99))
    page = world.client(None).see("/accessibilite")
    assert "aucun audit n’a encore été fait" in page.words
    assert not re.search(r"\d ?%", page.words)


def test_the_command_says_what_is_shown_and_what_to_mend(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORTAL_INSTANCE", str(instance))
    assert cli.main(["accessibilite"]) == 0
    assert "aucun fichier" in capsys.readouterr().out
    written(instance, HEAD + audit(day="2026-01-05") + GAP)
    assert cli.main(["accessibilite"]) == 0
    assert "41 critères respectés sur 50" in capsys.readouterr().out
    written(instance, HEAD + audit(50, 99))
    assert cli.main(["accessibilite"]) == 1
    assert "criteres_respectes" in capsys.readouterr().err


def named(file: Path) -> set[str]:
    """The tests of a file."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".mjs":
        return set(re.findall(r"test\('([^']+)'", text))
    tree = ast.parse(text)
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.test)
def test_what_is_said_to_be_tried_is_tried(fact) -> None:
    file = ROOT / fact.file
    assert file.is_file()
    assert fact.test in named(file)


def test_control_a_test_that_is_gone_is_seen() -> None:
    assert "test_nothing_of_the_kind" not in named(Path(__file__))
    assert "named" in named(Path(__file__))


def test_the_page_shows_every_fact(world: World) -> None:
    page = world.client(None).see("/accessibilite")
    with world.app.test_request_context():
        sentences = [str(fact.sentence).replace("\N{NO-BREAK SPACE}", " ") for fact in FACTS]
    assert [one for one in sentences if one not in page.words] == []
