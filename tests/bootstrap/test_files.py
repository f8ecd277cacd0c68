from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LISTS = ("run", "test", "uv", "node")


def pins(root: Path, name: str) -> dict[str, str]:
    text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_dependencies_name_no_host_and_no_folder(root: Path, name: str):
    for kind in ("in", "txt"):
        text = (root / "requirements" / f"{name}.{kind}").read_text(encoding="utf-8")
        assert not re.search(r"://|find-links|index-url|^\s*/|file:", text, re.MULTILINE)


@pytest.mark.parametrize("name", LISTS)
def test_every_dependency_is_pinned_with_hashes(root: Path, name: str):
    text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) == len(pins(root, name))
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_lists_hold_what_they_ask_for_directly(root: Path):
    for name in LISTS:
        asked = (root / "requirements" / f"{name}.in").read_text(encoding="utf-8")
        direct = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", asked, re.MULTILINE))
        assert direct
        assert direct.items() <= pins(root, name).items()


def test_the_test_list_holds_the_whole_run_list(root: Path):
    assert pins(root, "run").items() <= pins(root, "test").items()


@pytest.mark.parametrize("module", ["geventwebsocket", "eventlet"])
def test_engines_that_must_not_take_over_are_not_importable(module: str):
    assert importlib.util.find_spec(module) is None


def test_the_npm_lock_names_no_host_and_has_the_repaired_parser(root: Path):
    text = (root / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert '"resolved"' not in text
    assert "omit-lockfile-registry-resolved=true" in (root / ".npmrc").read_text(encoding="utf-8")
    parser = packages["node_modules/socket.io-parser"]["version"]
    assert tuple(map(int, parser.split("."))) >= (4, 2, 7)
    assert all("integrity" in package for name, package in packages.items() if name)


def test_npm_versions_are_exact(root: Path):
    package = json.loads((root / "package.json").read_text(encoding="utf-8"))
    versions = {**package.get("dependencies", {}), **package["devDependencies"]}
    assert [version for version in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_the_set_up_imports_the_standard_library_only(root: Path):
    allowed = sys.stdlib_module_names | {"portal"}
    for file in [root / "portail.py", *(root / "portal" / "setup").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
                assert not names[0].startswith("portal") or names[0].startswith("portal.setup"), file.name
            assert {name.partition(".")[0] for name in names} <= allowed, file.name


def test_the_set_up_starts_without_any_dependency(root: Path):
    code = f"import sys; sys.path.insert(0, {str(root)!r}); import portal.setup.checks, portal.setup.server"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def test_an_old_python_can_read_portail_far_enough_to_be_refused(root: Path):
    ast.parse((root / "portail.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_the_ci_runs_the_command_of_the_readme(root: Path):
    ci = root / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    assert ci.read_text(encoding="utf-8").rstrip().endswith("\nexec python3 portail.py test")


@pytest.mark.parametrize("alias", ["run", "test", "build", "doctor"])
def test_make_is_only_an_alias(root: Path, alias: str):
    assert f"portail.py {alias}" in (root / "Makefile").read_text(encoding="utf-8")


def test_the_licence_is_named_by_its_identifier(root: Path):
    first = (root / "LICENSE").read_text(encoding="utf-8").splitlines()[0]
    assert first == "SPDX-License-Identifier: AGPL-3.0-or-later"
