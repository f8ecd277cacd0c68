"""One server and one Chromium for a module; one context for each person."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser._chromium import launch
from tests.browser.people import SEEN_WITHIN_MS, Person
from tests.browser.server import Portal, seeded, serving


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeded database, once for every process of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return seeded(shared / "demonstration")


@pytest.fixture(scope="module")
def portal(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The real server with its own copy of the demonstration."""
    with serving(tmp_path_factory.mktemp("instance"), demonstration) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def someone(browser: Browser, portal: Portal) -> Iterator[Callable[..., Person]]:
    """Give a browser of their own to one more person; nothing may have gone wrong in it at the end."""
    people: list[Person] = []

    def arrive(name: str = "", **options: object) -> Person:
        context = browser.new_context(base_url=portal.url, locale="fr-FR", **options)
        context.set_default_timeout(15_000)
        people.append(Person(portal, context, name))
        return people[-1]

    yield arrive
    problems = [f"{person.name}: {problem}" for person in people for problem in person.problems]
    for person in people:
        person.context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def resident(someone: Callable[..., Person]) -> Person:
    """Madame Morel, 86, at the first page."""
    return someone("Madame Jeanne Morel")


@pytest.fixture
def family(someone: Callable[..., Person]) -> Person:
    """Claire, her daughter."""
    return someone("Claire, fille de Madame Morel")


@pytest.fixture
def director(someone: Callable[..., Person]) -> Person:
    """Hélène Delmas, who directs the contract."""
    return someone("Hélène Delmas")


@pytest.fixture
def measured(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[[str, float], None]:
    """Write a delay down beside the result of its test, and refuse one that people would notice."""

    def note(what: str, milliseconds: float) -> None:
        record_property(f"{what} (ms)", round(milliseconds))
        request.node.add_report_section("call", "delays", f"{what}: {milliseconds:.0f} ms\n")
        assert 0 <= milliseconds < SEEN_WITHIN_MS, f"{what}: {milliseconds:.0f} ms"

    return note
