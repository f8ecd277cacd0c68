"""Every page, as every person finds it in every state, under a language in which each sentence stands in ⟦ ⟧.

Whatever is outside is either words of people or of the contract, said to be French, or a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import text

from portal import languages
from portal.app import create_app
from portal.config import Settings
from portal.domain.contracts import categories
from portal.extensions import db, unit
from portal.translations import build
from tests.browser.matrix import plan
from tests.browser.matrix.stage import EVERYBODY, Stage, staged

NAMED = (
    "SELECT name FROM organisation UNION SELECT name FROM establishment UNION SELECT name FROM account "
    "UNION SELECT hours FROM establishment WHERE hours IS NOT NULL"
)
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# A day as the language writes it, or a month alone, in a list of the twelve.
DAY = re.compile(rf"\b\w+day \d{{1,2}} {MONTH} \d{{4}}\b|^\s*{MONTH}\s*$")
SAME = re.compile(
    r"Polyphonie|English|Français|\bh\b|https?://\S+|[\w.-]+@[\w.-]+|\b[\w-]+\.fr\b|\b[0-9A-F]{8}\b"
    r"|\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){5}\b|\b[0-9a-f]{64}\b"
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
ATTRIBUTES = (
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "data-label",
    "data-again",
    "data-name-comment",
    "data-name-question",
)
UNREAD = {"script", "style", "textarea", "svg", "title"}


class Marked:
    """English whose sentences are the French ones between marks; a sentence without English is left bare."""

    code = "en"

    def __init__(self) -> None:
        self.known = {message.id for message in build.read(self.code) if isinstance(message.id, str)}

    def one(self, msgid: str) -> str:
        return f"⟦{msgid}⟧" if msgid and msgid in self.known else msgid

    def many(self, one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Stage]]:
    """The demonstration with something in every state."""
    folder = tmp_path_factory.mktemp("langue")
    file, stage = staged(folder)
    instance = folder / "instance"
    instance.mkdir()
    (instance / "polyphonie.sqlite").write_bytes(file.read_bytes())
    app = create_app(Settings(instance, "k" * 32, testing=True, demonstration=True, limits=0))
    yield app, stage
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    unit.bound.close()


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    tables: dict[str, Any] = {"fr": languages.French(), "en": Marked()}
    monkeypatch.setattr(languages, "language", tables.__getitem__)


@pytest.fixture(scope="module")
def names(scene: tuple[Flask, Stage]) -> re.Pattern[str]:
    """What people and places are called: the same in every language."""
    with scene[0].app_context():
        known = {row[0] for row in db.session.execute(text(NAMED)) if row[0]}
    return re.compile("|".join(re.escape(one) for one in sorted(known, key=len, reverse=True)))


def outside(page: str, names: re.Pattern[str]) -> list[str]:
    """Words of a page that are neither between marks, nor said to be French, nor a name."""
    read = "\x1f".join(_read(html.document_fromstring(page), "en"))
    # A sentence goes on after what it quotes: its two marks may stand far apart.
    while (left := re.sub(r"⟦[^⟦⟧]*⟧", " ", read)) != read:
        read = left
    return [words.strip() for words in read.split("\x1f") if LETTERS.search(_bare(words, names))]


def _read(element: Any, spoken: str) -> Iterator[str]:
    """Each thing that is read in the language of the page."""
    here = element.get("lang", spoken)
    if not isinstance(element.tag, str) or element.tag in UNREAD or element.get("translate") == "no":
        return
    if here == "en":
        yield from (element.get(name, "") for name in ATTRIBUTES)
        yield element.text or ""
    for child in element:
        yield from _read(child, here)
        if here == "en":
            yield child.tail or ""


def _bare(words: str, names: re.Pattern[str]) -> str:
    return LETTERS.sub(_known_word, SAME.sub(" ", DAY.sub(" ", names.sub(" ", words))))


# What the field calls its own, in every language; those of services stand in their official list.
ACRONYMS = {"CPOM", "EHPAD", "ARS", "CVS", "CSE", "FINESS"} | {
    one.label for one in categories.OFFICIAL if one.label.isupper()
}


def _known_word(found: re.Match[str]) -> str:
    return "" if found[0] in ACRONYMS else found[0]


# Its examples are words of invented people, and the names of colours as the code knows them.
APART = "/composants"


def cells() -> list[plan.Cell]:
    """Each page in each of its states, the people taking turns."""
    return [
        plan.Cell(page, EVERYBODY[(turn + number) % len(EVERYBODY)], state, ())
        for turn, page in enumerate(plan.pages())
        if page != APART
        for number, state in enumerate(plan.states(page))
    ]


def people(app: Flask, stage: Stage) -> dict[str, FlaskClient]:
    made = {}
    for name in EVERYBODY:
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        if name in stage.tokens:
            client.set_cookie(app.config["SESSION_COOKIE_NAME"], stage.tokens[name])
        made[name] = client
    return made


@pytest.mark.usefixtures("marked")
def test_no_sentence_escapes_translation(scene: tuple[Flask, Stage], names: re.Pattern[str]) -> None:
    app, stage = scene
    clients = people(app, stage)
    found: dict[str, list[str]] = {}
    seen: dict[int, int] = {}
    for cell in cells():
        address = plan.address(stage, cell)
        answer = clients[cell.persona].get(address, follow_redirects=True)
        _look(answer, f"{cell.persona} {address}", names, found, seen)
    tokens = {name: _token(client) for name, client in clients.items()}
    for turn, form in enumerate(plan.forms()):
        for number, state in enumerate(plan.states(form)[:3]):
            cell = plan.Cell(form, EVERYBODY[(turn + number) % len(EVERYBODY)], state, ())
            for persona in {cell.persona, "director"}:
                answer = clients[persona].post(
                    plan.address(stage, cell), data={"csrf_token": tokens[persona]}
                )
                _look(answer, f"{persona} POST {form}", names, found, seen)
    assert found == {}, json.dumps(found, ensure_ascii=False, indent=1)[:4000]
    assert seen[200] > 120
    assert min(seen[code] for code in (403, 404, 422)) > 3


def _token(client: FlaskClient) -> str:
    page = html.document_fromstring(client.get("/affichage").get_data(as_text=True))
    return str(page.xpath("//input[@name='csrf_token']/@value")[0])


def _look(
    answer: Any, where: str, names: re.Pattern[str], found: dict[str, list[str]], seen: dict[int, int]
) -> None:
    if not (answer.content_type or "").startswith("text/html") or answer.status_code in range(300, 400):
        return
    page = answer.get_data(as_text=True)
    assert '<html lang="en"' in page, where
    seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
    for words in outside(page, names):
        found.setdefault(" ".join(words.split())[:90], []).append(where)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>⟦Bonjour⟧</p>", []),
        ("<p>⟦Sur ⟦le contrat⟧⟧ · Maison Tilleuls</p>", []),
        ('<p>⟦Titre⟧ <span lang="fr">Le dîner</span></p>', []),
        ("<p>⟦Ouvert jusqu’au Tuesday 24 November 2026.⟧ Tuesday 24 November 2026</p>", []),
        ("<p>⟦Bonjour⟧ tout le monde</p>", ["tout le monde"]),
        ('<p aria-label="Retour">⟦x⟧</p>', ["Retour"]),
        ('<p><span lang="fr">oui</span> puis non</p>', ["puis non"]),
        ('<p>⟦Raison : <span lang="fr">trop tôt</span>⟧ fin</p>', ["fin"]),
        ("<p>mardi 24 novembre 2026</p>", ["mardi 24 novembre 2026"]),
        ("<option>November</option>", []),
        ("<option>novembre</option>", ["novembre"]),
        ("<p>May they come</p>", ["May they come"]),
    ],
)
def test_control_what_escapes_is_seen(page: str, expected: list[str]) -> None:
    whole = f'<html lang="en"><body>{page}</body></html>'
    assert outside(whole, re.compile("Maison Tilleuls")) == expected


@pytest.mark.usefixtures("marked")
def test_control_a_label_that_is_not_said_is_found(
    scene: tuple[Flask, Stage], names: re.Pattern[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, stage = scene
    client = people(app, stage)["family"]
    address = f"/contrats/{stage.contract}/engagements"
    assert outside(client.get(address).get_data(as_text=True), names) == []
    monkeypatch.setitem(app.jinja_env.filters, "capitalize", lambda value: str(value).capitalize())
    app.jinja_env.cache.clear()
    assert outside(client.get(address).get_data(as_text=True), names)
    monkeypatch.undo()
    app.jinja_env.cache.clear()
