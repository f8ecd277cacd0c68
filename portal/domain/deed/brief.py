"""« Le contrat en bref »: what will change for people, when, who decides, how to take part. One page."""

from __future__ import annotations

from portal import paths
from portal.domain.construction.blocks import Block, Bullets, Heading, Paragraph, Section
from portal.domain.deed import life, perimeter
from portal.domain.deed.gathered import Gathered
from portal.domain.lifecycle import story
from portal.domain.objectives.models import Priority
from portal.domain.spaces.queries import SpaceView
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, inside, joined, plural, say
from portal.vocabulary import Phase

# What one page holds.
CHANGES, NEXT, SPACES, AUTHORITIES = 8, 3, 3, 4
_ORDER = list(Priority)


def brief(src: Gathered, where: str = "") -> Section:
    """The page that is read first; `where` names the part of the document that tells each objective, if it has one."""
    told = say(
        "Ce contrat dit, pour plusieurs années, ce qui va changer et avec quels moyens. "
        "Étape actuelle\u00a0: %(stage)s.",
        stage=src.contract.stage.label,
    )
    blocks: list[Block] = [
        Paragraph(told),
        Heading(say("Ce qui va changer pour les personnes")),
        *_changes(src, where),
        Heading(say("Quand")),
        *_when(src),
        Heading(say("Qui décide")),
        *_who(src),
        Heading(say("Comment participer")),
        *_part(src),
    ]
    return Section("en-bref", say("Le contrat en bref"), tuple(blocks))


def _changes(src: Gathered, where: str) -> list[Block]:
    told = [one for one in src.sheets if one.expected]
    first = sorted(told, key=lambda one: _ORDER.index(one.priority))[:CHANGES]
    blocks: list[Block] = [Bullets(tuple(one.expected for one in first))] if first else []
    if not first:
        blocks.append(Paragraph(say("Aucun objectif ne le dit encore en une phrase simple.")))
    more, silent = len(told) - len(first), len(src.sheets) - len(told)
    if more:
        others = plural("Et %(num)s autre objectif.", "Et %(num)s autres objectifs.", more)
        blocks.append(Paragraph(others, quiet=True))
    if silent and first:
        words = plural(
            "Pour %(num)s objectif, cette phrase est encore à écrire.",
            "Pour %(num)s objectifs, cette phrase est encore à écrire.",
            silent,
        )
        blocks.append(Paragraph(words, quiet=True))
    return [*blocks, *_list(src, where)] if src.sheets else blocks


def _list(src: Gathered, where: str) -> list[Block]:
    """Where all the objectives are: a part of the same document, or their page."""
    if where:
        return [
            Paragraph(say("Tous les objectifs se lisent dans\u00a0: %(where)s.", where=where), quiet=True)
        ]
    here = f"{paths.contract(src.contract_id)}/objectifs"
    words = say("Tous les objectifs, avec leurs actions\u00a0: %(address)s", address=f"{src.portal}{here}")
    return [Paragraph(words, url=here)]


def _when(src: Gathered) -> list[Block]:
    known = src.life.dates
    span = say(
        "Le contrat va du %(start)s au %(end)s.",
        start=day_label(known.starts_on),
        end=day_label(known.ends_on),
    )
    coming = story.story(src.life).next[:NEXT]
    lines = [
        say("%(day)s\u00a0: %(what)s", day=capital(day_label(one.day)), what=inside(one.sentence))
        for one in coming
    ]
    return [Paragraph(joined([span, life.signed(src)])), *([Bullets(tuple(lines))] if lines else [])]


def _who(src: Gathered) -> list[Block]:
    known = tuple(
        say(
            "%(name)s répond de\u00a0: %(what)s.",
            name=one.name,
            what=joined([kind.label for kind in one.competences], ", "),
        )
        for one in src.perimeter.parties[:AUTHORITIES]
        if one.competences
    )
    blocks: list[Block] = [perimeter.parties(src)]
    if known:
        blocks.append(Bullets(known))
    return [*blocks, *life.committee(src)[:1]] if src.life.seats else blocks


def _part(src: Gathered) -> list[Block]:
    lines = tuple(_space(one) for one in src.spaces[:SPACES])
    here = paths.contract(src.contract_id)
    blocks: list[Block] = []
    if lines:
        blocks.append(Paragraph(say("On parle en ce moment de ces questions\u00a0:")))
        blocks.append(Bullets(lines))
    where = say(
        "Sur le portail, à l’adresse %(address)s\u00a0: lisez, posez vos questions, dites votre avis. "
        "Ce que chaque groupe peut faire y est écrit.",
        address=f"{src.portal}{here}",
    )
    aloud = say(
        "Sans écran, demandez ces pages à la direction ou à une personne élue au conseil de la vie sociale."
    )
    return [*blocks, Paragraph(where, url=here), Paragraph(aloud)]


def _space(one: SpaceView) -> Sentence:
    if one.phase is Phase.ANNOUNCED:
        return say(
            "«\u00a0%(question)s\u00a0», à partir du %(day)s",
            question=one.question,
            day=day_label(one.opens_at),
        )
    return say(
        "«\u00a0%(question)s\u00a0», jusqu’au %(day)s", question=one.question, day=day_label(one.ends_at)
    )
