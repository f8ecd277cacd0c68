"""Two people write in one form: what only one changed is kept of both, what both changed is shown before anything is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.conftest import World
from tests.factories.indicators import follow_indicators, this_year
from tests.factories.means import a_line
from tests.factories.objectives import a_branch
from tests.factories.pages import CheckedClient, Page

YEAR = this_year()


def line(world: World) -> str:
    return f"moyens/lignes/{world.do(lambda s: a_line(s, world.ours))}"


def settings(world: World) -> str:
    return f"indicateurs/{world.do(lambda s: follow_indicators(s, world.ours, 'etp-vacants'))[0]}/reglages"


def branch(world: World) -> str:
    return f"objectifs/arbre/{world.do(lambda s: a_branch(s, world.ours))}"


def before(world: World) -> str:
    director, url = world.client("director"), f"/contrats/{world.ours.contract_id}/avant/ecrire"
    form = director.see(url).form(url) | {"kind": "tripartite", "title": "Convention 2015"}
    assert director.post(url, data=form).status_code == 303
    return "avant/ecrire"


def site(world: World) -> str:
    director, here = world.client("director"), f"/contrats/{world.ours.contract_id}/perimetre"
    form = director.see(f"{here}/ajouter").form(f"{here}/ajouter")
    form |= {"name": "Maison du Lac", "finess_et": "540001234", "category_code": "500"}
    assert director.post(f"{here}/ajouter", data=form).status_code == 303
    place = director.see(here).tree.xpath(
        "//a[contains(., 'Maison du Lac') and not(contains(@href, '/versions/'))]/@href"
    )[0]
    return str(place).partition(f"{world.ours.contract_id}/")[2]


@dataclass(frozen=True)
class Case:
    """A form: where it is, a field that the first changes, one that the second does, as they are typed and called."""

    place: Callable[[World], str]
    theirs: tuple[str, str]
    mine: tuple[str, str]
    label: str

    @property
    def other(self) -> str:
        """What the second types in the field of the first."""
        return {"03/05/2027": "04/05/2027", "41 000": "42 000"}.get(self.theirs[1], f"{self.theirs[1]}0")


CASES = {
    "line": Case(line, ("v-planned-2028", "41 000"), ("label", "Une nuit mieux tenue"), "Prévu 2028"),
    "follow-up": Case(
        lambda world: f"{line(world)}/suivi",
        (f"v-given-{YEAR}", "41 000"),
        (f"v-spent-{YEAR}", "12 000"),
        f"Donné {YEAR}",
    ),
    "site": Case(site, ("phone", "0383000000"), ("hours", "Le matin"), "Le téléphone de l’accueil"),
    "stage": Case(
        lambda _world: "vie/etapes/objectifs",
        ("planned_from", "03/05/2027"),
        ("planned_to", "06/06/2027"),
        "Elle est prévue à partir du",
    ),
    "before": Case(before, ("parties", "L’association"), ("title", "Convention 2016"), "Qui l’avait signé"),
    "branch": Case(branch, ("plain", "Une phrase simple."), ("title", "Un autre titre"), "La même chose"),
    "settings": Case(settings, ("target", "5"), ("target_year", str(YEAR + 3)), "Ce que le contrat vise"),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def url(world: World, case: Case) -> str:
    place = case.place(world)
    ending = "/changer" if place.startswith("moyens/") and not place.endswith("/suivi") else ""
    return f"/contrats/{world.ours.contract_id}/{place}{ending}"


def read(client: CheckedClient, url: str) -> dict[str, str]:
    return client.see(url).form(url)


def typed(held: str) -> str:
    """A value as it is typed: days as a browser shows them again, numbers without their spaces."""
    day, month, year = [*held.split("/"), "", ""][:3]
    return f"{year}-{month}-{day}" if year else "".join(held.split())


def test_what_each_changed_is_kept_after_the_second_saves(world: World, case: Case, url: str) -> None:
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = read(director, url), read(deputy, url)
    assert deputy.post(url, data=theirs | dict([case.theirs])).status_code == 303
    late = director.post(url, data=mine | dict([case.mine]))
    assert late.status_code == 409
    page = Page(late)
    assert "Ce que l’autre personne a changé et que vous n’aviez pas touché" in page.words
    assert case.label in page.words
    assert not page.tree.xpath("//div[@class='sides']")
    assert director.post(url, data=page.form(url)).status_code == 303
    now = read(director, url)
    for name, said in (case.theirs, case.mine):
        assert typed(now[name]) == typed(said)


def test_what_both_changed_is_shown_and_nothing_is_saved(world: World, case: Case, url: str) -> None:
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = read(director, url), read(deputy, url)
    assert deputy.post(url, data=theirs | dict([case.theirs])).status_code == 303
    name, said = case.theirs
    late = director.post(url, data=mine | {name: case.other})
    assert late.status_code == 409
    page = Page(late)
    (sides,) = page.tree.xpath("//section[.//div[@class='sides']]")
    assert case.label in sides.xpath("string(h2)")
    own, saved = sides.xpath(".//div[@class='sides']/div")
    assert own.xpath("string(p)")
    assert saved.xpath("string(p)")
    assert own.xpath("string(p)") != saved.xpath("string(p)")
    assert typed(page.form(url)[name]) == typed(case.other), "what the second typed stays in the form"
    assert typed(read(director, url)[name]) == typed(said), "nothing is saved"
    assert director.post(url, data=page.form(url)).status_code == 303
    assert typed(read(director, url)[name]) == typed(case.other)


@pytest.mark.parametrize("sent", ["", "{", "[1]", '{"name": 3}', "[" * 5000, "{}" + " " * 200_000])
def test_a_page_that_does_not_say_what_it_showed_lets_nothing_be_erased_unseen(
    world: World, sent: str
) -> None:
    director, deputy = world.client("director"), world.client("deputy")
    url = f"/contrats/{world.ours.contract_id}/{site(world)}"
    mine, theirs = read(director, url), read(deputy, url)
    assert deputy.post(url, data=theirs | {"phone": "0383000000"}).status_code == 303
    late = director.post(url, data=mine | {"hours": "Le matin", "shown": sent})
    assert late.status_code == 409
    page = Page(late)
    assert "0383000000" in " ".join(page.tree.xpath("//div[@class='sides']//p/text()"))
    assert page.form(url)["shown"] != sent


def test_a_wrong_value_on_an_old_page_does_not_make_it_new(world: World) -> None:
    director, deputy = world.client("director"), world.client("deputy")
    url = f"/contrats/{world.ours.contract_id}/{site(world)}"
    mine, theirs = read(director, url), read(deputy, url)
    wrong = director.post(url, data=mine | {"places_before": "beaucoup"})
    assert wrong.status_code == 422
    assert deputy.post(url, data=theirs | {"phone": "0383000000"}).status_code == 303
    wrong = director.post(url, data=Page(wrong).form(url))
    assert wrong.status_code in (409, 422)
    late = director.post(url, data=Page(wrong).form(url) | {"places_before": "80"})
    if late.status_code == 409:
        late = director.post(url, data=Page(late).form(url) | {"places_before": "80"})
    assert late.status_code == 303
    now = read(director, url)
    assert (now["phone"], now["places_before"]) == ("0383000000", "80")
