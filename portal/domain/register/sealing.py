"""The key that signs exports: made once, kept in the instance folder, its public half told to all."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.kernel.errors import PortalError
from portal.kernel.ids import new_id
from portal.kernel.speech import say

if TYPE_CHECKING:
    from pathlib import Path

FILE = "cle-registre.pem"
PUBLIC = "cle-registre-{id}.pub"
SHORT = 16


class KeyUnreadableError(PortalError):
    """The key of the register is there and cannot be used."""

    code = "cle-illisible"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its id is the SHA-256 of its 32 bytes."""

    id: str
    hex: str
    pem: str
    current: bool

    @property
    def fingerprint(self) -> str:
        """Its id in groups of four, as `verifier.py` says it: to be compared by eye."""
        return " ".join(self.id[at : at + 4] for at in range(0, len(self.id), 4))


class Seal:
    """Signs in the name of this portal."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = _told(private.public_key(), current=True)

    def sign(self, message: bytes) -> str:
        """The signature of a message, in hexadecimal digits."""
        return self._private.sign(message).hex()


def seal_of(instance: Path) -> Seal:
    """The seal of an instance; made the first time. Errors: KeyUnreadableError."""
    path = instance / FILE
    if not path.exists():
        _make(instance)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, OSError) as error:
        raise KeyUnreadableError(
            say("La clé du registre (%(path)s) est illisible. Remettez celle de votre sauvegarde.", path=path)
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadableError(say("La clé du registre (%(path)s) n’est pas une clé Ed25519.", path=path))
    seal = Seal(key)
    public = instance / PUBLIC.format(id=seal.public.id[:SHORT])
    if not public.exists():
        public.write_text(seal.public.pem, encoding="ascii")
    return seal


def public_keys(instance: Path) -> list[PublicKey]:
    """The public keys under which exports of this portal were signed, the present one first."""
    present = seal_of(instance).public
    found = {present.id: present}
    for path in sorted(instance.glob(PUBLIC.format(id="*"))):
        key = serialization.load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            told = _told(key, current=False)
            found.setdefault(told.id, told)
    return list(found.values())


def _make(instance: Path) -> None:
    """Write a new key, whole or not at all; of two processes that begin together one wins."""
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    beside = instance / f"{FILE}.{new_id()}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, instance / FILE)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _told(key: Ed25519PublicKey, *, current: bool) -> PublicKey:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(hashlib.sha256(raw).hexdigest(), raw.hex(), pem.decode("ascii"), current)
