"""Random public identifiers: nothing in them tells a time or an order."""

from __future__ import annotations

import base64
import re
import secrets

ID_LENGTH = 26
ID_PATTERN = re.compile(r"[a-z2-7]{26}")


def new_id() -> str:
    """128 random bits as 26 lower-case base32 characters."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


def new_token() -> str:
    """256 random bits, URL-safe: a secret for one holder, stored hashed only."""
    return secrets.token_urlsafe(32)


def is_id(value: str) -> bool:
    """Whether the text has the shape of a public identifier."""
    return ID_PATTERN.fullmatch(value) is not None
