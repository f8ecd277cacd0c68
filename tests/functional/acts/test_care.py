"""The words of an act are read by the whole contract: the same gentle question as contributions, nothing lost."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.acts.models import ActRecord, FormalAct, FormalActSequel
from tests.conftest import World
from tests.factories.acts import PDF, an_act
from tests.factories.pages import CheckedClient, Page

RISKY = "Mme Pivert, diabétique, se joint au 06 12 34 56 78."
TOLD = ("Vous pouvez envoyer quand même", "Mme Pivert", "diabétique", "06 12 34 56 78")


def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/actes"


def typed(world: World, **more: Any) -> dict[str, Any]:
    return {
        "sorte": "avis-cvs",
        "op_id": "acte-1",
        "held_on": "2026-03-02",
        "body_name": "CVS de la résidence Les Tilleuls",
        "establishment": world.ours.establishment_id,
        "stage": "diagnostic",
        "outcome": "favorable",
        "source": RISKY,
    } | more


def kept(page: Page) -> dict[str, str]:
    """What the question sends again, as a browser would."""
    fields = page.tree.xpath("//main//form//input[@name and not(@type='file')]")
    return {one.get("name"): one.get("value") for one in fields}


def acts(world: World) -> list[FormalAct]:
    return world.read(lambda s: list(s.scalars(select(FormalAct))))


def test_it_asks_before_an_act_is_recorded_and_never_blocks(world: World) -> None:
    client, door = world.client("director"), f"{here(world)}/nouveau"
    asked = client.send(door, **typed(world))
    page = Page(asked)
    assert asked.status_code == 200
    for told in TOLD:
        assert told in page.words
    assert acts(world) == []
    back = client.post(door, data=kept(page) | {"sure": "non"})
    assert RISKY in Page(back).tree.xpath("//textarea[@name='source']")[0].text
    assert client.post(door, data=kept(page) | {"sure": "oui"}).location == f"{here(world)}?fait=enregistre"
    (act,) = acts(world)
    assert (act.source, act.held_on.isoformat(), act.outcome.value) == (RISKY, "2026-03-02", "favorable")


@pytest.mark.parametrize("wrong", ["le trois mars", "31/02/2026"])
def test_a_day_that_cannot_be_read_is_given_back_as_it_was_typed(world: World, wrong: str) -> None:
    client, door = world.client("director"), f"{here(world)}/nouveau"
    page = Page(client.send(door, **typed(world, held_on=wrong)))
    assert kept(page)["held_on"] == wrong
    for sure, status in (("non", 200), ("oui", 422)):
        answer = client.post(door, data=kept(page) | {"sure": sure})
        assert answer.status_code == status
        assert Page(answer).tree.xpath("//input[@name='held_on']/@value") == [wrong]


def asked_with_a_document(world: World, client: CheckedClient, door: str, **more: Any) -> Page:
    return Page(client.send(door, **typed(world, document=(io.BytesIO(PDF), "avis.pdf"), **more)))


def records(world: World) -> int:
    return len(world.read(lambda s: list(s.scalars(select(ActRecord.id)))))


def without_boxes(page: Page) -> dict[str, str]:
    """The fields that are sent when no box is ticked."""
    boxes = page.tree.xpath("//main//form//input[@type='checkbox']/@name")
    return {name: value for name, value in kept(page).items() if name not in boxes}


def test_the_document_is_asked_for_again_where_it_would_be_lost(world: World) -> None:
    client, door = world.client("director"), f"{here(world)}/nouveau"
    page = asked_with_a_document(world, client, door)
    assert "Choisissez à nouveau le document" in page.words
    assert page.tree.xpath("//main//form/@enctype") == ["multipart/form-data"]
    again = {"document": (io.BytesIO(PDF), "avis.pdf"), "sure": "oui"}
    assert client.post(door, data=without_boxes(page) | again).status_code == 303
    assert records(world) == 1


@pytest.mark.parametrize("sort", ["nouveau", "corriger"])
def test_nothing_is_sealed_without_the_document_that_was_attached(world: World, sort: str) -> None:
    client, more = world.client("director"), {}
    if sort == "corriger":
        act = world.do(lambda s: an_act(s, world.ours))
        sort, more = f"{act}/corriger", {"version": "1", "reason": "Une faute de frappe."}
    door = f"{here(world)}/{sort}"
    page, before = asked_with_a_document(world, client, door, **more), records(world)
    answer = client.post(door, data=without_boxes(page) | {"sure": "oui"})
    refused = Page(answer)
    assert answer.status_code == 422
    assert "Vous aviez joint un document." in refused.words
    assert RISKY in refused.tree.xpath("//textarea[@name='source']")[0].text
    assert records(world) == before
    # It is remembered from page to page, and only a clear choice does without it.
    kept_on = without_boxes(page) | {"sure": "oui", "op_id": "encore"}
    assert refused.tree.xpath("//input[@name='attached']/@value") == ["1"]
    assert client.post(door, data=kept_on).status_code == 422
    chosen = kept_on | {"op_id": "sans", "without_document": "y"}
    assert client.post(door, data=chosen).status_code == 303
    assert records(world) == before


def test_going_back_says_that_a_document_was_attached(world: World) -> None:
    client, door = world.client("director"), f"{here(world)}/nouveau"
    page = asked_with_a_document(world, client, door)
    back = Page(client.post(door, data=without_boxes(page) | {"sure": "non"}))
    assert "Vous aviez joint un document." in back.words
    assert back.tree.xpath("//input[@name='attached']/@value") == ["1"]
    assert back.tree.xpath("//input[@name='without_document']")
    again = Page(client.post(door, data=without_boxes(page) | {"op_id": "d"}))
    assert again.tree.xpath("//input[@type='file']"), "asked a second time, it still asks for the document"


def test_a_form_that_never_had_a_document_speaks_of_none(world: World) -> None:
    page = world.client("director").see(f"{here(world)}/nouveau?sorte=avis-cvs")
    assert not page.tree.xpath("//input[@name='without_document' or @name='attached']")
    assert "Vous aviez joint un document" not in page.words


def test_no_document_is_spoken_of_where_none_came(world: World) -> None:
    page = Page(world.client("director").send(f"{here(world)}/nouveau", **typed(world)))
    assert "Choisissez à nouveau le document" not in page.words
    assert page.tree.xpath("//main//input[@type='file']") == []


def test_it_asks_before_a_correction_a_reason_and_a_sequel(world: World) -> None:
    client = world.client("director")
    act = world.do(lambda s: an_act(s, world.ours))
    one = f"{here(world)}/{act}"
    corrected = typed(world, version="1", reason="Une faute de frappe.", op_id="c1")
    for door, form in (
        (f"{one}/corriger", corrected),
        (f"{one}/reprendre", {"version": "1", "reason": RISKY, "op_id": "r1"}),
        (f"{one}/suites", {"words": RISKY, "op_id": "s1"}),
    ):
        page = Page(client.send(door, **form))
        for told in TOLD:
            assert told in page.words, door
        assert acts(world)[0].version == 1
    sent = client.post(f"{one}/suites", data=kept(page) | {"sure": "oui"})
    assert sent.location == f"{one}?fait=suite"
    assert world.read(lambda s: s.scalars(select(FormalActSequel.source)).one()) == RISKY


def test_the_name_of_a_house_of_the_contract_is_no_person(world: World) -> None:
    sent = world.client("director").send(
        f"{here(world)}/nouveau", **typed(world, source="Le CVS de la maison approuve le diagnostic.")
    )
    assert sent.status_code == 303
