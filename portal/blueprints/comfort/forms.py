"""What a person chooses to read at ease."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Request
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField

from portal.blueprints.accounts.forms import safe_path
from portal.domain.accounts.comfort import CHOICES, Comfort
from portal.languages import lazy_gettext as _l

LABELS = {
    "size": {
        "100": _l("Taille normale"),
        "112": _l("Un peu plus grand"),
        "125": _l("Plus grand"),
        "150": _l("Grand"),
        "200": _l("Très grand, le double"),
    },
    "contrast": {"normal": _l("Contraste normal"), "high": _l("Contraste renforcé")},
    "spacing": {"normal": _l("Espacement normal"), "wide": _l("Texte aéré")},
    "font": {
        "atkinson": _l("Atkinson Hyperlegible, celle du portail"),
        "lexend": _l("Lexend, plus large"),
        "opendyslexic": _l("OpenDyslexic, pour certaines personnes dyslexiques"),
    },
    "motion": {"normal": _l("Comme sur cet appareil"), "reduced": _l("Aucun mouvement")},
    "colours": {
        "auto": _l("Comme sur cet appareil"),
        "light": _l("Toujours claires"),
        "dark": _l("Toujours sombres"),
    },
}
HERE, EVERYWHERE = "appareil", "compte"


def _radio(label: Any, name: str) -> RadioField:
    choices = [(value, LABELS[name][value]) for value in CHOICES[name]]
    return RadioField(label, choices=choices, validate_choice=False)


class ComfortForm(FlaskForm):
    """Six choices; what is not on the list counts as what the portal shows at first."""

    size = _radio(_l("La taille du texte"), "size")
    contrast = _radio(_l("Le contraste"), "contrast")
    spacing = _radio(_l("L’espace entre les lettres et les lignes"), "spacing")
    font = _radio(_l("La police"), "font")
    motion = _radio(_l("Les mouvements"), "motion")
    colours = _radio(_l("Les couleurs"), "colours")
    scope = RadioField(
        _l("Où garder ces réglages ?"),
        choices=[
            (EVERYWHERE, _l("Sur tous mes appareils")),
            (HERE, _l("Seulement sur cet appareil")),
        ],
        default=EVERYWHERE,
        validate_choice=False,
    )
    suite = HiddenField()

    def show(self, comfort: Comfort) -> None:
        """Mark what is in force."""
        for name in CHOICES:
            self._fields[name].data = getattr(comfort, name)

    @property
    def comfort(self) -> Comfort:
        """What is chosen."""
        sent = {name: self._fields[name].data for name in CHOICES}
        return Comfort(**{name: value for name, value in sent.items() if value in CHOICES[name]})

    @property
    def here_only(self) -> bool:
        """Whether the choice ends with this session."""
        return bool(self.scope.data == HERE)


def came_from(request: Request) -> str:
    """The page one comes from, when it is one of ours; the first page otherwise."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host or parts.path == request.path:
        return "/"
    return back_to(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def back_to(wanted: str | None) -> str:
    """A page of this portal; the first one instead of any other."""
    path = wanted or "/"
    known = urlsplit(path).path in ("/", "/connexion") and path.isprintable() and path.startswith("/")
    return path if known and not path.startswith("//") else safe_path(path)
