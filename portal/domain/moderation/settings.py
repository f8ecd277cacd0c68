"""How a contract moderates: its announced delay, who may read appeals, where an alert goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.moderation.models import ModerationSetting
from portal.domain.moderation.rules import REVIEW_DAYS
from portal.domain.participants.queries import function_of
from portal.kernel import clock, reasons, text
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.speech import say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget

MAX_TEXT, MAX_REASON, MAX_ADDRESS, MAX_CONTACT = 1000, 500, 200, 160
MAX_DAYS = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What is decided for a contract; what nobody decided has its usual value."""

    review_days: int = REVIEW_DAYS
    authority_readers: bool = False
    authority_reason: str = ""
    alert_text: str = ""
    alert_address: str = ""
    personal_contact: str = ""


def of(session: Session, contract_id: str) -> tuple[Settings, int]:
    """The settings of a contract and their version; version 0 when nobody decided yet."""
    row = session.get(ModerationSetting, contract_id)
    if row is None:
        return Settings(), 0
    return Settings(**{name: getattr(row, name) for name in Settings.__slots__}), row.version


def settle(
    session: Session, person: Actor, wanted: Settings, *, version: int, at: datetime | None = None
) -> ModerationSetting:
    """Write the settings of one's contract. Errors: RefusedError, InvalidError, StaleError."""
    now = at or clock.now()
    contract_id = person.contract_id
    permits.require(person, Permission.MODERATION_SETTLE, ContractTarget(contract_id))
    known, current = of(session, contract_id)
    if version != current:
        raise StaleError(
            say("Ces réglages ont changé depuis que vous les avez ouverts. Voici leur état actuel."),
            seen=version,
            current=known,
        )
    cleaned = _checked(wanted)
    row = session.get(ModerationSetting, contract_id) or ModerationSetting(
        contract_id=contract_id, version=0, at=now
    )
    for name in Settings.__slots__:
        setattr(row, name, getattr(cleaned, name))
    row.version, row.by_function, row.at = current + 1, function_of(person), now
    session.add(row)
    session.flush()
    return row


def _checked(wanted: Settings) -> Settings:
    errors: dict[str, list[str]] = {}
    if not 1 <= wanted.review_days <= MAX_DAYS:
        errors["review_days"] = [say("Choisissez un nombre de jours entre 1 et 20.")]
    reason = _words(wanted.authority_reason, "authority_reason", MAX_REASON, errors)
    if wanted.authority_readers and not reason:
        errors["authority_reason"] = [
            say("Dites pourquoi une autorité pourrait lire les recours. Tout le monde lira cette raison.")
        ]
    elif reason and not reasons.tells(reason):
        errors["authority_reason"] = [reasons.TOO_SHORT]
    cleaned = Settings(
        wanted.review_days,
        wanted.authority_readers,
        reason,
        _words(wanted.alert_text, "alert_text", MAX_TEXT, errors),
        _words(wanted.alert_address, "alert_address", MAX_ADDRESS, errors),
        _words(wanted.personal_contact, "personal_contact", MAX_CONTACT, errors),
    )
    if errors:
        raise InvalidError(errors)
    return cleaned


def _words(raw: str, field: str, limit: int, errors: dict[str, list[str]]) -> str:
    try:
        return text.typography(text.clean_source(raw, maximum=limit))
    except text.TextEmpty:
        return ""
    except text.TextTooLong:
        errors[field] = [
            say("Ce texte est trop long. Il peut avoir %(limit)s signes au plus.", limit=text.number(limit))
        ]
        return ""
