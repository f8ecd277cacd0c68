"""Where a passage stands: written, to write, to review; whether a plain text may be called easy to read (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.texts.pairing import Passage
from portal.kernel.errors import InvalidError
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class Standing(Labelled):
    """Where the plain side of a passage stands."""

    RIGHT = "juste", say("à jour")
    TO_REVIEW = "a-revoir", say("version simplifiée à revoir")
    TO_WRITE = "a-ecrire", say("à écrire")
    ALONE = "seul", say("sans texte technique")


@dataclass(frozen=True, slots=True)
class Held:
    """A link as it is kept: for which technical words (None when nobody read it for any), who read it again and when."""

    was: str | None
    read_again: bool
    by_function: str
    at: datetime | None


def standing(passage: Passage, held: Iterable[tuple[str, Held]], technical: Mapping[str, str]) -> Standing:
    """To review as soon as one technical paragraph has other words than those its plain words were for.

    `held` are the links of the passage, each with the id of its technical paragraph; `technical` the words of now.
    """
    if not passage.plain:
        return Standing.TO_WRITE
    if not passage.technical:
        return Standing.ALONE
    if any(one.was != technical[name] for name, one in held):
        return Standing.TO_REVIEW
    return Standing.RIGHT


def numbers(typed: str, highest: int, field: str) -> tuple[int, ...]:
    """The numbers of paragraphs that were typed, « 1, 2 », none when empty. Errors: InvalidError (`field`)."""
    found = typed.replace(";", ",").replace(" et ", ",").split(",") if typed.strip() else []
    told = [one.strip() for one in found if one.strip()]
    if all(one.isascii() and one.isdigit() and len(one) < 6 and 1 <= int(one) <= highest for one in told):  # noqa: PLR2004
        return tuple(sorted({int(one) for one in told}))
    if highest < 2:  # noqa: PLR2004 — one paragraph only
        raise InvalidError({field: [say("Écrivez 1, ou laissez vide.")]})
    raise InvalidError(
        {
            field: [
                say("Écrivez des numéros de 1 à %(last)s, séparés par des virgules.", last=str(highest)),
            ]
        }
    )
