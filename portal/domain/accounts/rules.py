"""What is true of accounts and sessions, without a database."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta
from itertools import product

from portal.kernel.speech import number_words, say

PASSWORD_MINIMUM = 12
PASSWORD_MAXIMUM = 200
TOO_SHORT = say(
    "Choisissez un mot de passe d’au moins %(limit)s caractères. Une petite phrase convient très bien.",
    limit=number_words(PASSWORD_MINIMUM),
)
EMAIL_MAXIMUM = 254
NAME_MAXIMUM = 120

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
DEMONSTRATION = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f,;<>()\[\]\"\\]+@[^@\s\x00-\x1f\x7f,;<>()\[\]\"\\]+\.[^@\s.]{2,}")
_WORDS = (
    "motdepasse", "password", "polyphonie", "bienvenue", "azerty", "azertyuiop", "qwerty", "qwertyuiop",
    "soleil", "doudou", "chouchou", "bonjour", "marseille", "cpom", "ehpad", "direction", "administrateur",
    "admin", "resident", "famille",
)  # fmt: skip
_TAILS = ("", "1", "12", "123", "1234", "12345", "123456", "1234567890", "2024", "2025", "2026")
_ROWS = (
    "0123456789",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
)
_FEW_SIGNS, _LONG_NAME, _OWN_SIGNS = 5, 4, 6
_UNLEET = str.maketrans("0134578@$!", "oieastbasi")


def _common() -> frozenset[str]:
    plain = {word + tail for word, tail in product(_WORDS, _TAILS)}
    return frozenset(plain | {word * 2 for word in _WORDS} | {word * 3 for word in _WORDS})


COMMON = _common()


def normalise_email(text: str) -> str:
    """The one form under which an address is stored and looked up."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def is_email(text: str) -> bool:
    """Whether a normalised address has the shape of one; only a message proves more."""
    return len(text) <= EMAIL_MAXIMUM and _EMAIL.fullmatch(text) is not None


def normalise_password(text: str) -> str:
    """The same characters, however the keyboard composed them."""
    return unicodedata.normalize("NFC", text)


def password_errors(password: str, email: str = "") -> list[str]:
    """French sentences that say what to mend; empty when the password will do."""
    if len(password) < PASSWORD_MINIMUM:
        return [TOO_SHORT]
    if len(password) > PASSWORD_MAXIMUM:
        return [
            say(
                "Ce mot de passe est trop long : %(limit)s caractères au plus.",
                limit=number_words(PASSWORD_MAXIMUM),
            )
        ]
    if _is_easy(password, email):
        return [say("Ce mot de passe est trop facile à deviner. Essayez plusieurs mots sans lien entre eux.")]
    return []


def _is_easy(password: str, email: str) -> bool:
    bare = _bare(password.casefold())
    core = bare.strip("0123456789")
    forms = {bare, core, bare.translate(_UNLEET), core.translate(_UNLEET)}
    if len(set(bare)) < _FEW_SIGNS or forms & COMMON:
        return True
    if any(bare in row * 3 or bare in row[::-1] * 3 for row in _ROWS):
        return True
    local = _bare(email.partition("@")[0])
    return len(local) >= _LONG_NAME and local in bare and len(bare) - len(local) < _OWN_SIGNS


def _bare(text: str) -> str:
    return re.sub(r"[\s_.\-!?*#]+", "", text)


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def expiry(created_at: datetime, seen_at: datetime, *, demonstration: bool) -> datetime:
    """When a session ends by itself: unused for too long, or open for too long."""
    longest = DEMONSTRATION if demonstration else ABSOLUTE
    return min(seen_at + IDLE, created_at + longest)


def is_alive(expires_at: datetime, ended_at: datetime | None, at: datetime) -> bool:
    """Whether a session may still be used at this instant."""
    return ended_at is None and at < expires_at
