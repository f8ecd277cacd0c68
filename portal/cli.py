"""The command line: `python -m portal.cli <commande>`, or `flask --app portal.cli <commande>`.

It goes through the same services as the pages, journal included, and needs no server.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.config import Settings, SettingsError, from_environ
from portal.database import state_of
from portal.kernel.errors import PortalError

if TYPE_CHECKING:
    from portal.domain.journal.verify import Verdict
    from portal.kernel.units import Unit
    from portal.members import Member

NOT_READY = "La base de données n’est pas prête. Lancez : python -m portal.cli migrer"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def cli() -> None:
    """Les commandes du portail."""


@cli.command("migrer")
def migrate() -> None:
    """Met la base de données à jour."""
    settings = _settings()
    if not state_of(settings.store).up_to_date:
        from portal import migrations

        settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        migrations.upgrade(settings.store)
    _say("La base de données est à jour.")


@cli.command("semer")
def seed() -> None:
    """Installe le contrat de démonstration dans une base vide."""
    settings = _settings()
    state = state_of(settings.store)
    if state.real:
        raise PortalError(
            "Cette base de données contient de vraies personnes : la démonstration n’y entre pas. "
            "Choisissez un autre dossier dans PORTAL_INSTANCE."
        )
    if state.demonstration and state.filled:
        _say("Le contrat de démonstration est déjà là.")
        return
    with _opened(settings) as unit:
        from portal.demo import seed as demonstration

        demonstration.seed(unit)
    _say("Le contrat de démonstration est installé.")


@cli.command("creer-contrat")
@click.option("--fichier", required=True, type=FILE, help="le contrat, écrit en TOML")
def create_contract(fichier: Path) -> None:
    """Crée un contrat à partir d’un fichier."""
    from portal.demo.loader import load_contract
    from portal.kernel import clock

    try:
        data = tomllib.loads(fichier.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PortalError(f"{fichier.name} ne se lit pas comme du TOML : {error}") from error
    with _opened(_settings()) as unit:
        contract_id = unit(lambda session: load_contract(session, data, demonstration=False, at=clock.now()))
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
def create_director(contrat: str, etablissement: str, email: str, nom: str, **options: bool) -> None:
    """Crée un compte qui dirige un contrat."""
    from portal import members

    _add(members.director(contrat, etablissement, email, nom), read=options["mot_de_passe_lu"])


@cli.command("effacer")
@click.argument("contribution")
@click.option("--demande-ecrite", is_flag=True, required=True, help="la personne l’a demandé par écrit")
def erase(contribution: str, **_written: bool) -> None:
    """Efface pour toujours les mots d’une personne qui l’a demandé par écrit."""
    from portal.domain.register import service

    with _opened(_settings()) as unit:
        unit(lambda session: service.erase_on_request(session, contribution))
    _say("Les mots sont effacés. Les fichiers de la base seront nettoyés dans l’heure, portail en marche.")


@cli.command("ajouter-membre")
@_member_options
@click.option("--groupe", required=True, help="residents, familles, professionnels, representants…")
@click.option("--role", "roles", multiple=True, help="moderation, animation, membre…")
@click.option("--autorite", default="", help="l’autorité pour qui agit la personne, s’il y en a plusieurs")
def add_member(
    contrat: str,
    etablissement: str,
    email: str,
    nom: str,
    groupe: str,
    roles: tuple[str, ...],
    autorite: str,
    **options: bool,
) -> None:
    """Ajoute une personne à un contrat, avec un compte si elle n’en a pas."""
    from portal import members

    wanted = members.member(contrat, etablissement, email, nom, group=groupe, roles=roles, authority=autorite)
    _add(wanted, read=options["mot_de_passe_lu"])


@cli.command("rattacher-agent")
@click.option("--contrat", default="", help="titre ou identifiant (inutile s’il n’y en a qu’un)")
@click.option("--email", required=True, help="l’adresse de la personne")
@click.option("--autorite", required=True, help="le nom de l’autorité pour qui la personne agit")
def attach_agent(contrat: str, email: str, autorite: str) -> None:
    """Dit pour quelle autorité agit un membre du contrat."""
    from portal import members

    with _opened(_settings()) as unit:
        unit(lambda session: members.attach(session, contrat, email, autorite))
    _say("C’est écrit : cette personne agit pour cette autorité.")


@cli.command("retirer-membre")
@click.option("--contrat", default="", help="titre ou identifiant (inutile s’il n’y en a qu’un)")
@click.option("--email", required=True, help="l’adresse de la personne")
def remove_member(contrat: str, email: str) -> None:
    """Retire une personne d’un contrat ; ce qu’elle a écrit reste."""
    from portal import members

    with _opened(_settings()) as unit:
        unit(lambda session: members.remove(session, contrat, email))
    _say("La personne n’est plus membre du contrat. Ce qu’elle a écrit reste.")


@cli.command("desactiver-compte")
@click.option("--email", required=True, help="l’adresse de la personne")
def disable_account(email: str) -> None:
    """Ferme un compte et ses sessions ouvertes."""
    from portal import members

    with _opened(_settings()) as unit:
        unit(lambda session: members.disable(session, email))
    _say("Le compte est fermé. Ses sessions ouvertes sont terminées.")


@cli.command("changer-mot-de-passe")
@click.option("--email", required=True, help="l’adresse de la personne")
@click.option("--mot-de-passe-lu", is_flag=True, help="lit le mot de passe sur l’entrée standard")
def change_password(email: str, **options: bool) -> None:
    """Donne un nouveau mot de passe et termine les sessions ouvertes."""
    from portal import members
    from portal.domain.accounts import passwords

    read = options["mot_de_passe_lu"]
    password = members.password_for(email, read=read)
    hashed = passwords.make_hash(password)
    with _opened(_settings()) as unit:
        unit(lambda session: members.change_password(session, email, hashed))
    _say("Le mot de passe est changé. Les sessions ouvertes sont terminées.")
    _hand_over(password, shown=not read)


@cli.command("verifier")
@click.argument("fichier", required=False, type=FILE)
def verify(fichier: Path | None) -> None:
    """Vérifie le registre d’une base de données, sans serveur."""
    verdict = _verdict(fichier, _settings())
    if verdict.ok:
        _say(f"Le registre est intact : {verdict.lines} lignes vérifiées.")
        return
    contract_id, seq, reason = verdict.first_bad or ("", 0, "")
    raise PortalError(f"Le registre n’est pas intact. Contrat {contract_id or '?'}, ligne {seq} : {reason}.")


def _verdict(file: Path | None, settings: Settings) -> Verdict:
    from portal.domain.journal.verify import verify_database, verify_server

    if file is None and not settings.on_sqlite:
        if not state_of(settings.store).up_to_date:
            raise PortalError(NOT_READY)
        return verify_server(settings.database_url.replace("+psycopg", "", 1))
    wanted = file or settings.database
    if not wanted.is_file():
        raise PortalError(NOT_READY)
    return verify_database(wanted)


@cli.command("reconstruire-recherche")
def rebuild_search() -> None:
    """Oublie ce que la recherche a lu, puis relit chaque contrat et chaque document."""
    from portal.domain.search import service
    from portal.jobs import search

    with _opened(_settings()) as unit:
        for contract_id in unit(service.contracts):
            unit(partial(service.rebuild, contract_id=contract_id))
        search.whole(unit)
    _say("La recherche est relue. Si le portail est en marche, il finit de relire en quelques minutes.")


@cli.command("repertoire")
@click.argument("fichier", type=FILE)
def directory(fichier: Path) -> None:
    """Charge une extraction FINESS des établissements (data.gouv.fr), portail en marche ou non."""
    from portal.directory_file import load

    with _opened(_settings()) as unit, fichier.open("rb") as file:
        for line in load(unit, _settings().instance, file):
            _say(line)


@cli.command("courriels")
@click.option("--renvoyer", default="", help="le numéro d’un courriel en échec ou en doute")
def mails(renvoyer: str) -> None:
    """Montre où en sont les courriels, sans dire à qui."""
    from portal.domain.notifications import mails as letters
    from portal.mail.report import report

    with _opened(_settings()) as unit:
        if renvoyer:
            unit(lambda session: letters.hand_back(session, renvoyer))
            _say("Ce que ce courriel disait partira avec le prochain.")
        for line in unit(report):
            _say(line)


@cli.command("accessibilite")
def accessibility() -> None:
    """Vérifie la déclaration d’accessibilité (accessibilite.toml) et dit ce que la page en montre."""
    from portal.accessibility import FILE, load
    from portal.kernel import clock

    file = _settings().instance / FILE
    if not file.is_file():
        _say(f"Il n’y a aucun fichier {file}. La page dit : non évaluée, aucun audit n’a encore été fait.")
        return
    audit = load(file, clock.today()).audit
    if audit is None:
        _say("La déclaration se lit. Sans audit, la page dit : non évaluée.")
        return
    _say(
        f"La déclaration se lit. Audit du {audit.made_on:%d/%m/%Y} : "
        f"{audit.met} critères respectés sur {audit.applicable}."
    )


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


def _add(wanted: Member, *, read: bool) -> None:
    from portal import members
    from portal.domain.accounts import passwords

    with _opened(_settings()) as unit:
        password = None
        if not unit(lambda session: members.is_known(session, wanted.email)):
            password = members.password_for(wanted.email, read=read)
        hashed = passwords.make_hash(password) if password is not None else None
        unit(lambda session: members.add(session, wanted, hashed))
    _say("La personne est membre du contrat.")
    if password is not None:
        _hand_over(password, shown=not read)


def _hand_over(password: str, *, shown: bool) -> None:
    if shown:
        _say(f"Mot de passe à remettre en main propre, affiché cette seule fois : {password}")


def _settings() -> Settings:
    return from_environ()


@contextmanager
def _opened(settings: Settings) -> Iterator[Unit]:
    if not state_of(settings.store).up_to_date:
        raise PortalError(NOT_READY)
    from portal.kernel.stores import unit_on

    unit = unit_on(settings.store)
    try:
        yield unit
    finally:
        unit.close()


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
    except (PortalError, SettingsError) as error:
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
