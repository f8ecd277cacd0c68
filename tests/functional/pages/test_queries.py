"""The number of questions to the database does not grow with what people wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from portal.domain.contributions import cards, service
from portal.domain.contributions.models import Contribution
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.vocabulary import ContributionKind, ModerationMode, ModerationRule, ReactionValue
from tests.conftest import World
from tests.factories.notices import follow
from tests.factories.world import a_contribution, a_space

# Twelve for what the page is about, one for the dates of what is owed there, two for what moderation did there,
# Twelve for what the page is about, one for the dates of what is owed there, two for what moderation did there,
# one for the bell of its frame, and one for the results of surveys that are owed.
FEW, MANY, LIMIT = 10, 200, 17
# A document of a dozen sections, each with its own noun; a desk with all that one may answer with.
# A week that looks at the life of contracts too.
# A subject whose two texts are read passage by passage, with the documents beside it.
LONGER = {
    "/contrats/{contract}/construction": 33,
    "/espaces/{space}": 18,
    "/espaces/{space}/reponses": 19,
    "/ma-semaine": 19,
    "/espaces/{space}/sujets/{item}": 24,
    "/espaces/{held}/sujets/{item}": 24,
}
REASON = Reason(ModerationRule.NAMES_SOMEONE, "Retirez le nom de la personne, s’il vous plaît.")
PAGES = (
    ("family", "/espaces/{space}"),
    ("director", "/espaces/{space}"),
    ("family", "/espaces/{space}/sujets/{item}"),
    ("director", "/espaces/{space}/sujets/{item}"),
    ("family", "/espaces/{held}/sujets/{item}"),
    ("family", "/contrats"),
    ("director", "/contrats"),
    ("family", "/contrats/{contract}/mes-contributions"),
    ("director", "/espaces/{held}/sujets/{item}"),
    ("director", "/espaces/{held}/moderation"),
    ("director", "/espaces/{space}/moderation"),
    ("director", "/contributions/{reply}/reponse"),
    ("family", "/contrats/{contract}/registre"),
    ("director", "/contrats/{contract}/registre?sorte=paroles&groupe=families"),
    ("family", "/contrats/{contract}"),
    ("authority", "/contrats/{contract}"),
    ("authority", "/contrats"),
    ("director", "/contrats/{contract}/engagements"),
    ("director", "/contrats/{contract}/propositions"),
    ("director", "/contrats/{contract}/devoirs"),
    ("director", "/contrats/{contract}/devoirs/responsables"),
    ("director", "/ma-semaine"),
    ("director", "/espaces/{space}/delais"),
    ("director", "/espaces/{space}/reponses"),
    ("director", "/espaces/{space}/synthese"),
    ("family", "/contrats/{contract}/construction"),
    ("authority", "/suivi"),
    ("family", "/notifications"),
    ("family", "/notifications/reglages"),
    ("family", "/contrats/{contract}"),
    ("authority", "/contrats/{contract}"),
    ("director", "/contrats/{contract}/engagements"),
    ("director", "/ma-semaine"),
    ("director", "/espaces/{space}/delais"),
)


@contextmanager
def questions() -> Iterator[list[str]]:
    """The statements that any engine runs meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def write(session: Session, world: World, held: str, numbers: range) -> None:
    """Roots, replies, reactions and hidden words in one space; words that wait in another."""
    last = ""
    for number in numbers:
        if number % 5 == 4:
            a_contribution(session, world.ours, "professional", kind=ContributionKind.REPLY, parent_id=last)
        else:
            last = a_contribution(session, world.ours, body=f"Le dîner, remarque {number}.")
            service.react(session, world.ours["professional"].actor, last, ReactionValue.AGREE)
        if number % 5 == 0:
            row = service.by_id(session, last)
            assert row is not None
            moderation.hide(
                session, world.ours["director"].actor, last, Seen(row.version, row.status), REASON
            )
        a_contribution(session, world.ours, body=f"Le bruit, remarque {number}.", space_id=held)


def a_reply(world: World) -> str:
    """The first published words under others, in full on their page with those that they answer."""
    query = select(Contribution.id).where(Contribution.root_id.is_not(None)).order_by(Contribution.arrival)
    found: str = world.read(lambda session: session.scalars(query.limit(1)).one())
    return found


def counted(world: World, held: str) -> dict[tuple[str, str], int]:
    """How many questions each page asks, opened by the person it is for."""
    counts = {}
    ours, reply = world.ours, a_reply(world)
    for name, pattern in PAGES:
        path = pattern.format(
            space=ours.space_id, held=held, item=ours.items[0], contract=ours.contract_id, reply=reply
        )
        client = world.client(name)
        client.see(path)
        with questions() as seen:
            client.see(path)
        counts[name, pattern] = len(seen)
    return counts


def grown(few: dict[tuple[str, str], int], many: dict[tuple[str, str], int]) -> list[str]:
    """The pages that ask more when there is more to show, or too much."""
    return [
        f"{page[1]} ({page[0]}): {few[page]} questions at {FEW}, {count} at {MANY}"
        for page, count in many.items()
        if count > few[page] or count > LONGER.get(page[1], LIMIT)
    ]


@pytest.fixture
def held(world: World) -> str:
    """A space where words are read before publication."""
    return world.do(lambda session: a_space(session, world.ours, moderation=ModerationMode.BEFORE))


def test_pages_ask_the_same_few_questions_at_ten_and_two_hundred(world: World, held: str) -> None:
    world.do(lambda session: write(session, world, held, range(FEW)))
    follow(world)
    few = counted(world, held)
    world.do(lambda session: write(session, world, held, range(FEW, MANY)))
    follow(world)
    assert grown(few, counted(world, held)) == []


def test_control_one_question_for_each_card_is_found(
    world: World, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = cards.beside

    def slow(session: Session, shown: Sequence[Any], *more: Any) -> Any:
        for _row in shown:
            session.execute(text("SELECT 1"))
        return beside(session, shown, *more)

    monkeypatch.setattr(cards, "beside", slow)
    world.do(lambda session: write(session, world, held, range(FEW)))
    few = counted(world, held)
    world.do(lambda session: write(session, world, held, range(FEW, 2 * FEW)))
    found = grown(few, counted(world, held))
    assert any("/sujets/{item} (family)" in page for page in found)
    # Words that wait are read one at a time; those without an answer are a list.
    assert any("/espaces/{space}/moderation" in page for page in found)
    assert any("/mes-contributions" in page for page in found)
