"""What was written in the name of many: syntheses, and the formal acts that the law knows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from portal.domain.acts import queries as acts
from portal.domain.acts import sequels
from portal.domain.acts.queries import ActView
from portal.domain.acts.sequels import SequelView
from portal.domain.construction.blocks import Block, Heading, Paragraph, Section, Table
from portal.domain.construction.sources import Sources
from portal.domain.syntheses.queries import CitationView, PartView, PieceView
from portal.kernel import text
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, say

WORDS = 700
GONE = "[…]"
# What our renderer ends a passage with.
_ENDS = re.compile(r"</(?:p|li|ul)>|<br>")
_TAG = re.compile(r"<[^>]*>")


def syntheses(src: Sources) -> Section | None:
    """Each published synthesis in full, as it reads today: what is no longer to be read is not here."""
    blocks: list[Block] = []
    for one in src.written:
        told = say(
            "Synthèse publiée le %(day)s par %(by)s.", day=day_label(one.at), by=Sentence(one.by_function)
        )
        blocks += [Heading(one.question), Paragraph(told, quiet=True)]
        blocks += [block for part in one.parts for block in _part(part)]
    return Section("syntheses", say("Les synthèses"), tuple(blocks)) if blocks else None


def quotes(src: Sources) -> list[tuple[CitationView, str]]:
    """The words that published syntheses quote, with the question of their space: for every member."""
    return [
        (piece.citation, one.question)
        for one in reversed(src.written)
        for part in one.parts
        for piece in part.pieces
        if piece.citation is not None and piece.citation.quote
    ]


def _part(part: PartView) -> Iterator[Block]:
    # A heading of its own would stand on the level of the spaces.
    if part.heading:
        yield Paragraph(part.heading, strong=True)
    told = "".join(_words(piece) for piece in part.pieces)
    for words in told.splitlines():
        if words.strip():
            yield Paragraph(" ".join(words.split(" ")).strip())


def _words(piece: PieceView) -> str:
    """The words of a piece on lines of their own; a quotation between its marks."""
    if piece.citation is not None:
        quote = piece.citation.quote
        if piece.citation.stone:
            return GONE
        return f"«\N{NO-BREAK SPACE}{quote}\N{NO-BREAK SPACE}»" if quote else ""
    lines = _ENDS.sub("\n", piece.html.replace("\n", " "))
    return html.unescape(_TAG.sub("", lines))


def formal(src: Sources) -> Section | None:
    """The formal acts that stand: of the whole contract and, for one establishment, its own."""
    place = src.place
    found = [
        one
        for one in acts.of_contract(src.session, src.contract.id)
        if place is None or one.establishment_id in (None, place.id)
    ]
    if not found:
        return None
    became = sequels.of_acts(src.session, [one.id for one in found])
    head = (say("Jour"), say("Acte"), say("Qui l’a pris"), say("Pour"), say("Ce qui a été dit"))
    blocks: list[Block] = [
        Table(say("Les actes officiels, du premier au dernier"), head, tuple(_row(one) for one in found)),
        *(block for one in found for block in _act(one, became.get(one.id, []))),
    ]
    return Section("actes", say("Les actes officiels"), tuple(blocks))


def _row(one: ActView) -> tuple[str, ...]:
    now = one.now
    return (
        day_label(now.held_on),
        capital(one.kind.label),
        now.body,
        now.place or say("tout le contrat"),
        capital(now.outcome.label),
    )


def _act(one: ActView, became: Sequence[SequelView]) -> Iterator[Block]:
    words = text.excerpt(one.source, WORDS) if one.source else ""
    if words or became:
        yield Heading(say("%(act)s, %(day)s", act=capital(one.kind.label), day=day_label(one.now.held_on)))
    if words:
        yield Paragraph(words)
    for sequel in became:
        told = say(
            "Ce que cet avis est devenu, écrit par %(by)s le %(day)s :",
            by=Sentence(sequel.by_function),
            day=day_label(sequel.at),
        )
        yield Paragraph(told, quiet=True)
        yield Paragraph(text.excerpt(sequel.source, WORDS))
