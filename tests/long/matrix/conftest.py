"""The fixtures of the short matrix, where nothing is taken for the same unless it says the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser._chromium import launch
from tests.browser.matrix.conftest import scene  # noqa: F401 — a fixture of ours, too
from tests.browser.matrix.looking import Matrix
from tests.browser.matrix.stage import Stage
from tests.browser.server import serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def matrix(
    scene: tuple[Path, Stage],  # noqa: F811
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Matrix]:
    """The pages, their persons and what was already looked at."""
    template, stage = scene
    with serving(tmp_path_factory.mktemp("matrix"), template) as portal:
        looker = Matrix(portal, browser, stage, exact=True)
        yield looker
        looker.close()
