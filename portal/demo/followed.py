"""The other contracts that an authority of the demonstration follows: light, so that its page lives."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.demo import contract_file, life, loader, synthesis
from portal.demo.contract_file import ContractFile, ItemEntry, PartyEntry, PlaceEntry
from portal.demo.reading import why, word
from portal.domain.contracts.models import ContractAuthority
from portal.domain.participants import queries as participants
from portal.domain.participants import service as members
from portal.domain.spaces import service as spaces
from portal.kernel.clock import paris
from portal.kernel.errors import NotFoundError
from portal.vocabulary import (
    AuthorityKind,
    FindingKind,
    Group,
    ItemKind,
    ModerationMode,
    Register,
    Role,
    SpaceObject,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.policy.actor import Actor

AGENCY = "Agence régionale de santé Val-et-Rivières"
YEARS = 5
OPEN_FOR, ANSWER_DAYS = timedelta(days=6), 30
SPOKEN_FOR = timedelta(days=20)


def bring(session: Session, table: Mapping[str, Any], account_id: str, at: datetime) -> None:
    """Write the contracts of the table, followed by the account as an agent of the agency."""
    for entry in table["contrats"]:
        _one(session, table, {"raisons": table["raisons"], **entry}, account_id, at)


def _one(
    session: Session, table: Mapping[str, Any], entry: Mapping[str, Any], account_id: str, at: datetime
) -> None:
    today = paris(at).date()
    if "paroles" in entry:
        at -= SPOKEN_FOR
    loaded = loader.write(session, _file(entry, today), demonstration=True, at=at)
    contract_id = loaded.contract_id
    parties = select(ContractAuthority).where(ContractAuthority.contract_id == contract_id)
    for row in session.scalars(parties):
        row.referent_function, row.referent_contact = table["referente"], table["contact"]
    agent = members.add_member(session, contract_id, Group.AUTHORITIES, None, account_id=account_id, at=at)
    members.give_role(session, agent.id, Role.AUTHORITY_AGENT)
    if "vie" in entry:
        life.Scribe(session, _director(session, contract_id, at), at).write(entry["vie"])
    if "espace" in entry:
        director, space_id = _space(session, entry, loaded, at)
        if "paroles" in entry:
            synthesis.tell(session, director, space_id, loaded, entry, at)


def _file(entry: Mapping[str, Any], today: date) -> ContractFile:
    starts_on = (today + timedelta(days=entry["debut"])).replace(day=1)
    return ContractFile(
        title=entry["titre"],
        starts_on=starts_on,
        ends_on=starts_on.replace(year=starts_on.year + YEARS) - timedelta(days=1),
        stage=word(Stage, entry["etape"]),
        organisation=PartyEntry(entry["organisme"], entry["finess"]),
        authorities=(PartyEntry(AGENCY, kind=AuthorityKind.ARS, delegation=entry["autorite"]),),
        places=(
            PlaceEntry(
                "lieu",
                entry["etablissement"],
                entry["finess_et"],
                entry["categorie"],
                entry["places"],
                "01 99 00 90 00",
                "",
                entry["departement"],
            ),
        ),
        findings=_findings(entry),
        objectives=(),
        signed_on=today + timedelta(days=entry["signe"]) if "signe" in entry else None,
        levels={word(Group, group): contract_file.LEVELS[level] for group, level in entry["niveaux"].items()},
        reasons=why(entry["raisons"]),
    )


def _findings(entry: Mapping[str, Any]) -> tuple[ItemEntry, ...]:
    if "constat" not in entry:
        return ()
    leeway = {"decided": "", "decided_by": "", "open": "Les activités.", "open_by": "la direction"}
    return (
        ItemEntry(
            kind=ItemKind.FINDING,
            key="constat",
            axis="Vie quotidienne",
            title=entry["constat"],
            finding_kind=FindingKind.TO_IMPROVE,
            texts={Register.PLAIN: entry["clair"], Register.TECHNICAL: entry["technique"]},
            leeway={**leeway, "out_of_reach": "", "out_of_reach_by": ""},
            indicators=(),
        ),
    )


def _space(
    session: Session, entry: Mapping[str, Any], loaded: loader.Loaded, at: datetime
) -> tuple[Actor, str]:
    """A space whose words the authorities do not read: its synthesis is for them."""
    director = _director(session, loaded.contract_id, at)
    levels = {word(Group, group): contract_file.LEVELS[level] for group, level in entry["niveaux"].items()}
    space = spaces.create(
        session,
        director,
        loaded.contract_id,
        spaces.NewSpace(
            object=SpaceObject.DIAGNOSTIC,
            question=entry["espace"],
            introduction="",
            opens_at=at,
            ends_at=at + (SPOKEN_FOR if "paroles" in entry else timedelta(0)) + OPEN_FOR,
            answer_days=ANSWER_DAYS,
            moderation=ModerationMode.AFTER if "paroles" in entry else ModerationMode.BEFORE,
            item_ids=tuple(loaded.items.values()),
            levels=levels,
            level_reasons=why(entry["raisons"]),
            authorities_read_words=False,
        ),
        at=at,
    )
    spaces.open_(session, director, space.id)
    return director, space.id


def _director(session: Session, contract_id: str, at: datetime) -> Actor:
    member = members.add_member(session, contract_id, Group.MANAGEMENT, None, account_id=None, at=at)
    members.give_role(session, member.id, Role.DIRECTOR)
    found = participants.actor_of(session, member.id)
    if found is None:
        raise NotFoundError(contract_id)
    return found
