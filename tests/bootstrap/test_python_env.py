from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from portal.setup import machine, python_env
from portal.setup.python_env import Environment
from portal.setup.speech import SetupError

if TYPE_CHECKING:
    from pathlib import Path


def test_an_environment_is_made_once(env: Environment, made: list[Path]):
    python_env.ensure_venv(env)
    python_env.ensure_venv(env)
    assert made == [env.folder]


def spoil_by_interruption(env: Environment) -> None:
    env.stamps.begin("environnement")


def spoil_by_other_python(env: Environment) -> None:
    stamp = env.stamps.folder / "environnement"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    stamp.write_text(stamp.read_text(encoding="utf-8").replace(version, "3.9"), encoding="utf-8")


def spoil_by_lost_base(env: Environment) -> None:
    env.python.unlink()
    env.python.symlink_to(env.root / "gone")


@pytest.mark.parametrize("spoil", [spoil_by_interruption, spoil_by_other_python, spoil_by_lost_base])
def test_a_spoilt_environment_is_made_again_from_nothing(env: Environment, made: list[Path], spoil):
    python_env.ensure_venv(env)
    (env.folder / "old").mkdir()
    spoil(env)
    python_env.ensure_venv(env)
    assert len(made) == 2
    assert not (env.folder / "old").exists()


def test_a_moved_environment_is_made_again(env: Environment, made: list[Path], tmp_path: Path):
    python_env.ensure_venv(env)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    env.folder.rename(moved / ".venv")
    python_env.ensure_venv(Environment(moved))
    assert made == [env.folder, moved / ".venv"]


def test_making_an_environment_again_forgets_what_was_installed(env: Environment, made: list[Path]):
    python_env.ensure_venv(env)
    env.stamps.succeed("dependances-run", "key")
    env.stamps.succeed("habillage", "key")
    spoil_by_other_python(env)
    python_env.ensure_venv(env)
    assert env.stamps.read("dependances-run") == ""
    assert env.stamps.read("habillage") == "key"


@pytest.mark.slow
def test_an_environment_made_by_hand_is_taken_over_as_it_is(env: Environment, made: list[Path]):
    base = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([base, "-m", "venv", env.folder], check=True)
    python_env.ensure_venv(env)
    assert made == []
    assert env.stamps.is_fresh("environnement", python_env.identity(env))


@pytest.fixture
def no_ensurepip(monkeypatch: pytest.MonkeyPatch) -> list[Environment]:
    """A Python without ensurepip, as on a bare Debian."""
    attempts: list[Environment] = []

    def fail(env: Environment) -> SetupError:
        attempts.append(env)
        env.scripts.mkdir(parents=True)
        return SetupError("", "The virtual environment was not created: ensurepip is not available.")

    monkeypatch.setattr(python_env, "try_venv", fail)
    return attempts


def test_without_ensurepip_a_person_is_told_the_one_line_to_type(
    env: Environment, no_ensurepip: list[Environment], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(machine, "can_install_packages", lambda: False)
    with pytest.raises(SetupError, match=r"sudo apt-get install python3\.\d+-venv$"):
        python_env.ensure_venv(env)
    assert not env.stamps.is_fresh("environnement", python_env.identity(env))


def test_without_ensurepip_root_installs_the_package_and_tries_again(
    env: Environment, no_ensurepip: list[Environment], monkeypatch: pytest.MonkeyPatch
):
    installed: list[str] = []

    def install(name: str) -> None:
        installed.append(name)
        monkeypatch.setattr(python_env, "try_venv", lambda _env: None)

    monkeypatch.setattr(machine, "can_install_packages", lambda: True)
    monkeypatch.setattr(machine, "install_package", install)
    python_env.ensure_venv(env)
    assert installed == [machine.venv_package()]
    assert env.stamps.is_fresh("environnement", python_env.identity(env))


def test_the_message_of_a_bare_debian_is_recognised(
    env: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    bare = tmp_path / "python3"
    bare.write_text("#!/bin/sh\necho 'ensurepip is not available'\nexit 1\n", encoding="utf-8")
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "_base_executable", str(bare))
    assert isinstance(python_env.try_venv(env), SetupError)


def test_another_failure_of_venv_is_told_as_it_is(
    env: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    full = tmp_path / "python3"
    full.write_text("#!/bin/sh\necho 'No space left on device'\nexit 1\n", encoding="utf-8")
    full.chmod(0o755)
    monkeypatch.setattr(sys, "_base_executable", str(full))
    with pytest.raises(SetupError) as told:
        python_env.try_venv(env)
    assert "No space left" in told.value.details


@pytest.fixture
def installs(env: Environment, made: list[Path], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The installations asked for: list of dependencies, then options."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(python_env, "ensure_uv", lambda _env: True)
    monkeypatch.setattr(
        python_env, "install", lambda _env, wanted, *options: calls.append((wanted, *filter(None, options)))
    )
    return calls


def test_dependencies_are_installed_again_only_when_their_list_changes(
    env: Environment, installs: list[tuple[str, ...]]
):
    python_env.ensure(env, "run")
    python_env.ensure(env, "run")
    env.requirements("run").write_text("flask==3.1.3", encoding="utf-8")
    python_env.ensure(env, "run")
    assert installs == [("run",), ("run",)]


def test_the_test_list_holds_the_run_list(env: Environment, installs: list[tuple[str, ...]]):
    python_env.ensure(env, "test")
    python_env.ensure(env, "run")
    assert installs == [("test",)]


def test_an_interrupted_installation_is_done_again_over_what_it_left(
    env: Environment, installs: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
):
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as moment:
        moment.setattr(python_env, "install", interrupt)
        with pytest.raises(KeyboardInterrupt):
            python_env.ensure(env, "run")
    python_env.ensure(env, "run")
    assert installs == [("run", "--reinstall")]


def test_pip_does_the_work_where_uv_cannot(env: Environment, monkeypatch: pytest.MonkeyPatch):
    commands: list[list[str]] = []

    def run(command, sentence, **_options) -> str:
        commands.append([str(part) for part in command])
        if "uv" in commands[-1]:
            raise SetupError(sentence)
        return ""

    monkeypatch.setattr(python_env, "run_quietly", run)
    env.stamps.succeed("uv", "key")
    python_env.install(env, "run", "--reinstall")
    assert [command[2] for command in commands] == ["uv", "pip"]
    assert all("--require-hashes" in command for command in commands)
    assert "--force-reinstall" in commands[1]
