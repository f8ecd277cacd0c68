"""The two texts: kept together through versions, to review as soon as the technical one changes, approved word for word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.diagnostic import service as diagnostic
from portal.domain.journal.models import JournalLine
from portal.domain.plain import service
from portal.domain.plain.rules import Standing
from portal.domain.plain.service import Read
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.vocabulary import Register
from tests.conftest import World
from tests.factories.diagnostic import a_finding, two_authorities
from tests.factories.diagnostic import typed as a_typed_finding
from tests.factories.diagnostic import version_of as finding_version
from tests.factories.plain import reading, to_review, write_anew

REVIEW, RIGHT, WRITE, ALONE = Standing.TO_REVIEW, Standing.RIGHT, Standing.TO_WRITE, Standing.ALONE


@pytest.fixture
def item(world: World) -> str:
    return world.ours.items[0]


def states(world: World, item: str) -> list[Standing]:
    return [one.standing for one in world.read(lambda s: reading(s, item)).passages]


def seen(world: World, item: str) -> int:
    return world.read(lambda s: reading(s, item)).version


def keep(world: World, item: str, who: str = "director", version: int | None = None) -> None:
    now = world.read(lambda s: reading(s, item))
    key, number = now.passages[0].key, now.version if version is None else version
    world.do(lambda s: service.keep(s, world.ours[who].actor, world.ours.contract_id, item, key, number))


def pair(world: World, item: str, typed: dict[int, str], who: str = "director") -> None:
    number = seen(world, item)
    actor = world.ours[who].actor
    world.do(lambda s: service.pair(s, actor, world.ours.contract_id, item, typed, number))


def approve(world: World, item: str, who: str = "director", **more: object) -> None:
    told = Read(**({"held_on": clock.today(), "place": "à la maison", "several": True} | more))  # type: ignore[arg-type]
    number, actor = seen(world, item), world.ours[who].actor
    world.do(lambda s: service.approve(s, actor, world.ours.contract_id, item, told, number))


def test_nothing_is_to_do_while_nothing_changed(world: World, item: str) -> None:
    assert states(world, item) == [RIGHT, RIGHT]


def test_only_the_passage_whose_technical_words_changed_is_to_review(world: World, item: str) -> None:
    world.do(lambda s: to_review(s, world.ours, item))
    assert states(world, item) == [REVIEW, RIGHT]
    # The words come back to what they were: the plain ones are right again.
    world.do(lambda s: write_anew(s, world.ours, item, "Un autre premier paragraphe", "Premier paragraphe"))
    assert states(world, item) == [RIGHT, RIGHT]


@pytest.mark.parametrize("register", list(Register))
def test_writing_the_plain_words_anew_clears_it_and_the_next_change_asks_again(
    world: World, item: str, register: Register
) -> None:
    world.do(lambda s: to_review(s, world.ours, item))
    where = "Premier" if register is Register.PLAIN else "Second"
    world.do(lambda s: write_anew(s, world.ours, item, where, "Notre", Register.PLAIN))
    # Only the words of its own passage count.
    assert states(world, item) == [RIGHT if register is Register.PLAIN else REVIEW, RIGHT]
    world.do(lambda s: write_anew(s, world.ours, item, "Un autre premier", "Encore un"))
    assert states(world, item) == [REVIEW, RIGHT]


def test_both_texts_written_in_one_form_go_together(world: World) -> None:
    ours = world.ours
    finding = world.do(lambda s: a_finding(s, ours))
    for more, state in (
        ({"plain": "On a faim.\n\nC’est trop tôt.", "technical": "Le jeûne dure 14 heures.\n\nTrop."}, RIGHT),
        (
            {"plain": "On a faim.\n\nC’est trop tôt.", "technical": "Le jeûne dure 15 heures.\n\nTrop."},
            REVIEW,
        ),
    ):
        typed = a_typed_finding(ours, **more)
        number = world.read(lambda s: finding_version(s, finding))
        world.do(
            lambda s, typed=typed, number=number: diagnostic.rewrite(
                s, ours["director"].actor, ours.contract_id, finding, typed, number
            )
        )
        assert states(world, finding)[0] is state


def test_words_that_were_read_again_and_kept_are_right_with_function_and_day(world: World, item: str) -> None:
    world.do(lambda s: to_review(s, world.ours, item))
    keep(world, item)
    passage = world.read(lambda s: reading(s, item)).passages[0]
    assert (passage.standing, passage.read_by) == (RIGHT, "la direction")
    assert passage.read_at is not None
    with pytest.raises(StaleError):
        keep(world, item)


@pytest.mark.parametrize(
    ("who", "error"), [("family", RefusedError), ("authority", RefusedError), ("moderator", RefusedError)]
)
def test_others_do_not_say_that_the_words_of_the_organisation_are_right(
    world: World, item: str, who: str, error: type[Exception]
) -> None:
    world.do(lambda s: to_review(s, world.ours, item))
    with pytest.raises(error):
        keep(world, item, who)
    keep(world, item)


def test_each_party_looks_after_its_own_findings(world: World) -> None:
    ours = world.ours
    world.do(lambda s: two_authorities(s, ours))
    finding = world.do(lambda s: a_finding(s, ours, "authority"))
    for who in ("director", "county"):
        with pytest.raises(RefusedError):
            pair(world, finding, {1: "1, 2"}, who)
    pair(world, finding, {1: "1, 2"}, "authority")
    assert states(world, finding) == [RIGHT, WRITE]


def test_what_somebody_linked_is_kept_through_versions(world: World, item: str) -> None:
    pair(world, item, {1: "2", 2: ""})
    now = world.read(lambda s: reading(s, item))
    assert [one.standing for one in now.passages] == [ALONE, RIGHT, WRITE]
    world.do(lambda s: write_anew(s, world.ours, item, "Premier", "Tout premier", Register.PLAIN))
    world.do(lambda s: to_review(s, world.ours, item))
    # The plain paragraph that had no link found its place when it was written anew.
    after = world.read(lambda s: reading(s, item))
    assert set(now.links) <= set(after.links)


def test_a_new_technical_paragraph_is_to_write_then_a_new_plain_one_says_it(world: World, item: str) -> None:
    text = world.read(lambda s: reading(s, item)).item.technical
    assert text is not None
    last = text.paragraphs[-1].source
    world.do(
        lambda s: write_anew(s, world.ours, item, last, f"{last}\n\nMoyens : un poste de veilleur de nuit.")
    )
    assert states(world, item) == [RIGHT, RIGHT, WRITE]
    plain = world.read(lambda s: reading(s, item)).item.plain
    assert plain is not None
    last = plain.paragraphs[-1].source
    words = f"{last}\n\nVous sortirez le soir."
    world.do(lambda s: write_anew(s, world.ours, item, last, words, Register.PLAIN))
    # It speaks of something else: what is to write stays to write.
    assert states(world, item) == [RIGHT, RIGHT, ALONE, WRITE]
    words = "La nuit, un veilleur de plus."
    world.do(lambda s: write_anew(s, world.ours, item, "Vous sortirez le soir.", words, Register.PLAIN))
    assert states(world, item) == [RIGHT, RIGHT, RIGHT]


def test_a_plain_paragraph_that_came_first_is_to_review_once_there_is_something_to_say(
    world: World, item: str
) -> None:
    now = world.read(lambda s: reading(s, item)).item
    assert now.plain is not None
    assert now.technical is not None
    for text, register, found in (
        (now.plain, Register.PLAIN, [RIGHT, RIGHT, ALONE]),
        (now.technical, Register.TECHNICAL, [RIGHT, RIGHT, REVIEW]),
    ):
        last = text.paragraphs[-1].source
        world.do(
            lambda s, last=last, register=register: write_anew(
                s, world.ours, item, last, f"{last}\n\nUn de plus.", register
            )
        )
        assert states(world, item) == found


@pytest.mark.parametrize("typed", [{1: "3"}, {1: "un"}, {1: "0"}, {1: "1 2"}, {2: "-1"}, {1: "99999999999"}])
def test_numbers_that_are_none_are_refused_beside_their_field(
    world: World, item: str, typed: dict[int, str]
) -> None:
    with pytest.raises(InvalidError) as caught:
        pair(world, item, typed)
    assert set(caught.value.errors) == {f"passage_{number}" for number in typed}


def test_an_approval_holds_for_these_very_words(world: World, item: str) -> None:
    approve(world, item)
    assert world.read(lambda s: reading(s, item)).easy
    # The technical text may change: the plain one is to review, and still the one that was approved.
    world.do(lambda s: to_review(s, world.ours, item))
    assert world.read(lambda s: reading(s, item)).easy
    keep(world, item)
    world.do(lambda s: write_anew(s, world.ours, item, "Premier", "Tout premier", Register.PLAIN))
    now = world.read(lambda s: reading(s, item))
    assert (now.easy, now.approval is not None) == (False, True)
    approve(world, item)
    assert world.read(lambda s: reading(s, item)).easy


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"several": False}, "several"),
        ({"held_on": None}, "held_on"),
        ({"held_on": clock.today() + timedelta(days=2)}, "held_on"),
        ({"place": " "}, "place"),
        ({"place": "x" * 161}, "place"),
    ],
)
def test_what_is_missing_of_an_approval_is_asked_beside_its_field(
    world: World, item: str, more: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        approve(world, item, **more)
    assert set(caught.value.errors) == {field}
    assert not world.read(lambda s: reading(s, item)).easy


@pytest.mark.parametrize("who", ["family", "resident", "authority", "moderator"])
def test_the_direction_alone_records_an_approval(world: World, item: str, who: str) -> None:
    with pytest.raises(RefusedError):
        approve(world, item, who)
    approve(world, item, "deputy")


def test_an_approval_recorded_by_mistake_is_taken_back_once_and_the_one_before_holds(
    world: World, item: str
) -> None:
    ours = world.ours
    approve(world, item)
    approve(world, item, place="au salon")
    for number in (2, 1):
        assert world.read(lambda s: reading(s, item)).easy
        world.do(
            lambda s, number=number: service.take_back(
                s, ours["director"].actor, ours.contract_id, item, number
            )
        )
    assert world.read(lambda s: reading(s, item)).approval is None
    for number in (1, 9):
        with pytest.raises(StaleError):
            world.do(
                lambda s, number=number: service.take_back(
                    s, ours["director"].actor, ours.contract_id, item, number
                )
            )


def test_every_act_is_in_the_register_without_words_or_persons(world: World, item: str) -> None:
    world.do(lambda s: to_review(s, world.ours, item))
    keep(world, item)
    pair(world, item, {1: "1", 2: "1"})
    approve(world, item)
    lines = world.read(
        lambda s: s.scalars(
            select(JournalLine.kind).where(JournalLine.object == item).order_by(JournalLine.seq)
        ).all()
    )
    assert [str(getattr(one, "value", one)) for one in lines][-3:] == [
        "plain_reviewed",
        "plain_paired",
        "falc_recorded",
    ]


def test_another_contract_knows_nothing_of_it(world: World, item: str) -> None:
    other = world.other
    number = seen(world, item)
    with pytest.raises(NotFoundError):
        world.do(
            lambda s: service.pair(s, other["director"].actor, other.contract_id, item, {1: "1"}, number)
        )
