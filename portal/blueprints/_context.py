"""What every page receives beside its own values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g
from flask_login import current_user

from portal.domain.organisations.queries import Place
from portal.vocabulary import Role


@dataclass(frozen=True, slots=True)
class CurrentContract:
    """The contract the page is about."""

    id: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who looks, for the frame of the page only; cards never see it."""

    signed_in: bool
    display_name: str
    group_label: str = ""
    establishment_name: str = ""
    contract: CurrentContract | None = None
    is_director: bool = False
    draft_owner: str = ""


def init_context(app: Flask) -> None:
    """Register the context of templates."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        """Who looks and whom to ask for help."""
        place = _place()
        return {
            "viewer": _viewer(place),
            "demonstration": current_app.config["DEMONSTRATION"],
            "help_contact": place,
        }


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
        contract=CurrentContract(asked.contract_id),
        is_director=Role.DIRECTOR in asked.actor.roles,
        draft_owner=asked.actor.participant_id[:8],
    )
