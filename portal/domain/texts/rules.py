"""How paragraphs keep their id from version to version."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from portal.kernel.ids import new_id


def follow(old: Sequence[tuple[str, str]], new: Sequence[str]) -> list[str]:
    """The stable id of each new paragraph, given the old (id, source) pairs.

    An unchanged paragraph keeps its id, a rewritten one too when it stands in the same
    place between unchanged ones; a new paragraph gets a new id.
    """
    ids = [""] * len(new)
    matcher = SequenceMatcher(a=[source for _, source in old], b=list(new), autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            for offset in range(min(i2 - i1, j2 - j1)):
                ids[j1 + offset] = old[i1 + offset][0]
    return [id_ or new_id() for id_ in ids]
