"""Themes and groupings: sorting never touches words, and one answer serves all."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.answers.models import ContributionMerge
from portal.domain.contributions.models import ContributionVersion
from portal.domain.facts import FactKind
from tests.conftest import World
from tests.factories.notices import follow
from tests.factories.pages import Page
from tests.factories.world import a_contribution
from tests.functional.answers.test_desk import answers, desk, lines, sent

THEME = {"acte": "ranger", "theme_name": "Les repas du soir", "theme_sentence": "Dîner plus tard."}
GROUP = {"acte": "regrouper", "why": "Toutes demandent un dîner plus tard."}


@pytest.fixture
def three(world: World) -> list[str]:
    """Three contributions; the first two say the same."""
    return [
        world.do(lambda s: a_contribution(s, world.ours)),
        world.do(lambda s: a_contribution(s, world.ours, "resident", "Dîner plus tard.")),
        world.do(lambda s: a_contribution(s, world.ours, "professional", "Il manque un chariot.")),
    ]


def subject(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"


def sources(world: World) -> list[str]:
    return world.read(lambda s: sorted(s.scalars(select(ContributionVersion.source))))


def test_a_theme_is_seen_by_who_answers_alone_until_the_answer(world: World, three: list[str]) -> None:
    assert sent(world, three[:2], **THEME).status_code == 303
    client = world.client("director")
    page = client.see(desk(world))
    theme = page.tree.xpath("//select[@name='theme']/option[@value!='']/@value")[0]
    filed = client.see(f"{desk(world)}?theme={theme}").tree.xpath("//input[@name='choix']/@id")
    assert {one.removeprefix("choix-") for one in filed} == set(three[:2])
    reader = world.client("resident")
    assert "Les repas du soir" not in reader.see(subject(world)).words
    assert "Les repas du soir" not in reader.see(f"/contributions/{three[0]}/reponse-commune").words
    sent(world, three[:2])
    assert "Les repas du soir" in reader.see(f"/contributions/{three[0]}/reponse-commune").words


def test_a_contribution_is_filed_once_and_a_known_theme_is_completed(world: World, three: list[str]) -> None:
    sent(world, three[:2], **THEME)
    sent(world, three[1:], **{**THEME, "theme_sentence": ""})
    sent(world, three[1:2], **{**THEME, "theme_name": "Autre chose"})
    names = world.client("director").see(desk(world)).tree.xpath("//select[@name='theme']/option/text()")
    assert names[1:] == ["Autre chose", "Les repas du soir"]
    assert Page(sent(world, three[:1], acte="ranger", theme_name="")).tree.xpath(
        "//*[@id='theme_name-erreur']"
    )


def test_grouped_contributions_keep_words_place_and_author_and_share_one_answer(
    world: World, three: list[str]
) -> None:
    before = sources(world)
    assert sent(world, three[:2], **GROUP).status_code == 303
    assert sources(world) == before
    page = world.client("family").see(subject(world))
    assert "Regroupée avec une autre" in page.words
    assert "Regroupée avec une contribution qui dit la même chose" in page.words
    assert "Le dîner est servi trop tôt." in page.words
    assert "Dîner plus tard." in page.words
    grouped = world.client("family").see(f"/contributions/{three[1]}/regroupement")
    assert "Toutes demandent un dîner plus tard." in grouped.words
    assert "Ne plus les regrouper" not in grouped.words
    sent(world, three[1:2])
    given = answers(world)
    assert set(given) == set(three[:2])
    assert given[three[0]].group_id is not None
    assert given[three[0]].group_id == given[three[1]].group_id
    assert sorted(lines(world, FactKind.CONTRIBUTIONS_MERGED)) == sorted(three[:2])
    follow(world)
    assert "regroupés avec d’autres" in world.client("family").see("/notifications").words


def test_a_grouping_is_undone_before_the_answer_only(world: World, three: list[str]) -> None:
    sent(world, three[:2], **GROUP)
    path = f"/contributions/{three[0]}/regroupement"
    client = world.client("director")
    assert client.send(path, op_id=client.see(path).form(path)["op_id"]).status_code == 303
    assert world.read(lambda s: list(s.scalars(select(ContributionMerge)))) == []
    assert "Regroupée avec" not in world.client("family").see(subject(world)).words
    assert sorted(lines(world, FactKind.CONTRIBUTIONS_PARTED)) == sorted(three[:2])
    sent(world, three[:2], **GROUP)
    sent(world, three[:1])
    response = client.send(path)
    assert response.status_code == 403
    assert "déjà reçu leur réponse ensemble" in Page(response).words


def test_what_is_answered_or_grouped_already_is_not_grouped_again(world: World, three: list[str]) -> None:
    sent(world, three[2:])
    assert sent(world, three[1:], **GROUP).status_code == 409
    sent(world, three[:2], **GROUP)
    other = world.do(lambda s: a_contribution(s, world.ours, "staff_rep", "Plus tard, oui."))
    assert sent(world, [three[1], other], **GROUP).status_code == 409
    # Around the one that is kept, one more may come.
    assert sent(world, [three[0], other], **GROUP).status_code == 303
    assert "Regroupée avec 2 autres" in world.client("family").see(subject(world)).words
    assert Page(sent(world, [other], **GROUP)).words.count("Choisissez au moins deux contributions") >= 1


def test_who_does_not_direct_neither_sorts_nor_parts(world: World, three: list[str]) -> None:
    sent(world, three[:2], **GROUP)
    client = world.client("family")
    assert client.send(f"/contributions/{three[0]}/regroupement").status_code == 403
    assert client.send(desk(world), choix=f"{three[0]}.1", **THEME).status_code == 403
    assert (
        world.client("director", world.other).get(f"/contributions/{three[0]}/regroupement").status_code
        == 404
    )


def test_a_draft_that_outlives_a_grouping_is_still_sent_as_an_answer(world: World, three: list[str]) -> None:
    """The operation of an answer comes back with its draft: a grouping made meanwhile has its own."""
    drafted = "d" * 26
    grouped = {"op_id": drafted, "op_tri": "p" * 26}
    assert sent(world, three[:2], **{**GROUP, **grouped}).status_code == 303
    again = sent(world, three[:2], **{**GROUP, **grouped})
    assert again.status_code == 303, "the same page sent twice groups once"
    assert len(world.read(lambda s: s.scalars(select(ContributionMerge)).all())) == 1
    assert sent(world, three[2:], op_id=drafted, op_tri="q" * 26).status_code == 303
    assert set(answers(world)) == {three[2]}
