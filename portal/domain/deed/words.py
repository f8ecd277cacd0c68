"""How the words of a contract become blocks, and what is said where there are none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portal.domain.construction.blocks import Block, Bullets, Paragraph
from portal.domain.contracts.queries import ItemView
from portal.kernel import text
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, say
from portal.vocabulary import Register

DASH = say("–")
EVERYWHERE = say("tous les établissements")
ALREADY = say(
    "Le texte simple et le texte technique disent les mêmes mots\u00a0: ils se lisent une seule fois."
)
MORE = say("La suite se lit sur le portail.")


def told(source: str) -> list[Block]:
    """A text that somebody wrote: its paragraphs, and its lists as lists."""
    return [
        Paragraph(one) if isinstance(one, str) else Bullets(one)
        for part in text.paragraphs(source)
        for one in text.pieces(part)
    ]


def written(item: ItemView, registers: Iterable[Register]) -> list[Register]:
    """The texts of an item to print, among those that are wanted; one of them when both say the same words."""
    wanted = [one for one in registers if item.text(one) is not None]
    return wanted[:1] if item.is_one_text else wanted


def once(item: ItemView, registers: Iterable[Register]) -> list[Block]:
    """That a text stands for both, where both were wanted."""
    several = len(list(registers)) > 1
    return [Paragraph(ALREADY, quiet=True)] if several and item.is_one_text else []


def places(names: Iterable[tuple[str, str]]) -> str:
    """The establishments that something concerns; all of them without any."""
    known = [name for _id, name in names]
    return joined(known, ", ") if known else EVERYWHERE


def days(first: date | None, last: date | None) -> str:
    """From when to when."""
    if first and last:
        return say("du %(start)s au %(end)s", start=day_label(first), end=day_label(last))
    if first:
        return say("à partir du %(start)s", start=day_label(first))
    return say("avant le %(end)s", end=day_label(last)) if last else say("dates pas encore dites")


def span(first: date | None, last: date | None) -> str:
    """From when to when; a dash without any day."""
    if first and last:
        return say("du %(start)s au %(end)s", start=day_label(first), end=day_label(last))
    if first:
        return say("à partir du %(start)s", start=day_label(first))
    return say("jusqu’au %(end)s", end=day_label(last)) if last else DASH


def by(words: str, who: str) -> str:
    """Words, and by whom they are decided when that is known."""
    return say("%(words)s (%(who)s)", words=words, who=who) if words and who else words


def number(value: int | None) -> str:
    """A number of places; a dash when nobody wrote it."""
    return DASH if value is None else text.number(value)


def titled(name: str | None, title: str) -> str:
    """« Article 3 : Les moyens », or the title alone."""
    return title if name is None else say("%(name)s\u00a0: %(title)s", name=name, title=title)


def ended(parts: Iterable[str]) -> Sentence:
    """Several short things in one cell."""
    return joined([one for one in parts if one], " · ")
