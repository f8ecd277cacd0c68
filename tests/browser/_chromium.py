"""Debian's Chromium for every browser test: one way to find it, one way to start it."""

import os

from playwright.sync_api import Browser, Playwright

from portal.setup import machine

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
    """Give the path of the browser, as the set-up finds it. Raises `RuntimeError` without one."""
    if found := machine.find_chromium():
        return found
    raise RuntimeError("No Chromium: set CHROMIUM, or install chromium-headless-shell or chromium.")


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window. Its sandbox is off only for uid 0, where it cannot work."""
    return playwright.chromium.launch(
        executable_path=executable(),
        chromium_sandbox=os.geteuid() != 0,
        args=list(ARGUMENTS),
    )
