"""Opens the cells of the matrix: the server once, the browser for what nobody has looked at yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Route

from portal.blueprints._sessions import COOKIE
from tests.browser.matrix import modes, plan
from tests.browser.matrix.reading import Answer, Reader
from tests.browser.matrix.stage import VISITOR, Stage
from tests.browser.people import Person
from tests.browser.server import Portal

# Who is asked when a page refuses the person whose turn it is: somebody may read it in this state.
HOLDERS = ("director", "resident", "family", "moderator", "elsewhere")
OK = 200


@dataclass
class Tally:
    """How much was really looked at."""

    cells: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    opened: int = 0
    looks: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.cells} cells {dict(sorted(self.statuses.items()))}, {self.opened} pages opened, "
            f"{sum(self.looks.values())} looks {dict(self.looks)}"
        )


class Matrix:
    """One server, one browser, one context a person."""

    def __init__(self, portal: Portal, browser: Browser, stage: Stage, *, exact: bool = False) -> None:
        self.portal, self.stage, self.exact = portal, stage, exact
        self.reader = Reader(portal.url, stage)
        self.tally = Tally()
        self._browser = browser
        self._people: dict[tuple[str, bool], Person] = {}
        self._done: dict[str, set[str]] = defaultdict(set)

    def look(self, cells: Iterable[plan.Cell]) -> list[str]:
        """Everything wrong with these cells, each fault once with where it was met."""
        told: dict[str, list[str]] = {}
        for cell in cells:
            for fault in self._cell(cell):
                told.setdefault(fault, []).append(f"{cell.page} as {cell.persona}, {cell.state}")
        for fault in self.faults_of_pages():
            told.setdefault(fault, []).append("while looking")
        return [
            f"{fault}\n    {len(where)} times: {'; '.join(where[:3])}"
            for fault, where in told.items()
        ]

    def faults_of_pages(self) -> list[str]:
        """What the console, the policy and the server complained of since the last call."""
        found = [problem for person in self._people.values() for problem in person.problems]
        for person in self._people.values():
            person.problems.clear()
        return found

    def close(self) -> None:
        """Let the browser go."""
        for person in self._people.values():
            person.context.close()

    def _cell(self, cell: plan.Cell) -> list[str]:
        answer = self.reader.get(cell.persona, plan.address(self.stage, cell))
        found = self.shown(cell.persona, answer, cell.modes)
        if answer.status == OK or self.exact:
            return found
        for holder in HOLDERS:
            again = plan.Cell(cell.page, holder, cell.state, cell.modes)
            other = self.reader.get(holder, plan.address(self.stage, again))
            if other.status == OK:
                return found + self.shown(holder, other, cell.modes)
        return found

    def shown(self, persona: str, answer: Answer, wanted: Iterable[str]) -> list[str]:
        """What is wrong with an answer as this person reads it, in the modes it has not been seen in."""
        self.tally.cells += 1
        self.tally.statuses[answer.status] += 1
        # A refusal says another sentence to each; in the short form one sentence stands for all.
        likeness = answer.likeness(words=self.exact or answer.status == OK)
        found = [] if likeness in self._done else answer.problems()
        left = [mode for mode in wanted if mode not in self._done[likeness]]
        self._done[likeness].update(left)
        if not left or not answer.is_page:
            return found
        plain = [mode for mode in left if mode == modes.NO_SCRIPT]
        if dressed := [mode for mode in left if mode != modes.NO_SCRIPT]:
            page = self.opened(persona, answer)
            for mode in dressed:
                found += modes.looked_at(page, mode)
        if plain:
            found += modes.without_scripts(self.opened(persona, answer, scripts=False))
        self.tally.looks.update(left)
        return found

    def opened(self, persona: str, answer: Answer, *, scripts: bool = True) -> Page:
        """The page of this answer in the browser of this person; an answer to a form is shown as it came."""
        page = self.person(persona, scripts=scripts).page
        page.set_viewport_size(modes.WIDE)
        if answer.sent:
            page.route(lambda address: address.endswith(answer.address), lambda route: _give(route, answer))
        page.goto(answer.address, wait_until="load")
        if answer.sent:
            page.unroute_all()
        if scripts:
            page.evaluate("() => document.fonts.ready.then(() => true)")
        self.tally.opened += 1
        return page

    def person(self, persona: str, *, scripts: bool = True) -> Person:
        """The browser of this person, opened at the first need."""
        if (persona, scripts) not in self._people:
            context = self._browser.new_context(
                base_url=self.portal.url, locale="fr-FR", reduced_motion="reduce", java_script_enabled=scripts
            )
            context.set_default_timeout(15_000)
            if persona != VISITOR:
                token = self.stage.tokens[persona]
                context.add_cookies([{"name": COOKIE, "value": token, "url": self.portal.url}])
            self._people[persona, scripts] = Person(self.portal, context, persona)
        return self._people[persona, scripts]


def _give(route: Route, answer: Answer) -> None:
    headers = {"content-type": answer.kind, "content-security-policy": answer.policy}
    route.fulfill(status=answer.status, headers=headers, body=answer.text)
