"""Five stories lived again on PostgreSQL, by people whose browsers are held by different processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests import stores
from tests.browser.people import Person
from tests.browser.test_back_and_forth import (
    test_a_session_that_ends_elsewhere_takes_the_page_away_but_not_what_is_being_written as _ends_elsewhere,
)
from tests.browser.test_draft import test_after_a_cut_exactly_what_was_missed_arrives as _after_a_cut
from tests.browser.test_level_raised import (
    test_a_raised_level_opens_the_page_of_a_family_at_once as _a_raised_level,
)
from tests.browser.test_three_people import (
    test_words_wait_for_a_reading_then_reach_every_page as _words_wait_for_a_reading,
)
from tests.browser.test_without_javascript import (
    plain,
)
from tests.browser.test_without_javascript import (
    test_a_resident_sends_corrects_and_withdraws as _without_javascript,
)
from tests.browser.two_workers import ROUTE_COOKIE, TwoWorkers, seeded_on_postgresql

pytestmark = pytest.mark.browser

__all__ = ["plain"]

# The same stories, told once: here the portal is another. The first expects that nobody has spoken yet.
test_without_javascript_a_resident_sends_corrects_and_withdraws = _without_javascript
test_words_wait_for_a_reading_then_reach_every_page = _words_wait_for_a_reading
test_a_raised_level_opens_the_page_of_a_family_at_once = _a_raised_level
test_after_a_cut_exactly_what_was_missed_arrives = _after_a_cut
test_a_session_that_ends_elsewhere_takes_the_page_away = _ends_elsewhere


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoWorkers]:
    """Two processes behind nginx, with the demonstration."""
    url = seeded_on_postgresql(tmp_path_factory.mktemp("demonstration"))
    running = TwoWorkers(tmp_path_factory.mktemp("instance"), url)
    running.start()
    try:
        yield running
    finally:
        running.stop()
        stores.drop_database(url)


@pytest.fixture(scope="module")
def routes(portal: TwoWorkers) -> list[str]:
    """The digits that lead to each process."""
    return portal.routes()


@pytest.fixture
def someone(browser: Browser, portal: TwoWorkers, routes: list[str]) -> Iterator[Callable[..., Person]]:
    """Give a browser to one more person, held by the other process than the last one's."""
    people: list[Person] = []

    def arrive(name: str = "", **options: object) -> Person:
        context = browser.new_context(base_url=portal.url, locale="fr-FR", **options)
        context.set_default_timeout(15_000)
        digits = routes[len(people) % len(routes)]
        context.add_cookies([{"name": ROUTE_COOKIE, "value": digits, "url": portal.url}])
        people.append(Person(portal, context, name))
        return people[-1]

    yield arrive
    problems = [f"{person.name}: {problem}" for person in people for problem in person.problems]
    kept = [
        {one["value"] for one in person.context.cookies() if one["name"] == ROUTE_COOKIE} for person in people
    ]
    for person in people:
        person.context.close()
    assert not problems, "\n".join(problems)
    assert kept == [{routes[number % len(routes)]} for number in range(len(people))]
