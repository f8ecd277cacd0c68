"""The money of the contract: what is planned and what became of it, by year, by payer, by objective."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.domain.construction.blocks import Block, Bullets, Heading, Paragraph, Table
from portal.domain.deed.gathered import Gathered
from portal.domain.deed.words import DASH, EVERYWHERE, MORE, ended
from portal.domain.means import moves, queries, sentences, sums
from portal.domain.means.moves import MoveView
from portal.domain.means.queries import Placed
from portal.domain.means.rules import Sum, total
from portal.domain.means.sentences import euros, name_of
from portal.kernel.bodies import Body
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, say

LINES, MOVES, MISSING = 400, 100, 100


def holds(src: Gathered) -> bool:
    """Whether any money is written."""
    return bool(sums.by_year(src.session, src.contract_id))


def short(src: Gathered) -> list[Block]:
    """How much, from whom, and what was done of it."""
    by_year = sums.by_year(src.session, src.contract_id)
    whole = total(by_year.values())
    blocks: list[Block] = [
        Paragraph(
            say(
                "Pour tous les objectifs\u00a0: %(total)s de %(first)s à %(last)s.",
                total=euros(whole.planned),
                first=str(min(by_year)),
                last=str(max(by_year)),
            )
        ),
        Paragraph(say("Un engagement n’est pas une garantie."), quiet=True),
    ]
    lasting = sums.by_lasting(src.session, src.contract_id).get("", {})
    told = (
        say("%(amount)s\u00a0: %(kind)s", amount=euros(one.planned), kind=kind.label)
        for kind, one in lasting.items()
    )
    blocks += [Bullets(tuple(told)), Paragraph(sentences.followed(whole))]
    rows = [*((str(year), one) for year, one in sorted(by_year.items())), (say("En tout"), whole)]
    head = (say("Année"), say("Prévu"), say("Donné"), say("Donné à côté du prévu"), say("Dépensé"))
    cells = tuple((label, *_sums(one)) for label, one in rows)
    return [*blocks, Table(say("L’argent du contrat, année par année"), head, cells)]


def full(src: Gathered) -> list[Block]:
    """The same, then who pays, each line, what is not funded, what was moved."""
    blocks = [*short(src), _payers(src)]
    if src.choice.plain:
        return [*blocks, *_missing(src)]
    return [*blocks, *_lines(src), *_missing(src), *_moves(src)]


def _sums(one: Sum) -> tuple[str, ...]:
    return euros(one.planned), _money(one.given), sentences.gap(one), _money(one.spent)


def _money(amount: int | None) -> str:
    return DASH if amount is None else euros(amount)


def _payers(src: Gathered) -> Table:
    known = sums.by_payer(src.session, src.contract_id)
    years = sorted({year for _purse, by_year in known for year in by_year})
    rows = tuple(
        (
            name_of(purse),
            *(euros(by_year[year].planned) if year in by_year else DASH for year in years),
            euros(total(by_year.values()).planned),
        )
        for purse, by_year in known
    )
    head = (say("Qui paie"), *(str(year) for year in years), say("En tout"))
    shares = (4, *(2 for _year in years), 2)
    return Table(say("Qui paie, année par année"), head, rows, shares)


def _lines(src: Gathered) -> list[Block]:
    found, more = queries.every_line(src.session, src.contract_id, size=LINES)
    if not found:
        return []
    head = (say("Objectif"), say("Pour quoi"), say("Où"), say("Qui paie"), say("Combien"))
    rows = tuple(_line(one) for one in found)
    blocks: list[Block] = [
        Heading(say("Objectif par objectif")),
        Table(say("Chaque ligne d’argent, et son objectif"), head, rows, (2, 4, 3, 3, 4)),
    ]
    return [*blocks, Paragraph(MORE)] if more else blocks


def _line(one: Placed) -> tuple[str, ...]:
    line = one.line
    return (
        say("Objectif %(number)s", number=str(one.number)),
        line.label,
        line.site or EVERYWHERE,
        ended((name_of(line.purse), line.lasting.label)),
        sentences.of_line(line),
    )


def _missing(src: Gathered) -> list[Block]:
    last = src.life.dates.ends_on.year
    actions, more_actions = queries.missing(src.session, src.contract_id, size=MISSING)
    weak, more_lines = queries.weak_lines(src.session, src.contract_id, last, size=MISSING)
    told: list[Sentence] = [
        _about(one.number, one.action.label, sentences.unfunded(one.action)) for one in actions
    ]
    for one in weak:
        why = sentences.lacking(one.line, last)
        if why is not None:
            told.append(_about(one.number, one.line.label, why))
    if not told:
        return []
    blocks: list[Block] = [Heading(say("Ce qui n’est pas financé jusqu’au bout")), Bullets(tuple(told))]
    return [*blocks, Paragraph(MORE)] if more_actions or more_lines else blocks


def _about(number: int, label: str, why: str) -> Sentence:
    return say("Objectif %(number)s, %(label)s\u00a0: %(why)s", number=str(number), label=label, why=why)


def _moves(src: Gathered) -> list[Block]:
    found, more = moves.page(src.session, src.contract_id, size=MOVES)
    rows = tuple(_rows(one for one in found if one.holds))
    if not rows:
        return []
    head = (say("Décision"), say("Argent déplacé"), say("Ce qui le permet"), say("Pourquoi"))
    blocks: list[Block] = [
        Heading(say("Les réaffectations")),
        Table(say("L’argent déplacé d’un établissement à un autre"), head, rows, (3, 5, 3, 4)),
    ]
    return [*blocks, Paragraph(MORE)] if more else blocks


def _rows(found: Iterable[MoveView]) -> Sequence[tuple[str, ...]]:
    return [
        (
            say(
                "n°\u00a0%(number)s, le %(day)s, par %(who)s",
                number=str(one.number),
                day=day_label(one.decided_on),
                who=Body.named(one.decided_by),
            ),
            say(
                "%(amount)s de %(year)s quittent «\u00a0%(origin)s\u00a0» pour «\u00a0%(destination)s\u00a0». Argent\u00a0: %(who)s.",
                amount=euros(one.amount),
                year=str(one.year),
                origin=one.origin,
                destination=one.destination,
                who=name_of(one.purse),
            ),
            one.clause,
            one.reason,
        )
        for one in found
    ]
