"""The command line: `python -m portal.cli <commande>`, or `flask --app portal.cli <commande>`.

It goes through the same services as the pages, journal included, and needs no server.
"""

from __future__ import annotations

import os
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Settings, SettingsError, from_environ
from portal.domain.accounts import passwords, rules
from portal.domain.accounts import queries as accounts
from portal.domain.accounts import service as account_service
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract
from portal.domain.participants import queries as participants
from portal.domain.participants import service as participant_service
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, PortalError
from portal.kernel.unit_of_work import SqliteUnit
from portal.vocabulary import Group, Labelled, Role

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class CommandError(Exception):
    """A command that cannot be done; the sentence says how to mend it."""


class Member(NamedTuple):
    """What a member is added with."""

    contract: str
    group: Group
    place: str
    email: str
    name: str
    roles: tuple[Role, ...]


@click.group()
def cli() -> None:
    """Les commandes du portail."""


@cli.command("migrer")
def migrate() -> None:
    """Met la base de données à jour."""
    from portal import migrations

    settings = _settings()
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrations.upgrade(f"sqlite:///{settings.database}")
    _say("La base de données est à jour.")


@cli.command("semer")
def seed() -> None:
    """Installe le contrat de démonstration dans une base vide."""
    from portal.demo import seed as demonstration

    settings = _settings()
    if _read(settings, _has_real_people):
        raise CommandError(
            "Cette base de données contient de vraies personnes : la démonstration n’y entre pas. "
            "Choisissez un autre dossier dans PORTAL_INSTANCE."
        )
    with _Unit(settings) as unit:
        done = demonstration.seed(unit)
    _say("Le contrat de démonstration est installé." if done else "Le contrat de démonstration est déjà là.")


@cli.command("creer-contrat")
@click.option("--fichier", required=True, type=FILE, help="le contrat, écrit en TOML")
def create_contract(fichier: Path) -> None:
    """Crée un contrat à partir d’un fichier."""
    from portal.demo.loader import load_contract

    try:
        data = tomllib.loads(fichier.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{fichier.name} ne se lit pas comme du TOML : {error}") from error
    with _Unit(_settings()) as unit:
        contract_id = unit(lambda s: load_contract(s, data, demonstration=False, at=clock.now()))
    _say(f"Le contrat est créé : {contract_id}")


def _member_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--mot-de-passe-lu", is_flag=True, help="lit le mot de passe sur l’entrée standard"),
        click.option("--nom", default="", help="le nom de la personne, pour un nouveau compte"),
        click.option("--email", required=True, help="l’adresse de la personne"),
        click.option("--etablissement", default="", help="nom, numéro FINESS ou identifiant"),
        click.option("--contrat", default="", help="titre ou identifiant (inutile s’il n’y en a qu’un)"),
    ):
        command = option(command)
    return command


@cli.command("creer-directeur")
@_member_options
def create_director(contrat: str, etablissement: str, email: str, nom: str, mot_de_passe_lu: bool) -> None:  # noqa: FBT001 — click gives options so
    """Crée un compte qui dirige un contrat."""
    member = Member(contrat, Group.MANAGEMENT, etablissement, email, nom, (Role.DIRECTOR,))
    _add(member, read_password=mot_de_passe_lu)


@cli.command("ajouter-membre")
@_member_options
@click.option("--groupe", required=True, help="residents, familles, professionnels, representants…")
@click.option("--role", "roles", multiple=True, help="moderation, animation, membre…")
def add_member(
    contrat: str,
    etablissement: str,
    email: str,
    nom: str,
    mot_de_passe_lu: bool,  # noqa: FBT001 — click gives options so
    groupe: str,
    roles: tuple[str, ...],
) -> None:
    """Ajoute une personne à un contrat, avec un compte si elle n’en a pas."""
    group = word_named(groupe, Group, "groupe")
    held = tuple(word_named(role, Role, "rôle") for role in roles)
    _add(Member(contrat, group, etablissement, email, nom, held), read_password=mot_de_passe_lu)


@cli.command("retirer-membre")
@click.option("--contrat", default="", help="titre ou identifiant (inutile s’il n’y en a qu’un)")
@click.option("--email", required=True, help="l’adresse de la personne")
def remove_member(contrat: str, email: str) -> None:
    """Retire une personne d’un contrat ; ce qu’elle a écrit reste."""

    def remove(session: Session) -> None:
        contract_id = _contract(session, contrat)
        actor = participants.actor(session, _account(session, email).id, contract_id)
        if actor is None:
            raise NotFoundError("Cette personne n’est pas membre de ce contrat.")
        participant_service.remove_member(session, actor.participant_id)

    with _Unit(_settings()) as unit:
        unit(remove)
    _say("La personne n’est plus membre du contrat. Ce qu’elle a écrit reste.")


@cli.command("desactiver-compte")
@click.option("--email", required=True, help="l’adresse de la personne")
def disable_account(email: str) -> None:
    """Ferme un compte et ses sessions ouvertes."""
    with _Unit(_settings()) as unit:
        unit(lambda s: account_service.disable_account(s, _account(s, email).id))
    _say("Le compte est fermé. Ses sessions ouvertes sont terminées.")


@cli.command("changer-mot-de-passe")
@click.option("--email", required=True, help="l’adresse de la personne")
@click.option("--mot-de-passe-lu", is_flag=True, help="lit le mot de passe sur l’entrée standard")
def change_password(email: str, mot_de_passe_lu: bool) -> None:  # noqa: FBT001 — click gives options so
    """Donne un nouveau mot de passe et termine les sessions ouvertes."""
    password = _password(email, read=mot_de_passe_lu)
    hashed = passwords.make_hash(password)
    with _Unit(_settings()) as unit:
        unit(lambda s: account_service.change_password(s, _account(s, email).id, hashed))
    _say("Le mot de passe est changé. Les sessions ouvertes sont terminées.")
    _hand_over(password, shown=not mot_de_passe_lu)


@cli.command("verifier")
@click.argument("fichier", required=False, type=FILE)
def verify(fichier: Path | None) -> None:
    """Vérifie le registre d’une base de données, sans serveur."""
    from portal.domain.journal.verify import verify_database

    file = fichier or _settings().database
    if not file.is_file():
        raise CommandError("La base de données n’existe pas encore. Lancez : python -m portal.cli migrer")
    verdict = verify_database(file)
    if verdict.ok:
        _say(f"Le registre est intact : {verdict.lines} lignes vérifiées.")
        return
    contract_id, seq, reason = verdict.first_bad or ("", 0, "")
    raise CommandError(f"Le registre n’est pas intact. Contrat {contract_id or '?'}, ligne {seq} : {reason}.")


@cli.command("droits")
def rights() -> None:
    """Écrit le tableau des droits (docs/droits.md)."""
    from portal.policy.document import page

    click.echo(page(), nl=False)


def create_app() -> Any:
    """The application with these commands, for `flask --app portal.cli`."""
    from portal.app import create_app as make_app

    app = make_app()
    for command in cli.commands.values():
        app.cli.add_command(command)
    return app


def word_named(text: str, words: type[W], what: str) -> W:
    """A word of a list by its value or by the first word of its label, accents or not.

    Errors: CommandError, which names the words to choose from.
    """
    wanted = _plain(text)
    for word in words:
        if wanted in (_plain(word.value), _first_word(word)):
            return word
    known = ", ".join(_first_word(word) for word in words)
    raise CommandError(f"« {text} » n’est pas un {what} connu. Choisissez parmi : {known}.")


def _first_word(word: StrEnum) -> str:
    label = word.label if isinstance(word, Labelled | Group) else word.value
    return _plain(label.split()[0])


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.strip().casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _add(member: Member, *, read_password: bool) -> None:
    settings = _settings()
    known = _read(settings, lambda s: accounts.account_by_email(s, rules.normalise_email(member.email)))
    password = None if known is not None else _password(member.email, read=read_password)
    hashed = passwords.make_hash(password) if password is not None else None
    with _Unit(settings) as unit:
        unit(lambda session: _write_member(session, member, hashed))
    _say("La personne est membre du contrat.")
    if password is not None:
        _hand_over(password, shown=not read_password)


def _write_member(session: Session, member: Member, hashed: str | None) -> None:
    contract_id = _contract(session, member.contract)
    place = _place(session, contract_id, member.place)
    if hashed is None:
        account_id = _account(session, member.email).id
    else:
        account_id = account_service.create_account(session, member.email, member.name, hashed).id
    if participants.actor(session, account_id, contract_id) is not None:
        raise CommandError("Cette personne est déjà membre de ce contrat.")
    added = participant_service.add_member(session, contract_id, member.group, place, account_id=account_id)
    for role in member.roles:
        participant_service.give_role(session, added.id, role)


def _contract(session: Session, wanted: str) -> str:
    rows = session.execute(select(Contract.id, Contract.title).order_by(Contract.title)).tuples().all()
    if not rows:
        raise CommandError("Il n’y a pas encore de contrat. Lancez d’abord : creer-contrat --fichier …")
    found = [key for key, title in rows if not wanted or wanted == key or _plain(wanted) == _plain(title)]
    if len(found) == 1:
        return found[0]
    listed = "\n".join(f"  {key}  {title}" for key, title in rows)
    raise CommandError(f"Choisissez un contrat avec --contrat :\n{listed}")


def _place(session: Session, contract_id: str, wanted: str) -> str | None:
    if not wanted:
        return None
    places = contracts.places(session, contract_id)
    for place in places:
        if wanted in (place.id, place.finess_et) or _plain(wanted) == _plain(place.name):
            return place.id
    listed = "\n".join(f"  {place.finess_et or place.id}  {place.name}" for place in places)
    raise CommandError(f"Cet établissement n’est pas dans le contrat. Choisissez parmi :\n{listed}")


def _account(session: Session, email: str) -> accounts.AccountView:
    found = accounts.account_by_email(session, rules.normalise_email(email))
    if found is None:
        raise NotFoundError(account_service.UNKNOWN)
    return found


def _has_real_people(session: Session) -> bool:
    if contracts.database_mark(session, "demonstration") is not None:
        return False
    return accounts.any_account(session) or session.scalar(select(Contract.id).limit(1)) is not None


def _password(email: str, *, read: bool) -> str:
    if not read:
        return passwords.one_time_password()
    password = sys.stdin.readline().rstrip("\r\n")
    if errors := rules.password_errors(password, rules.normalise_email(email)):
        raise InvalidError({"mot-de-passe": errors})
    return password


def _hand_over(password: str, *, shown: bool) -> None:
    if shown:
        _say(f"Mot de passe à remettre en main propre, affiché cette seule fois : {password}")


def _settings() -> Settings:
    return from_environ()


class _Unit:
    """A unit of work for one command, closed after it."""

    def __init__(self, settings: Settings) -> None:
        _need_database(settings)
        self._unit = SqliteUnit(settings.database)

    def __enter__(self) -> SqliteUnit:
        return self._unit

    def __exit__(self, *_error: object) -> None:
        self._unit.close()


def _read(settings: Settings, fn: Callable[[Session], T]) -> T:
    from portal.kernel.engines import read_engine

    _need_database(settings)
    engine = read_engine(settings.database)
    try:
        with Session(engine) as session:
            return fn(session)
    finally:
        engine.dispose()


def _need_database(settings: Settings) -> None:
    from portal import migrations

    if not settings.database.is_file() or not migrations.at_head(f"sqlite:///{settings.database}"):
        raise CommandError("La base de données n’est pas prête. Lancez : python -m portal.cli migrer")


def _say(sentence: str) -> None:
    click.echo(sentence)


def _complain(sentence: str) -> None:
    click.echo(sentence, err=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, 1 when it could not be done, 2 when it was not understood."""
    os.umask(0o077)
    try:
        cli.main(args=arguments, prog_name="python -m portal.cli", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        _complain(error.format_message())
        return 2
    except click.UsageError as error:
        _complain(_usage(error))
        return 2
    except click.Abort:
        _complain("Arrêté. Rien n’a été enregistré.")
        return 1
    except (CommandError, PortalError, SettingsError) as error:
        _complain(str(error))
        return 1
    return 0


def _usage(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"Il manque {error.param.opts[0]}. Ajoutez --help pour le mode d’emploi."
    if isinstance(error, click.NoSuchOption):
        return f"L’option {error.option_name} n’existe pas. Ajoutez --help pour le mode d’emploi."
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"La valeur de {error.param.opts[0]} ne convient pas : vérifiez qu’elle existe et se lit."
    return "Cette commande n’existe pas. Ajoutez --help pour la liste."


if __name__ == "__main__":
    sys.exit(main())
