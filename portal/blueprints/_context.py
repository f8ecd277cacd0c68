"""What every page receives beside its own values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g
from flask_login import current_user

from portal.blueprints.home import accessibility
from portal.domain.duties.rules import KEEPERS
from portal.domain.figures import queries as figures
from portal.domain.moderation.in_person import InPerson, whom
from portal.domain.organisations.queries import Place
from portal.domain.participants import queries as participants
from portal.extensions import db
from portal.kernel import clock
from portal.vocabulary import Role


@dataclass(frozen=True, slots=True)
class CurrentContract:
    """The contract the page is about."""

    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who looks, for the frame of the page only; cards never see it."""

    signed_in: bool
    display_name: str
    group_label: str = ""
    establishment_name: str = ""
    contract: CurrentContract | None = None
    is_director: bool = False
    keeps_duties: bool = False
    draft_owner: str = ""


def init_context(app: Flask) -> None:
    """Register the context of templates."""
    app.jinja_env.filters["telephone"] = dialled

    @app.context_processor
    def frame() -> dict[str, Any]:
        """Who looks and whom to ask for help."""
        place = _place()
        return {
            "viewer": _viewer(place),
            "demonstration": current_app.config["DEMONSTRATION"],
            "printed_on": clock.now(),
            "help_contact": _help_contact,
            "in_person": _in_person,
            "accessibility_mention": accessibility.mention(),
            "unread_notices": _unread_notices,
        }


def _help_contact() -> Place | None:
    """Whom to ask for help: the establishment of the contract, else that of all the seats of the person."""
    if g.get("asked") is not None or not current_user.is_authenticated:
        return _place()
    return participants.only_place(db.session(), str(current_user.get_id()))


def _in_person() -> InPerson | None:
    """Whom to speak to outside the portal; None on a page that is about no contract. Asked by the pages that say it."""
    asked = g.get("asked")
    return None if asked is None else whom(db.session(), asked.contract_id, asked.place)


def _unread_notices() -> int:
    """How much is new for the person who looks; asked by the frame of pages only."""
    if not current_user.is_authenticated:
        return 0
    return figures.unread_notices(db.session(), str(current_user.get_id()))


def dialled(phone: str) -> str:
    """A telephone number as a telephone wants it: its digits, and the plus of another country."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return f"+{digits}" if phone.strip().startswith("+") else digits


def _place() -> Place | None:
    asked = g.get("asked")
    found: Place | None = None if asked is None else asked.place
    return found


def _viewer(place: Place | None) -> Viewer | None:
    if not current_user.is_authenticated:
        return None
    asked = g.get("asked")
    if asked is None:
        return Viewer(signed_in=True, display_name=current_user.name, draft_owner=current_user.get_id()[:8])
    return Viewer(
        signed_in=True,
        display_name=current_user.name,
        group_label=asked.actor.group.one,
        establishment_name=place.name if place else "",
        contract=CurrentContract(asked.contract_id, asked.contract_title),
        is_director=Role.DIRECTOR in asked.actor.roles,
        keeps_duties=not KEEPERS.isdisjoint(asked.actor.roles),
        draft_owner=asked.actor.participant_id[:8],
    )
