"""An authority reads that findings wait for an authority's word, while the diagnostic is written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, Finding
from portal.domain.diagnostic import validation
from portal.domain.diagnostic.models import ValidationState
from portal.kernel import clock
from portal.vocabulary import Stage
from tests.conftest import World
from tests.factories.diagnostic import a_finding, two_authorities, version_of

TOLD = "Des constats du diagnostic attendent qu’une autorité dise si elle les valide."


@pytest.fixture
def writing(world: World) -> World:
    """Our contract at its diagnostic, with two authorities that said nothing yet of its findings."""

    def begin(session: Session) -> None:
        two_authorities(session, world.ours)
        contract = session.get_one(Contract, world.ours.contract_id)
        # Nothing else is near, which would be told first.
        contract.stage, contract.starts_on = Stage.DIAGNOSTIC, contract.starts_on + timedelta(days=365)

    world.do(begin)
    return world


def speak(world: World, who: str) -> None:
    """An authority validates all findings as they read now."""

    def say(session: Session) -> None:
        ours = world.ours
        for finding in session.scalars(select(Finding.id).where(Finding.contract_id == ours.contract_id)):
            seen = version_of(session, finding)
            validation.declare(
                session, ours[who].actor, ours.contract_id, finding, ValidationState.VALIDATED, "", seen
            )

    world.do(say)


def told(world: World) -> bool:
    return TOLD in world.client("authority").see("/suivi").words


def test_findings_are_a_reason_to_look_until_every_authority_spoke(writing: World) -> None:
    assert told(writing)
    speak(writing, "authority")
    assert told(writing)
    speak(writing, "county")
    assert not told(writing)
    writing.do(lambda s: a_finding(s, writing.ours, title="Un constat de plus"))
    assert told(writing)


def test_what_the_organisation_alone_has_to_say_is_no_reason_for_an_authority(writing: World) -> None:
    speak(writing, "authority")
    speak(writing, "county")
    assert not told(writing)


def test_after_the_diagnostic_nothing_is_asked(writing: World) -> None:
    def go_on(session: Session) -> None:
        session.get_one(Contract, writing.ours.contract_id).stage = Stage.OBJECTIVES

    writing.do(go_on)
    assert not told(writing)


def test_a_contract_without_findings_asks_nothing(writing: World) -> None:
    def empty(session: Session) -> None:
        for one in session.scalars(select(Finding).where(Finding.contract_id == writing.ours.contract_id)):
            one.withdrawn_at = clock.now()

    writing.do(empty)
    assert not told(writing)
