"""A contract at the stage of its negotiation, signed by one authority; and its negotiation once it is open."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract
from portal.domain.negotiation import service, wording
from portal.domain.negotiation.models import Piece
from portal.domain.negotiation.wording import Typed
from portal.policy.actor import Actor
from portal.vocabulary import Register, Stage
from tests.conftest import World
from tests.factories.lifecycle import an_authority

NEW = "Le dîner est servi à dix-neuf heures."
REASON = "Les familles l’ont demandé, et l’autorité le finance."


@dataclass
class Table:
    """The negotiation of our contract, seen by a test."""

    world: World

    @property
    def id(self) -> str:
        return self.world.ours.contract_id

    @property
    def here(self) -> str:
        return f"/contrats/{self.id}/negociation"

    @property
    def item(self) -> str:
        return self.world.ours.items[0]

    def actor(self, name: str) -> Actor:
        return self.world.ours[name].actor

    def stage(self, stage: Stage) -> None:
        def write(session: Session) -> None:
            session.get_one(Contract, self.id).stage = stage

        self.world.do(write)

    def open(self) -> None:
        self.world.do(lambda s: service.open_(s, self.actor("director"), self.id, 0))

    def point(self, title: str = "L’heure du dîner", about: str | None = None, position: str = "") -> str:
        code = f"sujet:{self.item}" if about is None else about
        return self.world.do(
            lambda s: service.add_point(s, self.actor("director"), self.id, title, code, position)
        )

    def paragraph(self, register: Register = Register.PLAIN, number: int = 0) -> str:
        def read(session: Session) -> str:
            item = contracts.item(session, self.item)
            assert item is not None
            text = item.text(register)
            assert text is not None
            return text.paragraphs[number].stable_id

        return self.world.do(read)

    def propose(self, point: str, words: str = NEW, *, seen: int = 0, by: str = "director") -> int:
        typed = Typed({Piece.PLAIN: (self.paragraph(), words)}, REASON)
        return self.world.do(lambda s: wording.propose(s, self.actor(by), self.id, point, typed, seen))

    def agree(self, point: str, number: int = 1, *, by: str = "authority", agrees: bool = True) -> None:
        self.world.do(lambda s: wording.agree(s, self.actor(by), self.id, point, number, agrees=agrees))

    def apply(self, point: str, number: int = 1, *, by: str = "authority") -> None:
        self.world.do(lambda s: wording.apply(s, self.actor(by), self.id, point, number))


@pytest.fixture
def table(world: World) -> Table:
    """A contract that is being negotiated; nothing is open yet."""
    world.do(lambda s: an_authority(s, world.ours.contract_id, "ARS du Val"))
    found = Table(world)
    found.stage(Stage.NEGOTIATION)
    return found


@pytest.fixture
def opened(table: Table) -> Table:
    """The same, with its zone open."""
    table.open()
    return table
