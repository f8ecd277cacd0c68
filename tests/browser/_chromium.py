"""Debian's Chromium for every browser test: one way to find it, one way to start it."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Letters drawn as Debian's Chromium with a window draws them, whichever of both is there.
    "--font-render-hinting=slight",
    # Nothing but the loopback is ever reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
)


def executable() -> str:
    """Give the path of Chromium: $CHROMIUM first, then the usual names. Raises `RuntimeError` without one."""
    wanted = os.environ.get("CHROMIUM")
    for name in (wanted,) if wanted else NAMES:
        if found := shutil.which(name):
            return found
    raise RuntimeError(f"No Chromium: set CHROMIUM, or install one of {', '.join(NAMES)}.")


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window. Its sandbox is off only for uid 0, where it cannot work."""
    return playwright.chromium.launch(
        executable_path=executable(),
        chromium_sandbox=os.geteuid() != 0,
        args=list(ARGUMENTS),
    )
