"""The environment in ``.venv``: made, repaired, filled with the pinned dependencies."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.setup import machine
from portal.setup.commands import first_line, run_quietly
from portal.setup.speech import NBSP, SetupError, step
from portal.setup.state import STATE_FOLDER, Stamps, digest

if TYPE_CHECKING:
    from pathlib import Path

# Steps whose results live outside .venv.
OUTSIDE = ("paquets-node", "habillage")
NO_NETWORK = (
    f"Les dépendances n’ont pas pu être installées (réseau{NBSP}? espace disque{NBSP}?). "
    "Relancez la même commande quand c’est réglé."
)


@dataclass(frozen=True)
class Environment:
    """The places of one checkout."""

    root: Path

    @property
    def folder(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        """Where the environment keeps its programs."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """The environment's own Python."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def stamps(self) -> Stamps:
        """What is already done here."""
        return Stamps(self.folder)

    def requirements(self, name: str) -> Path:
        """A compiled list of dependencies: run, test, uv or node."""
        return self.root / "requirements" / f"{name}.txt"


def ensure(env: Environment, wanted: str) -> None:
    """Bring ``.venv`` to the state that ``requirements/<wanted>.txt`` asks for.

    ``wanted`` is "run" or "test" (which holds all of "run"). Raises SetupError.
    """
    ensure_venv(env)
    key = dependencies_key(env, wanted)
    name = f"dependances-{wanted}"
    if env.stamps.is_fresh(name, key):
        return
    broken = env.stamps.was_interrupted(name)
    env.stamps.begin(name)
    ensure_uv(env)
    with step("Installation des dépendances" + (" de test" if wanted == "test" else "")):
        install(env, wanted, "--reinstall" if broken else "")
    env.stamps.succeed(name, key)
    if wanted == "test":
        env.stamps.succeed("dependances-run", dependencies_key(env, "run"))


def dependencies_key(env: Environment, wanted: str) -> str:
    """What a list of dependencies is worth: its content, this Python, this platform."""
    return digest([env.requirements(wanted)], identity(env))


def identity(env: Environment) -> str:
    """Python's minor version, the platform and the folder: an environment belongs to all of them."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    place = env.root.resolve() / ".venv"
    return f"{sys.implementation.name} {version} {platform.system()} {platform.machine()} {place}"


def ensure_venv(env: Environment) -> None:
    """Make the environment, or make it again when it is half-made, moved or of another Python."""
    if env.stamps.is_fresh("environnement", identity(env)) and env.python.exists():
        return
    if not env.stamps.was_interrupted("environnement") and is_adoptable(env):
        env.stamps.succeed("environnement", identity(env))
        return
    with step("Création de l’environnement Python dans .venv"):
        clear(env)
        env.stamps.begin("environnement")
        failure = try_venv(env)
    if failure is not None:
        repair_venv(env, failure)
    env.stamps.succeed("environnement", identity(env))


def is_adoptable(env: Environment) -> bool:
    """Whether a ``.venv`` that somebody else made is whole, in its place and of our version."""
    if env.stamps.read("environnement") or not env.python.exists():
        return False
    try:
        activation = (env.scripts / "activate").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    if str(env.folder.resolve()) not in activation:
        return False
    question = "import sys, pip; print(*sys.version_info[:2], sep='.')"
    return first_line((env.python, "-c", question)) == f"{sys.version_info.major}.{sys.version_info.minor}"


def clear(env: Environment) -> None:
    """Empty the environment but for the folder of stamps, which holds the lock."""
    if not env.folder.exists():
        return
    env.stamps.forget(*OUTSIDE)
    for path in env.folder.iterdir():
        if path.name == STATE_FOLDER:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def try_venv(env: Environment) -> SetupError | None:
    """Make the environment; give back the error instead of raising it when ensurepip is missing."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    sentence = "L’environnement Python n’a pas pu être créé dans .venv (droits d’écriture, espace disque ?)."
    try:
        run_quietly((base, "-m", "venv", env.folder), sentence.replace(" ?", f"{NBSP}?"))
    except SetupError as error:
        if "ensurepip" in error.details or "No module named venv" in error.details:
            return error
        raise
    return None


def repair_venv(env: Environment, failure: SetupError) -> None:
    """Get what a bare Debian lacks, or say the one line to type."""
    package = machine.venv_package()
    sentence = (
        f"Il manque à ce Python de quoi créer un environnement (ensurepip). À taper{NBSP}: "
        f"sudo apt-get install {package}"
    )
    if not machine.can_install_packages():
        raise SetupError(sentence) from failure
    machine.install_package(package)
    clear(env)
    env.stamps.begin("environnement")
    again = try_venv(env)
    if again is not None:
        raise SetupError(sentence, again.details)


def ensure_uv(env: Environment) -> bool:
    """Install the pinned uv. False where no wheel exists for this machine: pip will do."""
    key = digest([env.requirements("uv")])
    if env.stamps.is_fresh("uv", key):
        return True
    again = ("--force-reinstall",) if env.stamps.was_interrupted("uv") else ()
    env.stamps.begin("uv")
    hashed = ("--only-binary", ":all:", "--require-hashes", "-r", env.requirements("uv"))
    try:
        with step("Installation de uv"):
            run_quietly((*pip_install(env), *again, *hashed), "", cwd=env.root)
    except SetupError:
        return False
    env.stamps.succeed("uv", key)
    return True


def install(env: Environment, wanted: str, *options: str) -> None:
    """Install a list of dependencies with uv, or with pip where uv cannot; raises SetupError.

    pip also comes to help when uv fails: it knows the machine's own settings (mirror, proxy).
    """
    hashed = ("--require-hashes", "-r", env.requirements(wanted))
    given = tuple(option for option in options if option)
    if env.stamps.read("uv"):
        uv = (env.python, "-m", "uv", "pip", "install", "--quiet", "--no-config", "--python", env.python)
        try:
            run_quietly((*uv, *given, *hashed), NO_NETWORK, cwd=env.root)
        except SetupError:
            pass
        else:
            return
    translated = tuple("--force-reinstall" if option == "--reinstall" else option for option in given)
    run_quietly((*pip_install(env), *translated, *hashed), NO_NETWORK, cwd=env.root)


def pip_install(env: Environment) -> tuple[str | Path, ...]:
    """The beginning of every pip command."""
    return env.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"
