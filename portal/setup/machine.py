"""What the machine offers: system packages, Chromium, Node."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from portal.setup.commands import first_line, run_quietly
from portal.setup.speech import NBSP, SetupError, step

if TYPE_CHECKING:
    from collections.abc import Iterator

APT_ATTEMPTS = 3
OLDEST_NODE = 20
# Without the parts that draw a window: half the processor time of the same tests.
WINDOWLESS = "chromium-headless-shell"
CHROMIUM_NAMES = (
    WINDOWLESS,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
)
CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def can_install_packages() -> bool:
    """Whether we are root on a system with apt-get."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and shutil.which("apt-get") is not None


def install_package(name: str, attempts: int = APT_ATTEMPTS) -> None:
    """Install one Debian package; raises SetupError after so many attempts."""
    sentence = f"Le paquet {name} n’a pas pu être installé. À taper{NBSP}: apt-get install {name}"
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    patient = ("-q", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3")
    with step(f"Installation du paquet {name}"):
        for attempt in range(1, attempts + 1):
            try:
                run_quietly(("apt-get", *patient, "update"), sentence, extra=quiet)
                run_quietly(
                    ("apt-get", *patient, "install", "-y", "--no-install-recommends", name),
                    sentence,
                    extra=quiet,
                )
            except SetupError:
                if attempt == attempts:
                    raise
                time.sleep(2 * attempt)
            else:
                return


def install_nginx() -> None:
    """Install nginx without letting Debian serve its own welcome page. Raises SetupError."""
    with no_service_starts():
        install_package("nginx")
    if shutil.which("systemctl"):
        with suppress(SetupError):
            run_quietly(("systemctl", "disable", "nginx"), "")


@contextmanager
def no_service_starts(policy: Path = Path("/usr/sbin/policy-rc.d")) -> Iterator[None]:
    """Tell Debian's packages not to start what they bring; a policy already there is left as it is."""
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink(missing_ok=True)


def venv_package() -> str:
    """The Debian package that lets this very Python make virtual environments."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def find_chromium() -> str | None:
    """Path of a Chromium, Chrome or Edge that can run tests; ``$CHROMIUM`` first.

    A ``$CHROMIUM`` that does not exist counts as no browser: an explicit choice is not replaced.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    for name in (*CHROMIUM_NAMES, *CHROMIUM_PLACES):
        found = shutil.which(name)
        if found:
            return found
    return None


def require_chromium() -> str:
    """Path of a browser, installed on the way where we may; raises SetupError where we may not."""
    found = find_chromium()
    if found is None and not os.environ.get("CHROMIUM") and can_install_packages():
        install_chromium()
        found = find_chromium()
    if found is None:
        chosen = os.environ.get("CHROMIUM")
        what = (
            f"Le navigateur {chosen} (variable CHROMIUM) est introuvable"
            if chosen
            else "Chromium est introuvable"
        )
        message = (
            f"{what}. Sur Debian{NBSP}: sudo apt-get install chromium{NBSP}; ailleurs, installez Chrome "
            f"ou indiquez son chemin dans la variable CHROMIUM. Pour s’en passer{NBSP}: --sans-navigateur."
        )
        raise SetupError(message)
    return found


def install_chromium() -> None:
    """Install the browser of the tests, with a window where there is none without. Raises SetupError."""
    try:
        # Not every system has it: asked once.
        install_package(WINDOWLESS, attempts=1)
    except SetupError:
        install_package("chromium")


def node_major(node: str | Path) -> int:
    """Major version of a Node executable, 0 if it does not answer."""
    match = re.match(r"v(\d+)\.", first_line((node, "--version")))
    return int(match[1]) if match else 0


def find_system_node() -> tuple[str, tuple[str, ...]] | None:
    """Path of a recent enough Node and the command of its npm, from PATH; None if one lacks."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or node_major(node) < OLDEST_NODE:
        return None
    return node, (npm,)


def free_disk(folder: Path) -> int:
    """Free bytes where this folder is."""
    return shutil.disk_usage(folder).free
