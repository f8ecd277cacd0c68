"""Each party says where it stands towards a finding, and its word holds for the words that it read."""

from __future__ import annotations

import pytest

from portal.domain.diagnostic import queries, service, validation
from portal.domain.diagnostic.models import ValidationState as V
from portal.domain.diagnostic.queries import Wanted
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from tests.conftest import World
from tests.factories.diagnostic import a_finding, two_authorities, typed, version_of

WHY = "Le nombre de places reste à vérifier ensemble."


def say(
    world: World, finding: str, who: str, state: V | None, reason: str = "", seen: int | None = None
) -> None:
    ours = world.ours
    version = seen or world.read(lambda s: version_of(s, finding))
    world.do(
        lambda s: validation.declare(s, ours[who].actor, ours.contract_id, finding, state, reason, version)
    )


def stands(world: World, finding: str) -> list[V]:
    found = world.read(lambda s: queries.finding(s, world.ours.contract_id, finding))
    assert found is not None
    return [one.state for one in found.standings]


@pytest.fixture
def finding(world: World) -> str:
    world.do(lambda s: two_authorities(s, world.ours))
    return world.do(lambda s: a_finding(s, world.ours))


def test_each_party_speaks_for_itself(world: World, finding: str) -> None:
    assert stands(world, finding) == [V.NOT_YET, V.NOT_YET, V.NOT_YET]
    say(world, finding, "director", V.VALIDATED)
    say(world, finding, "county", V.RESERVED, WHY)
    assert stands(world, finding) == [V.VALIDATED, V.NOT_YET, V.RESERVED]
    found = world.read(lambda s: queries.finding(s, world.ours.contract_id, finding))
    assert found is not None
    assert [(one.party.name, str(one.by_function or ""), one.reason) for one in found.standings] == [
        ("Association Tilleuls", "la direction", ""),
        ("ARS du Val", "", ""),
        ("Département du Val", "une autorité", WHY),
    ]


@pytest.mark.parametrize("who", ["resident", "deputy", "moderator", "board"])
def test_nobody_else_validates(world: World, finding: str, who: str) -> None:
    with pytest.raises(RefusedError):
        say(world, finding, who, V.VALIDATED)
    assert stands(world, finding) == [V.NOT_YET, V.NOT_YET, V.NOT_YET]


def test_a_reservation_has_its_reason_and_a_word_may_be_taken_back(world: World, finding: str) -> None:
    for state, field in (
        (V.RESERVED, "reason"),
        (None, "state"),
        (V.TO_REVIEW, "state"),
        (V.NOT_YET, "state"),
    ):
        with pytest.raises(InvalidError) as refused:
            say(world, finding, "authority", state)
        assert refused.value.errors.keys() == {field}
        if state is V.NOT_YET:
            assert "choisissez" in refused.value.errors[field][0], "it says what to do"
    say(world, finding, "authority", V.RESERVED, WHY)
    say(world, finding, "authority", V.VALIDATED)
    say(world, finding, "authority", V.NOT_YET)
    assert stands(world, finding)[1] is V.NOT_YET


def test_other_words_put_the_other_parties_back_to_review(world: World, finding: str) -> None:
    for who in ("director", "authority"):
        say(world, finding, who, V.VALIDATED)
    say(world, finding, "county", V.RESERVED, WHY)
    seen, ours = world.read(lambda s: version_of(s, finding)), world.ours
    wanted = typed(ours, plain="D’autres mots.")
    world.do(lambda s: service.rewrite(s, ours["director"].actor, ours.contract_id, finding, wanted, seen))
    assert stands(world, finding) == [V.VALIDATED, V.TO_REVIEW, V.TO_REVIEW]
    with pytest.raises(StaleError, match="changé"):
        say(world, finding, "authority", V.VALIDATED, seen=seen)
    say(world, finding, "authority", V.VALIDATED)
    assert stands(world, finding) == [V.VALIDATED, V.VALIDATED, V.TO_REVIEW]


def test_what_waits_for_a_party_is_found(world: World, finding: str) -> None:
    here = world.ours.contract_id
    parties = world.read(lambda s: queries.parties(s, here))
    county = parties[2].id

    def waiting() -> set[str]:
        page = world.read(lambda s: queries.page(s, here, Wanted(waits_for=county), parties))
        return {one.item.id for one in page.findings}

    everything = {*world.ours.items, finding}
    assert waiting() == everything
    say(world, finding, "county", V.RESERVED, WHY)
    assert waiting() == everything - {finding}
    assert world.read(lambda s: queries.waits(s, here, county))
    assert not world.read(lambda s: queries.waits(s, here, None))


def test_what_is_withdrawn_or_elsewhere_is_not_validated(world: World, finding: str) -> None:
    ours = world.ours
    with pytest.raises(NotFoundError):
        say(world, world.other.items[0], "director", V.VALIDATED)
    seen = world.read(lambda s: version_of(s, finding))
    world.do(lambda s: service.withdraw(s, ours["director"].actor, ours.contract_id, finding, WHY, seen))
    with pytest.raises(StaleError):
        say(world, finding, "authority", V.VALIDATED)
