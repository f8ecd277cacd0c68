"""Verbs about accounts and sessions. Passwords arrive hashed: hashing is slow."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from portal.domain.accounts import rules
from portal.domain.accounts.comfort import Comfort, written
from portal.domain.accounts.models import Account, SessionRow
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError
from portal.kernel.ids import new_token
from portal.kernel.speech import number_words, say
from portal.vocabulary import LANGUAGES

UNKNOWN = say("Aucun compte n’a cette adresse. Vérifiez qu’elle est écrite en entier.")


def create_account(
    session: Session,
    email: str,
    name: str,
    password_hash: str | None,
    persona: str | None = None,
) -> Account:
    """Make an account. Errors: InvalidError when the address or the name cannot be taken."""
    address, shown = rules.normalise_email(email), " ".join(name.split())
    if errors := _account_errors(session, address, shown):
        raise InvalidError(errors)
    account = Account(
        email=address, name=shown, password_hash=password_hash, persona=persona, created_at=clock.now()
    )
    session.add(account)
    session.flush()
    return account


def _account_errors(session: Session, address: str, name: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not rules.is_email(address):
        errors["email"] = [say("Cette adresse e-mail n’est pas complète. Exemple : prenom.nom@exemple.fr.")]
    elif session.scalar(select(Account.id).where(Account.email == address)) is not None:
        errors["email"] = [say("Un compte a déjà cette adresse e-mail.")]
    if not 0 < len(name) <= rules.NAME_MAXIMUM:
        errors["name"] = [
            say("Le nom compte entre 1 et %(limit)s caractères.", limit=number_words(rules.NAME_MAXIMUM))
        ]
    return errors


def open_session(session: Session, account_id: str, data: str = "{}", *, demonstration: bool = False) -> str:
    """Open a session and return its token, the only copy there will be.

    Errors: NotFoundError when the account is unknown or disabled.
    """
    _active(session, account_id)
    token, now = new_token(), clock.now()
    session.add(
        SessionRow(
            token_hash=rules.token_hash(token),
            account_id=account_id,
            data=data,
            created_at=now,
            seen_at=now,
            expires_at=rules.expiry(now, now, demonstration=demonstration),
        )
    )
    session.flush()
    return token


def keep_session(
    session: Session, token_hash: str, *, data: str | None = None, demonstration: bool = False
) -> None:
    """Note that a session was used, and its data when they changed; an ended one stays ended."""
    row = session.get(SessionRow, token_hash)
    now = clock.now()
    if row is None or not rules.is_alive(row.expires_at, row.ended_at, now):
        return
    row.seen_at = now
    row.expires_at = rules.expiry(row.created_at, now, demonstration=demonstration)
    if data is not None:
        row.data = data


def end_session(session: Session, token_hash: str) -> None:
    """End one session: every copy of its cookie is dead."""
    _end(session, SessionRow.token_hash == token_hash)


def end_sessions_of(session: Session, account_id: str, *, keep: str | None = None) -> None:
    """End every session of an account, but the one whose token hash is `keep`."""
    _end(session, SessionRow.account_id == account_id, SessionRow.token_hash != (keep or ""))


def disable_account(session: Session, account_id: str) -> None:
    """Close an account and its sessions; what was written stays. Errors: NotFoundError."""
    _active(session, account_id).disabled_at = clock.now()
    end_sessions_of(session, account_id)


def change_password(
    session: Session, account_id: str, password_hash: str, *, keep: str | None = None
) -> None:
    """Set a password and end the other sessions. Errors: NotFoundError."""
    _active(session, account_id).password_hash = password_hash
    end_sessions_of(session, account_id, keep=keep)


def set_comfort(session: Session, account_id: str, comfort: Comfort | None) -> None:
    """Keep how this person reads, on every device; None to choose nothing any more. Errors: NotFoundError."""
    _active(session, account_id).comfort = "" if comfort is None else written(comfort)


def set_language(session: Session, account_id: str, language: str) -> None:
    """Keep the language this person reads, on every device. Errors: NotFoundError, InvalidError (`language`)."""
    if language not in LANGUAGES:
        raise InvalidError({"language": [say("Choisissez une langue de la liste.")]})
    _active(session, account_id).language = language


def renew_hash(session: Session, account_id: str, old: str, new: str) -> None:
    """Replace a weak hash of the same password, unless it changed meanwhile."""
    session.execute(
        update(Account)
        .where(Account.id == account_id, Account.password_hash == old)
        .values(password_hash=new)
    )


def _active(session: Session, account_id: str) -> Account:
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        raise NotFoundError(UNKNOWN)
    return account


def _end(session: Session, *conditions: ColumnElement[bool]) -> None:
    session.flush()
    session.execute(
        update(SessionRow)
        .where(SessionRow.ended_at.is_(None), *conditions)
        .values(ended_at=clock.now(), data="{}")
    )
