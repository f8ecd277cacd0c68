"""The pages of a synthesis, as people meet them: written without a script, published, read by every member."""

from __future__ import annotations

from typing import Any

import pytest

from portal.domain.syntheses import rules
from portal.vocabulary import Group, Role
from tests.conftest import World
from tests.factories.notices import follow
from tests.factories.pages import Page
from tests.factories.syntheses import a_draft, a_synthesis, ended
from tests.factories.world import a_contribution, a_person
from tests.functional.pages.test_queries import LIMIT, questions

QUOTE = "le canari jaune chante trop tôt"


@pytest.fixture
def said(world: World) -> list[str]:
    """A family and a resident spoke."""
    return [
        world.do(lambda s: a_contribution(s, world.ours, "family", f"Je trouve que {QUOTE}, le matin.")),
        world.do(lambda s: a_contribution(s, world.ours, "resident", "Le bruit du couloir.", item=1)),
    ]


def desk(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/synthese/ecrire"


def wrote(world: World, name: str = "director", **fields: Any) -> Any:
    """Send the page of writing as it is shown, with these fields."""
    client = world.client(name)
    page = client.see(desk(world))
    shown = {
        str(one.get("name")): one.get("value") or ""
        for one in page.tree.xpath("//form[@data-synthesis]//input[@name]")
    }
    return client.send(desk(world), **{**shown, **fields})


def test_a_synthesis_is_written_cited_published_and_read_without_a_script(
    world: World, said: list[str]
) -> None:
    page = world.client("director").see(desk(world))
    assert "2 contributions ne sont pas citées" in page.words
    first = {"part-1-heading": "Le matin", "part-1-source": f"On entend {rules.mark(said[0], QUOTE)}."}
    answer = wrote(world, **first, **{f"citer-{said[1]}": "1"})
    assert answer.status_code == 303
    page = world.client("director").see(desk(world))
    # Beside the marks that are typed, the part stands as it will be read.
    (read,) = page.tree.xpath("//details[@data-as-read]")
    told = " ".join(read.text_content().split())
    assert "[c:" not in told
    assert f"On entend {QUOTE} [1 contribution citée · Famille ou proche" in told
    assert "[2 contribution citée · Résident ou résidente" in told
    assert "Chaque contribution publiée est citée" in page.words
    world.do(lambda s: ended(s, world.ours))
    publish = f"/espaces/{world.ours.space_id}/synthese/publier"
    director = world.client("director")
    page = director.see(publish)
    version = page.tree.xpath("//input[@name='version']/@value")[0]
    op_id = page.tree.xpath("//main//input[@name='op_id']/@value")[0]
    assert director.send(publish, op_id=op_id, version=version).status_code == 303
    for name in ("family", "director", "authority"):
        page = world.client(name).see(f"/espaces/{world.ours.space_id}/synthese")
        assert QUOTE in page.words
        assert "[c:" not in page.words
        assert "contribution citée · Résident ou résidente" in page.words
        assert page.tree.xpath(f"//a[@href='/contributions/{said[0]}']")
    page = world.client("board").see(f"/contrats/{world.ours.contract_id}/syntheses")
    (link,) = page.tree.xpath(f"//main//a[contains(@href, 'espace={world.ours.space_id}')]/@href")
    assert QUOTE in world.client("board").see(link).words


def test_what_is_not_cited_may_say_where_it_is_taken_up(world: World, said: list[str]) -> None:
    fields = {"part-1-heading": "Le matin", "part-1-source": rules.mark(said[0])}
    wrote(world, **fields, **{f"sous-{said[1]}": "Le bruit"})
    page = world.client("director").see(f"{desk(world)}?citees=non")
    assert "1 contribution n’est pas citée. 1 est reprise avec d’autres." in page.words
    assert page.tree.xpath(f"//input[@name='sous-{said[1]}']/@value") == ["Le bruit"]
    assert not page.tree.xpath(f"//article[@aria-labelledby='c-{said[0]}']")
    world.do(lambda s: ended(s, world.ours))
    world.do(lambda s: a_synthesis(s, world.ours, ("Le matin", f"On entend ceci. {rules.mark(said[0])}")))
    page = world.client("family").see(f"/espaces/{world.ours.space_id}/synthese")
    assert "Reprise sous" in page.words
    assert "Le bruit" in page.words


def test_two_writers_meet_and_nothing_is_lost(world: World, said: list[str]) -> None:
    deputy = world.client("deputy")
    page = deputy.see(desk(world))
    op_id = page.tree.xpath("//form[@data-synthesis]//input[@name='op_id']/@value")[0]
    wrote(world, **{"part-1-heading": "Du directeur", "part-1-source": "Son texte."})
    answer = deputy.send(
        desk(world),
        op_id=op_id,
        version="0",
        **{"part-1-heading": "De la suppléance", "part-1-source": "Mon texte."},
    )
    assert answer.status_code == 409
    for words in ("Du directeur", "Son texte.", "De la suppléance", "Mon texte."):
        assert words in answer.get_data(as_text=True)


def test_a_quote_that_nobody_said_comes_back_with_the_text(world: World, said: list[str]) -> None:
    answer = wrote(
        world, **{"part-1-heading": "Le matin", "part-1-source": rules.mark(said[0], "un chien aboie")}
    )
    assert answer.status_code == 422
    assert "mot pour mot" in answer.get_data(as_text=True)
    assert "un chien aboie" in answer.get_data(as_text=True)


def test_a_part_goes_up(world: World, said: list[str]) -> None:
    both = {"part-1-heading": "A", "part-1-source": "a", "part-2-heading": "B", "part-2-source": "b"}
    wrote(world, **{"part-1-heading": "A", "part-1-source": "a"})
    wrote(world, **both, acte="monter-2")
    page = world.client("director").see(desk(world))
    assert page.tree.xpath("//input[@name='part-1-heading']/@value") == ["B"]


def test_every_group_is_told_and_reads_it_in_its_contract(world: World, said: list[str]) -> None:
    world.do(lambda s: a_synthesis(s, world.ours, ("Le matin", rules.mark(said[0], QUOTE))))
    follow(world)
    for name in ("resident", "authority", "board"):
        page = world.client(name).see("/notifications")
        assert "La synthèse de ce qui a été dit dans cet espace est publiée" in page.words


def test_the_number_of_questions_does_not_grow(world: World, said: list[str]) -> None:
    world.do(lambda s: a_draft(s, world.ours, ("Le matin", rules.mark(said[0]))))
    director, family = world.client("director"), world.client("family")
    with questions() as few:
        director.see(desk(world))
    for number in range(25):
        world.do(lambda s, number=number: a_contribution(s, world.ours, "professional", f"Encore {number}."))
    with questions() as many:
        director.see(desk(world))
    assert len(many) <= len(few)
    world.do(lambda s: a_synthesis(s, world.ours))
    with questions() as read:
        family.see(f"/espaces/{world.ours.space_id}/synthese")
    # What is written is read twice: as it is typed, and as it will be read.
    assert len(few) <= LIMIT + 7, few
    # Cards are read twice: those that are cited, and a page of those that are not.
    assert len(read) <= LIMIT + 4, read


@pytest.mark.parametrize("who", ["director", "deputy"])
def test_while_people_still_write_the_desk_says_when_it_may_be_published_and_how_to_be_sooner(
    world: World, said: list[str], who: str
) -> None:
    world.do(lambda s: a_draft(s, world.ours, ("Le matin", rules.mark(said[0]))))
    page = world.client(who).see(desk(world))
    assert not page.tree.xpath("//main//a[contains(@href, '/publier')]")
    assert "La synthèse se publie quand le temps des contributions est fini" in page.words
    sooner = page.tree.xpath(f"//main//a[@href='/espaces/{world.ours.space_id}/fin']")
    # Ending is for the director alone: anybody else is told whom to ask.
    assert len(sooner) == (1 if who == "director" else 0)
    assert ("peut terminer les contributions plus tôt" in page.words) is (who == "deputy")


def test_once_they_have_spoken_the_desk_says_to_keep_a_text_first_then_leads_to_publishing(
    world: World, said: list[str]
) -> None:
    world.do(lambda s: ended(s, world.ours))
    page = world.client("director").see(desk(world))
    assert "Enregistrez d’abord votre texte" in page.words
    world.do(lambda s: a_draft(s, world.ours, ("Le matin", rules.mark(said[0]))))
    page = world.client("director").see(desk(world))
    assert page.tree.xpath("//main//a[contains(@href, '/publier')]")
    for sentence in ("Enregistrez d’abord", "se publie quand"):
        assert sentence not in page.words


def test_the_facilitator_who_writes_is_told_that_the_direction_publishes(
    world: World, said: list[str]
) -> None:
    world.ours.people["facilitator"] = world.do(
        lambda s: a_person(s, world.ours, "animatrice", Group.PROFESSIONALS, (Role.FACILITATOR,))
    )
    assert "La direction ou sa suppléance la publie" in world.client("facilitator").see(desk(world)).words
    wrote(world, "facilitator", **{"part-1-heading": "Le matin", "part-1-source": "Son texte."})
    answer = world.client("director").send(
        desk(world), op_id="a" * 26, version="0", **{"part-1-heading": "Le soir", "part-1-source": "Le mien."}
    )
    assert "par l’animation" in Page(answer).words
    world.do(lambda s: ended(s, world.ours))
    page = world.client("facilitator").see(desk(world))
    assert "La direction ou sa suppléance la publie" in page.words
    assert "Enregistrez d’abord" not in page.words


def test_enter_in_a_field_saves_and_moves_no_part(world: World, said: list[str]) -> None:
    wrote(world, **{"part-1-heading": "Le matin", "part-2-heading": "Le soir"})
    page = world.client("director").see(desk(world))
    buttons = page.tree.xpath("//form[@data-synthesis]//button[not(@type) or @type='submit']")
    assert any(one.get("value") == "monter-2" for one in buttons)
    assert buttons[0].get("value") == "garder"
