"""One stage for a run; one server and one browser for a module."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.matrix.looking import Matrix
from tests.browser.matrix.stage import Stage, staged
from tests.browser.server import serving


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Stage]:
    """The database of the matrix, once for every process of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return staged(shared / "scene")


@pytest.fixture(scope="module")
def matrix(
    scene: tuple[Path, Stage], browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Matrix]:
    """The pages, their persons and what was already looked at."""
    template, stage = scene
    with serving(tmp_path_factory.mktemp("matrix"), template) as portal:
        looker = Matrix(portal, browser, stage)
        yield looker
        (portal.instance / "matrix.txt").write_text(str(looker.tally), encoding="utf-8")
        looker.close()
