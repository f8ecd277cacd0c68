"""No act of one person is found by comparing two readings of everything that others can see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.domain.contributions import service as contributions
from portal.domain.figures import fold as folding
from portal.domain.figures import queries as figures
from portal.domain.journal.queries import audience_frames
from portal.domain.moderation import appeals, reports
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.notifications import mails, watched
from portal.domain.notifications.mails import Outcome
from portal.jobs.digests import prepare
from portal.kernel import clock
from portal.kernel.clock import PARIS
from portal.mail.letters import digest
from portal.realtime import outbound
from portal.vocabulary import (
    Audience,
    ContributionKind,
    ContributionStatus,
    Group,
    MailState,
    ModerationRule,
    ReactionValue,
)
from tests.conftest import World
from tests.factories.notices import follow
from tests.factories.world import a_contribution, a_person
from tests.functional.figures import outlook
from tests.functional.figures.outlook import Outlook, look

pytestmark = pytest.mark.both_stores

VOTERS = (
    "resident",
    "resident_0",
    "resident_1",
    "resident_2",
    "resident_3",
    "family_0",
    "family_1",
    "family_2",
)
VIEWERS = ("family_4", "director", "authority")
# The chain counts its lines: that nothing is missing from it is its proof. What would count persons is none of
# them; one more sealed line tells that something else happened, of several kinds, and about whom it says nothing.
LEDGER = ("/registre",)
ADDRESSES = {"family_4": "f4.tilleuls@exemple.fr", "authority": "authority.tilleuls@exemple.fr"}
# What the inventory must have read, beside pages.
KINDS = ("/suivi/tableur", "/construction/telecharger/docx", "/construction/telecharger/pdf",
         "/demandes/telecharger/docx", "/dossier-cvs/telecharger/docx", "?etablissement=", "?espace=")  # fmt: skip


@pytest.fixture
def store_name() -> str:
    """What is read is the same on both; each reading takes seconds."""
    return "sqlite"


@pytest.fixture
def played(world: World) -> dict[str, str]:
    """Words with eight who agree and two who do not, reported, hidden words appealed by two."""
    ours = world.ours
    said = {
        "said": world.do(
            lambda s: a_contribution(
                s, ours, "family", "Le dîner est trop tôt.", kind=ContributionKind.PROPOSAL
            )
        ),
        "quiet": world.do(lambda s: a_contribution(s, ours, "family_3", "Le bruit du couloir.")),
    }
    for name in ("family_0", "family_1", "resident_3"):
        said[name] = world.do(lambda s, name=name: a_contribution(s, ours, name, "Des mots masqués.", item=2))
        world.do(lambda s, one=said[name]: _hide(s, world, one))
    for name in VOTERS[:7]:
        world.do(lambda s, name=name: _react(s, world, name, said["said"], ReactionValue.AGREE))
    world.do(lambda s: _react(s, world, "resident", said["quiet"], ReactionValue.DISAGREE))
    world.do(lambda s: _report(s, world, "resident", said["said"]))
    for name in ("family_0", "family_1"):
        world.do(lambda s, name=name: appeals.ask(s, ours[name].actor, said[name], "Relisez-moi."))
    return said


def _hide(session: Session, world: World, one: str) -> None:
    why = Reason(ModerationRule.OFF_TOPIC, "Dites-le ailleurs.")
    moderation.hide(session, world.ours["director"].actor, one, Seen(1, ContributionStatus.PUBLISHED), why)


def _react(session: Session, world: World, name: str, one: str, value: ReactionValue) -> None:
    contributions.react(session, world.ours[name].actor, one, value)


def _report(session: Session, world: World, name: str, one: str) -> None:
    reports.report(session, world.ours[name].actor, one, ModerationRule.OFF_TOPIC, "hors sujet")


def frames(world: World) -> dict[str, list[Any]]:
    """Everything that was sent to open pages, by audience: what, never when."""

    def read(session: Session) -> dict[str, list[Any]]:
        found = {}
        for audience in (Audience.READERS, Audience.MODERATORS):
            rows = audience_frames(session, world.ours.space_id, audience.value, 0, 500)
            found[audience.value] = list(outbound.frames(session, rows, audience))
        return found

    with world.app.test_request_context():
        return world.read(read)


def told(differs: dict[tuple[str, str], tuple[list[str], list[str]]]) -> list[str]:
    """Where two readings differ, the chain left out."""
    return [
        f"{name} {path}: {gone[:4]} became {came[:4]}"
        for (name, path), (gone, came) in differs.items()
        if not any(part in path for part in LEDGER)
    ]


def acts(world: World, said: dict[str, str]) -> dict[str, Callable[[Session], Any]]:
    """One more person, of each kind of act that is nobody else's business."""
    return {
        "an eighth reaction, where seven were told by steps": lambda s: _react(
            s, world, VOTERS[7], said["said"], ReactionValue.AGREE
        ),
        "a second reaction, where one is hidden": lambda s: _react(
            s, world, "resident_0", said["quiet"], ReactionValue.DISAGREE
        ),
        "a second report": lambda s: _report(s, world, "resident_0", said["said"]),
        "a third appeal": lambda s: appeals.ask(
            s, world.ours["resident_3"].actor, said["resident_3"], "Relisez-moi."
        ),
        "a new family": lambda s: a_person(s, world.ours, "nouvelle", Group.FAMILIES),
    }


def seen(world: World, said: dict[str, str]) -> Outlook:
    ours = world.ours
    ids = {
        "contract_id": [ours.contract_id],
        "space_id": [ours.space_id],
        "item_id": ours.items[:1],
        "contribution_id": [said["said"]],
        "establishment_id": [ours.establishment_id],
    }
    return look(world, ids, VIEWERS)


def test_two_readings_of_everything_tell_nobody_apart(world: World, played: dict[str, str]) -> None:
    before, live = seen(world, played), frames(world)
    assert len(before.lines) > 60, "the inventory opens too few pages to say anything"
    for kind in KINDS:
        assert any(lines for (_name, path), lines in before.lines.items() if kind in path), kind
    for act in acts(world, played).values():
        world.do(act)
    # An appeal is for who reads appeals and who moderates: its own line is theirs.
    assert told(seen(world, played).differs(before)) == []
    after = frames(world)
    assert after["readers"] == live["readers"]
    assert len(after["moderators"]) == len(live["moderators"]) + 1, "the appeal, and nothing else"


QUIET = (
    "an eighth reaction, where seven were told by steps",
    "a second reaction, where one is hidden",
    "a second report",
    "a new family",
)


def test_the_register_and_each_paper_are_as_long_after_an_act_that_is_nobody_s_to_count(
    world: World, played: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chain included: its lines are counted here as everywhere."""
    monkeypatch.setattr(outlook, "CHAIN", ())
    monkeypatch.setattr(outlook, "CHAIN_TABLE", "\0")
    ids = {"contract_id": [world.ours.contract_id]}
    before = look(world, ids, VIEWERS[:1])
    assert any("/registre" in path for _name, path in before.lines)
    for name in QUIET:
        world.do(acts(world, played)[name])
    assert look(world, ids, VIEWERS[:1]).differs(before) == {}
    world.do(acts(world, played)["a third appeal"])
    assert look(world, ids, VIEWERS[:1]).differs(before), "a line of the chain is seen"


def letters(world: World, days: int) -> dict[str, str]:
    """The letters of a morning to those who look and do not moderate, by name."""
    day = clock.paris(clock.now()).date() + timedelta(days=days)
    at = datetime(day.year, day.month, day.day, 9, 0, tzinfo=PARIS)
    follow(world)
    while days == 1 and world.do(lambda session: watched.choose(session, at)):
        pass
    world.do(lambda session: prepare(session, at))
    found = {}
    while (claimed := world.do(lambda session: mails.claim(session, at))) is not None:
        with world.app.app_context():
            found[claimed.address] = digest(claimed, "https://portail.exemple").text
        sent = partial(mails.settle, mail_id=claimed.id, outcome=Outcome(MailState.SENT), at=at)
        world.do(sent)
    return {name: found[address] for name, address in ADDRESSES.items() if address in found}


def test_no_letter_tells_of_one_more_act(world: World, played: dict[str, str]) -> None:
    # What opened, then what an authority may look at this week.
    assert letters(world, 1).keys() == ADDRESSES.keys()
    assert letters(world, 2).keys() == {"authority"}
    for act in acts(world, played).values():
        world.do(act)
    assert letters(world, 3) == {}


def test_control_exact_numbers_are_found(
    world: World, played: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "stepped", lambda number: number)
    ids = {
        "space_id": [world.ours.space_id],
        "item_id": [world.ours.items[0]],
        "contract_id": [world.ours.contract_id],
    }
    before = look(world, ids, VIEWERS[:1])
    world.do(lambda s: _react(s, world, VOTERS[7], played["said"], ReactionValue.AGREE))
    found = told(before.differs(look(world, ids, VIEWERS[:1])))
    for path in ("/sujets/", "/demandes:", "/demandes/telecharger/docx:", "/demandes/telecharger/pdf:"):
        assert any(path in one and "7" in one and "8" in one for one in found), path
    assert folding.stepped(7) == folding.SMALL
