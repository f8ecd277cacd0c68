"""The light marks, read into a small tree: blank line, `- `, `*…*`, an address. Nothing else is a mark."""

import re
from dataclasses import dataclass, field
from typing import Final

from portal.kernel.text import links
from portal.kernel.text.french import typography
from portal.kernel.text.source import MAX_CHARACTERS, TextTooLong, scrub

# Beyond this many marks the rest reads as plain text: no honest text has as many, and each costs time.
MAX_MARKS: Final = 600
BULLET: Final = "- "

_MARK: Final = re.compile(rf"{links.WEB}|{links.MAIL}|\*|\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it is read."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address: where it goes, and what was typed."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What stood between two stars."""

    children: tuple["Inline", ...]


Inline = Words | Break | Link | Emphasis
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines without a blank one between them."""

    children: Line


@dataclass(frozen=True, slots=True)
class Items:
    """A list, one line for each item."""

    items: tuple[Line, ...]


Block = Paragraph | Items


@dataclass(slots=True)
class _Budget:
    left: int = MAX_MARKS

    def spend(self, cost: int = 1) -> bool:
        if cost > self.left:
            return False
        self.left -= cost
        return True


@dataclass(slots=True)
class _Draft:
    is_list: bool
    lines: list[str] = field(default_factory=list)
    open: bool = True


def parse(source: str) -> tuple[Block, ...]:
    """Take a source, give its tree. Raises `TextTooLong` above `MAX_CHARACTERS`, before reading anything."""
    if len(source) > MAX_CHARACTERS:
        raise TextTooLong(len(source), MAX_CHARACTERS)
    budget = _Budget()
    return tuple(_finish(draft, budget) for draft in _drafts(scrub(source), budget))


def _drafts(text: str, budget: _Budget) -> list[_Draft]:
    """Gather lines into blocks. Items with blank lines between them are still one list."""
    drafts: list[_Draft] = []
    for line in text.split("\n") if text else ():
        last = drafts[-1] if drafts else None
        if not line:
            if last is not None:
                last.open = False
            continue
        is_item = line.startswith(BULLET)
        joins = last is not None and last.is_list is is_item and (is_item or last.open)
        # A line that continues a paragraph is paid for when its break is read.
        if last is not None and budget.left <= 0:
            last.lines[-1] += f" {line}"
        elif last is not None and joins:
            last.lines.append(line)
            budget.left -= is_item
        else:
            budget.left -= 1
            drafts.append(_Draft(is_item, [line]))
    return drafts


def _finish(draft: _Draft, budget: _Budget) -> Block:
    if draft.is_list:
        return Items(tuple(_inline(line.removeprefix(BULLET).lstrip(), budget) for line in draft.lines))
    return Paragraph(_inline("\n".join(draft.lines), budget))


def _inline(text: str, budget: _Budget) -> Line:
    """Read stars, addresses and line ends, once, from left to right."""
    shown = typography(text)
    out: list[Inline] = []
    opener: int | None = None
    position = 0
    while mark := _MARK.search(text, position):
        start = mark.start()
        if start > position:
            out.append(Words(shown[position:start]))
        typed = links.trim(mark[0]) if len(mark[0]) > 1 else mark[0]
        position = start + len(typed)
        if typed == "\n":
            out.append(Break() if budget.spend() else Words(" "))
        elif typed != "*":
            out.append(_link(typed, budget))
        elif opener is not None and _closes(text, start) and budget.spend():
            out[opener:] = [Emphasis(tuple(out[opener + 1 :]))]
            opener = None
        else:
            opener = len(out) if _opens(text, start) else opener
            out.append(Words("*"))
    if position < len(text):
        out.append(Words(shown[position:]))
    return tuple(out)


def _link(typed: str, budget: _Budget) -> Inline:
    is_web = typed[:4].lower() == "http" and "://" in typed
    href = links.web_href(typed) if is_web else links.mail_href(typed)
    # The barriers read every & of an address twice, so a link pays for each.
    if href is None or not links.SAFE_HREF.fullmatch(href) or not budget.spend(1 + typed.count("&")):
        return Words(typed)
    return Link(href, typed)


def _opens(text: str, star: int) -> bool:
    before, after = text[star - 1 : star] if star else "", text[star + 1 : star + 2]
    return not (before.isalnum() or before == "*") and not (after == "" or after.isspace() or after == "*")


def _closes(text: str, star: int) -> bool:
    before, after = text[star - 1 : star] if star else "", text[star + 1 : star + 2]
    return not (before == "" or before.isspace() or before == "*") and not (after.isalnum() or after == "*")
