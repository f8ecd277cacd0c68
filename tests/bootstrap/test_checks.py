"""The order, the summary and the verdict of ``portail.py test``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from portal.setup import checks, python_env
from portal.setup.checks import BROWSER, SUMMARY, Result

if TYPE_CHECKING:
    from pathlib import Path

    from portal.setup.python_env import Environment

BUILT = Result("habillage", passed=True, seconds=0.0)


@pytest.fixture
def suite(tmp_path: Path, root: Path) -> Path:
    """A checkout with one passing test, the plugin, and this very Python as its environment."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    shutil.copytree(root / "portal" / "setup", tmp_path / "portal" / "setup")
    (tmp_path / "tests" / "bootstrap").mkdir(parents=True)
    shutil.copy(root / "tests" / "bootstrap" / "closing.py", tmp_path / "tests" / "bootstrap")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser: x\n", encoding="utf-8")
    (tmp_path / "tests" / "test_one.py").write_text("def test_one():\n    pass\n", encoding="utf-8")
    return tmp_path


def run(
    suite: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, **how
) -> tuple[int, str]:
    commands = how.get("commands", [("style", ["true"])])
    monkeypatch.setattr(checks, "checks", lambda _env: commands)
    # One more worker would only take time to start, but where the closing line is looked at.
    monkeypatch.setattr(checks, "WORKERS", how.get("workers", "1"))
    env: Environment = python_env.Environment(suite)
    code = checks.run_all(env, how.get("browser", "chromium"), how.get("build", BUILT), how.get("args", []))
    return code, capfd.readouterr().out


def test_all_passed_gives_zero_and_the_closing_line_of_pytest_is_the_last(suite, capfd, monkeypatch):
    code, out = run(suite, capfd, monkeypatch, workers=checks.WORKERS)
    lines = out.strip().splitlines()
    assert code == 0
    assert "1 passed in" in lines[-1]
    assert any(line.startswith("réussi  style") for line in lines)


def test_one_failed_check_fails_the_whole_and_the_others_still_run(suite, capfd, monkeypatch):
    commands = [("style", ["sh", "-c", "echo bad style; exit 1"]), ("types", ["true"])]
    code, out = run(suite, capfd, monkeypatch, commands=commands)
    assert code == 1
    assert "bad style" in out
    assert "ÉCHEC   style" in out
    assert "réussi  types" in out
    assert "1 passed in" in out.strip().splitlines()[-1]


def test_a_failed_build_fails_the_whole(suite, capfd, monkeypatch):
    code, out = run(suite, capfd, monkeypatch, build=Result("habillage", passed=False, seconds=1.0))
    assert code == 1
    assert "ÉCHEC   habillage" in out


def test_a_missing_program_is_a_failed_check(suite, capfd, monkeypatch):
    code, out = run(suite, capfd, monkeypatch, commands=[("types", [str(suite / "missing")])])
    assert code == 1
    assert "ÉCHEC   types" in out


def test_no_javascript_test_at_all_is_a_failed_check(suite, capfd, monkeypatch):
    code, out = run(suite, capfd, monkeypatch, commands=[("js", ["true", "--test"])])
    assert code == 1
    assert "ÉCHEC   js" in out


def test_a_failed_python_test_fails_the_whole(suite, capfd, monkeypatch):
    (suite / "tests" / "test_two.py").write_text("def test_two():\n    assert 0\n", encoding="utf-8")
    assert run(suite, capfd, monkeypatch)[0] == 1


def test_words_after_the_command_go_to_pytest(suite, capfd, monkeypatch):
    code, out = run(suite, capfd, monkeypatch, args=["-k", "nothing_like_it"])
    assert code == 1
    assert "no tests ran" in out.strip().splitlines()[-1]


SKIPPING = """
import pytest

@pytest.mark.browser
def test_in_a_browser():
    pytest.skip("no Chromium")
"""


def test_a_browser_test_that_skips_itself_fails_when_a_browser_is_wanted(suite, capfd, monkeypatch):
    (suite / "tests" / "test_two.py").write_text(SKIPPING, encoding="utf-8")
    code, out = run(suite, capfd, monkeypatch)
    assert code == 1
    assert "1 failed, 1 passed" in out.strip().splitlines()[-1]


def test_without_a_browser_its_tests_are_counted_as_left_out(suite, capfd, monkeypatch):
    (suite / "tests" / "test_two.py").write_text(SKIPPING, encoding="utf-8")
    code, out = run(suite, capfd, monkeypatch, browser=None)
    assert code == 0
    assert "1 passed" in out.strip().splitlines()[-1]
    assert "skipped" not in out.strip().splitlines()[-1]


def test_a_module_that_skips_itself_whole_is_an_error(suite, capfd, monkeypatch):
    text = "import pytest\npytest.importorskip('nothing_of_this_name')\n"
    (suite / "tests" / "test_two.py").write_text(text, encoding="utf-8")
    assert run(suite, capfd, monkeypatch)[0] == 1


def test_tests_know_that_they_are_tests_and_keep_their_temporary_files_inside(suite, capfd, monkeypatch):
    text = (
        "import os, tempfile\n"
        "def test_two():\n"
        "    assert os.environ['PORTAL_TEST'] == '1'\n"
        "    assert os.environ['CHROMIUM'] == 'chromium'\n"
        f"    assert tempfile.gettempdir() == {str(suite / '.venv' / 'run')!r}\n"
    )
    (suite / "tests" / "test_two.py").write_text(text, encoding="utf-8")
    assert run(suite, capfd, monkeypatch)[0] == 0


def test_what_python_compiled_is_kept_though_the_machine_forbids_it(suite, capfd, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    text = "import sys\ndef test_two():\n    assert not sys.dont_write_bytecode\n"
    (suite / "tests" / "test_two.py").write_text(text, encoding="utf-8")
    assert run(suite, capfd, monkeypatch)[0] == 0


def test_the_plugin_stays_out_of_the_way_of_a_plain_pytest(suite):
    surroundings = {name: value for name, value in os.environ.items() if name not in {BROWSER, SUMMARY}}
    (suite / "tests" / "test_two.py").write_text(SKIPPING, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.bootstrap.closing"]
    done = subprocess.run(
        command, cwd=suite, env=surroundings, capture_output=True, encoding="utf-8", check=False
    )
    assert "1 passed, 1 skipped" in done.stdout
