from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from portal.setup.state import Stamps, digest, exclusive, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from portal.setup.python_env import Environment


def test_a_stamp_counts_only_for_the_key_it_was_written_with(tmp_path: Path):
    stamps = Stamps(tmp_path)
    stamps.begin("step")
    stamps.succeed("step", "key")
    assert stamps.is_fresh("step", "key")
    assert not stamps.is_fresh("step", "other")


def test_a_step_that_began_again_and_never_ended_is_not_fresh(tmp_path: Path):
    stamps = Stamps(tmp_path)
    stamps.begin("step")
    stamps.succeed("step", "key")
    stamps.begin("step")
    assert stamps.was_interrupted("step")
    assert not stamps.is_fresh("step", "key")


def test_an_atomic_write_leaves_no_temporary_file(tmp_path: Path):
    write_atomically(tmp_path / "a" / "b", "text")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_digest_follows_content_names_and_words(tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("1", encoding="utf-8")
    first = digest([folder])
    (folder / "a").write_text("2", encoding="utf-8")
    changed = digest([folder])
    (folder / "a").rename(folder / "b")
    renamed = digest([folder])
    assert len({first, changed, renamed, digest([folder], "word")}) == 4
    assert renamed == digest([folder])


def test_a_digest_ignores_what_python_compiles_beside_the_sources(tmp_path: Path):
    (tmp_path / "a.py").write_text("1", encoding="utf-8")
    before = digest([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x", encoding="utf-8")
    assert digest([tmp_path]) == before


def test_a_second_set_up_waits_for_the_first(env: Environment):
    code = (
        "import pathlib, sys\n"
        "from portal.setup.state import Stamps, exclusive\n"
        "with exclusive(Stamps(pathlib.Path(sys.argv[1])), lambda: print('waits', flush=True)):\n"
        "    print('in', flush=True)\n"
    )
    with exclusive(env.stamps, lambda: None):
        other = subprocess.Popen(
            [sys.executable, "-c", code, str(env.folder)], stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "waits\n"
        assert other.poll() is None
    assert other.communicate(timeout=10)[0] == "in\n"
