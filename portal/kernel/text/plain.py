"""The same text without marks: for quotes, mails, titles, and paragraphs that are versioned one by one."""

from typing import Final

from portal.kernel.text.french import NO_BREAK
from portal.kernel.text.marks import Block, Break, Emphasis, Inline, Items, Line, Link, Words, parse

ELLIPSIS: Final = "…"
_ITEM_ENDS: Final = (".", ";", ",", ":", "!", "?", "…")
_FULL_STOPS: Final = (".", "!", "?", ELLIPSIS)
_LEFT_HANGING: Final = " ,;:–—-(«" + NO_BREAK


def plain(source: str) -> str:
    """Take a source, give its words on one line, not escaped. Raises `TextTooLong`."""
    text = " ".join(_block(block) for block in parse(source))
    return " ".join(word for word in text.split(" ") if word)


def excerpt(source: str, characters: int) -> str:
    """Take a source, give at most `characters` (1 or more) of its words, cut between two, then « … »."""
    text = plain(source)
    if len(text) <= characters:
        return text
    room = max(characters - len(ELLIPSIS), 0)
    kept = text[:room]
    if text[room] not in _LEFT_HANGING:
        kept = kept.rpartition(" ")[0] or kept
    return _ended(_closed(kept))


def _closed(kept: str) -> str:
    """What was cut, without a quotation that does not end: it stops before it, or loses its mark when it begins there."""
    start = kept.rfind("«")
    if start <= kept.rfind("»"):
        return kept
    before = kept[:start].rstrip(_LEFT_HANGING)
    return before or kept[start + 1 :].lstrip(_LEFT_HANGING)


def _ended(kept: str) -> str:
    words = kept.rstrip(_LEFT_HANGING)
    return words if words.endswith(_FULL_STOPS) else f"{words}{ELLIPSIS}"


def paragraphs(source: str) -> list[str]:
    """Take a source, give the sources of its paragraphs, in order; none is empty."""
    found: list[list[str]] = [[]]
    for line in source.replace("\r\n", "\n").split("\n"):
        if line.strip():
            found[-1].append(line.rstrip())
        elif found[-1]:
            found.append([])
    return ["\n".join(lines).strip() for lines in found if lines]


def pieces(source: str) -> list[str | tuple[str, ...]]:
    """Take a source, give the words of its paragraphs, and those of each item of its lists. Raises `TextTooLong`."""
    return [
        tuple(_line(item) for item in block.items) if isinstance(block, Items) else _line(block.children)
        for block in parse(source)
    ]


def _block(block: Block) -> str:
    if isinstance(block, Items):
        return _sentence([_line(item) for item in block.items])
    return _line(block.children)


def _sentence(items: list[str]) -> str:
    ended = [item if item.endswith(_ITEM_ENDS) else f"{item}{NO_BREAK};" for item in items[:-1]]
    return " ".join([*ended, *items[-1:]])


def _line(children: Line) -> str:
    return "".join(_inline(child) for child in children)


def _inline(node: Inline) -> str:
    match node:
        case Words(text) | Link(_, text):
            return text
        case Break():
            return " "
        case Emphasis(children):
            return _line(children)
