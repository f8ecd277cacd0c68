"""Two contracts, everybody who may come to them, and a state that each case sets anew."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import create_engine, event, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.blueprints import _sessions
from portal.config import Settings
from portal.domain.accounts import service as accounts
from portal.domain.accounts.models import Account, SessionRow
from portal.domain.contributions.models import Reaction
from portal.domain.participants import service as members
from portal.domain.participants.models import ParticipantRole
from portal.extensions import db, unit
from portal.kernel.clock import clock
from portal.kernel.ids import new_id
from portal.vocabulary import AuthorityKind, Group, ReactionValue, Role
from tests.factories.acts import an_act
from tests.factories.database import copied
from tests.factories.documents import some_papers
from tests.factories.imports import an_import
from tests.factories.indicators import follow_indicators
from tests.factories.lifecycle import a_life, an_authority
from tests.factories.means import some_means
from tests.factories.negotiation import a_negotiation
from tests.factories.objectives import some_aims
from tests.factories.predecessors import a_commitment
from tests.factories.surveys import a_survey_for_all
from tests.factories.trame_parts import a_part
from tests.factories.trames import a_sheet
from tests.factories.world import CAST, House, a_contribution, a_house, a_person, a_space, an_appeal

from ._situations import put_imports, put_levels, put_space, put_words
from ._table import Situation

CSRF = "c" * 40
# A word that nothing else says: where it is read, the contribution is read.
WORDS = "zéphyrin"
TABLE_NAME = {
    "resident": "résident",
    "family": "famille",
    "professional": "professionnel",
    "staff_rep": "personnel",
    "board": "conseil",
    "manager": "direction-sans-rôle",
    "authority": "autorité",
    "director": "directeur",
    "second_director": "directeur",
    "deputy": "suppléant",
    "moderator": "modérateur",
}


@dataclass(frozen=True)
class Somebody:
    """A person at a browser, and who they are in each contract (None: nobody)."""

    name: str
    cookie: str
    ours: str | None = None
    other: str | None = None
    signed_in: bool = True
    group: Group = Group.RESIDENTS
    participant_id: str = ""


@dataclass
class Arena:
    """The application on a database that is put back after each case."""

    app: Flask
    ours: House
    other: House
    now: datetime
    people: dict[str, Somebody] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    form_token: str = ""
    appeals: dict[str, str] = field(default_factory=dict)
    acts: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, str] = field(default_factory=dict)
    surveys: dict[str, dict[str, str]] = field(default_factory=dict)
    lives: dict[str, dict[str, str]] = field(default_factory=dict)
    aims: dict[str, dict[str, str]] = field(default_factory=dict)
    papers: dict[str, dict[str, str]] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    _pristine: Any = None
    _watch: Any = None
    engine: Any = None

    def house(self, where: str) -> House:
        """Ours or the other one."""
        return self.ours if where == "ours" else self.other

    def ids(self, where: str) -> dict[str, str]:
        """What the addresses of a contract name; « unknown » names nothing."""
        if where == "unknown":
            return {name: new_id() for name in NAMES} | FIXED
        house = self.house(where)
        return {
            "contract_id": house.contract_id,
            "space_id": house.space_id,
            "item_id": house.items[0],
            "contribution_id": self.words[where],
            "appeal_id": self.appeals[where],
            "act_id": self.acts[where],
            "establishment_id": house.establishment_id,
            "indicator_id": self.indicators[where],
            "finding_id": house.items[0],
            "axis_id": house.axis_id,
            "import_id": self.imports[where],
            **self.surveys[where],
            **self.lives[where],
            **self.aims[where],
            "piece_id": self.aims[where]["objective_id"],
            **self.papers[where],
        } | FIXED

    def ask(
        self, somebody: Somebody, method: str, path: str, fields: dict[str, str] | None = None
    ) -> TestResponse:
        """Send a request as this person's browser would, with a good token on forms."""
        data = None if method == "GET" else {"csrf_token": self.form_token, **(fields or {})}
        client = self.app.test_client(use_cookies=False)
        try:
            return client.open(path, method=method, data=data, headers={"Cookie": somebody.cookie})
        finally:
            settle()

    def mark(self) -> int:
        """A number that changes when anything is committed by anybody."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def digest(self) -> dict[str, str]:
        """What each table holds."""
        return digest(self._watch)

    def restore(self) -> None:
        """Put the database back as it was built."""
        with sqlite3.connect(self.database, timeout=20) as raw:
            self._pristine.backup(raw)
        raw.close()

    @property
    def database(self) -> Path:
        return Path(self.app.config["SETTINGS"].database)

    def put(self, somebody: Somebody, situation: Situation) -> None:
        """Make our contract as the situation says, for this person."""
        with Session(self.engine) as session, session.begin():
            put_levels(session, self, somebody.group, situation.level)
            put_space(session, self, situation)
            put_words(session, self, somebody, situation)
            put_imports(session, self, somebody, situation)


NOUNS = ("contract", "space", "item", "contribution", "appeal", "act", "survey", "question", "establishment", "indicator",
         "amendment", "seat", "line", "disagreement", "finding", "axis", "objective", "action",
         "branch", "means", "decision", "trame", "block", "document", "import", "piece", "point", "commitment",
         "part")  # fmt: skip
NAMES = tuple(f"{noun}_id" for noun in NOUNS)
FIXED = {
    "slug": "une-personne",
    "registre": "clair",
    "genre": "jsonl",
    "fichier": "pdf",
    "forme": "csv",
    "etape": "diagnostic",
    "bilan": "milieu",
    "ligne": "errd",
    "modele": "ehpad",
    "sorte": "objectif",
    "jeton": "jamais-envoye",
    "notice_id": "a" * 26,
}


def settle() -> None:
    """Let the unit of work close what it began: after a refusal nobody waits for it."""
    closer = unit.bound._closer
    if closer is not None:
        closer.join()


def digest(connection: sqlite3.Connection) -> dict[str, str]:
    """SHA-256 of the rows of each table, in their order."""
    names = [
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    return {
        name: hashlib.sha256(
            repr(connection.execute(f'SELECT * FROM "{name}"').fetchall()).encode()
        ).hexdigest()
        for name in names
    }


@contextmanager
def arena(migrated: Path, folder: Path, *, apart: bool = False) -> Iterator[Arena]:
    """Build everything once; the clock stands still meanwhile.

    `apart`: nobody is in both contracts.
    """
    copied(migrated, folder)
    app = create_app(Settings(instance=folder, secret_key="k" * 48, testing=True))
    now = datetime.now(UTC)
    clock.now = lambda: now  # type: ignore[method-assign]
    try:
        built = _build(app, now, apart=apart)
        yield built
    finally:
        del clock.now
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        unit.bound.close()
        built._watch.close()
        built._pristine.close()
        built.engine.dispose()


def _build(app: Flask, now: datetime, *, apart: bool) -> Arena:
    ours, other = unit(lambda session: (a_house(session, "Tilleuls"), a_house(session, "Ormeaux")))
    built = Arena(app, ours, other, now)
    unit(lambda session: [a_space(session, house) for house in (ours, other)])
    for where in ("ours", "other"):
        built.words[where] = unit(
            lambda s, where=where: a_contribution(s, built.house(where), "family_0", f"Le {WORDS} passe ici.")
        )
        built.appeals[where] = unit(lambda s, where=where: an_appeal(s, built.house(where)))
        built.surveys[where] = unit(lambda s, where=where: a_survey_for_all(s, built.house(where)))
        built.acts[where] = unit(lambda s, where=where: an_act(s, built.house(where)))
        built.indicators[where] = unit(
            lambda s, where=where: follow_indicators(s, built.house(where), "etp-vacants")[0]
        )
        house = built.house(where)
        unit(lambda s, house=house, where=where: _department(s, house.contract_id, where))
        built.aims[where] = unit(lambda s, house=house: some_aims(s, house["director"].actor))
        aim = built.aims[where]["objective_id"]
        built.aims[where] |= unit(lambda s, house=house, aim=aim: some_means(s, house["director"].actor, aim))
        built.aims[where]["commitment_id"] = unit(
            lambda s, house=house: a_commitment(s, house["director"].actor)
        )
        built.papers[where] = unit(lambda s, house=house: some_papers(s, house["director"].actor))
        built.imports[where] = unit(
            lambda s, house=house: an_import(s, house["director"].actor, of=house["family_0"].id)
        )
        built.lives[where] = unit(lambda s, house=house: a_life(s, house["director"].actor))
        built.lives[where] |= unit(lambda s, house=house: a_sheet(s, house))
        built.lives[where]["part_id"] = unit(
            lambda s, house=house, block=built.lives[where]["block_id"]: a_part(s, house, block=block, seen=1)
        )
        built.lives[where] |= unit(lambda s, house=house: a_negotiation(s, house["director"].actor))
    unit(lambda session: _add_reaction(session, built))
    _add_people(built)
    if not apart:
        double = unit(lambda s: _double(s, built))
        _seat(built, "double", double, ours="résident", other="directeur")
    _prepare(built)
    return built


def _department(session: Session, contract_id: str, where: str) -> None:
    an_authority(session, contract_id, f"Conseil départemental {where}", AuthorityKind.DEPARTMENT)


def _add_reaction(session: Session, built: Arena) -> None:
    said, who, value = built.words["ours"], built.ours["family_1"].id, ReactionValue.AGREE
    session.add(Reaction(contribution_id=said, participant_id=who, institutional=False, value=value))


def _add_people(built: Arena) -> None:
    for name in CAST:
        _seat(built, name, built.ours[name], ours=TABLE_NAME[name])
    _seat(built, "elsewhere", built.other["director"], other="directeur")
    ended = unit(lambda s: a_person(s, built.ours, "partie Tilleuls", Group.FAMILIES, (Role.MODERATOR,)))
    unit(lambda s: members.remove_member(s, ended.id))
    _seat(built, "ended", ended)
    former = unit(lambda s: a_person(s, built.ours, "ancienne Tilleuls", Group.MANAGEMENT, (Role.DIRECTOR,)))
    unit(lambda s: _end_roles(s, former.id, built.now))
    _seat(built, "former", former, ours="direction-sans-rôle")
    disabled = unit(lambda s: a_person(s, built.ours, "fermé Tilleuls", Group.MANAGEMENT, (Role.DIRECTOR,)))
    _seat(built, "disabled", disabled, signed_in=False)
    unit(
        lambda s: s.execute(
            update(Account).where(Account.id == disabled.account_id).values(disabled_at=built.now)
        )
    )
    visitor = _sessions._signer(built.app).dumps({"csrf_token": CSRF})
    name = _sessions.visitor_cookie_name(built.app)
    built.people["anonymous"] = Somebody("anonymous", f"{name}={visitor}", signed_in=False)


def _end_roles(session: Session, participant_id: str, now: datetime) -> None:
    session.execute(
        update(ParticipantRole).where(ParticipantRole.participant_id == participant_id).values(ended_at=now)
    )


def _double(session: Session, built: Arena) -> Any:
    person = a_person(session, built.ours, "double Tilleuls", Group.RESIDENTS)
    there = members.add_member(
        session, built.other.contract_id, Group.MANAGEMENT, None, account_id=person.account_id
    )
    members.give_role(session, there.id, Role.DIRECTOR)
    return person


def _seat(
    built: Arena,
    name: str,
    person: Any,
    *,
    ours: str | None = None,
    other: str | None = None,
    signed_in: bool = True,
) -> None:
    data = f'{{"csrf_token": "{CSRF}"}}'
    token = unit(lambda session: accounts.open_session(session, person.account_id, data))
    built.people[name] = Somebody(
        name,
        f"{built.app.config['SESSION_COOKIE_NAME']}={token}; {_sessions.visitor_cookie_name(built.app)}="
        + str(_sessions._signer(built.app).dumps({"csrf_token": CSRF})),
        ours,
        other,
        signed_in,
        person.actor.group,
        person.id,
    )


def _prepare(built: Arena) -> None:
    signer = URLSafeTimedSerializer(built.app.secret_key, salt="wtf-csrf-token")
    built.form_token = str(signer.dumps(CSRF))
    built.engine = create_engine(f"sqlite:///{built.database}", connect_args={"timeout": 20})
    event.listen(built.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
    built._watch = sqlite3.connect(built.database, timeout=20)
    built._pristine = sqlite3.connect(":memory:")
    built._watch.backup(built._pristine)
    assert built._watch.execute("SELECT count(*) FROM session_row").fetchone()[0] == len(built.people) - 1
    assert SessionRow.__tablename__ == "session_row"
