"""What a person sees when something goes wrong, and what is then in the database."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.domain.contributions.models import Contribution
from portal.domain.journal import service as journal
from portal.extensions import db
from tests.conftest import World
from tests.factories.pages import Page, steady


def item(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"


def test_an_unexpected_error_has_a_reference_and_writes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = world.client("resident")
    fields = {"body": "Un mot.", "kind": "comment", "op_id": "a" * 26, "csrf_token": resident.token}

    def broken(*_args: Any, **_kwargs: Any) -> int:
        raise RuntimeError("planted")

    with monkeypatch.context() as planted:
        planted.setattr(journal, "append", broken)
        world.app.config["PROPAGATE_EXCEPTIONS"] = False
        answer = resident.post(f"{item(world)}/contribuer", data=fields)
    assert answer.status_code == 500
    page = Page(answer)
    assert "Ce n’est pas de votre faute." in page.words
    assert "planted" not in page.html
    assert re.search(r"\b[0-9A-F]{8}\b", page.words)
    assert world.read(lambda s: s.scalar(select(func.count()).select_from(Contribution))) == 0
    assert resident.post(f"{item(world)}/contribuer", data=fields).status_code == 303


def test_the_error_page_needs_no_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    resident = world.client("resident")
    world.app.config["PROPAGATE_EXCEPTIONS"] = False

    def down(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("unable to open database file"))

    with world.app.app_context():
        monkeypatch.setattr(db.engine, "connect", down)
    answer = resident.get(item(world))
    assert answer.status_code in (500, 503)
    assert Page(answer).title
    monkeypatch.undo()
    assert resident.get(item(world)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/nulle-part", "/espaces/" + "a" * 26, "/espaces/x", "/contributions/" + "b" * 26]
)
def test_what_does_not_exist_looks_the_same_everywhere(world: World, path: str) -> None:
    resident = world.client("resident")
    answer = resident.get(path)
    assert answer.status_code == 404
    assert steady(answer.text) == steady(resident.get("/nulle-part-ailleurs").text)


@pytest.mark.parametrize(("method", "path"), [("GET", "/nulle-part"), ("GET", "/deconnexion")])
def test_an_error_keeps_the_frame_of_the_session(world: World, method: str, path: str) -> None:
    page = Page(world.client("resident").open(path, method=method))
    assert page.response.status_code in (404, 405)
    assert page.tree.xpath("//header//form[@data-sign-out]//button")
    assert page.tree.xpath("//header//*[@class='nav__who']")[0].text.strip()
    assert page.tree.xpath("//footer//form[@class='language']//button")
    assert "/connexion" not in page.tree.xpath("//main//a/@href")
    stranger = Page(world.client(None).get("/nulle-part"))
    assert not stranger.tree.xpath("//form[@data-sign-out]")


def test_a_form_that_came_too_late_leads_back_to_its_page(world: World) -> None:
    sent_from = {"Referer": f"http://localhost{item(world)}"}
    for name, back in (("resident", item(world)), (None, "/connexion?suite=")):
        page = Page(
            world.client(name).post(f"{item(world)}/contribuer", data={"body": "Un mot."}, headers=sent_from)
        )
        assert page.response.status_code == 400
        assert page.tree.xpath("//main//a[@class='button']/@href")[0].startswith(back)
    for elsewhere in (
        "http://ailleurs.exemple/page",
        "http://localhost/nulle-part",
        "http://localhost/deconnexion",
    ):
        page = Page(world.client("resident").post("/deconnexion", headers={"Referer": elsewhere}))
        assert page.tree.xpath("//main//a[@class='button']/@href") == ["/contrats"]


def test_a_form_without_its_token_is_kept_out(world: World) -> None:
    answer = world.client("resident").post(
        f"{item(world)}/contribuer", data={"body": "Un mot.", "kind": "comment"}
    )
    assert answer.status_code == 400
    page = Page(answer)
    assert page.tree.xpath("//textarea")[0].text.strip() == "Un mot."
    assert "gardé sur cet appareil" not in page.words


def test_an_expired_form_gives_the_words_back_escaped_and_nothing_else(world: World) -> None:
    fields = {"body": "</textarea><b>Un mot.</b>", "reason": "Parce que.", "op_id": "a" * 26, "kind": "zzz"}
    page = Page(world.client("resident").post(f"{item(world)}/contribuer", data=fields))
    assert [one.text.strip() for one in page.tree.xpath("//textarea")] == [fields["body"], "Parce que."]
    assert "zzz" not in page.html
    assert "a" * 26 not in page.html
    assert "Rien n’a été envoyé." in page.words


def test_an_expired_form_without_words_promises_nothing(world: World) -> None:
    page = Page(world.client("resident").post("/deconnexion"))
    assert not page.tree.xpath("//textarea")
    assert "votre texte" not in page.words.lower()


def test_somebody_who_is_not_signed_in_is_led_to_the_door(world: World) -> None:
    answer = world.client(None).get(item(world))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/connexion?suite=")


def test_every_part_of_a_long_text_is_given_back(world: World) -> None:
    director = world.client("director")
    here = f"/espaces/{world.ours.space_id}/synthese/ecrire"
    typed = {"part-1-heading": "Le soir", "part-2-source": "Le dîner est servi trop tôt."}
    answer = director.post(here, data={**typed, "csrf_token": "perdu"})
    assert answer.status_code == 400
    words = Page(answer).words
    for one in typed.values():
        assert one in words


def test_each_box_of_an_expired_form_has_the_name_of_its_field(world: World) -> None:
    director, here = world.client("director"), f"/contrats/{world.ours.contract_id}/objectifs/ajouter"
    page = director.see(here)
    typed = {
        "expected": "Vous dormirez mieux.",
        "title": "Bien dormir",
        "plain": "La nuit sera calme.",
        "levers": "Une équipe stable.",
        "line2_label": "Les réveils",
    }
    named = {
        name: " ".join(page.tree.xpath(f"string(//label[@for='{name}'])").split()).partition(" (")[0]
        for name in typed
    }
    answer = Page(director.post(here, data={**typed, "csrf_token": "perdu"}))
    boxes = {
        " ".join(
            answer.tree.xpath("string(//textarea[@id=$id])", id=one.get("for")).split()
        ): one.text_content()
        for one in answer.tree.xpath("//main//label")
    }
    assert boxes[typed["levers"]] in named["levers"]
    assert boxes[typed["expected"]] in named["expected"]
    assert boxes[typed["title"]] in named["title"]
    assert "Indicateur 2" in boxes[typed["line2_label"]]
    assert len(set(boxes.values())) == len(typed)
    assert not any("suite de votre texte" in label for label in boxes.values())


def test_answers_that_share_a_name_are_numbered(world: World) -> None:
    here = f"{item(world)}/contribuer"
    typed = {"mots-a": "La première.", "mots-b": "La seconde."}
    answer = Page(world.client("resident").post(here, data=typed))
    labels = [" ".join(one.text_content().split()) for one in answer.tree.xpath("//main//label")]
    assert labels == ["Votre réponse, 1", "Votre réponse, 2"]


def test_the_pieces_of_a_file_are_given_back_too(world: World) -> None:
    here = f"/contrats/{world.ours.contract_id}/reprises/{'a' * 26}"
    answer = Page(world.client("director").post(here, data={"text-3": "Bien dormir.", "kind-3": "objectif"}))
    assert [one.text_content() for one in answer.tree.xpath("//main//label")] == ["Morceau 3"]
    assert "Bien dormir." in answer.words
