"""Where the words of a part stand beside those of the trame. Pure."""

from __future__ import annotations

from enum import Enum, auto


class Standing(Enum):
    """Whether the trame says what was written together."""

    SAME = auto()
    WRITTEN_SINCE = auto()
    DIFFERENT = auto()
    GONE = auto()


def standing(discussed: str, written: str, *, taken_number: int | None, number: int, here: bool) -> Standing:
    """Where the words `discussed` stand beside those `written` in the block, which is at version `number`.

    `here`: whether the trame of the contract has the block; `taken_number`: the version of the block that the words taken
    last became. A block that was written again since then is told apart from one that waits for the words.
    """
    if not here:
        return Standing.GONE
    if discussed == written:
        return Standing.SAME
    if taken_number is not None and number > taken_number:
        return Standing.WRITTEN_SINCE
    return Standing.DIFFERENT
