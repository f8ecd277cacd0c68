"""What the command line does to accounts and members, through the services of the pages."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.accounts import passwords, rules
from portal.domain.accounts import queries as accounts
from portal.domain.accounts import service as account_service
from portal.domain.contracts import parties
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract
from portal.domain.journal import service as journal
from portal.domain.organisations.models import Organisation
from portal.domain.participants import queries as participants
from portal.domain.participants import service as participant_service
from portal.kernel.errors import InvalidError, NotFoundError, PortalError
from portal.kernel.text import folded
from portal.vocabulary import Group, Labelled, Role

W = TypeVar("W", bound=StrEnum)


class CommandError(PortalError):
    """A command that cannot be done; the sentence says how to mend it."""

    code = "commande"


class Member(NamedTuple):
    """What a member is added with."""

    contract: str
    group: Group
    place: str
    email: str
    name: str
    roles: tuple[Role, ...]
    authority: str = ""


def member(
    contract: str,
    place: str,
    email: str,
    name: str,
    *,
    group: str,
    roles: tuple[str, ...],
    authority: str = "",
) -> Member:
    """A member from the words of a command. Errors: CommandError."""
    held = tuple(word_named(role, Role, "rôle") for role in roles)
    return Member(contract, word_named(group, Group, "groupe"), place, email, name, held, authority)


def director(contract: str, place: str, email: str, name: str) -> Member:
    """A member who directs the contract."""
    return Member(contract, Group.MANAGEMENT, place, email, name, (Role.DIRECTOR,))


def is_known(session: Session, email: str) -> bool:
    """Whether an account already has this address."""
    return accounts.account_by_email(session, rules.normalise_email(email)) is not None


def add(session: Session, wanted: Member, hashed: str | None) -> None:
    """Add a member, with a new account when there is a hashed password. Errors: PortalError."""
    contract_id = contract_named(session, wanted.contract)
    journal.hold(session, contract_id)
    place = place_named(session, contract_id, wanted.place)
    if hashed is None:
        account_id = account_named(session, wanted.email).id
    else:
        account_id = account_service.create_account(session, wanted.email, wanted.name, hashed).id
    if participants.actor(session, account_id, contract_id) is not None:
        raise CommandError("Cette personne est déjà membre de ce contrat.")
    added = participant_service.add_member(
        session,
        contract_id,
        wanted.group,
        place,
        account_id=account_id,
        authority_id=_authority_of(session, contract_id, wanted.group, wanted.authority),
    )
    for role in wanted.roles:
        participant_service.give_role(session, added.id, role)


def attach(session: Session, contract: str, email: str, authority: str) -> None:
    """Say for which authority a member acts. Errors: PortalError."""
    contract_id = contract_named(session, contract)
    journal.hold(session, contract_id)
    actor = participants.actor(session, account_named(session, email).id, contract_id)
    if actor is None:
        raise NotFoundError("Cette personne n’est pas membre de ce contrat.")
    wanted = _authority_of(session, contract_id, actor.group, authority)
    if wanted is None:
        raise CommandError("Nommez l’autorité avec --autorite.")
    participant_service.attach(session, actor.participant_id, wanted)


def remove(session: Session, contract: str, email: str) -> None:
    """End a membership. Errors: PortalError."""
    contract_id = contract_named(session, contract)
    journal.hold(session, contract_id)
    actor = participants.actor(session, account_named(session, email).id, contract_id)
    if actor is None:
        raise NotFoundError("Cette personne n’est pas membre de ce contrat.")
    participant_service.remove_member(session, actor.participant_id)


def disable(session: Session, email: str) -> None:
    """Close an account. Errors: NotFoundError."""
    account_service.disable_account(session, account_named(session, email).id)


def change_password(session: Session, email: str, hashed: str) -> None:
    """Set a password. Errors: NotFoundError."""
    account_service.change_password(session, account_named(session, email).id, hashed)


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
    return folded(text.strip())


def contract_named(session: Session, wanted: str) -> str:
    """The id of a contract by title or id; the only one when nothing is said. Errors: CommandError."""
    rows = session.execute(select(Contract.id, Contract.title).order_by(Contract.title)).all()
    if not rows:
        raise CommandError("Il n’y a pas encore de contrat. Lancez d’abord : creer-contrat --fichier …")
    found = [key for key, title in rows if not wanted or wanted == key or _plain(wanted) == _plain(title)]
    if len(found) == 1:
        return found[0]
    listed = "\n".join(f"  {key}  {title}" for key, title in rows)
    raise CommandError(f"Choisissez un contrat avec --contrat :\n{listed}")


def place_named(session: Session, contract_id: str, wanted: str) -> str | None:
    """The id of an establishment by name, FINESS number or id. Errors: CommandError."""
    if not wanted:
        return None
    places = contracts.places(session, contract_id)
    for place in places:
        if wanted in (place.id, place.finess_et) or _plain(wanted) == _plain(place.name):
            return place.id
    listed = "\n".join(f"  {place.finess_et or place.id}  {place.name}" for place in places)
    raise CommandError(f"Cet établissement n’est pas dans le contrat. Choisissez parmi :\n{listed}")


def authority_named(session: Session, contract_id: str, wanted: str) -> str:
    """The id of an authority of a contract by name or id. Errors: CommandError."""
    query = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(parties.authorities(session, contract_id))
    )
    rows = session.execute(query.order_by(Organisation.name)).all()
    for key, name in rows:
        if wanted == key or _plain(wanted) == _plain(name):
            return str(key)
    listed = "\n".join(f"  {key}  {name}" for key, name in rows)
    raise CommandError(f"Cette autorité ne signe pas le contrat. Choisissez parmi :\n{listed}")


def _authority_of(session: Session, contract_id: str, group: Group, wanted: str) -> str | None:
    """The authority that a member acts for, when one is named. Errors: CommandError outside their group."""
    if not wanted:
        return None
    if group is not Group.AUTHORITIES:
        raise CommandError("Seule une personne du groupe « autorités » agit pour une autorité.")
    return authority_named(session, contract_id, wanted)


def account_named(session: Session, email: str) -> accounts.AccountView:
    """An account by its address. Errors: NotFoundError."""
    found = accounts.account_by_email(session, rules.normalise_email(email))
    if found is None:
        raise NotFoundError(account_service.UNKNOWN)
    return found


def password_for(email: str, *, read: bool) -> str:
    """A drawn password, or the one on the standard input. Errors: InvalidError."""
    if not read:
        return passwords.one_time_password()
    password = sys.stdin.readline().rstrip("\r\n")
    if errors := rules.password_errors(password, rules.normalise_email(email)):
        raise InvalidError({"mot-de-passe": errors})
    return password
