"""The question of a space that changes leaves its trace: what was asked before stays readable."""

from __future__ import annotations

import csv
import io

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.journal.models import JournalLine
from portal.domain.spaces import asked
from portal.domain.spaces.models import Space, SpaceQuestion
from portal.domain.surveys.rules import Given
from tests.conftest import World
from tests.factories.surveys import a_sheet, an_open_survey
from tests.factories.world import a_space

AFTER = "Et le matin, que changer\N{NO-BREAK SPACE}?"


def ask(world: World, space_id: str, question: str) -> None:
    path = f"/espaces/{space_id}/reglages"
    client = world.client("director")
    kept = {key: value for key, value in client.see(path).form().items() if key != "csrf_token"}
    assert client.send(path, **kept | {"question": question}).status_code == 303


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ")


def first(world: World) -> str:
    return world.read(lambda session: session.get_one(Space, world.ours.space_id).question)


def kinds(world: World) -> list[str]:
    query = select(JournalLine.kind).where(JournalLine.contract_id == world.ours.contract_id)
    return world.read(lambda session: list(session.scalars(query.order_by(JournalLine.seq))))


def rows(world: World) -> list[dict[str, str]]:
    address = f"/contrats/{world.ours.contract_id}/registre/telecharger/csv"
    text = world.client("family").get(address).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_each_line_of_the_register_tells_the_question_of_its_time(world: World) -> None:
    was = first(world)
    ask(world, world.ours.space_id, AFTER)
    ask(world, world.ours.space_id, "Une troisième.")
    assert kinds(world).count("space_question_changed") == 2
    told = rows(world)
    opened = [one for one in told if one["Ce qui a eu lieu"] == "Cet espace d’échange s’est ouvert."]
    assert {one["Espace d’échange"] for one in opened} == {was}
    changed = [one for one in told if "a changé la question" in one["Ce qui a eu lieu"]]
    assert [one["Espace d’échange"] for one in changed] == [AFTER, "Une troisième."]
    for one, (old, new) in zip(changed, ((was, AFTER), (AFTER, "Une troisième.")), strict=True):
        assert one["Précision"].index(old) < one["Précision"].index(new)
    settings = [one for one in told if one["Ce qui a eu lieu"].startswith("Les réglages")]
    assert [one["Espace d’échange"] for one in settings] == [AFTER, "Une troisième."]
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/registre").words
    assert plain(was) in page
    assert plain(AFTER) in page


def test_the_page_of_the_space_says_that_it_changed_and_what_was_asked(world: World) -> None:
    was, address = first(world), f"/espaces/{world.ours.space_id}"
    assert "Question modifiée le" not in world.client("family").see(address).words
    ask(world, world.ours.space_id, AFTER)
    for name, path in (("family", address), ("director", f"{address}/reglages")):
        told = world.client(name).see(path).words
        assert "Question modifiée le" in told
        assert plain(was) in told
        assert "la direction" in told


def test_the_account_of_the_contract_says_it_too(world: World) -> None:
    was, address = first(world), f"/contrats/{world.ours.contract_id}/construction"
    assert "Les questions modifiées" not in world.client("family").see(address).words
    ask(world, world.ours.space_id, AFTER)
    told = world.client("family").see(address).words
    assert "Les questions modifiées" in told
    assert plain(was) in told


def test_the_same_words_leave_no_trace(world: World) -> None:
    was = first(world)
    ask(world, world.ours.space_id, was)
    assert "space_question_changed" not in kinds(world)
    assert "Question modifiée le" not in world.client("family").see(f"/espaces/{world.ours.space_id}").words


def carelessly(world: World, typed: str) -> None:
    """As on a portal whose questions were kept before typography was put right; then somebody saves it again."""

    def kept(session: Session) -> None:
        session.get_one(Space, world.ours.space_id).question = typed
        session.scalars(_questions(world)).all()[-1].question = typed

    world.do(kept)

    def saved(session: Session) -> None:
        space = session.get_one(Space, world.ours.space_id)
        asked.change(session, space, world.ours["director"].actor, typed)

    world.do(saved)


def test_what_was_asked_before_is_shown_as_it_was_put_right(world: World) -> None:
    """A correction of typography alone is no change; the corrected words are those that later read as before."""
    carelessly(world, "Que changer le soir ?")
    assert "space_question_changed" not in kinds(world)
    assert first(world) == "Que changer le soir\N{NO-BREAK SPACE}?"
    ask(world, world.ours.space_id, AFTER)
    before = world.read(lambda session: asked.replaced(session, [world.ours.space_id]))
    assert [one.question for one in before] == ["Que changer le soir\N{NO-BREAK SPACE}?"]


def test_only_the_question_that_stands_is_put_right(world: World) -> None:
    was = first(world)
    ask(world, world.ours.space_id, "Une deuxième.")
    carelessly(world, "Et la deuxième ?")
    kept = world.read(lambda session: [one.question for one in session.scalars(_questions(world))])
    assert kept == [was, "Et la deuxième\N{NO-BREAK SPACE}?"]


def _questions(world: World) -> Select[SpaceQuestion]:
    query = select(SpaceQuestion).where(SpaceQuestion.space_id == world.ours.space_id)
    return query.order_by(SpaceQuestion.since, SpaceQuestion.id)


def test_the_account_tells_each_question_and_the_one_that_followed_it(world: World) -> None:
    """Of three questions, the second was neither the first one nor the one of today."""
    was = first(world)
    ask(world, world.ours.space_id, "Une deuxième.")
    ask(world, world.ours.space_id, "Une troisième.")
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/construction")
    [table] = [one for one in page.tree.xpath("//table") if "Les questions modifiées" in one.text_content()]
    cells = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
        for row in table.xpath(".//tr")
    ]
    assert cells[0][:3] == ["Question posée avant", "Jusqu’au", "Question posée ensuite"]
    assert [(one[0], one[2]) for one in cells[1:]] == [
        (plain(was), "Une deuxième."),
        ("Une deuxième.", "Une troisième."),
    ]


def test_the_question_stays_once_somebody_answered_a_survey(world: World) -> None:
    space_id = world.do(lambda session: a_space(session, world.ours))

    def answered(session: Session) -> None:
        a_sheet(
            session, world.ours, an_open_survey(session, world.ours, space_id=space_id), "family", Given((1,))
        )

    world.do(answered)
    path, client = f"/espaces/{space_id}/reglages", world.client("director")
    kept = {key: value for key, value in client.see(path).form().items() if key != "csrf_token"}
    refused = client.send(path, **kept | {"question": AFTER})
    assert refused.status_code == 422
    assert "la question ne change plus" in plain(refused.get_data(as_text=True))
    assert "space_question_changed" not in kinds(world)


def test_what_a_draft_asked_was_asked_of_nobody(world: World) -> None:
    draft = world.do(lambda session: a_space(session, world.ours, opened=False))
    ask(world, draft, AFTER)
    assert "space_question_changed" not in kinds(world)
    path = f"/espaces/{draft}/ouverture"
    client = world.client("director")
    form = {key: value for key, value in client.see(path).form().items() if key != "csrf_token"}
    assert client.send(path, **form).status_code == 303
    assert "Question modifiée le" not in world.client("family").see(f"/espaces/{draft}").words
    created = [one for one in rows(world) if one["Ce qui a eu lieu"] == "Un espace d’échange a été créé."]
    assert created[-1]["Espace d’échange"] == AFTER
