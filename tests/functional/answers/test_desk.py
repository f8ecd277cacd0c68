"""The page of answers: what waits, one answer for what is ticked, thanks, what is still to follow."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.answers.models import Answer, ReasonTemplate, Thanks
from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Seen
from portal.vocabulary import ContributionStatus, Fate, ModerationMode
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space
from tests.functional.pages.test_queries import questions

KEPT = {"fate": "non-retenue", "body": "Le budget de cette année est déjà voté."}


@pytest.fixture
def three(world: World) -> list[str]:
    """Words of a family, a resident and a professional, on two subjects."""
    return [
        world.do(lambda s: a_contribution(s, world.ours)),
        world.do(lambda s: a_contribution(s, world.ours, "resident", "Le bruit du couloir.", item=1)),
        world.do(lambda s: a_contribution(s, world.ours, "professional", "Il manque un chariot.")),
    ]


def desk(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/reponses"


def op_id_of(page: Page) -> str:
    """The operation of the form of answers."""
    return str(page.tree.xpath("//form[@data-desk]//input[@name='op_id']/@value")[0])


def sent(world: World, chosen: list[str], name: str = "director", **fields: Any) -> Any:
    client = fields.pop("client", None) or world.client(name)
    op_id = fields.pop("op_id", None) or op_id_of(client.see(desk(world)))
    fields = {"acte": "repondre", **KEPT, **fields}
    return client.send(desk(world), op_id=op_id, choix=[f"{one}.1" for one in chosen], **fields)


def answers(world: World) -> dict[str, Answer]:
    return world.read(lambda s: {row.contribution_id: row for row in s.scalars(select(Answer))})


def lines(world: World, kind: FactKind) -> list[str]:
    query = select(JournalLine.object).where(JournalLine.kind == kind.value)
    return world.read(lambda s: list(s.scalars(query)))


@pytest.mark.parametrize("typed", ["reponses-7", "merci-7", "ranger-7", "regrouper-7", "oubli-1"])
def test_an_address_typed_by_hand_says_nothing_done(world: World, three: list[str], typed: str) -> None:
    page = world.client("director").see(f"{desk(world)}?fait={typed}")
    assert "C’est fait" not in page.words
    assert "7" not in page.tree.xpath("string(//main)")


def test_one_answer_for_what_is_ticked_keeps_one_row_and_one_line_each(
    world: World, three: list[str]
) -> None:
    director = world.client("director")
    response = sent(world, three[:2], client=director)
    assert response.status_code == 303
    page = director.see(response.location)
    assert "Votre réponse est publiée pour 2 contributions." in page.words
    assert "Votre réponse est publiée" not in director.see(response.location).words, "it is said once"
    assert "2 réponses données sur 3, encore 1." in page.words
    given = answers(world)
    assert set(given) == set(three[:2])
    assert len({one.group_id for one in given.values()}) == 1
    assert given[three[0]].group_id is not None
    assert sorted(lines(world, FactKind.ANSWER_GIVEN)) == sorted(three[:2])


def test_cards_say_with_how_many_they_were_answered_and_lead_to_them(world: World, three: list[str]) -> None:
    sent(world, three[:2])
    page = world.client("family").see(f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}")
    assert "Cette réponse concerne 2 contributions" in page.words
    page = world.client("family").see(f"/contributions/{three[0]}/reponse-commune")
    assert "La même réponse a été donnée à 2 contributions." in page.words
    assert "Le bruit du couloir." in page.words
    assert "Il manque un chariot." not in page.words
    assert (
        world.client("family", world.other).get(f"/contributions/{three[0]}/reponse-commune").status_code
        == 404
    )


def test_an_answer_alone_names_no_group(world: World, three: list[str]) -> None:
    sent(world, three[:1])
    assert answers(world)[three[0]].group_id is None
    page = world.client("family").see(f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}")
    assert "Cette réponse concerne" not in page.words


def test_what_somebody_answered_meanwhile_is_listed_and_the_others_are_sent(
    world: World, three: list[str]
) -> None:
    client = world.client("director")
    op_id = op_id_of(client.see(desk(world)))
    assert sent(world, three[:1], "second_director", body="Déjà répondu autrement.").status_code == 303
    world.do(
        lambda s: contributions.correct(
            s, world.ours["resident"].actor, three[1], Words("Le bruit du couloir, la nuit.")
        )
    )
    response = client.send(
        desk(world), op_id=op_id, choix=[f"{one}.1" for one in three], acte="repondre", **KEPT
    )
    page = Page(response)
    assert response.status_code == 409
    assert "Votre réponse a été publiée pour 1 contribution." in page.words
    assert "Quelqu’un a déjà répondu à cette contribution." in page.words
    assert "Ces mots ont été corrigés depuis que vous les avez lus." in page.words
    assert KEPT["body"] in page.words
    given = answers(world)
    assert set(given) == {three[0], three[2]}
    assert given[three[0]].source == "Déjà répondu autrement."


def test_when_all_were_answered_meanwhile_nothing_is_written(world: World, three: list[str]) -> None:
    client = world.client("director")
    op_id = op_id_of(client.see(desk(world)))
    sent(world, three, "second_director")
    response = client.send(
        desk(world), op_id=op_id, choix=[f"{one}.1" for one in three], acte="repondre", fate="retenue",
        body="Mon texte à moi.",
    )  # fmt: skip
    assert response.status_code == 409
    assert "Mon texte à moi." in Page(response).words
    assert {one.fate for one in answers(world).values()} == {Fate.NOT_KEPT}


def test_nothing_ticked_or_nothing_written_keeps_what_was_ticked(world: World, three: list[str]) -> None:
    assert "Choisissez au moins une contribution" in Page(sent(world, [])).words
    response = sent(world, three[:1], body="")
    assert response.status_code == 422
    assert Page(response).tree.xpath(f"//input[@id='choix-{three[0]}']/@checked")
    assert answers(world) == {}


def test_the_words_of_another_space_are_not_answered_here(world: World, three: list[str]) -> None:
    elsewhere = world.do(lambda s: a_contribution(s, world.other))
    assert sent(world, [three[0], elsewhere]).status_code == 404
    assert answers(world) == {}


@pytest.mark.parametrize("name", ["family", "moderator", "authority"])
def test_who_does_not_direct_reads_why_not(world: World, three: list[str], name: str) -> None:
    client = world.client(name)
    assert client.get(desk(world)).status_code == 403
    assert client.send(desk(world), acte="repondre", choix=f"{three[0]}.1", **KEPT).status_code == 403
    assert answers(world) == {}


def test_the_list_is_sorted_by_subject_voice_kind_and_thanks(world: World, three: list[str]) -> None:
    client = world.client("director")

    def seen(query: str) -> set[str]:
        page = client.see(f"{desk(world)}?{query}")
        return {one.removeprefix("choix-") for one in page.tree.xpath("//input[@name='choix']/@id")}

    assert seen("") == set(three)
    assert seen(f"sujet={world.ours.items[1]}") == {three[1]}
    assert seen("voix=groupe-families") == {three[0]}
    assert seen("type=question") == set()
    assert seen("age=avant") == set()
    assert seen("age=semaine") == set(three)
    sent(world, three[:1], acte="remercier")
    assert seen("merci=non") == set(three[1:])


def test_a_small_group_is_found_by_its_college_only(world: World, three: list[str]) -> None:
    # One professional alone: the card tells the college, and so does the list.
    client = world.client("director")
    found = client.see(f"{desk(world)}?voix=groupe-professionals").tree.xpath("//input[@name='choix']")
    assert found == []
    page = client.see(f"{desk(world)}?voix=college-professionnels")
    assert page.tree.xpath("//input[@name='choix']/@id") == [f"choix-{three[2]}"]
    offered = [one.text_content() for one in page.tree.xpath("//select[@name='voix']/option")]
    told = [one.lower() for one in offered if "professionnels" in one.lower()]
    assert told == ["professionnels", "professionnels (collège)"]


def test_thanks_go_once_to_each_and_readers_do_not_see_them(world: World, three: list[str]) -> None:
    client = world.client("director")
    thanked = sent(world, three[:2], client=client, acte="remercier")
    assert thanked.status_code == 303
    words = client.see(thanked.location).words
    assert "Chaque personne sait que ses mots sont lus." in words
    assert words.count("C’est fait") == 1
    assert sent(world, three, acte="remercier").status_code == 303
    assert world.read(lambda s: len(list(s.scalars(select(Thanks))))) == 3
    assert sorted(lines(world, FactKind.CONTRIBUTION_THANKED)) == sorted(three)
    assert answers(world) == {}
    mine = world.client("family").see(f"/contrats/{world.ours.contract_id}/mes-contributions")
    assert "Lue par la direction" in mine.words
    subject = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    assert "Lue par la direction" not in world.client("resident").see(subject).words


def test_a_reason_is_kept_taken_again_changed_and_counted(world: World, three: list[str]) -> None:
    sent(world, three[:1], keep="y", title="Budget voté")
    kept = world.read(lambda s: s.scalars(select(ReasonTemplate)).one())
    assert (kept.title, kept.used) == ("Budget voté", 0)
    page = Page(sent(world, three[1:2], modele=kept.id, body="", acte=""))
    assert KEPT["body"] in page.words
    assert page.tree.xpath(f"//input[@id='choix-{three[1]}']/@checked")
    sent(world, three[1:2], reason=kept.id, body="Le budget est voté, hélas.")
    assert world.read(lambda s: s.scalars(select(ReasonTemplate.used)).one()) == 1
    assert answers(world)[three[1]].source == "Le budget est voté, hélas."
    elsewhere = world.client("director", world.other)
    elsewhere.send(f"/espaces/{world.other.space_id}/reponses", oublier=kept.id)
    assert world.read(lambda s: s.scalars(select(ReasonTemplate)).one()).id == kept.id
    assert sent(world, [], oublier=kept.id).status_code == 303
    assert world.read(lambda s: list(s.scalars(select(ReasonTemplate)))) == []


def test_whom_words_may_be_passed_on_to_is_proposed(world: World, three: list[str]) -> None:
    sent(world, three[:1], fate="transmise", passed_to="La commission des menus")
    for path in (desk(world), f"/contributions/{three[1]}/reponse"):
        names = world.client("director").see(path).tree.xpath("//datalist/option/@value")
        assert "La commission des menus" in names
        assert "La direction de la Maison Tilleuls" in names
        assert len(names) == len(set(names))


def test_the_page_asks_the_same_few_questions_at_three_and_at_thirty(world: World, three: list[str]) -> None:
    client = world.client("director")

    def count() -> int:
        client.see(desk(world))
        with questions() as asked:
            client.see(desk(world))
        return len(asked)

    few = count()
    for number in range(27):
        world.do(lambda s, number=number: a_contribution(s, world.ours, body=f"Le dîner, remarque {number}."))
    assert count() == few


@pytest.fixture
def corrected(world: World) -> str:
    """Published words of a space that reads before publication, with a correction that waits."""

    def build(session: Any) -> str:
        ours = world.ours
        space = a_space(session, ours, moderation=ModerationMode.BEFORE)
        words = a_contribution(session, ours, body="Le dîner vient tôt.", space_id=space)
        moderation.approve(session, ours["director"].actor, words, Seen(1, ContributionStatus.PENDING))
        contributions.correct(session, ours["family"].actor, words, Words("Une phrase pas encore lue."))
        return words

    return world.do(build)


def test_a_correction_that_waits_is_neither_shown_nor_answered(world: World, corrected: str) -> None:
    space_id = world.read(lambda s: contributions.by_id(s, corrected)).space_id
    client = world.client("director")
    for address in ("reponses", "moderation?apres=" + corrected):
        page = client.see(f"/espaces/{space_id}/{address}")
        assert "Le dîner vient tôt." in page.words
        assert "Une phrase pas encore lue." not in page.words
        assert "Une correction attend d’être relue. Voici la version publiée." in page.words
    page = client.see(f"/espaces/{space_id}/reponses")
    (choice,) = page.tree.xpath("//input[@name='choix']/@value")
    assert choice == f"{corrected}.1"
    fields = {"acte": "repondre", **KEPT, "op_id": op_id_of(page), "choix": choice}
    assert client.send(f"/espaces/{space_id}/reponses", **fields).status_code == 303
    assert answers(world)[corrected].answered_version == 1
