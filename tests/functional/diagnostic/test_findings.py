"""The findings: who writes which, on what state, and what stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Leeway
from portal.domain.contracts.queries import ItemView
from portal.domain.diagnostic import axes, queries, service, validation
from portal.domain.diagnostic.models import ValidationState
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.spaces import queries as spaces
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.vocabulary import FindingKind, ItemKind, Register
from tests.conftest import World
from tests.factories.diagnostic import a_finding, two_authorities, typed, version_of
from tests.factories.world import a_contribution

WHY = "Nous l’avions déjà écrit plus haut."


def item(world: World, finding: str) -> ItemView:
    found = world.read(lambda s: contracts.item(s, finding))
    assert found is not None
    return found


def lines(world: World, kind: FactKind) -> int:
    query = select(JournalLine.seq).where(
        JournalLine.kind == kind.value, JournalLine.contract_id == world.ours.contract_id
    )
    return len(world.read(lambda s: s.scalars(query).all()))


def rewrite(world: World, finding: str, who: str = "director", **more: Any) -> None:
    ours, seen = world.ours, more.pop("seen", None)
    version = seen or world.read(lambda s: version_of(s, finding))
    wanted = typed(ours, **more)
    world.do(lambda s: service.rewrite(s, ours[who].actor, ours.contract_id, finding, wanted, version))


@pytest.mark.parametrize("who", ["director", "deputy", "authority"])
def test_each_party_adds_its_own_with_the_next_number(world: World, who: str) -> None:
    agency, _county = world.do(lambda s: two_authorities(s, world.ours))
    finding = world.do(
        lambda s: a_finding(
            s,
            world.ours,
            who,
            evidence="Relevé sur 14 jours, 2026 : 13 heures.",
            places=frozenset({world.ours.establishment_id}),
            leeway={"open": "L’heure du dîner.", "open_by": "la direction"},
        )
    )
    found = item(world, finding)
    assert (found.number, found.axis, found.finding_kind) == (4, "Vie quotidienne", FindingKind.TO_IMPROVE)
    assert found.by_authority_id == (agency if who == "authority" else None)
    assert found.plain is not None
    assert len(found.plain.paragraphs) == 2
    assert found.leeway.open == "L’heure du dîner."
    shown = world.read(lambda s: queries.finding(s, world.ours.contract_id, finding))
    assert shown is not None
    assert shown.places == ((world.ours.establishment_id, "Maison Tilleuls"),)
    assert lines(world, FactKind.FINDING_ADDED) == 1


@pytest.mark.parametrize("who", ["resident", "family", "moderator", "manager"])
def test_nobody_else_adds_one(world: World, who: str) -> None:
    with pytest.raises(RefusedError):
        world.do(lambda s: a_finding(s, world.ours, who))
    assert lines(world, FactKind.FINDING_ADDED) == 0


def test_an_agent_of_no_known_authority_is_told_so(world: World) -> None:
    with pytest.raises(InvalidError, match="pour quelle autorité"):
        world.do(lambda s: a_finding(s, world.ours, "authority"))


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title": ""}, {"title"}),
        ({"plain": "", "technical": " "}, {"plain", "technical"}),
        ({"kind": None, "axis_id": "a" * 26}, {"kind", "axis_id"}),
        ({"evidence": "x" * 301, "places": frozenset({"b" * 26})}, {"evidence", "places"}),
        ({"leeway": {"decided": "Le budget."}, "title": "x" * 201}, {"decided_by", "title"}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(world: World, wrong: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_finding(s, world.ours, **wrong))
    assert refused.value.errors.keys() == fields
    world.do(lambda s: a_finding(s, world.ours))


def test_an_axis_of_another_contract_is_not_there(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: a_finding(s, world.ours, axis_id=world.other.axis_id))
    assert refused.value.errors.keys() == {"axis_id"}


def test_words_are_written_anew_as_versions_and_what_was_said_keeps_its_place(world: World) -> None:
    finding = world.ours.items[0]
    said = world.do(lambda s: a_contribution(s, world.ours))
    before = item(world, finding)
    assert before.plain is not None
    first, second = before.plain.paragraphs
    rewrite(
        world,
        finding,
        title="Le soir",
        plain=f"{first.source}\n\nLe dîner sera servi à 19 heures.",
        technical="B.",
    )
    after = item(world, finding)
    assert after.plain is not None
    assert after.technical is not None
    assert (after.title, after.plain.version, after.technical.version) == ("Le soir", 2, 2)
    assert [one.stable_id for one in after.plain.paragraphs] == [first.stable_id, second.stable_id]
    assert said
    assert lines(world, FactKind.FINDING_CHANGED) == 1
    assert lines(world, FactKind.TEXT_CHANGED) == 2


def test_what_did_not_change_is_said_and_one_text_may_change_alone(world: World) -> None:
    finding = world.do(lambda s: a_finding(s, world.ours))
    with pytest.raises(InvalidError, match="rien changé"):
        rewrite(world, finding)
    rewrite(world, finding, plain="Le soir, on a très faim.")
    found = item(world, finding)
    assert found.plain is not None
    assert found.technical is not None
    assert (found.plain.version, found.technical.version) == (2, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": FindingKind.VIGILANCE},
        {"evidence": "Enquête de 2026."},
        {"leeway": {"open": "Tout.", "open_by": "la direction"}},
        {"places": "here"},
    ],
)
def test_what_is_not_a_text_changes_too(world: World, change: dict[str, Any]) -> None:
    if change.get("places"):
        change = {"places": frozenset({world.ours.establishment_id})}
    finding = world.do(lambda s: a_finding(s, world.ours))
    before = item(world, finding).version
    rewrite(world, finding, **change)
    assert item(world, finding).version == before + 1
    with pytest.raises(InvalidError, match="rien changé"):
        rewrite(world, finding, **change)


def test_a_finding_is_rewritten_by_its_own_party_alone(world: World) -> None:
    world.do(lambda s: two_authorities(s, world.ours))
    own = world.do(lambda s: a_finding(s, world.ours))
    theirs = world.do(lambda s: a_finding(s, world.ours, "authority"))
    for finding, allowed, refused in ((own, "deputy", "authority"), (theirs, "authority", "director")):
        with pytest.raises(RefusedError):
            rewrite(world, finding, refused, title="Autre")
        rewrite(world, finding, allowed, title="Autre")
        assert item(world, finding).title == "Autre"
    with pytest.raises(RefusedError):
        rewrite(world, theirs, "county", title="Encore un autre")


def test_two_who_write_see_both_states_and_another_contract_is_not_there(world: World) -> None:
    finding = world.do(lambda s: a_finding(s, world.ours))
    seen = world.read(lambda s: version_of(s, finding))
    rewrite(world, finding, plain="Autres mots.", seen=seen)
    with pytest.raises(StaleError):
        rewrite(world, finding, title="Trop tard", seen=seen)
    with pytest.raises(NotFoundError):
        rewrite(world, world.other.items[0], title="Ailleurs", seen=3)
    with pytest.raises(NotFoundError):
        rewrite(world, world.ours.objectives[0], title="Objectif", seen=3)


def test_it_moves_to_another_axis_and_keeps_its_number(world: World) -> None:
    world.do(lambda s: two_authorities(s, world.ours))
    director, here = world.ours["director"].actor, world.ours.contract_id
    theirs = world.do(lambda s: a_finding(s, world.ours, "authority"))
    other = world.do(lambda s: axes.add(s, director, here, "Le soir", "Que se passe-t-il le soir ?"))
    before = item(world, theirs)

    def move(who: str, axis: str) -> None:
        person = world.ours[who].actor
        world.do(lambda s: service.move(s, person, here, theirs, axis, before.version))

    def declared() -> ValidationState:
        found = world.read(lambda s: queries.finding(s, here, theirs))
        assert found is not None
        return found.standings[0].state

    world.do(
        lambda s: validation.declare(s, director, here, theirs, ValidationState.VALIDATED, "", before.version)
    )

    with pytest.raises(RefusedError):
        move("authority", other)
    with pytest.raises(InvalidError):
        move("director", world.other.axis_id)
    move("director", other)
    with pytest.raises(StaleError):
        move("director", world.ours.axis_id)
    after = item(world, theirs)
    assert (after.axis, after.number, after.version) == ("Le soir", before.number, before.version + 1)
    assert declared() is ValidationState.VALIDATED, "no word changed"
    rewrite(world, theirs, "authority")
    assert item(world, theirs).axis == "Vie quotidienne"
    assert declared() is ValidationState.VALIDATED


def test_it_leaves_with_a_reason_stays_readable_and_may_come_back(world: World) -> None:
    director, here, finding = world.ours["director"].actor, world.ours.contract_id, world.ours.items[0]
    world.do(lambda s: a_contribution(s, world.ours))
    seen = world.read(lambda s: version_of(s, finding))
    with pytest.raises(InvalidError) as refused:
        world.do(lambda s: service.withdraw(s, director, here, finding, "Non", seen))
    assert "reason" in refused.value.errors
    world.do(lambda s: service.withdraw(s, director, here, finding, WHY, seen))
    found = item(world, finding)
    assert (found.withdrawn_reason, str(found.withdrawn_by)) == (WHY, "la direction")
    assert finding in world.read(lambda s: spaces.item_ids(s, world.ours.space_id))
    assert finding not in world.read(lambda s: contracts.item_ids(s, here, ItemKind.FINDING))
    assert [one.id for one in world.read(lambda s: queries.withdrawn(s, here))] == [finding]
    with pytest.raises(StaleError):
        rewrite(world, finding, title="Trop tard")
    # Its number is nobody else's.
    assert item(world, world.do(lambda s: a_finding(s, world.ours))).number == 4
    world.do(lambda s: service.restore(s, director, here, finding))
    assert item(world, finding).withdrawn_at is None
    with pytest.raises(StaleError):
        world.do(lambda s: service.restore(s, director, here, finding))
    assert lines(world, FactKind.FINDING_WITHDRAWN) == lines(world, FactKind.FINDING_RESTORED) == 1


def test_the_leeway_of_findings_written_before_is_kept_where_it_does_not_change(world: World) -> None:
    finding = world.ours.items[0]
    now = item(world, finding)
    assert now.plain is not None
    assert now.technical is not None
    kept = {name: getattr(now.leeway, name) for name in ("decided", "decided_by", "open", "open_by")}
    rewrite(
        world, finding, title="Autre", plain=now.plain.source, technical=now.technical.source, leeway=kept
    )
    row = world.read(lambda s: s.get_one(Leeway, finding))
    assert (row.decided, row.open_by, row.out_of_reach) == ("Le budget.", "la direction", "")
    assert item(world, finding).text(Register.PLAIN) == now.plain
