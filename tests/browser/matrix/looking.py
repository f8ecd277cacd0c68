"""Opens the cells of the matrix: the server once, the browser for what nobody has looked at yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from portal.blueprints._sessions import COOKIE
from tests.browser import checks
from tests.browser.matrix import modes, plan
from tests.browser.matrix.reading import Answer, Reader
from tests.browser.matrix.stage import VISITOR, Stage
from tests.browser.people import Person
from tests.browser.server import Portal

# Who is asked when a page refuses the person whose turn it is: somebody may read it in this state.
HOLDERS = ("director", "resident", "family", "moderator", "staff_rep", "authority", "elsewhere")
OK = 200
# Where a visitor is led who asks for what is not open to all.
DOOR = "/connexion"


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


@dataclass
class Sight:
    """Something to look at: whose page it is, and in which modes."""

    persona: str
    answer: Answer
    where: str
    wanted: dict[str, None] = field(default_factory=dict)


class Matrix:
    """One server, one browser, one context a person."""

    def __init__(self, portal: Portal, browser: Browser, stage: Stage, *, exact: bool = False) -> None:
        self.portal, self.stage, self.exact = portal, stage, exact
        self.reader = Reader(portal.url, stage)
        self.tally = Tally()
        self._browser = browser
        self._people: dict[tuple[str, str], Person] = {}
        self._holders: dict[tuple[str, str], Answer] = {}
        self._done: dict[str, set[str]] = defaultdict(set)
        # In which modes a page was read by somebody, not only refused.
        self._met: dict[str, set[str]] = defaultdict(set)

    def look(self, cells: Iterable[plan.Cell]) -> list[str]:
        """Everything wrong with these cells, each fault once with where it was met."""
        told: dict[str, list[str]] = {}
        for sight in self._sights(cells).values():
            for fault in self._seen(sight):
                told.setdefault(fault, []).append(sight.where)
        for fault in self.faults_of_pages():
            told.setdefault(fault, []).append("while looking")
        return [f"{fault}\n    {len(where)} times: {'; '.join(where[:3])}" for fault, where in told.items()]

    def _sights(self, cells: Iterable[plan.Cell]) -> dict[str, Sight]:
        """What these cells show: cells that show the same are one sight, in the modes of all of them."""
        sights: dict[str, Sight] = {}
        refused: dict[str, dict[str, None]] = defaultdict(dict)
        read: dict[str, tuple[plan.Cell, Sight]] = {}
        for cell in cells:
            refused[cell.page].update(dict.fromkeys(cell.modes))
            for persona, answer in self._answers(cell):
                where = f"{cell.page} as {persona}, {cell.state}"
                sight = sights.setdefault(self._likeness(answer), Sight(persona, answer, where))
                self._wants(sight, cell, cell.modes)
                if self._is_read(cell, answer):
                    read.setdefault(cell.page, (cell, sight))
        for page, (cell, sight) in read.items():
            self._wants(sight, cell, [mode for mode in refused[page] if mode not in self._met[page]])
        return sights

    def _wants(self, sight: Sight, cell: plan.Cell, wanted: Iterable[str]) -> None:
        sight.wanted.update(dict.fromkeys(wanted))
        if self._is_read(cell, sight.answer):
            self._met[cell.page].update(wanted)

    def unread(self, page: str) -> list[str]:
        """The modes in which nobody read this page so far, only refusals."""
        return [mode for mode in modes.ALL_MODES if mode not in self._met[page]]

    @staticmethod
    def _is_read(cell: plan.Cell, answer: Answer) -> bool:
        """Whether this is the page that was asked for: neither a refusal nor the door."""
        return answer.status == OK and (urlsplit(answer.address).path != DOOR or cell.page == DOOR)

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

    def _answers(self, cell: plan.Cell) -> Iterator[tuple[str, Answer]]:
        """What this person gets; and, when that is a refusal, what somebody who may read the page gets."""
        answer = self._counted(self.reader.get(cell.persona, plan.address(self.stage, cell)))
        yield cell.persona, answer
        if self.exact or self._is_read(cell, answer):
            return
        for holder in HOLDERS:
            again = plan.Cell(cell.page, holder, cell.state, cell.modes)
            other = self._held(holder, plan.address(self.stage, again))
            if self._is_read(again, other):
                yield holder, self._counted(other)
                return

    def _held(self, holder: str, address: str) -> Answer:
        """What a holder gets there: the same for everybody whom this page refuses."""
        if (holder, address) not in self._holders:
            self._holders[holder, address] = self.reader.get(holder, address)
        return self._holders[holder, address]

    def _counted(self, answer: Answer) -> Answer:
        self.tally.cells += 1
        self.tally.statuses[answer.status] += 1
        return answer

    def _likeness(self, answer: Answer) -> str:
        # A refusal says another sentence to each; in the short form one sentence stands for all.
        return answer.likeness(exact=self.exact, words=self.exact or answer.status == OK)

    def shown(self, persona: str, answer: Answer, wanted: Iterable[str]) -> list[str]:
        """What is wrong with one answer as this person reads it."""
        return self._seen(Sight(persona, self._counted(answer), "", dict.fromkeys(wanted)))

    def _seen(self, sight: Sight) -> list[str]:
        """What is wrong with a sight, in the modes in which nobody has seen it yet."""
        likeness = self._likeness(sight.answer)
        found = [] if likeness in self._done else sight.answer.problems()
        left = [mode for mode in sight.wanted if mode not in self._done[likeness]]
        self._done[likeness].update(left)
        if not left or not sight.answer.is_page:
            return found
        if here := [mode for mode in modes.MODES if mode in left]:
            page = self.opened(sight.persona, sight.answer)
            for mode in here:
                found += modes.looked_at(page, mode)
        for mode, look in modes.REOPENED.items():
            if mode in left and not (sight.answer.sent and mode == modes.ENGLISH):
                found += look(self.opened(sight.persona, sight.answer, mode))
        self.tally.looks.update(left)
        return found

    def opened(self, persona: str, answer: Answer, way: str = "") -> Page:
        """The page of this answer in the browser of this person; an answer to a form is shown as it came."""
        page = self.person(persona, way).page
        modes.as_wide_as(page, modes.WIDE)
        if answer.sent:
            page.route(lambda address: address.endswith(answer.address), lambda route: _give(route, answer))
        page.goto(answer.address, wait_until="load")
        if answer.sent:
            page.unroute_all()
        if way != modes.NO_SCRIPT:
            page.evaluate("() => document.fonts.ready.then(() => true)")
        self.tally.opened += 1
        return page

    def person(self, persona: str, way: str = "") -> Person:
        """The browser of this person, set as this way of looking wants it, opened at the first need."""
        if (persona, way) not in self._people:
            context = self._browser.new_context(
                base_url=self.portal.url,
                locale="en-GB" if way == modes.ENGLISH else "fr-FR",
                reduced_motion="reduce",
                java_script_enabled=way != modes.NO_SCRIPT,
            )
            context.set_default_timeout(15_000)
            if way != modes.NO_SCRIPT:
                # Once for all pages of this browser: half a million letters take longer to send than to read.
                context.add_init_script(path=checks.AXE)
            if persona != VISITOR:
                token = self.stage.tokens[persona]
                context.add_cookies([{"name": COOKIE, "value": token, "url": self.portal.url}])
            person = Person(self.portal, context, persona)
            # Pages of trouble are opened on purpose; their status is checked where they are read.
            # A page given again without its server is of no network that the browser knows: no socket there.
            person.forgives("the server responded with a status of 4|LOCAL_NETWORK_ACCESS_CHECKS")
            self._people[persona, way] = person
        return self._people[persona, way]


def _give(route: Route, answer: Answer) -> None:
    headers = {"content-type": answer.kind, "content-security-policy": answer.policy}
    route.fulfill(status=answer.status, headers=headers, body=answer.text)
