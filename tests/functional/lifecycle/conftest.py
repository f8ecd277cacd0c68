"""What the tests of this noun share: their address, and an authority that signs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts.models import ContractAuthority
from portal.domain.organisations.models import Organisation
from portal.kernel.ids import new_id
from portal.vocabulary import AuthorityKind
from tests.conftest import World
from tests.functional.pages.test_queries import questions


@pytest.fixture
def here(world: World) -> str:
    """The page of the life of our contract."""
    return f"/contrats/{world.ours.contract_id}/vie"


@pytest.fixture
def sign(world: World) -> Callable[[str], str]:
    """An authority signs our contract; its id."""

    def one(name: str = "ARS du Val") -> str:
        authority = new_id()

        def write(session: Session) -> None:
            session.add(Organisation(id=authority, name=name, authority=AuthorityKind.ARS))
            session.flush()
            session.add(ContractAuthority(contract_id=world.ours.contract_id, organisation_id=authority))

        world.do(write)
        return authority

    return one


@pytest.fixture
def counted() -> Callable[[Callable[[], object]], int]:
    """How many questions an act asks the database, the second time."""

    def count(act: Callable[[], object]) -> int:
        act()
        with questions() as seen:
            act()
        return len(seen)

    return count
