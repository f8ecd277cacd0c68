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


def brief(src: Gathered) -> Section:
    """The page that is read first."""
    told = say(
        "Ce contrat dit, pour plusieurs années, ce qui va changer et avec quels moyens. "
        "Étape actuelle\u00a0: %(stage)s.",
        stage=src.contract.stage.label,
    )
    blocks: list[Block] = [
        Paragraph(told),
        Heading(say("Ce qui va changer pour les personnes")),
        *_changes(src),
        Heading(say("Quand")),
        *_when(src),
        Heading(say("Qui décide")),
        *_who(src),
        Heading(say("Comment participer")),
        *_part(src),
    ]
    return Section("en-bref", say("Le contrat en bref"), tuple(blocks))


def _changes(src: Gathered) -> list[Block]:
    told = [one for one in src.sheets if one.expected]
    first = sorted(told, key=lambda one: _ORDER.index(one.priority))[:CHANGES]
    if not first:
        return [Paragraph(say("Aucun objectif ne le dit encore en une phrase simple."))]
    blocks: list[Block] = [Bullets(tuple(one.expected for one in first))]
    more = len(src.sheets) - len(first)
    if more:
        words = plural(
            "Et %(num)s autre objectif, écrit plus loin.",
            "Et %(num)s autres objectifs, écrits plus loin.",
            more,
        )
        blocks.append(Paragraph(words, quiet=True))
    return blocks


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
    return [*blocks, life.committee(src)[0]]


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
