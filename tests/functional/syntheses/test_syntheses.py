"""A synthesis, on both databases: written by two, published, corrected, and what is no longer to be read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contributions import service as contributions
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.contributions.rules import Words
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.register import service as register
from portal.domain.syntheses import queries, rules, service
from portal.domain.syntheses.models import SynthesisCitation
from portal.domain.syntheses.queries import SynthesisView
from portal.domain.syntheses.rules import Part
from portal.domain.syntheses.service import NewDraft
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.vocabulary import ContributionStatus, ModerationRule
from tests.conftest import World
from tests.factories.syntheses import a_draft, a_synthesis, ended
from tests.factories.world import a_contribution

QUOTE = "le canari jaune chante trop tôt"
WHY = Reason(ModerationRule.OFF_TOPIC, "Dites-le ailleurs.")


@pytest.fixture
def said(world: World) -> list[str]:
    """A family, a resident and a professional spoke."""
    return [
        world.do(lambda s: a_contribution(s, world.ours, "family", f"Je trouve que {QUOTE}, le matin.")),
        world.do(lambda s: a_contribution(s, world.ours, "resident", "Le bruit du couloir.", item=1)),
        world.do(lambda s: a_contribution(s, world.ours, "professional", "Il manque un chariot.")),
    ]


def read(world: World, number: int | None = None, *, readable: bool = True) -> SynthesisView:
    view = world.read(lambda s: queries.published(s, world.ours.space_id, number, readable=readable))
    assert view is not None
    return view


def shown(view: SynthesisView) -> str:
    """Every word of a view."""
    return repr(view)


def test_a_quote_that_nobody_said_is_refused_and_nothing_is_kept(world: World, said: list[str]) -> None:
    with pytest.raises(InvalidError) as told:
        world.do(lambda s: a_draft(s, world.ours, ("Les repas", rules.mark(said[0], "le chien dort"))))
    assert list(told.value.errors) == ["part-1-source"]
    assert world.read(lambda s: queries.draft(s, world.ours.space_id)).version == 0


def test_words_of_another_space_or_refused_are_not_cited(world: World, said: list[str]) -> None:
    elsewhere = world.do(lambda s: a_contribution(s, world.other))
    world.do(
        lambda s: moderation.hide(
            s, world.ours["director"].actor, said[1], Seen(1, ContributionStatus.PUBLISHED), WHY
        )
    )
    for one in (elsewhere, said[1]):
        with pytest.raises(InvalidError):
            world.do(lambda s, one=one: a_draft(s, world.ours, ("Les repas", rules.mark(one))))


def test_many_marks_are_read_in_one_list(world: World, said: list[str]) -> None:
    """A chain of as many conditions has a limit of its own."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    several = [f"aa{first}{second}aaaa" for first in letters for second in letters]
    parts = [
        ("Titre", " ".join(f"[c:{ref}]" for ref in several[start : start + 60]))
        for start in range(0, 676, 60)
    ]
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_draft(s, world.ours, *parts))
    assert "part-1-source" in refused.value.errors
    crowd = [
        (
            "Titre",
            " ".join(f"[c:aa{part}{first}{second}aaa]" for first in letters[:15] for second in letters[:20]),
        )
        for part in letters[:12]
    ]
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_draft(s, world.ours, *crowd))
    assert "60" in refused.value.errors["part-1-source"][0]


def test_two_writers_collide_and_both_texts_are_there(world: World, said: list[str]) -> None:
    world.do(lambda s: a_draft(s, world.ours, ("Les repas", "Premier texte.")))
    late = NewDraft((Part("Les repas", "Mon texte."),), seen=0)
    with pytest.raises(StaleError) as told:
        world.do(lambda s: service.save(s, world.ours["deputy"].actor, world.ours.space_id, late))
    assert told.value.current.parts == (Part("Les repas", "Premier texte."),)


def test_a_part_without_a_citation_is_not_published(world: World, said: list[str]) -> None:
    world.do(lambda s: ended(s, world.ours))
    seen = world.do(lambda s: a_draft(s, world.ours, ("Les repas", "Rien de cité.")))
    with pytest.raises(InvalidError) as told:
        world.do(lambda s: service.publish(s, world.ours["director"].actor, world.ours.space_id, seen=seen))
    assert list(told.value.errors) == ["parts"]


def test_it_is_published_once_people_have_spoken(world: World, said: list[str]) -> None:
    seen = world.do(lambda s: a_draft(s, world.ours, ("Les repas", rules.mark(said[0]))))
    with pytest.raises(RefusedError):
        world.do(lambda s: service.publish(s, world.ours["director"].actor, world.ours.space_id, seen=seen))


def test_what_is_published_cites_and_says_what_it_does_not(world: World, said: list[str]) -> None:
    world.do(
        lambda s: a_synthesis(s, world.ours, ("Le matin", f"On entend {rules.mark(said[0], QUOTE)} souvent."))
    )
    view = read(world)
    (citation,) = [one.citation for one in view.parts[0].pieces if one.citation]
    assert citation is not None
    assert (citation.quote, citation.stone, citation.url) == (QUOTE, False, f"/contributions/{said[0]}")
    assert (view.uncited.said, view.uncited.number, view.uncited.cited) == (3, 2, 1)
    (page, following) = world.read(lambda s: queries.uncited_page(s, view, size=1))
    assert page[0][0].id == said[1]
    assert world.read(lambda s: queries.uncited_page(s, view, after=following))[0][0][0].id == said[2]
    lines = world.read(
        lambda s: list(
            s.scalars(
                select(JournalLine.object).where(JournalLine.kind == FactKind.SYNTHESIS_PUBLISHED.value)
            )
        )
    )
    assert lines == [world.ours.space_id]


def test_who_does_not_read_the_space_reads_quotes_without_their_place(world: World, said: list[str]) -> None:
    world.do(lambda s: a_synthesis(s, world.ours, ("Le matin", rules.mark(said[0], QUOTE))))
    view = read(world, readable=False)
    (citation,) = [one.citation for one in view.parts[0].pieces if one.citation]
    assert citation is not None
    assert (citation.quote, citation.url, citation.who, citation.contribution_id) == (QUOTE, "", "", "")
    assert said[0] not in shown(view)


def test_a_new_version_keeps_the_old_one_and_says_why(world: World, said: list[str]) -> None:
    world.do(lambda s: a_synthesis(s, world.ours, ("Le matin", f"Avant, le bruit. {rules.mark(said[0])}")))
    again = ("Le matin", f"Après, le bruit. {rules.mark(said[0])} {rules.mark(said[1])}")
    with pytest.raises(InvalidError):
        world.do(lambda s: a_synthesis(s, world.ours, again))
    world.do(lambda s: a_synthesis(s, world.ours, again, reason="Un oubli réparé."))
    old, new = read(world, 1), read(world)
    assert (old.latest, new.latest, new.version.reason) == (False, True, "Un oubli réparé.")
    assert [one.number for one in new.versions] == [2, 1]
    assert "Avant, le bruit." in shown(old)
    assert {one.kind for part in new.changes for one in part} >= {"added", "removed"}
    kinds = world.read(lambda s: list(s.scalars(select(JournalLine.kind).order_by(JournalLine.seq))))
    assert kinds.count(FactKind.SYNTHESIS_CORRECTED.value) == 1


def hide(world: World, one: str) -> None:
    world.do(
        lambda s: moderation.hide(
            s, world.ours["director"].actor, one, Seen(1, ContributionStatus.PUBLISHED), WHY
        )
    )


def withdraw(world: World, one: str) -> None:
    world.do(lambda s: contributions.withdraw(s, world.ours["family"].actor, one))


def erase(world: World, one: str) -> None:
    world.do(lambda s: register.ask_erasure(s, world.ours["family"].actor, one))
    world.do(lambda s: register.confirm_erasure(s, world.ours["director"].actor, one))


@pytest.mark.parametrize("gone", [hide, withdraw, erase])
def test_words_that_are_gone_leave_a_stone_and_no_word(
    world: World, said: list[str], gone: Callable[[World, str], None]
) -> None:
    world.do(lambda s: a_synthesis(s, world.ours, ("Le matin", f"Ceci {rules.mark(said[0], QUOTE)} cela.")))
    gone(world, said[0])
    for readable in (True, False):
        view = read(world, readable=readable)
        (citation,) = [one.citation for one in view.parts[0].pieces if one.citation]
        assert citation is not None
        assert citation.stone
        assert QUOTE not in shown(view)
    assert QUOTE not in repr(world.read(lambda s: queries.draft(s, world.ours.space_id)))
    if gone is erase:
        kept = world.read(lambda s: list(s.scalars(select(SynthesisCitation.quote))))
        assert kept == ["", ""], "of what is written and of what was published"


ACTS = ("hide", "approve", "correct", "withdraw", "erase", "again")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_decided_no_unpublished_word_is_shown(world: World, seed: int) -> None:
    dice, house = Random(seed), world.ours
    bodies = {number: f"Je trouve que le canari {number} chante trop tôt, le matin." for number in range(6)}
    said = [world.do(lambda s, one=one: a_contribution(s, house, "family", one)) for one in bodies.values()]
    words = {one: f"le canari {number} chante trop tôt" for number, one in enumerate(said)}
    world.do(lambda s: a_synthesis(s, house, *_parts(words)))
    for _turn in range(24):
        one, act = dice.choice(said), dice.choice(ACTS)
        with suppress(RefusedError, StaleError, InvalidError):
            world.do(lambda s, one=one, act=act: _act(s, world, one, act, words))
        world.read(lambda s: _check(s, world, words))


def _check(session: Session, world: World, words: dict[str, str]) -> None:
    published = ContributionStatus.PUBLISHED
    rows = {row.id: row for row in session.scalars(select(Contribution).where(Contribution.id.in_(words)))}
    for readable in (True, False):
        view = queries.published(session, world.ours.space_id, readable=readable)
        for one, quote in words.items():
            told = quote in repr(view) or quote in repr(queries.draft(session, world.ours.space_id))
            assert not told or rows[one].status is published, f"{one} {rows[one].status}"


def _parts(words: dict[str, str]) -> list[tuple[str, str]]:
    return [("Le matin", " ".join(rules.mark(one, quote) for one, quote in words.items()))]


def _act(session: Session, world: World, one: str, act: str, words: dict[str, str]) -> None:
    director, author = world.ours["director"].actor, world.ours["family"].actor
    row = session.scalars(select(Contribution).where(Contribution.id == one)).one()
    if act == "hide":
        moderation.hide(session, director, one, Seen(row.version, row.status), WHY)
    elif act == "approve":
        moderation.approve(session, director, one, Seen(row.version, row.status))
    elif act == "correct":
        contributions.correct(session, author, one, Words("D’autres mots, sans oiseau."), version=row.version)
    elif act == "withdraw":
        contributions.withdraw(session, author, one)
    elif act == "erase":
        register.ask_erasure(session, author, one)
        register.confirm_erasure(session, director, one)
    else:
        left = {id_: quote for id_, quote in words.items() if _quotable(session, id_, quote)}
        a_synthesis(session, world.ours, *_parts(left), reason="De nouveau relue.")


def _quotable(session: Session, one: str, quote: str) -> bool:
    row = session.scalars(select(Contribution).where(Contribution.id == one)).one()
    version = session.get(ContributionVersion, (one, row.shown_version or 0))
    return row.status is ContributionStatus.PUBLISHED and version is not None and quote in version.source
