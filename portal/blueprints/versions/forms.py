"""The form that brings back what a piece said before, and what the addresses of versions mean."""

from __future__ import annotations

from flask import request
from wtforms import HiddenField, StringField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.versions.models import PieceKind
from portal.languages import lazy_gettext as _


class RestoreForm(ActForm):
    """Why a former version is brought back; `number` is that version, `version` the one of today."""

    version = HiddenField()
    number = HiddenField()
    reason = StringField(_("Pourquoi reprendre cette version ?"))

    @property
    def seen(self) -> int:
        """The version that was on the screen."""
        return number_of(self.version.data)

    @property
    def chosen(self) -> int:
        """The version to bring back."""
        return number_of(self.number.data)


def asked_number(name: str) -> int | None:
    """A version that the address names; None when it names none."""
    found = number_of(request.args.get(name))
    return found if found >= 0 else None


def wanted() -> PieceKind | None:
    """The kind of pieces that a reader looks for; None for all of them."""
    typed = request.args.get("sorte", "")
    return next((one for one in PieceKind if one.value == typed), None)


def cursor() -> str:
    """The change after which the page begins."""
    return request.args.get("apres", "")[:80]
