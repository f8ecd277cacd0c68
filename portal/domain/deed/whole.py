"""The contract, whole: one document, on a page, on paper and as a text file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.construction.blocks import (
    Blank,
    Block,
    Break,
    Bullets,
    Contents,
    Document,
    Heading,
    Paragraph,
    Seal,
    Section,
)
from portal.domain.construction.whole import seal_of
from portal.domain.deed import (
    annexes,
    before,
    diagnostic,
    life,
    means,
    objectives,
    order,
    perimeter,
    texts,
    words,
)
from portal.domain.deed.brief import brief
from portal.domain.deed.choices import Choice
from portal.domain.deed.gathered import Gathered
from portal.domain.deed.order import Part, Plan
from portal.domain.trames.models import BlockKind, Filling
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, say

Make = Callable[[Gathered], list[Block]]
FULL: Mapping[Filling, Make] = {
    Filling.PERIMETER: perimeter.full,
    Filling.DIAGNOSTIC: diagnostic.full,
    Filling.OBJECTIVES: objectives.full,
    Filling.MEANS: means.full,
    Filling.LIFE: life.full,
    Filling.FOLLOW_UP: life.follow_up,
}
SHORT: Mapping[Filling, Make] = {
    Filling.PERIMETER: perimeter.short,
    Filling.DIAGNOSTIC: diagnostic.short,
    Filling.OBJECTIVES: objectives.short,
    Filling.MEANS: means.short,
    Filling.LIFE: life.dates,
    Filling.FOLLOW_UP: life.committee,
}
_MAKES = (FULL, SHORT)
SIGNATURES = "signatures"
TO_WRITE = say("Il reste à écrire.")


def gathered(session: Session, contract_id: str, choice: Choice, at: datetime, portal: str) -> Gathered:
    """What a document about a contract is made from; nothing is read yet."""
    return Gathered(session, contract_id, at, paris(at).date(), choice, portal)


def whole(session: Session, contract_id: str, choice: Choice, at: datetime, portal: str) -> Document:
    """The whole contract; `portal` is the address of the portal, printed where the document sends to it."""
    seal = seal_of(session, contract_id)
    src = gathered(session, contract_id, choice, at, portal)
    plan = order.plan(src)
    parts = [one for one in plan.parts if choice.annexes or not one.annex]
    sections = [brief(src, _objectives_in(parts)), _contents(plan, choice)]
    sections += [_section(src, one, choice) for one in parts if not one.annex]
    # What everybody reads is not what is signed.
    apart = [] if choice.plain else [_signatures(src)]
    apart += [_section(src, one, choice) for one in parts if one.annex]
    if choice.annexes:
        apart += [
            one
            for one in (before.annex(src), annexes.papers(src), annexes.built(src, seal))
            if one is not None
        ]
    return Document(
        say("Le contrat, version pour tous") if choice.plain else say("Le contrat, en entier"),
        src.contract.title,
        _state(src),
        src.today,
        _on_sheets(sections, apart),
        seal,
        mark="" if src.signed else say("Projet du %(day)s", day=day_label(src.today)),
    )


def short(session: Session, contract_id: str, at: datetime, portal: str) -> Document:
    """« Le contrat en bref », alone."""
    seal: Seal = seal_of(session, contract_id)
    src = gathered(session, contract_id, Choice(), at, portal)
    return Document(
        say("Le contrat en bref"), src.contract.title, _state(src), src.today, (brief(src),), seal
    )


def _objectives_in(parts: Sequence[Part]) -> str:
    """The part that tells each objective, or else sums them up, among those that the document has."""
    found = [one for one in parts if one.filled and one.block.filling is Filling.OBJECTIVES]
    kept = next((one for one in found if not one.detail), found[0] if found else None)
    return words.titled(kept.name, kept.block.title) if kept is not None else ""


def _state(src: Gathered) -> Sentence:
    if src.signed and src.life.dates.signed_on is not None:
        return say("signé le %(day)s", day=day_label(src.life.dates.signed_on))
    return say("projet, pas encore signé")


def _contents(plan: Plan, choice: Choice) -> Section:
    blocks: list[Block] = []
    if plan.chosen is None:
        blocks.append(
            Paragraph(
                say(
                    "Aucune trame (l’ordre dans lequel un contrat s’écrit) n’est choisie\u00a0: ce document suit l’ordre habituel."
                )
            )
        )
    elif not plan.laid:
        blocks.append(
            Paragraph(say("La trame de ce contrat est vide\u00a0: ce document suit l’ordre habituel."))
        )
    else:
        blocks.append(
            Paragraph(say("Ce document suit l’ordre de\u00a0: %(trame)s.", trame=plan.chosen.title))
        )
    if choice.plain:
        blocks.append(
            Paragraph(
                say(
                    "Voici la version pour tous\u00a0: elle ne remplace pas le texte complet, qui seul engage."
                )
            )
        )
    if not choice.annexes:
        blocks.append(Paragraph(say("Ce document est sans ses annexes.")))
    if plan.missing:
        told = joined([words.titled(one.name, one.block.title) for one in plan.missing], " · ")
        blocks.append(Paragraph(say("Il reste à écrire\u00a0: %(parts)s.", parts=told)))
    return Section("sommaire", say("Sommaire"), (*blocks, Contents()))


def _section(src: Gathered, part: Part, choice: Choice) -> Section:
    title = words.titled(part.name, part.block.title)
    blocks = _blocks(src, part, choice)
    return Section(f"partie-{part.block.id}", title, tuple(numbered(part.prefix, blocks)), part.level)


def _blocks(src: Gathered, part: Part, choice: Choice) -> list[Block]:
    if part.block.kind is BlockKind.TITLE:
        return [Paragraph(part.block.plain, quiet=True)] if choice.plain else []
    blocks: list[Block] = []
    if part.added:
        blocks.append(
            Paragraph(say("La trame n’a pas de partie pour cela\u00a0: le portail le garde ici."), quiet=True)
        )
    if choice.simply:
        blocks.append(Paragraph(part.block.plain, quiet=not choice.plain))
    if part.block.binding:
        blocks.append(
            Paragraph(say("Annexe opposable\u00a0: elle engage autant que le contrat."), quiet=True)
        )
    blocks += _written(src, part, choice)
    if part.filled:
        make = (
            life.reported if part.block.id == order.REPORTS else _MAKES[bool(part.detail)][part.block.filling]
        )
        blocks += make(src)
    if part.filled and part.detail:
        blocks.append(Paragraph(say("Tout le détail est dans\u00a0: %(part)s.", part=part.detail)))
    if part.missing:
        blocks.append(Paragraph(TO_WRITE, strong=True))
    return blocks


def _written(src: Gathered, part: Part, choice: Choice) -> list[Block]:
    """What the direction wrote there, which has one text only: the version for everybody says where it is."""
    if not part.text.source:
        return []
    if choice.plain:
        return [Paragraph(say("Le texte de cette partie se lit dans le contrat complet."), quiet=True)]
    told = words.told(part.text.source)
    change = src.negotiated.get(part.block.id)
    return told if change is None else [*told, texts.agreed(change)]


def numbered(prefix: str, blocks: Iterable[Block]) -> Iterable[Block]:
    """The same with numbers before headings, « 4.1 » then « 4.1.1 »; as they are where the part has no number."""
    top = below = 0
    for one in blocks:
        if not isinstance(one, Heading) or not prefix:
            yield one
            continue
        if one.deep:
            below += 1
            number = f"{prefix}.{top}.{below}"
        else:
            top, below = top + 1, 0
            number = f"{prefix}.{top}"
        yield replace(one, words=joined([number, one.words]))


def _on_sheets(sections: Sequence[Section], apart: Sequence[Section]) -> tuple[Section, ...]:
    """All of them: the first has its own sheet, and each annex begins one."""
    first, *body = sections
    told = [_ended(first), *body]
    if apart and apart[0].id != SIGNATURES:
        told[-1] = _ended(told[-1])
    return (*told, *(_ended(one) for one in apart[:-1]), *apart[-1:])


def _ended(one: Section) -> Section:
    """What follows it begins a new sheet."""
    return replace(one, blocks=(*one.blocks, Break()))


def _signatures(src: Gathered) -> Section:
    names = tuple(one.name for one in src.life.parties)
    blocks: list[Block] = []
    if src.signed:
        blocks += [
            Paragraph(life.signed(src)),
            Paragraph(say("Les parties qui l’ont signé\u00a0:")),
            Bullets(names),
            Paragraph(say("Les signatures sont sur l’exemplaire signé."), quiet=True),
        ]
    else:
        blocks.append(Paragraph(say("Chaque partie signe par la personne qui en a la fonction.")))
        blocks += [
            Blank(say("Pour %(party)s\u00a0: fonction, date et signature", party=one), 3) for one in names
        ]
    return Section(SIGNATURES, say("Signatures"), tuple(blocks))
