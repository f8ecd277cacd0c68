"""The command line does what pages do, through the same services."""

import io
import os
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal import cli, members
from portal.demo.seed import contract_data
from portal.domain.accounts import passwords, queries
from portal.domain.accounts.rules import token_hash
from portal.domain.contracts.models import ContractAuthority
from portal.domain.journal.models import QuietLine
from portal.domain.journal.verify import verify_database
from portal.domain.organisations.models import Organisation
from portal.domain.participants import queries as participants
from portal.domain.participants.models import Participant
from portal.extensions import db, unit
from portal.kernel.clock import now
from portal.vocabulary import AuthorityKind, Group, Role
from tests.factories.pages import client_for

LINES = text("SELECT kind FROM journal_line WHERE contract_id = :contract ORDER BY seq")


@pytest.fixture
def store_name() -> str:
    """A file in the folder of the instance; PostgreSQL has tests of its own."""
    return "sqlite"


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run a command in this process, on the instance of the test."""
    monkeypatch.setenv("PORTAL_INSTANCE", str(instance))

    def command(*words: str, typed: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = cli.main(words)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return command


def test_the_database_is_made_then_left_alone(run, instance: Path) -> None:
    file = instance / "polyphonie.sqlite"
    file.unlink()
    assert run("creer-contrat", "--fichier", __file__).code == 1
    assert run("migrer").code == 0
    assert file.stat().st_mode & 0o077 == 0
    written = file.stat().st_mtime_ns
    assert run("migrer") == (0, "La base de données est à jour.\n", "")
    assert file.stat().st_mtime_ns == written


def test_the_demonstration_is_seeded_once_and_never_among_real_people(
    run, instance: Path, portal_app: Flask
) -> None:
    assert run("semer").code == 0
    assert "déjà là" in run("semer").out
    assert verify_database(instance / "polyphonie.sqlite").lines > 100
    with portal_app.app_context():
        slugs = [view.email.partition("@")[0] for view in queries.personas(db.session())]
    assert len(slugs) >= 9
    assert len(set(slugs)) == len(slugs)


def test_no_demonstration_among_real_people(run, world) -> None:
    done = run("semer")
    assert done.code == 1
    assert "vraies personnes" in done.err


def test_a_director_is_made_with_a_password_shown_once(run, world, portal_app: Flask) -> None:
    done = run(
        "creer-directeur", "--contrat", "contrat tilleuls", "--email", "Anne@Exemple.fr", "--nom", "Anne Roux"
    )
    assert (done.code, done.err) == (0, "")
    password = done.out.split()[-1]
    with portal_app.app_context():
        stored = queries.credentials(db.session(), "anne@exemple.fr")
        assert stored is not None
        actor = participants.actor(db.session(), stored.account_id, world.ours.contract_id)
    assert passwords.verify(stored.password_hash, password)
    assert actor is not None
    assert (actor.group, actor.roles) == (Group.MANAGEMENT, {Role.DIRECTOR})


def test_the_journal_tells_of_members_and_roles(run, world, instance: Path, portal_app: Flask) -> None:
    run("ajouter-membre", "--contrat", world.ours.contract_id, "--groupe", "familles", "--email", "b@exemple.fr",
        "--nom", "B", "--etablissement", "maison tilleuls", "--role", "moderation", "--role", "membre")  # fmt: skip
    run("retirer-membre", "--contrat", world.ours.contract_id, "--email", "b@exemple.fr")
    with portal_app.app_context():
        kinds = [row[0] for row in db.session.execute(LINES, {"contract": world.ours.contract_id})]
        quiet = list(db.session.scalars(select(QuietLine.kind).order_by(QuietLine.tick.desc()).limit(2)))
    assert kinds[-2:] == ["role_given", "role_given"]
    # Who comes and who leaves are no lines of the chain, which would count them.
    assert quiet == ["member_left", "member_added"]
    assert verify_database(instance / "polyphonie.sqlite").ok


def test_an_agent_is_attached_to_an_authority_once(run, world, instance: Path, portal_app: Flask) -> None:
    ours = world.ours

    def made(session: Session) -> None:
        for name, kind in (("ARS des Rives", AuthorityKind.ARS), ("Département", AuthorityKind.DEPARTMENT)):
            party = Organisation(name=name, authority=kind, fictional=True)
            session.add(party)
            session.flush()
            session.add(ContractAuthority(contract_id=ours.contract_id, organisation_id=party.id))

    world.do(made)

    def kinds() -> list[str]:
        with portal_app.app_context():
            return [row[0] for row in db.session.execute(LINES, {"contract": ours.contract_id})]

    def address(who: str) -> str:
        known = world.read(lambda s: queries.account(s, ours[who].account_id))
        assert known is not None
        return known.email

    before = kinds()
    words = ("rattacher-agent", "--contrat", ours.contract_id, "--email")
    assert run(*words, address("authority"), "--autorite", "departement").code == 0
    assert run(*words, address("authority"), "--autorite", "departement").code == 0
    assert kinds() == [*before, "agent_attached"], "nothing is written when nothing changes"
    assert run(*words, address("authority"), "--autorite", "ars des rives").code == 0
    assert kinds() == [*before, "agent_attached", "agent_attached"]
    told = "Un agent a été rattaché à une autorité du contrat."
    register = world.client("family").see(f"/contrats/{ours.contract_id}/registre").words
    assert told in register
    assert "Un rôle a été confié" not in register.split(told)[0]
    for refused in (
        run(*words, address("family"), "--autorite", "departement"),
        run("ajouter-membre", "--contrat", ours.contract_id, "--groupe", "familles", "--email", "b@exemple.fr",
            "--nom", "B", "--autorite", "departement"),
    ):  # fmt: skip
        assert refused.code == 1
        assert "autorités" in refused.err
    assert kinds() == [*before, "agent_attached", "agent_attached"]
    assert world.read(lambda s: s.get_one(Participant, ours["family"].id).authority_id) is None
    assert verify_database(instance / "polyphonie.sqlite").ok


def test_a_known_person_joins_with_the_account_she_has(run, world, portal_app: Flask) -> None:
    with portal_app.app_context():
        known = queries.account(db.session(), world.ours["family"].account_id)
    assert known is not None
    done = run(
        "ajouter-membre", "--contrat", world.other.contract_id, "--groupe", "familles", "--email", known.email
    )
    assert done.code == 0
    assert "Mot de passe" not in done.out
    again = run(
        "ajouter-membre", "--contrat", world.other.contract_id, "--groupe", "familles", "--email", known.email
    )
    assert (again.code, again.out) == (1, "")
    assert "déjà membre" in again.err


def test_a_password_may_be_given_but_not_an_easy_one(run, world, portal_app: Flask) -> None:
    words = ("creer-directeur", "--contrat", "Contrat Tilleuls", "--email", "anne@exemple.fr", "--nom", "Anne",
             "--mot-de-passe-lu")  # fmt: skip
    refused = run(*words, typed="motdepasse123\n")
    assert refused.code == 1
    assert "trop facile" in refused.err
    done = run(*words, typed="le chat dort dehors\n")
    assert done.code == 0
    assert "chat" not in done.out
    with portal_app.app_context():
        stored = queries.credentials(db.session(), "anne@exemple.fr")
    assert stored is not None
    assert passwords.verify(stored.password_hash, "le chat dort dehors")


@pytest.mark.parametrize("command", ["desactiver-compte", "changer-mot-de-passe"])
def test_what_closes_an_account_closes_its_open_pages(
    run, claire, portal_app: Flask, command: str, cookie
) -> None:
    token = cookie(client_for(portal_app, claire.account_id))
    assert run(command, "--email", " Claire@exemple.fr").code == 0
    with portal_app.app_context():
        assert queries.session_account(db.session(), token_hash(token), now()) is None


def test_nothing_is_half_written(run, world, portal_app: Flask) -> None:
    done = run("creer-directeur", "--contrat", "Contrat Tilleuls", "--email", "anne@exemple.fr", "--nom", "Anne",
               "--etablissement", "Ailleurs")  # fmt: skip
    assert done.code == 1
    assert "Maison Tilleuls" in done.err
    with portal_app.app_context():
        assert queries.account_by_email(db.session(), "anne@exemple.fr") is None


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "Les commandes du portail"),
        (("danser",), 2, "n’existe pas"),
        (("retirer-membre",), 2, "Il manque --email"),
        (("verifier", "absent.sqlite"), 2, "ne convient pas"),
        (("migrer", "--vite"), 2, "--vite"),
        (("desactiver-compte", "--email", "personne@exemple.fr"), 1, "Aucun compte"),
        (("creer-directeur", "--email", "a@exemple.fr"), 1, "Choisissez un contrat"),
        (("creer-directeur", "--contrat", "Contrat Tilleuls", "--email", "a", "--nom", "A"), 1, "adresse"),
        (("ajouter-membre", "--email", "a@exemple.fr", "--groupe", "chats"), 1, "residents, familles"),
        (
            ("ajouter-membre", "--email", "a@exemple.fr", "--groupe", "familles", "--role", "roi"),
            1,
            "animation",
        ),
        (("creer-contrat", "--fichier", __file__), 1, "TOML"),
    ],
)
def test_a_wrong_command_says_how_to_mend_it(
    run, world, words: tuple[str, ...], code: int, told: str
) -> None:
    done = run(*words)
    assert done.code == code
    assert told in done.err
    assert "Traceback" not in done.err


def test_groups_and_roles_go_by_their_french_words() -> None:
    assert members.word_named("Représentants", Group, "groupe") is Group.STAFF_REPS
    assert members.word_named("families", Group, "groupe") is Group.FAMILIES
    assert members.word_named("modération", Role, "rôle") is Role.MODERATOR
    for words in (Group, Role):
        named = [members.word_named(members._first_word(word), words, "mot") for word in words]
        assert named == list(words)


def test_a_contract_is_made_from_its_file(run, tmp_path: Path, portal_app: Flask) -> None:
    file = tmp_path / "contrat.toml"
    file.write_text("titre = 3\n", encoding="utf-8")
    refused = run("creer-contrat", "--fichier", str(file))
    assert refused.code == 1
    assert refused.err
    source = Path(sys.modules["portal.demo.seed"].__file__ or "").with_name("data") / "rives"
    parts = [
        source / "contrat.toml",
        *sorted(source.glob("constats-*.toml")),
        *sorted(source.glob("objectifs-[0-9].toml")),
    ]
    file.write_text("\n".join(part.read_text(encoding="utf-8") for part in parts), encoding="utf-8")
    assert tomllib.loads(file.read_text(encoding="utf-8")).keys() == contract_data("rives").keys()
    done = run("creer-contrat", "--fichier", str(file))
    assert (done.code, done.err) == (0, "")
    assert run("creer-directeur", "--email", "anne@exemple.fr", "--nom", "Anne").code == 0


def test_the_register_is_verified_without_a_server(run, world, instance: Path, tmp_path: Path) -> None:
    assert run("verifier").code == 0
    unit.bound.close()
    copy = Path(shutil.copy(instance / "polyphonie.sqlite", tmp_path / "copie.sqlite"))
    with sqlite3.connect(copy) as raw:
        raw.executescript(
            "DROP TRIGGER journal_not_changed; UPDATE journal_line SET kind = 'x' WHERE seq = 2"
        )
    done = run("verifier", str(copy))
    assert done.code == 1
    assert "ligne 2" in done.err


def test_the_table_of_rights_is_printed(run) -> None:
    assert run("droits").out.startswith("# ")


def test_it_runs_as_a_program_and_under_flask(instance: Path) -> None:
    environ = {**os.environ, "PORTAL_INSTANCE": str(instance)}
    for words in (["-m", "portal.cli", "migrer"], ["-m", "flask", "--app", "portal.cli", "migrer"]):
        done = subprocess.run(
            [sys.executable, *words], env=environ, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "La base de données est à jour.\n"), done.stderr
