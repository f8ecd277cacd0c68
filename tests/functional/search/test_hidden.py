"""What one may not read is not found, not counted, not quoted: its page is that of a word that does not exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.documents import service as papers
from portal.domain.documents.models import Subject
from portal.domain.involvement.models import Involvement
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.objectives import actions
from portal.domain.register import service as register
from portal.domain.search import service
from portal.domain.search.models import SearchEntry, SearchPaper, SearchWord
from portal.vocabulary import ContributionStatus, Group, Level, ModerationMode, ModerationRule
from tests.conftest import World
from tests.factories import documents
from tests.factories.objectives import an_action, an_objective
from tests.factories.pages import steady
from tests.factories.search import ask, look, titles
from tests.factories.world import LEVELS, a_contribution, a_house, a_space

CANARY, NOTHING = "zibeline", "zorglube"
WHY = Reason(ModerationRule.OFF_TOPIC, "Dites-le ailleurs.")


def hidden(session: Session, world: World) -> None:
    said = a_contribution(session, world.ours, body=f"Une {CANARY}.")
    seen = Seen(1, ContributionStatus.PUBLISHED)
    moderation.hide(session, world.ours["director"].actor, said, seen, WHY)


def pending(session: Session, world: World) -> None:
    space = a_space(session, world.ours, moderation=ModerationMode.BEFORE)
    a_contribution(session, world.ours, body=f"Une {CANARY}.", space_id=space)


def withdrawn(session: Session, world: World) -> None:
    said = a_contribution(session, world.ours, body=f"Une {CANARY}.")
    contributions.withdraw(session, world.ours["family"].actor, said)


def elsewhere(session: Session, world: World) -> None:
    an_objective(session, world.other, title=f"La {CANARY}")


def without_level(session: Session, world: World) -> None:
    """A space that only families and the direction read."""
    levels = {one: level for one, level in LEVELS.items() if one in (Group.FAMILIES, Group.MANAGEMENT)}
    space = a_space(session, world.ours, levels=levels)
    a_contribution(session, world.ours, body=f"Une {CANARY}.", space_id=space)
    documents.a_document(
        session, world.ours, documents.place(world.ours, Subject.SPACE, space), title=f"La {CANARY}"
    )


def a_draft(session: Session, world: World) -> None:
    space = a_space(session, world.ours, opened=False)
    documents.a_document(
        session, world.ours, documents.place(world.ours, Subject.SPACE, space), title=f"La {CANARY}"
    )


def words_not_told(session: Session, world: World) -> None:
    space = a_space(session, world.ours, words_told=False)
    a_contribution(session, world.ours, body=f"Une {CANARY}.", space_id=space)


def an_earlier_version(session: Session, world: World) -> None:
    said = a_contribution(session, world.ours, body=f"Une {CANARY}.")
    contributions.correct(session, world.ours["family"].actor, said, Words("Autre chose.", ""))


ALL = ("resident", "family", "professional", "staff_rep", "board", "authority", "director", "moderator")
CASES: tuple[tuple[Callable[[Session, World], None], tuple[str, ...]], ...] = (
    (hidden, ALL),
    (pending, ALL),
    (withdrawn, ALL),
    (elsewhere, ALL),
    (without_level, ("resident", "professional", "staff_rep", "board", "authority")),
    (a_draft, ("resident", "family", "professional", "board", "authority")),
    (words_not_told, ("authority",)),
    (an_earlier_version, ALL),
)


def shown(world: World, who: str, word: str) -> str:
    return steady(ask(world, who, word).html).replace(word, "…")


@pytest.mark.parametrize(("make", "people"), CASES, ids=lambda one: getattr(one, "__name__", ""))
def test_the_page_of_a_word_that_is_not_readable_is_that_of_a_word_that_is_not_there(
    world: World, make: Callable[[Session, World], None], people: tuple[str, ...]
) -> None:
    world.do(lambda s: make(s, world))
    look(world)
    for who in people:
        assert shown(world, who, CANARY) == shown(world, who, NOTHING), who
        assert shown(world, who, CANARY[:5]) == shown(world, who, NOTHING[:5]), who


def test_who_may_read_them_finds_the_same_words(world: World) -> None:
    """The control of the test above: the canary is really there."""
    world.do(lambda s: without_level(s, world))
    world.do(lambda s: words_not_told(s, world))
    look(world)
    assert len(titles(ask(world, "family", CANARY))) == 3
    assert len(titles(ask(world, "director", CANARY))) == 3
    assert len(titles(ask(world, "resident", CANARY))) == 1
    assert titles(ask(world, "authority", CANARY)) == []


def gone_document(session: Session, world: World) -> Callable[[Session], object]:
    found = documents.a_document(session, world.ours, title=f"La {CANARY}")
    director = world.ours["director"].actor
    return lambda s: papers.remove(s, director, world.ours.contract_id, found, "Il est périmé.", 1)


def gone_action(session: Session, world: World) -> Callable[[Session], object]:
    objective = an_objective(session, world.ours)
    found = an_action(session, world.ours, objective, label=f"La {CANARY}")
    director = world.ours["director"].actor
    return lambda s: actions.remove(s, director, world.ours.contract_id, found, 1)


def gone_words(session: Session, world: World) -> Callable[[Session], object]:
    found = a_contribution(session, world.ours, body=f"Une {CANARY}.")
    seen = Seen(1, ContributionStatus.PUBLISHED)
    return lambda s: moderation.hide(s, world.ours["director"].actor, found, seen, WHY)


def erased(session: Session, world: World) -> Callable[[Session], object]:
    found = a_contribution(session, world.ours, body=f"Une {CANARY}.")
    return lambda s: register.erase_on_request(s, found)


@pytest.mark.parametrize(
    "make", [gone_document, gone_action, gone_words, erased], ids=lambda one: one.__name__
)
def test_what_goes_is_gone_at_once_before_anything_was_read_again(
    world: World, make: Callable[[Session, World], Callable[[Session], object]]
) -> None:
    go = world.do(lambda s: make(s, world))
    look(world)
    assert len(titles(ask(world, "family", CANARY))) == 1
    world.do(go)
    assert shown(world, "family", CANARY) == shown(world, "family", NOTHING)
    look(world)
    assert (
        world.read(lambda s: s.scalars(select(SearchWord).where(SearchWord.word.startswith("zib"))).all())
        == []
    )


def test_a_level_that_is_taken_away_takes_the_results_with_it(world: World) -> None:
    levels = {**LEVELS, Group.BOARD: Level.INFORMATION}
    space = world.do(lambda s: a_space(s, world.ours, levels=levels))
    world.do(lambda s: a_contribution(s, world.ours, body=f"Une {CANARY}.", space_id=space))
    look(world)
    assert len(titles(ask(world, "board", CANARY))) == 1
    world.do(lambda s: close_to_the_board(s, space))
    assert shown(world, "board", CANARY) == shown(world, "board", NOTHING)


def close_to_the_board(session: Session, space: str) -> None:
    for row in session.scalars(
        select(Involvement).where(Involvement.space_id == space, Involvement.group == Group.BOARD)
    ):
        session.delete(row)


def test_a_label_that_was_folded_is_not_found_by_its_establishment(world: World) -> None:
    """Six families sign with their house; three board members of a small house do not."""
    small = world.do(lambda s: a_house(s, "Petite", residents=3, families=3))
    world.do(lambda s: a_space(s, small))
    world.do(lambda s: a_contribution(s, small, body=f"Une {CANARY}."))
    world.do(lambda s: a_contribution(s, world.ours, body=f"Une {CANARY}."))
    look(world)
    assert len(titles(ask(world, "director", CANARY, lieu=world.ours.establishment_id))) == 1
    assert len(titles(ask(world, "director", CANARY, small))) == 1
    assert titles(ask(world, "director", CANARY, small, lieu=small.establishment_id)) == []


def test_before_files_are_cleaned_the_index_forgets_what_is_gone(world: World) -> None:
    go = world.do(lambda s: gone_document(s, world))
    other = world.do(lambda s: erased(s, world))
    look(world)
    assert world.read(lambda s: s.scalars(select(SearchPaper)).all())
    world.do(go)
    world.do(other)
    world.do(service.forget_gone)
    assert world.read(lambda s: s.scalars(select(SearchPaper)).all()) == []
    assert (
        world.read(lambda s: s.scalars(select(SearchEntry).where(SearchEntry.folded.contains(CANARY))).all())
        == []
    )


def test_what_is_forgotten_is_read_again_as_it_was(world: World) -> None:
    world.do(lambda s: an_objective(s, world.ours, title=f"La {CANARY}"))
    look(world)
    before = world.read(kept)
    world.do(lambda s: service.rebuild(s, world.ours.contract_id))
    assert titles(ask(world, "family", CANARY)) == []
    look(world)
    assert titles(ask(world, "family", CANARY)) == [f"La {CANARY}"]
    assert world.read(kept) == before


def kept(session: Session) -> list[tuple[object, ...]]:
    query = select(SearchEntry.kind, SearchEntry.object_id, SearchEntry.folded, SearchEntry.digest)
    return sorted((str(a), b, c, d) for a, b, c, d in session.execute(query))


def test_the_index_never_lags_behind_what_is_written(world: World) -> None:
    world.do(lambda s: an_objective(s, world.ours, title="Le potager"))
    look(world)
    world.do(lambda s: an_objective(s, world.ours, title="Le second potager"))
    look(world)
    assert len(titles(ask(world, "family", "potager"))) == 2
