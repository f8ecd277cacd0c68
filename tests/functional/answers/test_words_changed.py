"""Words that are kept lead to the text that they changed; words passed on are followed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.answers import changes
from portal.domain.answers import queries as answer_queries
from portal.domain.answers.models import Answer, AnswerChange
from portal.domain.facts import FactKind
from portal.domain.notifications.models import Notice
from portal.domain.texts import queries as texts
from portal.domain.texts import service as text_service
from portal.kernel import clock
from portal.vocabulary import ContributionKind, NoticeKind, Register
from tests.conftest import World
from tests.factories.notices import follow
from tests.factories.pages import Page
from tests.factories.world import a_contribution
from tests.functional.answers.test_desk import desk, lines, op_id_of

FORTY_DAYS = 40 * 24 * 3600.0
NEW = "Le dîner est servi à dix-neuf heures."


@pytest.fixture
def said(world: World) -> str:
    """A proposal of a family."""
    return world.do(
        lambda s: a_contribution(
            s, world.ours, body="Servir le dîner plus tard.", kind=ContributionKind.PROPOSAL
        )
    )


def revised(world: World, new: str = NEW, subject: int = 0) -> None:
    """A new version of the plain text of a subject."""

    def act(session: Any) -> None:
        item = world.ours.items[subject]
        text = texts.current(session, [item])[item, Register.PLAIN]
        source = text.source.replace(text.paragraphs[0].source, new)
        command = text_service.NewWords(source, text.version, "Les familles l’ont demandé.")
        director = world.ours["director"].actor
        text_service.revise(
            session, director, world.ours.contract_id, item, Register.PLAIN, command,
            spaces=(world.ours.space_id,),
        )  # fmt: skip

    world.do(act)


def answered(world: World, said: str, **fields: Any) -> Any:
    client = world.client("director")
    path = f"/contributions/{said}/reponse"
    form = client.see(path).form(path)
    fields = {"fate": "retenue", "body": "Nous servons plus tard, comme vous le demandez.", **fields}
    return client.send(path, op_id=form["op_id"], version=form["version"], **fields)


def subject(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"


def option(world: World, said: str, path: str) -> str:
    """The first passage that a page offers."""
    page = world.client("director").see(path)
    return str(page.tree.xpath("//input[@name='changes']/@value")[0])


def test_words_kept_before_the_text_changes_say_so_until_they_are_linked(world: World, said: str) -> None:
    assert answered(world, said).status_code == 303
    reader = world.client("resident")
    assert "Le texte sera changé." in reader.see(subject(world)).words
    listed = world.client("director").see(desk(world))
    assert "À relier" in listed.words
    path = f"/contributions/{said}/mots-changes"
    assert "Aucun texte n’a changé depuis ces mots." in world.client("director").see(path).words

    revised(world)
    client = world.client("director")
    form = client.see(path).form(path)
    response = client.send(path, op_id=form["op_id"], changes=option(world, said, path))
    assert response.status_code == 303
    page = reader.see(subject(world))
    assert "Le texte sera changé." not in page.words
    added = " ".join(one.text_content() for one in page.tree.xpath("//ins"))
    removed = " ".join(one.text_content() for one in page.tree.xpath("//del"))
    assert "Le dîner est servi" in added
    assert "mots ajoutés" in added
    assert "Premier paragraphe" in removed
    assert "mots retirés" in removed
    assert "À relier" not in world.client("director").see(desk(world)).words
    assert lines(world, FactKind.ANSWER_LINKED) == [said]


def test_the_author_is_told_and_reads_each_step(world: World, said: str) -> None:
    mine = f"/contrats/{world.ours.contract_id}/mes-contributions"
    before = world.client("family").see(mine).words
    assert "Réponse de la direction" in before
    assert re.search(r"Réponse de la direction\W+avant le \w+ \d+", before)
    revised(world)
    path = f"/contributions/{said}/reponse"
    answered(world, said, changes=option(world, said, path))
    page = world.client("family").see(mine)
    assert "Le texte a changé grâce à vos mots" in page.words
    assert "avant le" not in page.words


def test_linking_later_gives_its_own_notice(world: World, said: str) -> None:
    answered(world, said)
    revised(world)
    path = f"/contributions/{said}/mots-changes"
    client = world.client("director")
    client.send(path, op_id=client.see(path).form(path)["op_id"], changes=option(world, said, path))
    follow(world)
    family = world.ours["family"].id
    query = select(Notice.kind).where(Notice.participant_id == family).order_by(Notice.at)
    assert NoticeKind.LINKED in world.read(lambda s: list(s.scalars(query)))
    assert "Vos mots ont changé le texte." in world.client("family").see("/notifications").words


def test_a_change_that_came_before_the_words_is_not_theirs(world: World) -> None:
    revised(world)
    said = world.do(lambda s: a_contribution(s, world.ours))
    offered = world.read(lambda s: changes.offered(s, world.ours.items, clock.now().replace(year=2000)))
    response = answered(world, said, changes=offered[0].ref.code)
    assert response.status_code == 422
    assert "Choisissez un passage qui a changé après ces mots." in Page(response).words
    assert world.read(lambda s: list(s.scalars(select(Answer)))) == []


def test_the_text_of_another_contract_is_refused(world: World, said: str) -> None:
    def elsewhere(session: Any) -> str:
        item = world.other.items[0]
        text = texts.current(session, [item])[item, Register.PLAIN]
        command = text_service.NewWords(text.source + "\n\nPlus.", text.version)
        text_service.revise(
            session, world.other["director"].actor, world.other.contract_id, item, Register.PLAIN, command
        )
        return changes.offered(session, world.other.items, clock.now().replace(year=2000))[0].ref.code

    assert answered(world, said, changes=world.do(elsewhere)).status_code == 422


def test_answers_given_together_are_linked_together_and_once(world: World, said: str) -> None:
    other = world.do(lambda s: a_contribution(s, world.ours, "resident", "Dîner plus tard."))
    client = world.client("director")
    client.send(
        desk(world), op_id=op_id_of(client.see(desk(world))), choix=[f"{said}.1", f"{other}.1"],
        acte="repondre", fate="retenue", body="Nous servons plus tard.",
    )  # fmt: skip
    revised(world)
    path = f"/contributions/{said}/mots-changes"
    late = world.client("second_director")
    late_form = late.see(path).form(path)
    ref = option(world, said, path)
    assert client.send(path, op_id=client.see(path).form(path)["op_id"], changes=ref).status_code == 303
    assert len(world.read(lambda s: list(s.scalars(select(AnswerChange))))) == 2
    assert sorted(lines(world, FactKind.ANSWER_LINKED)) == sorted([said, other])
    assert late.send(path, op_id=late_form["op_id"], changes=ref).status_code == 409


def test_words_passed_on_are_followed_and_recalled_after_a_month(
    world: World, said: str, move_clock: Callable[[float], None]
) -> None:
    assert (
        answered(world, said, fate="transmise", passed_to="Le conseil de la vie sociale").status_code == 303
    )
    director = world.client("director")
    page = director.see(desk(world))
    assert "sans nouvelles" not in page.words
    # From the first day news may be given, without waiting to be reminded.
    give = f"//section[@aria-labelledby='transmises']//a[@href='/contributions/{said}/transmission']"
    assert page.tree.xpath(give)
    move_clock(FORTY_DAYS)
    director = world.client("director")
    page = director.see(desk(world))
    assert "Transmises, sans nouvelles depuis 30 jours" in page.words
    assert not page.tree.xpath(give), "told once"

    path = f"/contributions/{said}/transmission"
    form = director.see(path).form(path)
    second = world.client("second_director")
    late = second.see(path).form(path)
    sent = director.send(
        path,
        op_id=form["op_id"],
        seen=form["seen"],
        state="prise-en-compte",
        words="Le CVS en parle en juin.",
    )
    assert sent.status_code == 303
    assert "sans nouvelles" not in director.see(desk(world)).words
    reader = world.client("resident").see(subject(world))
    assert "prise en compte. Le CVS en parle en juin." in reader.words
    assert (
        "Le CVS en parle en juin."
        in world.client("family").see(f"/contrats/{world.ours.contract_id}/mes-contributions").words
    )
    assert lines(world, FactKind.HANDOVER_MOVED) == [said]
    response = second.send(
        path, op_id=late["op_id"], seen=late["seen"], state="reponse-donnee", words="Oui, en mars."
    )
    assert response.status_code == 409
    assert "Oui, en mars." in Page(response).words


def test_news_without_words_or_of_words_not_passed_on_are_refused(world: World, said: str) -> None:
    path = f"/contributions/{said}/transmission"
    client = world.client("director")
    assert "n’a pas été transmise" in client.see(path).words
    assert client.send(path, state="prise-en-compte", words="Oui, en mars.").status_code == 409
    answered(world, said, fate="transmise", passed_to="La cuisine")
    response = client.send(path, state="", words="")
    assert response.status_code == 422
    assert "Dites où en est cette contribution." in Page(response).words
    assert world.client("family").get(path).status_code == 403


def together(world: World, chosen: list[str], **fields: Any) -> Page:
    """The page after one answer for these contributions was sent from the desk."""
    client = world.client("director")
    choix = [f"{one}.1" for one in chosen]
    sent = {"acte": "repondre", "fate": "retenue", "body": "Nous servons plus tard.", **fields}
    answer = client.send(desk(world), op_id=op_id_of(client.see(desk(world))), choix=choix, **sent)
    return Page(answer) if answer.status_code != 303 else client.see(answer.headers["Location"])


def linked(world: World) -> int:
    return world.read(lambda s: len(s.scalars(select(AnswerChange.answer_id)).all()))


def test_one_answer_for_several_keeps_the_words_that_it_points_at(world: World, said: str) -> None:
    other = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    revised(world)
    together(world, [said, other], changes=option(world, said, desk(world)))
    assert linked(world) == 2


def test_words_changed_that_cannot_be_taken_are_said_where_one_sees_it(world: World, said: str) -> None:
    revised(world)
    late = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    page = together(world, [said, late], changes=option(world, said, desk(world)))
    assert "Choisissez un passage qui a changé après ces mots." in page.words
    assert page.tree.xpath("//details[@open]//input[@name='changes'][@checked]")
    assert linked(world) == 0


OTHER = "Un passage choisi est dans un autre sujet que ces mots. Choisissez un passage de leur sujet"


def passages(world: World, path: str) -> list[str]:
    return list(world.client("director").see(path).tree.xpath("//input[@name='changes']/@value"))


def test_a_passage_of_another_subject_is_neither_offered_nor_taken(world: World, said: str) -> None:
    revised(world, subject=1)
    (elsewhere,) = passages(world, desk(world))
    path = f"/contributions/{said}/reponse"
    assert passages(world, path) == []
    refused = answered(world, said, changes=elsewhere)
    assert (refused.status_code, OTHER in Page(refused).words) == (422, True)
    assert OTHER in together(world, [said], changes=elsewhere).words
    assert answered(world, said).status_code == 303
    path = f"/contributions/{said}/mots-changes"
    assert passages(world, path) == []
    client = world.client("director")
    page = client.see(path)
    revised(world)
    op_id = client.see(path).form(path)["op_id"]
    later = client.send(path, op_id=op_id, changes=elsewhere)
    assert (later.status_code, OTHER in Page(later).words) == (422, True)
    assert "Aucun texte n’a changé depuis ces mots." in page.words
    assert linked(world) == 0


def test_one_answer_for_two_subjects_gives_each_the_passages_of_its_own(world: World, said: str) -> None:
    other, third = (
        world.do(lambda s, n=n: a_contribution(s, world.ours, "resident", item=n)) for n in (1, 2)
    )
    revised(world)
    revised(world, subject=1)
    together(world, [said, other, third], changes=passages(world, desk(world)))
    items = world.ours.items

    def each(session: Any) -> dict[str, tuple[bool, list[str]]]:
        return {
            answer.contribution_id: (
                answer.to_link,
                list(
                    session.scalars(select(AnswerChange.item_id).where(AnswerChange.answer_id == answer.id))
                ),
            )
            for answer in session.scalars(select(Answer))
        }

    assert world.read(each) == {
        said: (False, [items[0]]),
        other: (False, [items[1]]),
        third: (True, []),
    }


@pytest.mark.parametrize("fate", ["non-retenue", "hors-contrat"])
def test_words_changed_go_with_words_that_are_kept(world: World, said: str, fate: str) -> None:
    revised(world)
    ref = option(world, said, desk(world))
    page = together(world, [said], fate=fate, changes=ref)
    assert "Des mots changés vont avec une suite « retenue » ou « retenue en partie »." in page.words
    answer = answered(world, said, fate=fate, changes=ref)
    assert answer.status_code == 422
    assert Page(answer).tree.xpath("//input[@name='changes'][@checked]")
    assert linked(world) == 0


def test_what_is_still_to_follow_comes_a_page_at_a_time(
    world: World, move_clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_queries, "FOLLOWED", 2)
    said = [world.do(lambda s, n=n: a_contribution(s, world.ours, body=f"Mot {n}.")) for n in range(6)]
    for one in said[:3]:
        answered(world, one, fate="transmise", passed_to="La cuisine")
    for one in said[3:]:
        answered(world, one)
    move_clock(FORTY_DAYS)
    client = world.client("director")

    def listed(page: Page, act: str) -> list[str]:
        found = page.tree.xpath(f"//main//a[contains(@class, 'button') and contains(@href, '/{act}')]/@href")
        return [one.split("/")[2] for one in found]

    page = client.see(desk(world))
    assert (listed(page, "transmission"), listed(page, "mots-changes")) == (said[:2], said[3:5])
    for name, act, last in (
        ("sans-nouvelles", "transmission", said[2]),
        ("a-relier", "mots-changes", said[5]),
    ):
        (address,) = page.tree.xpath(f"//a[contains(@href, '{name}=')]/@href")
        later = client.see(address.split("#")[0])
        assert listed(later, act) == [last]
        assert not later.tree.xpath(f"//a[contains(@href, '{name}=')]")


def test_one_answer_for_several_subjects_is_said_before_it_is_sent(world: World, said: str) -> None:
    told = "Si vous choisissez des contributions de plusieurs sujets, ou des questions"
    assert told not in world.client("director").see(desk(world)).words
    world.do(lambda s: a_contribution(s, world.ours, "resident", item=1))
    assert told in world.client("director").see(desk(world)).words


def test_a_link_kept_to_another_subject_shows_no_difference_and_says_why(world: World, said: str) -> None:
    """Such links were written before they were refused: they stay, and nobody reads them as these words' doing."""
    other = world.do(lambda s: a_contribution(s, world.ours, "resident", item=1))
    revised(world)
    assert (
        answered(world, said, changes=option(world, said, f"/contributions/{said}/reponse")).status_code
        == 303
    )
    revised(world, subject=1)
    elsewhere = option(world, other, f"/contributions/{other}/reponse")

    def as_before(session: Any) -> None:
        answer = session.scalars(select(Answer).where(Answer.contribution_id == said)).one()
        kept = session.scalars(select(AnswerChange).where(AnswerChange.answer_id == answer.id)).one()
        text_id, version, paragraph = elsewhere.split(".")
        kept.text_id, kept.to_version, kept.paragraph = text_id, int(version), paragraph
        kept.item_id = world.ours.items[1]

    world.do(as_before)
    page = world.client("resident").see(subject(world))
    assert "Ces mots concernent un autre sujet" in page.words
    assert (
        page.tree.xpath("//div[contains(@class, 'answer')]//ins | //div[contains(@class, 'answer')]//del")
        == []
    )
    assert page.tree.xpath(f"//a[contains(@href, '/sujets/{world.ours.items[1]}/texte/')]")
    account = world.client("resident").see(f"/contrats/{world.ours.contract_id}/construction")
    assert "Les mots que les contributions ont changés" not in account.words
