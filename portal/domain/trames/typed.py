"""What is typed of a trame and its blocks, checked beside each field."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.trames.models import BlockKind, Filling
from portal.kernel.errors import InvalidError
from portal.kernel.lines import check_line
from portal.kernel.speech import say

MAX_NAME, MAX_TITLE, MAX_PLAIN, MAX_TOLD = 160, 200, 300, 300


@dataclass(frozen=True, slots=True)
class BlockTyped:
    """A block as somebody types it; None where nothing that exists was chosen."""

    kind: BlockKind | None
    title: str
    plain: str
    filling: Filling | None
    binding: bool


def check_block(typed: BlockTyped) -> dict[str, object]:
    """The columns of a block. Errors: InvalidError (`kind`, `title`, `plain`, `filling`, `binding`)."""
    errors: dict[str, list[str]] = {}
    found: dict[str, object] = {"kind": typed.kind, "filling": typed.filling, "binding": typed.binding}
    for name, maximum in (("title", MAX_TITLE), ("plain", MAX_PLAIN)):
        try:
            found[name] = check_line(getattr(typed, name), name, maximum)
        except InvalidError as error:
            errors |= error.errors
    if typed.kind is None:
        errors["kind"] = [say("Choisissez une des réponses.")]
    if typed.filling is None:
        errors["filling"] = [say("Choisissez une des réponses.")]
    if typed.binding and typed.kind not in (BlockKind.ANNEX, None):
        errors["binding"] = [
            say("Seule une annexe se dit opposable\u00a0: le reste du contrat l’est toujours.")
        ]
    if errors:
        raise InvalidError(errors)
    return found
