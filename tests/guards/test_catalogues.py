"""Lists that must agree: permissions and their use, facts and their lines, words and labels, folders and nouns."""

from __future__ import annotations

import ast
import enum

import pytest

from portal import vocabulary
from portal.domain.facts import FactKind, TimePrecision
from portal.domain.moderation.models import Decision
from portal.policy.matrix import MATRIX
from portal.policy.permissions import Permission
from portal.realtime.outbound import LINES

from ._project import ROOT, kept, trees

# Rights of what is not built yet: drafting together, the accord round, surveys.
NOT_YET = {Permission.DRAFT, Permission.ACCORD}
# Folders of pages that belong to no noun of the domain.
SHARED_TEMPLATES = {"components", "layouts", "errors", "home", "comfort", "showcase"}
SHARED_BLUEPRINTS = {"home", "health", "comfort", "components", "language"}


def used_permissions(tree: ast.Module) -> set[str]:
    """Names of the permissions that a file asks for."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Permission"
    }


def undocumented(tree: ast.Module) -> list[str]:
    """Public functions and methods without a docstring."""
    holders: list[ast.Module | ast.ClassDef] = [tree, *(n for n in tree.body if isinstance(n, ast.ClassDef))]
    return [
        node.name
        for holder in holders
        for node in holder.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]


def test_every_permission_is_in_the_table() -> None:
    assert set(MATRIX) == set(Permission)
    assert all(MATRIX.values())


def test_every_permission_is_used_or_waits() -> None:
    used: set[str] = set()
    for under in ("portal/blueprints/", "portal/realtime/", "portal/domain/"):
        for _, tree in trees(under):
            used |= used_permissions(tree)
    unused = {permission for permission in Permission if permission.name not in used}
    assert unused - NOT_YET == set(), "these rights open nothing: use them, or take them away"
    assert NOT_YET - unused == set(), "these rights are used now: take them out of NOT_YET"


def test_control_a_use_is_seen() -> None:
    assert used_permissions(ast.parse("x = allow(Permission.ASK)\nother.PROPOSE")) == {"ASK"}


def test_every_fact_has_its_line() -> None:
    assert set(LINES) == set(FactKind)
    silent = {kind for kind, line in LINES.items() if line.shape is None}
    assert silent == {kind for kind in FactKind if not kind.audiences}
    assert all(LINES[kind].why for kind in silent)


WORDS = [
    word
    for words in vars(vocabulary).values()
    if isinstance(words, type) and issubclass(words, enum.Enum) and words.__module__ == vocabulary.__name__
    for word in words
] + [*FactKind, *Decision]


def unlabelled(word: object) -> bool:
    """Whether a word has no label, or one that people would find badly typed."""
    label = getattr(word, "label", "")
    return not label or label != label.strip() or "'" in label or "..." in label


def test_every_word_has_its_label() -> None:
    assert [word for word in WORDS if unlabelled(word)] == []


def test_control_a_word_without_label_is_seen() -> None:
    assert unlabelled(TimePrecision.DAY)
    assert not unlabelled(vocabulary.Fate.KEPT)


def test_folders_are_the_nouns() -> None:
    nouns = folders("portal/domain/")
    assert folders("portal/templates/") - SHARED_TEMPLATES - nouns == set()
    assert folders("portal/blueprints/") - SHARED_BLUEPRINTS - nouns == set()


def folders(under: str) -> set[str]:
    """Names of the folders that hold something."""
    inside = (name.removeprefix(under) for name in kept() if name.startswith(under))
    return {name.split("/")[0] for name in inside if "/" in name}


@pytest.mark.parametrize("layer", ["portal/domain/", "portal/policy/"])
def test_every_public_function_says_what_it_does(layer: str) -> None:
    bad = {name: undocumented(tree) for name, tree in trees(layer)}
    assert {name: some for name, some in bad.items() if some} == {}


def test_control_a_silent_function_is_seen() -> None:
    assert undocumented(ast.parse("def f(): ...\nclass A:\n    def g(self): ...\n    def _h(self): ...")) == [
        "f",
        "g",
    ]


def test_every_file_of_the_domain_has_its_place() -> None:
    """A noun is told by models, rules, service and queries; other files have a sentence at their head."""
    bad = [name for name, tree in trees("portal/") if tree.body and ast.get_docstring(tree) is None]
    assert bad == [], "begin the file with one sentence"
    assert (ROOT / "portal" / "policy" / "matrix.py").is_file()
