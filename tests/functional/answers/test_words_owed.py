"""Where words are owed, a dot is none: in an answer, in news of it, in a synthesis, in the text of an act."""

from __future__ import annotations

import pytest

from portal.domain.acts import service as acts
from portal.domain.answers import amend, handovers, merging, rules, service
from portal.domain.answers.amend import NewVersion
from portal.domain.answers.handovers import NewStep
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions.states import HandoverState
from portal.domain.syntheses.rules import mark
from portal.kernel.errors import InvalidError
from portal.vocabulary import ContributionKind, Fate
from tests.conftest import World
from tests.factories.acts import new_act
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution

NO_WORDS = (".", "…", "Oui.", "-- --", "1 2 3 4 5 6 7 8 9")
TOLD = "Nous servons plus tard."


@pytest.fixture
def said(world: World) -> str:
    return world.do(lambda s: a_contribution(s, world.ours, body="Le dîner est trop tôt."))


def refused(field: str, act) -> str:
    with pytest.raises(InvalidError) as caught:
        act()
    assert list(caught.value.errors) == [field]
    return " ".join(str(one) for one in caught.value.errors[field])


@pytest.mark.parametrize("kind", list(ContributionKind))
@pytest.mark.parametrize("typed", NO_WORDS)
def test_an_answer_is_made_of_words(kind: ContributionKind, typed: str) -> None:
    assert "courte phrase" in refused("body", lambda: rules.check_answer(kind, typed, Fate.KEPT, ""))
    assert rules.check_answer(kind, TOLD, Fate.KEPT, "") == TOLD


@pytest.mark.parametrize("typed", ["En mars.", "Le 3 mai.", "À midi."])
def test_a_question_of_fact_may_be_answered_in_a_few_letters(typed: str) -> None:
    assert rules.check_answer(ContributionKind.QUESTION, typed, None, "") == typed
    assert "courte phrase" in refused(
        "body", lambda: rules.check_answer(ContributionKind.COMMENT, typed, Fate.KEPT, "")
    )


def test_a_question_grouped_with_a_proposal_is_answered_as_the_proposal(world: World) -> None:
    director, here = world.ours["director"].actor, world.ours.space_id
    kinds = (ContributionKind.QUESTION, ContributionKind.PROPOSAL)
    asked, proposed = (
        world.do(lambda s, kind=kind: a_contribution(s, world.ours, kind=kind)) for kind in kinds
    )
    form = world.client("director").see(f"/contributions/{asked}/reponse")
    assert "ma réponse suffit" in form.words
    world.do(lambda s: merging.merge(s, director, here, [asked, proposed], "Le même dîner, deux fois."))
    assert "ma réponse suffit" not in world.client("director").see(f"/contributions/{asked}/reponse").words
    with pytest.raises(InvalidError) as caught:
        world.do(lambda s: service.give(s, director, asked, NewAnswer("En mars.", None)))
    assert set(caught.value.errors) == {"body", "fate"}
    world.do(lambda s: service.give(s, director, asked, NewAnswer(TOLD, Fate.KEPT)))


def test_nor_is_it_for_several_or_corrected_into_nothing(world: World, said: str) -> None:
    director, here = world.ours["director"].actor, world.ours.space_id
    dot = NewAnswer(".", Fate.KEPT)
    refused("body", lambda: world.do(lambda s: service.give(s, director, said, dot)))
    refused("body", lambda: world.do(lambda s: service.give_many(s, director, here, {said: 1}, dot)))
    world.do(lambda s: service.give(s, director, said, NewAnswer(TOLD, Fate.KEPT)))
    less = NewVersion("…", Fate.KEPT, "", seen=1)
    refused("body", lambda: world.do(lambda s: amend.correct(s, director, said, less)))


def test_news_of_words_passed_on_say_something(world: World, said: str) -> None:
    director = world.ours["director"].actor
    given = NewAnswer(TOLD, Fate.PASSED_ON, passed_to="La cuisine")
    world.do(lambda s: service.give(s, director, said, given))
    news = NewStep(HandoverState.ANSWERED, ".")
    refused("words", lambda: world.do(lambda s: handovers.move(s, director, said, news)))


@pytest.mark.parametrize("typed", [". {}", "… {} …", "Oui. {}"])
def test_no_part_of_a_synthesis_is_a_dot(world: World, said: str, typed: str) -> None:
    part = ("Le dîner", typed.format(mark(said)))
    told = refused("parts", lambda: world.do(lambda s: a_synthesis(s, world.ours, part)))
    assert "Le dîner" in told
    world.do(
        lambda s: a_synthesis(s, world.ours, ("Le dîner", typed.format(mark(said, "trop tôt")) + " Oui."))
    )


def test_the_text_of_an_act_is_words_or_nothing(world: World) -> None:
    director, contract = world.ours["director"].actor, world.ours.contract_id
    refused("source", lambda: world.do(lambda s: acts.record(s, director, contract, new_act(source="."))))
    assert world.do(lambda s: acts.record(s, director, contract, new_act(source=""))).source == ""
