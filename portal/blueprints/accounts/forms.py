"""What a person types to come in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from portal.domain.accounts.rules import EMAIL_MAXIMUM, PASSWORD_MAXIMUM, normalise_email
from portal.languages import lazy_gettext as _l

HOME = "/contrats"


class SignInForm(FlaskForm):
    """An address, a password, and where the person was going."""

    email = EmailField(
        _l("Votre adresse e-mail"),
        filters=[lambda text: normalise_email(text or "")],
        validators=[
            InputRequired(_l("Écrivez votre adresse e-mail.")),
            Length(max=EMAIL_MAXIMUM, message=_l("Cette adresse est trop longue. Vérifiez-la.")),
        ],
    )
    password = PasswordField(
        _l("Votre mot de passe"),
        validators=[
            InputRequired(_l("Écrivez votre mot de passe.")),
            Length(max=PASSWORD_MAXIMUM, message=_l("Ce mot de passe est trop long. Vérifiez-le.")),
        ],
    )
    suite = HiddenField()


def safe_path(wanted: str | None) -> str:
    """A page of this portal, or the list of contracts: never another site."""
    path = wanted or ""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return HOME
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or parts.path in ("/", "/connexion"):
        return HOME
    return path
