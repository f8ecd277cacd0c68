"""The diagnostic as it is read: filtered, page by page, whole, in the other language."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement
from sqlalchemy.orm import Session

from portal.domain.diagnostic import validation
from portal.domain.diagnostic.models import ValidationState
from portal.vocabulary import FindingKind
from tests.conftest import World
from tests.factories.diagnostic import a_finding, two_authorities, version_of
from tests.functional.pages.test_queries import questions


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/diagnostic"


def test_it_is_filtered_by_axis_kind_place_and_party(world: World, here: str) -> None:
    agency, _county = world.do(lambda s: two_authorities(s, world.ours))
    here_alone = frozenset({world.ours.establishment_id})
    world.do(
        lambda s: a_finding(
            s, world.ours, title="Un point fort", kind=FindingKind.STRENGTH, places=here_alone
        )
    )
    world.do(lambda s: a_finding(s, world.ours, "authority", title="Ce que dit l’agence"))
    family = world.client("family")

    def titles(asked: str) -> list[str]:
        tree = family.see(f"{here}?{asked}").tree
        return [" ".join(one.text_content().split()) for one in tree.xpath("//li/h4")]

    first = [f"Constat {number} de Tilleuls" for number in (1, 2, 3)]
    assert titles("") == ["Un point fort", *first, "Ce que dit l’agence"], "strengths first"
    assert titles("nature=point-fort") == ["Un point fort"]
    assert titles(f"partie={agency}") == ["Ce que dit l’agence"]
    assert titles("partie=organisme") == ["Un point fort", *first]
    assert titles(f"lieu={world.ours.establishment_id}") == titles("")
    assert titles(f"lieu={world.other.establishment_id}") == [*first, "Ce que dit l’agence"]
    assert titles(f"axe={world.other.axis_id}") == []
    assert titles("axe=n-importe-quoi&nature=rien&lieu=x") == titles("")


def folds(tree: HtmlElement) -> list[tuple[str, bool]]:
    """Each folded question with what it says of what is inside, and whether it is open."""
    found = tree.xpath("//details[starts-with(@id, 'axe-')]")
    return [(" ".join(one.find("summary").text_content().split()), "open" in one.attrib) for one in found]


def test_many_findings_are_folded_under_their_questions_and_one_question_is_open(
    world: World, here: str
) -> None:
    world.do(lambda s: grow(s, world, 4))
    family = world.client("family")
    ((name, opened),) = folds(family.see(here).tree)
    assert not opened
    assert name.startswith("Comment se passent vos journées")
    assert "points à améliorer" in name, "one knows what is inside before opening"
    for path in (f"{here}?axe={world.ours.axis_id}", f"{here}?tout=oui", f"{here}?fait=ajoute"):
        assert [opened for _name, opened in folds(family.see(path).tree)] == [True], path
    for path, chosen in ((f"?axe={world.ours.axis_id}", False), ("?nature=a-ameliorer", True)):
        tree = family.see(f"{here}{path}").tree
        assert bool(tree.xpath("//details[@open]//form")) is chosen, "one question needs no form in its way"
        assert tree.xpath(f"//main//a[@href='{here}'][contains(., 'Tout montrer')]")
    finding = family.see(f"{here}/constats/{world.ours.items[0]}")
    back = f"{here}?axe={world.ours.axis_id}#constat-{world.ours.items[0]}"
    assert back in finding.tree.xpath("//main//a/@href"), "the way back leads where it is open"


def test_few_findings_are_read_at_once(world: World, here: str) -> None:
    assert [opened for _name, opened in folds(world.client("family").see(here).tree)] == [True]


def test_where_each_party_stands_is_one_line_of_the_list(world: World, here: str) -> None:
    world.do(lambda s: two_authorities(s, world.ours))
    world.do(lambda s: grow(s, world, 1))
    lines = world.client("family").see(here).tree.xpath("//li/p[@class='small standing']")
    assert len(lines) == 4
    said = " ".join(lines[-1].text_content().split())
    assert said.count(" : ") == 3
    assert said.startswith("Association Tilleuls : validé · ")


def grow(session: Session, world: World, number: int) -> None:
    """So many findings more, each said something about, each with a place."""
    ours = world.ours
    for _number in range(number):
        finding = a_finding(session, ours, places=frozenset({ours.establishment_id}))
        seen = version_of(session, finding)
        director = ours["director"].actor
        validation.declare(session, director, ours.contract_id, finding, ValidationState.VALIDATED, "", seen)


def asked(world: World, path: str, who: str) -> int:
    client = world.client(who)
    client.see(path)
    with questions() as seen:
        client.see(path)
    return len(seen)


def test_three_hundred_findings_are_paged_and_ask_no_more_than_ten(world: World, here: str) -> None:
    world.do(lambda s: two_authorities(s, world.ours))
    pages = (
        ("family", here),
        ("county", f"{here}?attend=oui"),
        ("director", f"{here}?tout=oui"),
        ("director", f"{here}/axes"),
        ("director", f"{here}/ajouter"),
        ("family", f"{here}/constats/{world.ours.items[0]}"),
    )
    world.do(lambda s: grow(s, world, 7))
    few = {page: asked(world, page[1], page[0]) for page in pages}
    world.do(lambda s: grow(s, world, 290))
    many = {page: asked(world, page[1], page[0]) for page in pages}
    assert many == few
    assert max(many.values()) <= 24
    family, seen, where = world.client("family"), [], here
    while where:
        page = family.see(where)
        seen += page.tree.xpath("//li[starts-with(@id, 'constat-')]/@id")
        where = next(iter(page.tree.xpath("//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == 300
    whole = family.see(f"{here}?tout=oui")
    assert whole.tree.xpath("//li[starts-with(@id, 'constat-')]/@id") == seen


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/ajouter",
        "/constats/{item}",
        "/constats/{item}/recrire",
        "/constats/{item}/retirer",
        "/axes",
        "/axes/{axis}",
    ],
)
def test_it_is_read_and_written_in_english_too(world: World, here: str, path: str) -> None:
    director = world.client("director")
    director.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = director.see(here + path.format(item=world.ours.items[0], axis=world.ours.axis_id))
    assert page.tree.get("lang") == "en"
    assert "assessment" in page.words
