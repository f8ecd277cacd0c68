"""No sentence without its translation, and none that the catalogue never hears of."""

from __future__ import annotations

import ast
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from portal.languages import LANGUAGES, SOURCE, language
from portal.translations import build, check

from ._project import ROOT, texts

# What is the same in every language, or is the name of a language in that language.
NAMES = re.compile(
    r"Polyphonie|English|Français|https?://\S+|[\w.-]+@[\w.-]+|\bdata-|\b[\w-]+\.(?:fr|org)\b|\bCode\b"
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
PUNCTUATION = re.compile(r"[«»]|[ \u00a0][:;!?]")
SHOWN = re.compile(
    r"\s(aria-label|aria-description|aria-roledescription|title|placeholder|alt|label|data-label|data-again"
    r'|data-name(?:-\w+)?|data-confirm(?:-\w+)?)="([^"]*)"'
)
TEXT = re.compile(r">([^<>]+)<", re.DOTALL)
MARKERS = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "say", "plural"}
FRENCH = re.compile(r"[éèêàùçôîûœÉÀ’«»\u00a0]|\b(?:vous|les|une|est|dans)\b", re.IGNORECASE)
# Below these, sentences are for people who read pages. The rest speaks to whoever runs the portal, in French.
SPOKEN = (
    "blueprints",
    "domain",
    "policy",
    "kernel",
    "realtime",
    "jobs",
    "mail",
    "languages.py",
    "vocabulary.py",
)
APART = {
    "policy/document.py": "the table of rights, a document in French",
    "domain/journal/verify.py": "what the check of the register says on a terminal",
    "domain/contributions/caution.py": "the words of French that tell who or what is meant",
    "domain/contributions/naming.py": "the same",
    "domain/plain/french.py": "the words of French by which plain words are read over",
    "domain/contributions/first_names.py": "the first names that people bear",
    "domain/moderation/marks.py": "signs",
    "domain/imports/building.py": "signs",
    "domain/imports/naming.py": "signs",
    "domain/imports/columns.py": "the titles that directors give to columns",
    "domain/imports/cells.py": "the words by which directors tell a state or a financing",
    "domain/predecessors/outcomes.py": "the words by which directors tell an outcome",
    "domain/imports/periods.py": "the words by which directors tell a date",
    "domain/imports/prose.py": "the headings that directors write",
    "kernel/names.py": "how French contracts a name",
    "kernel/bodies.py": "the articles of French, and the bodies that they stand before",
    "kernel/text/french.py": "the signs of French typography",
    "kernel/text/links.py": "the signs of addresses",
    "kernel/text/stems.py": "the words of French that say nothing alone, and its endings",
    "domain/search/rules.py": "signs",
    "kernel/text/plain.py": "signs",
    "kernel/text/source.py": "signs",
    "kernel/dates.py": "the months, in each language beside one another",
    "mail/report.py": "what the operator reads on a terminal",
    "kernel/engines.py": "what a server that cannot start says on a terminal",
    "blueprints/components/examples.py": "what invented people write on the page of components",
    "blueprints/components/forms.py": "the same",
    "domain/notifications/mails.py": "what a command says on a terminal",
    "mail/server.py": "what a wrong setting says on a terminal",
    "kernel/units.py": "a cause for the logs; pages say it their own way",
}
# Literals that stay in the language of the contract, wherever they are read.
KEPT = {
    "Que faut-il changer dans la vie de tous les jours\u00a0?",
    "Vers quoi voulons-nous aller ensemble\u00a0?",
    "Comment écrire ensemble ces parties du contrat\u00a0?",
    "Tous les mots de cette partie.",
    "Français",
    # The note on a promise is kept with the space, as its director's own words are.
    "La réponse était promise avant le ",
    ". Elle est maintenant promise avant le ",
    ". Raison\u00a0: ",
    "nomme-une-personne",
    "\u00a0",
    "«\u00a0",
    "\u00a0»",
}


def escapes(source: str) -> list[str]:
    """Words of a template that no translation reaches: bare text, attributes, literals in its code."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    bare = _bare(environment, source)
    found = [words.strip() for words in TEXT.findall(f">{bare}<") if _speaks(words)]
    found += [f"{name}={words}" for name, words in SHOWN.findall(bare) if _speaks(words)]
    return found + [one for one in _literals(environment.parse(source)) if FRENCH.search(one)]


def _bare(environment: Environment, source: str) -> str:
    """The markup alone: a sign stands for each piece of code."""
    parts, inside = [], False
    for _line, kind, value in environment.lex(source):
        if kind == "data":
            parts.append(value)
        elif kind in ("variable_begin", "block_begin", "comment_begin"):
            inside = True
        elif kind in ("variable_end", "block_end", "comment_end") and inside:
            parts.append("\x00")
            inside = False
    return re.sub(r"<(script|style|svg)\b.*?</\1>", "", "".join(parts), flags=re.DOTALL)


def _speaks(words: str) -> bool:
    left = NAMES.sub("", words.replace("\x00", " "))
    return bool(LETTERS.search(left) or PUNCTUATION.search(left))


def _literals(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MARKERS:
        for value in node.kwargs:
            yield from _literals(value.value)
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and node.value not in KEPT:
        yield node.value
    for child in node.iter_child_nodes():
        yield from _literals(child)


def unmarked(source: str) -> list[str]:
    """French strings of a module that no marker carries; documentation apart."""
    tree = ast.parse(source)
    told = {id(one) for node in ast.walk(tree) if _marks(node) for one in ast.walk(node)}
    told |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in told
        and node.value not in KEPT
        and FRENCH.search(node.value)
    ]


def _marks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS


def faults(translated: str) -> list[str]:
    """What is wrong with these sentences of a catalogue, beside two sentences of the code."""
    head = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\nContent-Type: text/plain; charset=utf-8\\n"\n\n'
    wanted: dict[check.Key, str] = {
        "Bonjour %(name)s": "a.py:1",
        ("%(num)s avis", "%(num)s avis"): "a.py:2",
    }
    return list(check.compare(wanted, read_po(io.BytesIO((head + translated).encode()), locale="en")))


ONE = 'msgid "Bonjour %(name)s"\nmsgstr "Hello %(name)s"\n\n'
MANY = 'msgid "%(num)s avis"\nmsgid_plural "%(num)s avis"\nmsgstr[0] "One opinion"\nmsgstr[1] "%(num)s opinions"\n\n'
PLANTED = {
    "missing": (ONE, "manque"),
    "empty": (ONE.replace("Hello %(name)s", "") + MANY, "vide"),
    "doubtful": ("#, fuzzy\n" + ONE + MANY, "à relire"),
    "useless": (ONE + MANY + 'msgid "Adieu"\nmsgstr "Farewell"\n', "inutile"),
    "obsolete": (ONE + MANY + '#~ msgid "Adieu"\n#~ msgstr "Farewell"\n', "abandonnée"),
    "a value lost": (ONE.replace("Hello %(name)s", "Hello") + MANY, "valeurs"),
    "a value invented": (ONE.replace("Hello %(name)s", "Hello %(nom)s") + MANY, "valeurs"),
    "a plural lost": (ONE + MANY.replace('msgstr[1] "%(num)s opinions"\n', ""), "vide"),
    "a number lost": (ONE + MANY.replace('"%(num)s opinions"', '"some opinions"'), "valeurs"),
}


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != SOURCE])
def test_a_catalogue_has_every_sentence_and_no_other(code: str) -> None:
    assert len(check.extracted()) > 900
    assert check.problems(code) == []


def test_a_good_catalogue_is_accepted() -> None:
    assert faults(ONE + MANY) == []


@pytest.mark.parametrize("name", PLANTED)
def test_control_each_kind_of_fault_is_found(name: str) -> None:
    sentences, word = PLANTED[name]
    assert [fault.split(" : ")[0] for fault in faults(sentences)] == [word]


def test_a_missing_sentence_fails_the_build(tmp_path: Path) -> None:
    portal = tmp_path / "portal"
    shutil.copytree(ROOT / "portal", portal, ignore=shutil.ignore_patterns("dist", "__pycache__", "*.mo"))
    command = [sys.executable, "-m", "portal.translations.build"]
    built = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    assert (portal / "translations/en/LC_MESSAGES/messages.mo").stat().st_size > 10_000
    with (portal / "templates/home/glossary.html").open("a", encoding="utf-8") as page:
        page.write('{{ _("Une phrase sans anglais.") }}\n')
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "manque : 'Une phrase sans anglais.' (templates/home/glossary.html:" in refused.stderr


def test_no_template_speaks_past_the_catalogue() -> None:
    found = {name: escapes(text) for name, text in texts(".html", under="portal/templates/")}
    assert len(found) > 60
    assert {name: some for name, some in found.items() if some} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Bonjour</p>",
        "<p>{{ name }} : {{ value }}</p>",
        '<a aria-label="Retour" href="/">{{ _("x") }}</a>',
        '<input placeholder="Votre nom">',
        '<td data-label="Niveau">{{ level }}</td>',
        '<p>{{ "Déjà lu" if read else _("Nouveau") }}</p>',
        '{% set title = "Régler l’affichage" %}',
        '{{ _("Sur %(what)s", what="le contrat que vous lisez") }}',
        "<p>« {{ quote }} »</p>",
    ],
)
def test_control_words_past_the_catalogue_are_seen(planted: str) -> None:
    assert escapes(planted)


def test_no_module_speaks_past_the_catalogue() -> None:
    found = {
        name: unmarked(text)
        for name, text in texts(".py", under="portal/")
        if name.removeprefix("portal/").startswith(SPOKEN) and name.removeprefix("portal/") not in APART
    }
    assert len(found) > 100
    assert {name: some for name, some in found.items() if some} == {}


@pytest.mark.parametrize(
    "planted",
    ['x = "Déjà envoyé"', 'raise Error(f"Il reste {n} mots à écrire")', 'x = {"a": ["C’est trop long."]}'],
)
def test_control_french_outside_a_marker_is_seen(planted: str) -> None:
    assert unmarked(planted)
    assert unmarked('def f():\n    """Déjà."""\n    return say("Déjà envoyé")') == []


def test_only_one_module_speaks() -> None:
    found = [
        name
        for name, text in texts(".py", under="portal/")
        if re.search(r"^from flask_babel import .*gettext", text, re.MULTILINE)
    ]
    assert found == [], "sentences are said by portal.languages"


def test_the_compiled_file_follows_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(build, "HERE", tmp_path)
    source = folder / "messages.po"
    shutil.copy(ROOT / "portal/translations/en/LC_MESSAGES/messages.po", source)
    assert build.sentences("en").gettext("Mes contrats") == "My contracts"
    assert (folder / "messages.mo").exists()
    source.write_text(
        source.read_text(encoding="utf-8").replace('"My contracts"', '"Contracts of mine"'), "utf-8"
    )
    assert build.sentences("en").gettext("Mes contrats") == "Contracts of mine"


def test_the_glossary_and_the_catalogue_say_the_same_english() -> None:
    page = (ROOT / "docs/glossaire.md").read_text(encoding="utf-8").partition("## En anglais")[2]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)[2:]
    assert len(rows) > 30
    assert {french: language("en").one(french) for french, _ in rows} == dict(rows)
