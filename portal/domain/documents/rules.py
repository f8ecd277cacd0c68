"""What a document may be, how many there may be, and what is said of a file that is not taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.documents.models import Subject
from portal.kernel.errors import InvalidError
from portal.kernel.files.kinds import FileKind, Left, Refusal, Told
from portal.kernel.speech import Sentence, say
from portal.policy.permissions import Permission

FILE = "document"
# No plain letter stands for these when accents are taken off: two ligatures and the apostrophe.
LIGATURES = {0x153: "oe", 0x152: "OE", 0x2019: " "}
MEGABYTE = 1024 * 1024
MAX_TITLE, MAX_SUMMARY, MAX_REASON = 160, 300, 300
# Beside one subject; versions of one document; what all files of a contract weigh together.
MAX_BESIDE, MAX_VERSIONS, MAX_WHOLE = 40, 50, 2048 * MEGABYTE

# Who writes what a document is beside. The document itself asks for a right too: see `policy.matrix`.
WRITING: Mapping[Subject, Permission] = {
    Subject.CONTRACT: Permission.TEXT_EDIT,
    Subject.OBJECTIVE: Permission.OBJECTIVE_WRITE,
    Subject.FINDING: Permission.FINDING_WRITE,
    Subject.INDICATOR: Permission.INDICATOR_WRITE,
    Subject.STAGE: Permission.LIFE_WRITE,
    Subject.REVIEW: Permission.LIFE_WRITE,
    Subject.SPACE: Permission.SPACE_CONFIGURE,
}


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was opened and cleaned: what it is, its bytes, a small picture and its first words if it has any."""

    kind: FileKind
    content: bytes
    preview: bytes = b""
    words: str = ""
    left: frozenset[Left] = frozenset()
    told: frozenset[Told] = frozenset()


@dataclass(frozen=True, slots=True)
class Presented:
    """How a document is presented: its name, and one sentence for everybody, empty when it is still to be written."""

    title: str
    summary: str


REFUSED: Mapping[Refusal, Sentence] = {
    Refusal.EMPTY: say("Ce fichier est vide. Choisissez-en un autre."),
    Refusal.UNKNOWN: say(
        "Le portail ne reconnaît pas ce fichier. Enregistrez-le en PDF, puis choisissez-le à nouveau."
    ),
    Refusal.ARCHIVE: say(
        "Ce fichier est une archive. Sortez-en le document, puis choisissez le document lui-même."
    ),
    Refusal.PROGRAM: say("Ce fichier est un programme. Le portail ne garde que des documents et des images."),
    Refusal.PAGE: say(
        "Ce fichier est une page du web ou un dessin qui peut agir. Enregistrez-le en PDF ou en image, puis choisissez-le à nouveau."
    ),
    Refusal.OLD: say(
        "Ce fichier est d’un ancien format. Enregistrez-le en .docx, .xlsx, .pptx, .odt ou PDF, puis choisissez-le à nouveau."
    ),
    Refusal.BROKEN: say(
        "Ce fichier est abîmé ou incomplet. Ouvrez-le, enregistrez-le à nouveau, puis choisissez-le."
    ),
    Refusal.ENCRYPTED: say(
        "Ce fichier est protégé par un mot de passe. Retirez le mot de passe, puis choisissez-le à nouveau."
    ),
    Refusal.MACROS: say(
        "Ce fichier contient des macros, qui peuvent agir sur l’ordinateur de ceux qui l’ouvrent. Enregistrez-le sans macros, par exemple en .docx ou en PDF."
    ),
    Refusal.OBJECT: say(
        "Un objet ou un programme est caché dans ce fichier. Enregistrez-le en PDF, puis choisissez-le à nouveau."
    ),
    Refusal.LINKED: say(
        "Ce fichier va chercher des choses ailleurs dès qu’on l’ouvre. Enregistrez-le en PDF, puis choisissez-le à nouveau."
    ),
    Refusal.BOMB: say(
        "Une fois déplié, ce fichier deviendrait énorme. Enregistrez-le en PDF, ou partagez-le en plusieurs fichiers."
    ),
    Refusal.ENTITIES: say(
        "Ce fichier est écrit d’une façon qui peut bloquer un ordinateur. Ouvrez-le, enregistrez-le à nouveau, puis choisissez-le."
    ),
    Refusal.PIXELS: say(
        "Cette image est trop grande : 50 millions de points au plus. Réduisez-la, puis choisissez-la à nouveau."
    ),
    Refusal.SIGNED_ACTIVE: say(
        "Ce PDF est signé, et il contient aussi des éléments qui peuvent agir. Demandez à la personne qui l’a signé un PDF sans ces éléments."
    ),
    Refusal.TOO_LONG: say(
        "Ce fichier est trop long à ouvrir. Enregistrez-le en PDF plus court, ou partagez-le en plusieurs fichiers."
    ),
}
LEFT: Mapping[Left, Sentence] = {
    Left.COMMENTS: say("des commentaires, avec le nom de leurs auteurs"),
    Left.CHANGES: say("des modifications suivies, avec le nom de leurs auteurs"),
    Left.PICTURES: say("des photos qui peuvent dire où et quand elles ont été prises"),
    Left.SIGNATURE: say("une signature : le fichier est gardé tel quel, avec ce qu’il dit de qui l’a écrit"),
}
TOLD: Mapping[Told, Sentence] = {
    Told.ACTIVE: say(
        "Ce qui pouvait agir tout seul dans ce PDF, et les fichiers qu’il cachait, ont été retirés."
    ),
    Told.FORMULAS: say("Les formules de ce tableau sont devenues des mots : une apostrophe est devant."),
    Told.STILL: say("Cette image bougeait : sa première vue a été gardée."),
}


def refused(refusal: Refusal, limit: int) -> InvalidError:
    """What is said beside the field of a file that is not taken; `limit` in bytes."""
    sentence = REFUSED.get(refusal) or too_heavy(limit)
    return InvalidError({FILE: [sentence]})


def too_heavy(limit: int) -> Sentence:
    """What is said of a file heavier than `limit` bytes."""
    return say(
        "Ce fichier est trop lourd : %(size)s Mo au plus. Réduisez-le, ou partagez-le en plusieurs fichiers.",
        size=max(limit // MEGABYTE, 1),
    )


def own_name(title: str, version: int, kind: FileKind) -> str:
    """The name under which a file is handed over, made of its title alone: plain letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title.translate(LIGATURES))
    letters = plain.encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-") or "document"
    return f"{stem}-v{version}.{kind.value}"
