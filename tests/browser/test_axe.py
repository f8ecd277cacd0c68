"""Every page that exists, by the list of routes: axe, one title, reflow, 200 %, targets, console, CSP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from portal.app import create_app
from portal.config import Settings
from portal.extensions import db, unit
from tests.browser.checks import WIDE, contrast_in_the_dark, problems
from tests.browser.people import Person
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

NOT_PAGES = {
    "/sante",
    "/static/<path:filename>",
    "/socket.io",
    "/espaces/<id:space_id>/sujets/<id:item_id>/moi",
}
CONTRIBUTION = "SELECT c.id FROM contribution c WHERE "
OWN = (
    "c.participant_id IN (SELECT participant_id FROM seat JOIN account ON account.id = account_id "
    "WHERE persona LIKE 'Madame Jeanne%') AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.contribution_id = c.id) "
    "AND c.status IN ('pending', 'published')"
)


@pytest.fixture(scope="module")
def routes(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Every address that answers GET, as the application lists them."""
    folder = tmp_path_factory.mktemp("routes")
    app = create_app(Settings(instance=folder, secret_key="k" * 48, testing=True, demonstration=True))
    listed = sorted({str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())})
    yield [rule for rule in listed if rule not in NOT_PAGES]
    with app.app_context():
        db.engine.dispose()
    unit.bound.close()


class Addresses:
    """Turns a route into addresses: ids of the demonstration, in the states that each page is for."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        one = portal.one
        diagnostic, objectives = portal.space("la vie de tous"), portal.space("Vers quoi")
        self.contract = one("SELECT contract_id FROM space WHERE id = ?", diagnostic)
        self.subjects = {
            diagnostic: portal.item("Le repas du soir est servi trop tôt"),
            objectives: portal.item("Lutter contre la dénutrition"),
        }
        unanswered = (
            "c.status = 'published' AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.contribution_id = c.id)"
        )
        answered = "c.status = 'published' AND EXISTS (SELECT 1 FROM answer a WHERE a.contribution_id = c.id)"
        self.published = one(f"{CONTRIBUTION}{unanswered} AND c.space_id = ?", objectives)
        self.contributions = {
            "moderer": [one(f"{CONTRIBUTION}c.pending AND c.space_id = ?", diagnostic), self.published],
            "reponse": [self.published, one(f"{CONTRIBUTION}{answered} AND c.space_id = ?", objectives)],
        }

    def own(self, contribution: str) -> None:
        """A contribution of the resident who reads, for the pages that only an author has."""
        for act in ("corriger", "retirer", "envoyee", "versions"):
            self.contributions[act] = [contribution, self.published]

    def of(self, route: str) -> list[str]:
        """The addresses of a route."""
        found = {route.replace("<id:contract_id>", self.contract)}
        if "<id:space_id>" in route:
            found = {
                route.replace("<id:space_id>", space).replace("<id:item_id>", item)
                for space, item in self.subjects.items()
            }
        elif "<id:contribution_id>" in route:
            act = route.rpartition("/")[2]
            some = self.contributions.get(act, [self.published])
            found = {route.replace("<id:contribution_id>", one) for one in some}
        else:
            found = {
                one.replace("<id:item_id>", self.subjects[self.portal.space("la vie de tous")])
                for one in found
            }
        chosen = {re.sub(r"<any\((\w+),.*?\):\w+>", r"\1", one) for one in found}
        if route.endswith("/niveaux"):
            chosen |= {f"{one}?groupe=families" for one in chosen}
        if route.endswith("/contribuer"):
            chosen |= {f"{one}?type=proposal" for one in chosen}
        return sorted(chosen)


@pytest.fixture(scope="module")
def addresses(portal: Portal) -> Addresses:
    """Where to find each page."""
    return Addresses(portal)


@pytest.fixture(scope="module")
def seen() -> set[tuple[int, str]]:
    """Refusals and absences already read: they are one page, whoever gets it."""
    return set()


def opened(page: Page, address: str) -> tuple[int, str]:
    """The status and the title of a page."""
    response = page.goto(address, wait_until="load")
    assert response is not None
    return response.status, page.title()


def look(person: Person, addresses: list[str], seen: set[tuple[int, str]]) -> dict[str, int]:
    """Check every page once; the status of each address. Raises AssertionError with everything that is wrong."""
    person.page.set_viewport_size(WIDE)
    # Colours that glide from one set to the other are none of ours to judge.
    person.page.emulate_media(reduced_motion="reduce")
    statuses: dict[str, int] = {}
    wrong: dict[str, list[str]] = {}
    visited: set[str] = set()
    for address in addresses:
        status, title = opened(person.page, address)
        statuses[address] = status
        here = person.page.url.partition("#")[0]
        if here.partition("?")[0].endswith("/connexion"):
            here = "/connexion"
        if here in visited or (status != 200 and (status, title) in seen):
            continue
        visited.add(here)
        seen.add((status, title))
        for one in (*problems(person.page), *contrast_in_the_dark(person.page)):
            wrong.setdefault(one, []).append(f"{address} ({status})")
    assert len(visited) > 1, "hardly any page was opened"
    told = [f"{one}\n    {len(where)} pages: {', '.join(where[:3])}" for one, where in wrong.items()]
    assert not told, "\n" + "\n".join(told)
    return statuses


def every(routes: list[str], addresses: Addresses) -> list[str]:
    return [address for route in routes for address in addresses.of(route)]


def test_every_page_of_the_direction(
    director: Person, routes: list[str], addresses: Addresses, seen: set[tuple[int, str]]
):
    director.enters()
    statuses = look(director, every(routes, addresses), seen)
    # The direction reaches every page there is, but those of an author and those of another phase.
    refused = {address for address, status in statuses.items() if status != 200}
    beyond = re.compile(r"/(corriger|retirer|envoyee|ouverture|reprise|cloture)$")
    assert [one for one in refused if not beyond.search(one)] == []


def test_every_page_of_a_resident(
    resident: Person, routes: list[str], addresses: Addresses, seen: set[tuple[int, str]]
):
    resident.enters()
    mine = resident.goes_to("la vie de tous", "Le repas du soir").gives_an_opinion(
        "Une phrase à regarder de près."
    )
    addresses.own(mine)
    statuses = look(resident, every(routes, addresses), seen)
    for act in ("corriger", "retirer", "envoyee"):
        assert statuses[f"/contributions/{mine}/{act}"] == 200


def test_every_page_of_a_family(
    family: Person, routes: list[str], addresses: Addresses, seen: set[tuple[int, str]]
):
    family.enters()
    # What is the same for every reader was read with the resident.
    own = re.compile(r"^/(contrats(/\w+)?|espaces/\w+(/sujets/.*)?|contributions/\w+/(repondre|reagir|fil))$")
    statuses = look(
        family, [one for one in every(routes, addresses) if own.search(one.partition("?")[0])], seen
    )
    assert statuses[f"/contributions/{addresses.published}/repondre"] == 200


def test_every_page_of_somebody_who_is_not_in(
    someone: Callable[..., Person], routes: list[str], addresses: Addresses, seen: set[tuple[int, str]]
):
    statuses = look(someone(), [*every(routes, addresses), "/une-page/qui-n-existe-pas"], seen)
    assert statuses["/connexion"] == 200
    assert statuses["/une-page/qui-n-existe-pas"] == 404


def test_the_checks_see_what_is_wrong(someone: Callable[..., Person], tmp_path: Path):
    page = someone("control").page
    page.goto("/glossaire")
    page.evaluate(
        """() => {
          const main = document.querySelector('main');
          const part = document.createElement('div');
          part.innerHTML = globalThis.trustedTypes
            ? trustedTypes.createPolicy('portal', { createHTML: (html) => html }).createHTML(
                '<h1>Encore</h1><img src="/static/img/mark.svg"><button>x</button><p class="wide"></p>')
            : '';
          main.append(part);
          const wide = part.querySelector('.wide');
          wide.style.width = '3000px';
          wide.style.height = '4px';
        }"""
    )
    found = "\n".join(problems(page))
    for expected in ("2 h1", "axe image-alt", "small target", "sideways at 200 %", "sideways at 320 px"):
        assert expected in found, f"{expected} was not seen in:\n{found}"
