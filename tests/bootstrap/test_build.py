"""What ``build.mjs`` writes, on a small front end and on ours."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from portal.setup import front, python_env

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "js/app.mjs": "import { word } from './word.mjs';\ndocument.title = word;\n"
    "if (document.querySelector('[data-live]')) import('./live/live.mjs').then((live) => live.start());\n",
    "js/word.mjs": "export const word = 'shared';\n",
    "js/live/live.mjs": "import { io } from 'socket.io-client';\nimport { word } from '../word.mjs';\n"
    "export const start = () => io({ query: { word } });\n",
    "css/app.css": "@import './base.css';\n@font-face { font-family: A; "
    "src: url('../fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2'); }\n"
    "body { background: url('/static/img/sheet.svg'); }\n",
    "css/base.css": "@layer base { body { color: black; } }\n",
}
BASE_BUDGET = 20 * 1024


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small front end of the same shape as ours."""
    for name, text in FILES.items():
        file = tmp_path / "portal" / "static" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def build(root: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    node = front.ensure_packages(python_env.Environment(root)).executable
    command = [node, str(root / "build.mjs"), "--root", str(target), *options]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def manifest(target: Path) -> dict[str, dict[str, str]]:
    return json.loads((target / "portal/static/dist/manifest.json").read_text(encoding="utf-8"))


def test_the_manifest_names_every_file_with_its_true_digest(root: Path, small: Path):
    assert build(root, small).returncode == 0
    dist = small / "portal" / "static" / "dist"
    entries = manifest(small)
    assert {"app.js", "app.css", "live.js", "fonts/atkinson-hyperlegible-next.woff2"} <= entries.keys()
    for entry in entries.values():
        digest = hashlib.sha384((dist / entry["file"]).read_bytes()).digest()
        assert entry["integrity"] == "sha384-" + base64.b64encode(digest).decode()
    files = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}
    assert files == {entry["file"] for entry in entries.values()} | {"manifest.json"}


def test_the_socket_client_stays_out_of_the_base_bundle_which_loads_it_by_its_hashed_name(
    root: Path, small: Path
):
    build(root, small)
    dist = small / "portal" / "static" / "dist"
    base = (dist / manifest(small)["app.js"]["file"]).read_text(encoding="utf-8")
    assert len(base) < 1000
    assert manifest(small)["live.js"]["file"] in base
    assert manifest(small)["app.js"]["imports"] == manifest(small)["live.js"]["imports"]


def test_the_style_sheet_is_one_file_that_finds_the_font(root: Path, small: Path):
    build(root, small)
    dist = small / "portal" / "static" / "dist"
    style = (dist / manifest(small)["app.css"]["file"]).read_text(encoding="utf-8")
    assert "@import" not in style
    assert "@layer base" in style
    assert "url(/static/img/sheet.svg)" in style
    assert f"url(./{manifest(small)['fonts/atkinson-hyperlegible-next.woff2']['file']})" in style


def test_a_change_gives_a_new_name_and_sweeps_the_old_file(root: Path, small: Path):
    build(root, small)
    before = manifest(small)
    (small / "portal/static/css/base.css").write_text("body { color: navy; }", encoding="utf-8")
    build(root, small)
    after = manifest(small)
    assert after["app.css"]["file"] != before["app.css"]["file"]
    assert after["app.js"] == before["app.js"]
    assert not (small / "portal/static/dist" / before["app.css"]["file"]).exists()


def test_a_missing_entry_fails_and_says_which_unless_tolerated(root: Path, small: Path):
    shutil.rmtree(small / "portal/static/js/live")
    (small / "portal/static/js/app.mjs").write_text("document.title = 'x';\n", encoding="utf-8")
    strict = build(root, small)
    assert strict.returncode == 1
    assert "portal/static/js/live/live.mjs" in strict.stderr
    assert not (small / "portal/static/dist").exists()
    assert build(root, small, "--tolerant").returncode == 0
    assert "live.js" not in manifest(small)


def test_a_source_in_error_leaves_the_last_good_build_in_place(root: Path, small: Path):
    build(root, small)
    before = manifest(small)
    (small / "portal/static/js/word.mjs").write_text("export const = ;\n", encoding="utf-8")
    assert build(root, small).returncode == 1
    assert manifest(small) == before


def test_an_unfinished_build_is_seen(root: Path, small: Path):
    build(root, small)
    env = python_env.Environment(small)
    assert front.is_whole(env)
    (small / "portal/static/dist" / manifest(small)["app.js"]["file"]).unlink()
    assert not front.is_whole(env)


def test_our_base_bundle_stays_within_its_budget(root: Path, tmp_path: Path):
    ignored = shutil.ignore_patterns("dist")
    shutil.copytree(root / "portal" / "static", tmp_path / "portal" / "static", ignore=ignored)
    done = build(root, tmp_path)
    assert done.returncode == 0, done.stderr
    entry = manifest(tmp_path)["app.js"]
    dist = tmp_path / "portal" / "static" / "dist"
    loaded = [entry["file"], *entry.get("imports", [])]
    assert sum(len(gzip.compress((dist / file).read_bytes(), 9)) for file in loaded) <= BASE_BUDGET
