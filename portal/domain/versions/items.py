"""What every item of a contract says, whatever its kind, as its versions keep it."""

from __future__ import annotations

from portal.domain.contracts import queries as contracts
from portal.domain.versions.shapes import Field
from portal.kernel.speech import say

LEEWAY = tuple(name for box in ("decided", "open", "out_of_reach") for name in (box, f"{box}_by"))
LEEWAY_FIELDS = (
    Field("decided", say("Ce qui est décidé")),
    Field("decided_by", say("Décidé par qui ?")),
    Field("open", say("Ce qui est ouvert aux idées")),
    Field("open_by", say("Ouvert par qui ?")),
    Field("out_of_reach", say("Ce qui est hors de portée")),
    Field("out_of_reach_by", say("De qui cela dépend-il ?")),
)


def leeway(item: contracts.ItemView) -> dict[str, str]:
    """The six texts of the boxes of an item."""
    return {name: getattr(item.leeway, name) for name in LEEWAY}


def texts(item: contracts.ItemView) -> dict[str, int]:
    """The versions of both texts of an item."""
    both = (("plain", item.plain), ("technical", item.technical))
    return {name: text.version for name, text in both if text is not None}
