"""Correcting, withdrawing, reacting: what stays, what shows, until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service as contributions
from portal.domain.duties import service as duties
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Seen
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.vocabulary import ContributionStatus, Fate, ModerationMode, ReactionValue
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space


def item(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"


def answer(world: World, sent: str) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: answers.give(s, director, sent, NewAnswer("Merci, nous le ferons.", Fate.KEPT)))


def test_a_correction_is_a_visible_new_version(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", "Première version."))
    author = world.client("resident")
    path = f"/contributions/{sent}/corriger"
    assert author.see(path).form(path)["body"].strip() == "Première version."
    assert author.send(path, body="Seconde version.", op_id="a" * 26).status_code == 303
    seen = world.client("family").see(item(world))
    assert "Seconde version." in seen.words
    assert "Première version." not in seen.words
    assert "Corrigée, version 2." in seen.words
    history = world.client("family").see(f"/contributions/{sent}/versions").words
    assert "Première version." in history
    assert "Seconde version." in history


def test_nobody_else_corrects_or_withdraws(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    for act in ("corriger", "retirer"):
        assert world.client("resident").get(f"/contributions/{sent}/{act}").status_code == 200
        for other in ("resident_0", "director"):
            assert world.client(other).get(f"/contributions/{sent}/{act}").status_code == 403


def test_where_words_are_read_first_the_approved_version_stays_shown(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", "Version lue.", space_id=space))
    director = world.ours["director"].actor
    world.do(lambda s: moderation.approve(s, director, sent, Seen(1, ContributionStatus.PENDING)))
    world.client("resident").send(f"/contributions/{sent}/corriger", body="Version à lire.", op_id="b" * 26)
    path = f"/espaces/{space}/sujets/{world.ours.items[0]}"
    family = world.client("family").see(path).words
    assert "Version lue." in family
    assert "Version à lire." not in family
    assert "Version à lire." in world.client("director").see(path).words
    world.do(lambda s: moderation.approve(s, director, sent, Seen(2, ContributionStatus.PUBLISHED)))
    assert "Version à lire." in world.client("family").see(path).words


def test_a_withdrawn_word_leaves_its_place(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", "Mots à reprendre."))
    world.do(lambda s: a_contribution(s, world.ours, "resident_0", "Autre mot."))
    author = world.client("resident")
    assert "Retirer cette contribution" in author.see(f"/contributions/{sent}/retirer").title
    assert author.send(f"/contributions/{sent}/retirer", op_id="c" * 26).status_code == 303
    seen = world.client("family").see(item(world))
    assert "Mots à reprendre." not in seen.words
    assert "Contribution retirée par la personne qui l’a écrite" in seen.words
    assert seen.tree.xpath(f"//article[@id='c-{sent}']")


def test_withdrawing_twice_with_the_same_form_is_no_refusal(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    author, path = world.client("resident"), f"/contributions/{sent}/retirer"
    first = author.send(path, op_id="c" * 26)
    again = author.send(path, op_id="c" * 26)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert author.send(path, op_id="d" * 26).status_code == 403
    assert world.client("resident_0").send(path, op_id="c" * 26).status_code == 403


def test_after_an_answer_and_ten_minutes_nothing_changes_any_more(
    world: World, move_clock: Callable[[float], None]
) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    answer(world, sent)
    author = world.client("resident")
    path = f"/contributions/{sent}/corriger"
    assert author.get(path).status_code == 200
    assert author.send(path, body="Corrigé après.", op_id="d" * 26).status_code == 303
    assert "Cette réponse porte sur la version 1." in author.see(item(world)).words
    move_clock(11 * 60)
    refused = author.get(path)
    assert refused.status_code == 403
    assert "répon" in Page(refused).words


def test_a_reaction_can_be_set_changed_and_taken_back(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    family = world.client("family")
    path = f"/contributions/{sent}/reagir"
    for number, value in enumerate(("accord", "desaccord", "aucune")):
        assert family.send(path, valeur=value, op_id=f"{number:026d}").status_code == 303
    assert family.get(f"{item(world)}/moi").get_json()["reactions"] == {}
    assert family.send(path, valeur="depend", op_id="z" * 26).status_code == 303
    assert family.get(f"{item(world)}/moi").get_json()["reactions"] == {sent: "depend"}


def test_fewer_than_five_reactions_are_never_counted(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "professional"))
    voters = ["family", "family_0", "family_1", "family_2", "family_3"]

    def react(names: list[str]) -> None:
        for name in names:
            actor = world.ours[name].actor
            world.do(lambda s, actor=actor: contributions.react(s, actor, sent, ReactionValue.AGREE))

    counted = f"//article[@id='c-{sent}']//*[@data-count]"
    react(voters[:4])
    assert not world.client("director").see(item(world)).tree.xpath(counted)
    react(voters[4:])
    director = world.client("director")
    assert director.see(item(world)).tree.xpath(f"{counted}/text()") == ["au moins 5"]
    react(["resident", "resident_0", "resident_1", "resident_2"])
    assert director.see(item(world)).tree.xpath(f"{counted}/text()") == ["au moins 5"], "nobody is told apart"
    react(["resident_3"])
    assert director.see(item(world)).tree.xpath(f"{counted}/text()") == ["au moins 10"]


def test_one_does_not_react_to_oneself(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "family"))
    path = f"/contributions/{sent}/reagir"
    assert world.client("family").send(path, valeur="accord", op_id="q" * 26).status_code == 403
    assert world.client("family_0").send(path, valeur="accord", op_id="q" * 26).status_code == 303


def test_words_withdrawn_before_anybody_read_them_are_shown_to_their_author_alone(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", space_id=space))
    author = world.client("resident")
    answer = author.send(f"/contributions/{sent}/retirer", op_id="e" * 26)
    assert answer.headers["Location"] == f"/contrats/{world.ours.contract_id}/mes-contributions"
    assert author.see(answer.headers["Location"]).tree.xpath(f"//article[@id='c-{sent}']")


def test_what_is_answered_is_not_said_to_be_owed_again_when_it_is_corrected(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident", "Première version."))
    author, here = world.client("resident"), f"/contributions/{sent}/envoyee"
    assert "On vous doit une réponse de la direction" in author.see(here).words
    answer(world, sent)
    path = f"/contributions/{sent}/corriger"
    assert author.send(path, body="Seconde version.", op_id="d" * 26).status_code == 303
    words = author.see(here).words
    assert "On vous doit" not in words
    assert f"La direction a répondu à vos mots le {day_label(clock.today())}." in words
    assert "La direction peut lire votre correction." in words


def test_what_will_have_no_answer_is_not_said_to_be_owed(
    world: World, move_clock: Callable[[float], None]
) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    move_clock(timedelta(days=120).total_seconds())
    director = world.ours["director"].actor
    world.do(lambda s: duties.explain(s, director, sent, "Le temps a manqué."))
    words = world.client("resident").see(f"/contributions/{sent}/envoyee").words
    assert "On vous doit" not in words
    assert "La direction a écrit pourquoi elle n’a pas répondu." in words
