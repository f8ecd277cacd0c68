"""The two barriers behind our own renderer: bleach, then nh3. The only file that may import them.

Whatever reaches them was written by our own tree and is already escaped: they are there for the day it is not.
"""

from typing import Final

import nh3
from bleach.sanitizer import Cleaner

from portal.kernel.text.links import SAFE_HREF

REL: Final = "nofollow noopener noreferrer"
_TAGS: Final = frozenset({"p", "br", "em", "ul", "li", "a"})
_PROTOCOLS: Final = frozenset({"http", "https", "mailto"})


def _may_stay(tag: str, name: str, value: str) -> bool:
    if tag != "a":
        return False
    return value == REL if name == "rel" else name == "href" and SAFE_HREF.fullmatch(value) is not None


def _filtered(tag: str, name: str, value: str) -> str | None:
    return value if _may_stay(tag, name, value) else None


def _new_cleaner() -> Cleaner:
    return Cleaner(tags=_TAGS, attributes=_may_stay, protocols=_PROTOCOLS, strip=True)


_SECOND: Final = nh3.Cleaner(
    tags=set(_TAGS),
    attributes={"a": {"href"}},
    url_schemes=set(_PROTOCOLS),
    link_rel=REL,
    attribute_filter=_filtered,
)

# A bleach cleaner keeps state while it works, so two threads must not hold the same one. Taking from a list and
# giving back are atomic: one cleaner serves everybody, another is made only while the first is at work.
_idle: list[Cleaner] = [_new_cleaner()]


def pass_barriers(html: str) -> str:
    """Take HTML, give it with nothing left but the allowed elements and links. Passing twice changes nothing."""
    try:
        first = _idle.pop()
    except IndexError:
        first = _new_cleaner()
    cleaned = first.clean(html)
    _idle.append(first)
    return _SECOND.clean(cleaned)
