"""Seeds the demonstration: two contracts with a few weeks of life and one on its first day, that share nobody."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.demo import (
    acts,
    contract_file,
    diagnostic,
    documents,
    followed,
    imports,
    indicators,
    life,
    loader,
    means,
    negotiation,
    notices,
    objectives,
    people,
    perimeter,
    plain,
    predecessors,
    surveys,
    trames,
)
from portal.demo.reading import why, word
from portal.demo.words import Play, Room
from portal.domain.accounts.models import Account
from portal.domain.contracts import parties
from portal.domain.contracts.models import Contract, ContractAuthority, DatabaseMark
from portal.domain.moderation import readers, settings
from portal.domain.portfolio import service as portfolio
from portal.domain.spaces import service as spaces
from portal.kernel import clock
from portal.vocabulary import Group, ItemKind, ModerationMode, SpaceObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from portal.demo.people import Person
    from portal.kernel.units import Unit

DATA = Path(__file__).with_name("data")
FIRST_DAY = "premierjour"
CONTRACTS = ("rives", "melezes", FIRST_DAY)
MARK = "demonstration"

CREATED_DAYS_AGO = timedelta(days=60)
JOINED_DAYS_AGO = timedelta(days=45)
LAST_MINUTE = time(23, 59)


def seed(unit: Unit) -> bool:
    """Write the demonstration in one unit; False, and nothing written, when a contract exists."""
    return unit(_seed)


def contract_data(name: str) -> dict[str, Any]:
    """The tables of a contract, gathered from its files: the shape that `load_contract` takes."""
    data: dict[str, Any] = dict(_read(DATA / name / "contrat.toml"))
    for pattern in ("constats-*.toml", "objectifs-[0-9].toml"):
        for path in sorted((DATA / name).glob(pattern)):
            for key, value in _read(path).items():
                data[key] = [*data.get(key, []), *value]
    return data


def _seed(session: Session) -> bool:
    if session.scalar(select(Contract.id).limit(1)) is not None:
        return False
    at = clock.now()
    session.add(DatabaseMark(name=MARK, value="oui", at=at))
    session.flush()
    for name in CONTRACTS:
        _seed_contract(session, name, at)
    _seed_followed(session, at)
    notices.tell(session, at)
    return True


def _seed_contract(session: Session, name: str, at: datetime) -> None:
    file = contract_file.parse(contract_data(name))
    loaded = loader.write(session, file, demonstration=True, at=at - CREATED_DAYS_AGO)
    tables = [_read(path) for path in sorted((DATA / name).glob("personnes*.toml"))]
    known = people.bring(session, loaded.contract_id, loaded.places, tables, at - JOINED_DAYS_AGO)
    play = Play(session, at, known)
    if name == FIRST_DAY:
        return
    told = _read(DATA / name / "espaces.toml")
    _settle(play, told["relecture"])
    _follow(play, loaded.contract_id, told.get("suivi", ()))
    loaded = _lay_out(play, loaded, DATA / name / "trame.toml")
    rooms = {entry["cle"]: _open_room(play, loaded, entry) for entry in told["espaces"]}
    for path in sorted((DATA / name).glob("*.toml")):
        table = _read(path)
        if "contributions" in table:
            play.gather(rooms[table["espace"]], table["contributions"])
        play.gather_changes(rooms, table.get("changements", ()))
    play.run()
    surveys.ask(play, rooms, _all(name, "questionnaires"))
    diagnostic.play_parties(play, loaded, {key: _all(name, key) for key in diagnostic.TABLES})
    acts.record(play, loaded.contract_id, loaded.places, _all(name, "actes"))
    indicators.follow(play, loaded.contract_id, loaded.places, _all(name, "indicateurs"))
    objectives.grow(play, loaded, {key: _all(name, key) for key in objectives.TABLES})
    means.pay(play, loaded, {key: _all(name, key) for key in means.TABLES})
    documents.attach(play, loaded, _all(name, "documents"))
    imports.take_up(play, loaded.contract_id, _all(name, "reprises"))
    _live(play, DATA / name / "vie.toml")
    _negotiate(play, loaded, DATA / name / "negociation.toml")
    plain.look_after(play, loaded, {key: _all(name, key) for key in plain.TABLES})
    _draw(play, loaded, DATA / name / "perimetre.toml")
    _come_from(play, loaded, DATA / name / "avant.toml")


def _live(play: Play, file: Path) -> None:
    """The life of a contract that has such a file."""
    if not file.exists():
        return
    table = _read(file)["vie"]
    agents = [play.people[key].actor for key in table["agents"]]
    life.Scribe(play.session, play.people[table["par"]].actor, play.at, agents).write(table)


def _negotiate(play: Play, loaded: loader.Loaded, file: Path) -> None:
    """The negotiation of a contract that has such a file."""
    if file.exists():
        negotiation.negotiate(play, loaded, _read(file)["negociation"])


def _lay_out(play: Play, loaded: loader.Loaded, file: Path) -> loader.Loaded:
    """The trame of a contract that has such a file; its parts in discussion are subjects like the others."""
    if not file.exists():
        return loaded
    parts = trames.lay_out(play, loaded.contract_id, _read(file)["trame"])
    items = {(ItemKind.TRAME_PART, key): part_id for key, part_id in parts.items()}
    return replace(loaded, items={**loaded.items, **items})


def _draw(play: Play, loaded: loader.Loaded, file: Path) -> None:
    """The perimeter of a contract that has such a file."""
    if file.exists():
        perimeter.draw(play, loaded, _read(file)["perimetre"])


def _come_from(play: Play, loaded: loader.Loaded, file: Path) -> None:
    """The contract before, where there is such a file."""
    if file.exists():
        predecessors.come_from(play, loaded, _read(file))


def _seed_followed(session: Session, at: datetime) -> None:
    """The contracts that the persona of the agency follows beside the first one."""
    table = _read(DATA / "suivis.toml")
    persona = Account.persona.is_not(None) & Account.email.startswith(f"{table['suivi_par']}@")
    account_id = session.scalars(select(Account.id).where(persona)).one()
    followed.bring(session, table, account_id, at)


def _settle(play: Play, entry: Mapping[str, Any]) -> None:
    """How the contract moderates: whom to speak to of oneself, and where an alert goes."""
    wanted = settings.Settings(
        personal_contact=entry["situation_personnelle"],
        alert_text=entry["alerte"],
        alert_address=entry["adresse"],
    )
    at = play.moment(entry["jour"], entry["heure"])
    settings.settle(play.session, play.people[entry["par"]].actor, wanted, version=0, at=at)


def _follow(play: Play, contract_id: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Who follows the contract in its authorities, as their own agents write it."""
    for entry in entries:
        person = play.people[entry["par"]].actor
        organisation_id = parties.acts_for(play.session, person) or ""
        row = play.session.get_one(ContractAuthority, (contract_id, organisation_id))
        command = portfolio.Referent(organisation_id, entry["fonction"], entry["contact"], row.version)
        portfolio.write(play.session, person, contract_id, command)


def _open_room(play: Play, loaded: loader.Loaded, entry: Mapping[str, Any]) -> Room:
    director = play.people[entry["par"]]
    about = word(SpaceObject, entry["objet"])
    levels = {word(Group, group): contract_file.LEVELS[level] for group, level in entry["niveaux"].items()}
    mode = word(ModerationMode, entry["moderation"])
    items = {key: item_id for (kind, key), item_id in loaded.items.items() if kind is about.item_kind}
    opens_at = play.moment(entry["ouvre_jour"], entry["ouvre_heure"])
    last_day = opens_at.date() + timedelta(days=entry["duree_jours"])
    space = spaces.create(
        play.session,
        director.actor,
        loaded.contract_id,
        spaces.NewSpace(
            object=about,
            question=entry["question"],
            introduction=entry["introduction"],
            opens_at=opens_at,
            ends_at=datetime.combine(last_day, LAST_MINUTE, clock.PARIS),
            answer_days=entry["delai_reponse"],
            moderation=mode,
            item_ids=tuple(items.values()),
            levels=levels,
            level_reasons=why(entry.get("raisons", {})),
            authorities_read_words=entry.get("autorites_lisent", True),
        ),
        at=play.moment(entry["cree_jour"], entry["cree_heure"]),
    )
    spaces.open_(play.session, director.actor, space.id)
    if reader := entry.get("lit_les_recours"):
        chosen = play.people[reader].actor.participant_id
        readers.name(play.session, director.actor, space.id, chosen, at=space.created_at)
    return Room(space.id, mode, levels, _reviewer(play.people, entry), items)


def _reviewer(known: Mapping[str, Person], entry: Mapping[str, Any]) -> Person:
    return known[entry.get("relit", entry["par"])]


def _all(name: str, key: str) -> list[dict[str, Any]]:
    """The entries of one sort in all the files of a contract."""
    tables = (_read(path) for path in sorted((DATA / name).glob("*.toml")))
    return [entry for table in tables for entry in table.get(key, ())]


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
