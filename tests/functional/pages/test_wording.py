"""How people are spoken to: without gender, with numbers that can be read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from portal.kernel.text import number
from portal.vocabulary import ContributionKind
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution

PORTAL = Path(__file__).resolve().parents[3] / "portal"
# What names a person in the masculine, or a number that one must count.
UNKIND = re.compile(
    r"\bvous seule?\b|serez[- ]vous présenté|\b(l|son |leur |un |d)[’']?auteur\b"
    r"|\bvous (?:êtes|serez|avez été) (?:prévenu|informé|invité|connecté|inscrit|abonné|sûr|certain|seul)e?\b"
    r"|vous a invité\b|\brestez (?:respectueux|poli|courtois)\b|\d{4} signes",
    re.IGNORECASE,
)
FRENCH = re.compile(r"[éèêàçù’]|\bvous\b", re.IGNORECASE)


def sentences(path: Path) -> list[str]:
    """What a person may read of a file: the text of a template, the strings of a module but its docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL).splitlines()
    tree = ast.parse(text)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
    ]


def spoken() -> list[tuple[str, str]]:
    """Every French sentence of the product with its file; the register is read by experts."""
    files = [*PORTAL.glob("templates/**/*.html"), *PORTAL.rglob("*.py")]
    return [
        (path.relative_to(PORTAL).as_posix(), one)
        for path in files
        if "journal" not in path.parts
        for one in sentences(path)
        if FRENCH.search(one)
    ]


def test_nobody_is_spoken_to_in_the_masculine() -> None:
    heard = spoken()
    assert len(heard) > 500
    assert [(path, one) for path, one in heard if UNKIND.search(one)] == []


def test_no_sentence_has_a_straight_apostrophe() -> None:
    found = [
        (path, quoted)
        for path, one in spoken()
        for quoted in (re.findall(r'_\("([^"]*)"', one) if path.endswith(".html") else [one])
        if re.search(r"[a-zéèà]'[a-zéèàêh]", quoted) and not quoted.lstrip().startswith(("SELECT", "<"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "wrong", ["Vous seul voyez cette page.", "Dites-le à l’auteur.", "Il peut avoir 5000 signes au plus."]
)
def test_control_unkind_words_are_seen(wrong: str) -> None:
    assert UNKIND.search(wrong)


def test_large_numbers_are_written_as_one_reads_them(world: World) -> None:
    assert (number(500), number(5000)) == ("500", "5\N{NO-BREAK SPACE}000")
    path = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    answer = world.client("family").send(path, kind="comment", body="a" * 5001, op_id="a" * 26)
    assert "5\N{NO-BREAK SPACE}000 signes au plus" in Page(answer).html


def test_a_field_that_may_be_required_is_not_called_optional(world: World) -> None:
    said = world.do(lambda s: a_contribution(s, world.ours, kind=ContributionKind.COMMENT))
    item = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    answer = world.client("director").see(f"/contributions/{said}/reponse").words
    write = world.client("family").see(f"{item}/contribuer").words
    assert "À remplir si vous choisissez « Transmise »" in answer
    assert "À remplir si vous proposez d’autres mots." in write
    assert "(facultatif)" not in answer + write
