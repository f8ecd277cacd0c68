"""The pack of the conseil de la vie sociale: an agenda, and a record of conclusions to fill in."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.acts import queries as acts
from portal.domain.answers.queries import RECIPIENTS
from portal.domain.construction import keeping, quoted, sources
from portal.domain.construction.blocks import (
    Blank,
    Block,
    Break,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Quote,
    Section,
    Table,
)
from portal.domain.construction.sources import Sources
from portal.domain.construction.whole import about, seal_of
from portal.domain.duties import clocks, queries, standing
from portal.domain.proposals import service as proposals
from portal.domain.spaces.queries import SpaceView
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.speech import capital, say
from portal.policy.actor import Actor
from portal.vocabulary import ActKind, Group, Phase, RequestState

# A CVS meets at least three times a year (CASF D311-16): what was answered since about the last time.
SINCE = timedelta(days=122)
ANSWERED, PASSED_ON = 15, 15
CVS = str(RECIPIENTS[0])
PERSONS = (Group.RESIDENTS, Group.FAMILIES)


def pack(session: Session, reader: Actor, place_id: str | None, at: datetime) -> Document | None:
    """The pack for the CVS of the reader's contract, or of one establishment; None if that is not one of its own."""
    seal = seal_of(session, reader.contract_id)
    src = sources.read(session, reader, place_id, at)
    if src is None:
        return None
    agenda = (_open(src), _awaits(src), _answered(src))
    return Document(
        say("Dossier pour le conseil de la vie sociale"),
        src.contract.title,
        about(src),
        paris(at).date(),
        (*agenda, _conclusions(), keeping.files()),
        seal,
        places=tuple((one.id, one.name) for one in src.places),
    )


def _open(src: Sources) -> Section:
    """What people can speak about now."""
    under_way = [one for one in src.views if one.phase in (Phase.ANNOUNCED, Phase.OPEN, Phase.PAUSED)]
    if not under_way:
        return Section(
            "ouvert",
            say("Ordre du jour, 1 : ce qui est ouvert ou annoncé"),
            (Paragraph(say("Aucun espace d’échange n’est ouvert ni annoncé en ce moment.")),),
        )
    head = (
        say("Espace d’échange"),
        say("Sujet"),
        say("État"),
        say("Jusqu’au"),
        say("Résidents"),
        say("Familles"),
    )
    rows = tuple(
        (
            one.question,
            one.object.label,
            one.phase.label,
            day_label(one.ends_at),
            *(_level(one, group) for group in PERSONS),
        )
        for one in under_way
    )
    return Section(
        "ouvert",
        say("Ordre du jour, 1 : ce qui est ouvert ou annoncé"),
        (Table(say("Les espaces d’échange ouverts ou annoncés"), head, rows),),
    )


def _level(view: SpaceView, group: Group) -> str:
    level = view.target.levels.get(group)
    return say("ne participent pas") if level is None else level.plain


def _awaits(src: Sources) -> Section:
    """What was passed on to the CVS, the levels that wait for an answer, the dates promised."""
    blocks: list[Block] = []
    passed = quoted.passed_on(src, CVS, PASSED_ON)
    if passed:
        blocks.append(Heading(say("Transmis au conseil de la vie sociale")))
        blocks += [Quote(one.words, one.subject) for one in passed]
    waiting = [
        one
        for one in proposals.of_contract(src.session, src.contract.id)[0]
        if one.state is RequestState.ASKED
    ]
    if waiting:
        head = (say("Groupe"), say("Niveau proposé"), say("Pour"), say("Proposé par"))
        rows = tuple(
            (
                capital(one.group.label),
                one.level.plain,
                src.question(one.space_id) or say("tout le contrat"),
                one.by_function,
            )
            for one in waiting
            if one.space_id is None or src.question(one.space_id)
        )
        blocks += [
            Heading(say("Niveaux proposés, en attente de décision")),
            Table(say("Les niveaux proposés, par groupe"), head, rows),
        ]
    if ActKind.CVS not in acts.kinds(src.session, src.contract.id):
        blocks += [
            Heading(say("Avis du CVS")),
            Paragraph(say("Aucun avis du CVS n’est enregistré sur ce contrat.")),
        ]
    promised = _promised(src)
    if promised:
        blocks += [Heading(say("Réponses promises")), Bullets(promised)]
    if not blocks:
        blocks.append(Paragraph(say("Rien n’est en attente pour le conseil de la vie sociale en ce moment.")))
    return Section("attend", say("Ordre du jour, 2 : ce qui est en attente"), tuple(blocks))


def _promised(src: Sources) -> tuple[str, ...]:
    answering = [one for one in src.views if one.phase in (Phase.OPEN, Phase.PAUSED, Phase.ANSWERING)]
    due = clocks.of(src.session, answering, src.at)
    owing = standing.owing(queries.lines(src.session, answering, due))
    return tuple(
        say(
            "« %(question)s » : les réponses sont promises avant le %(day)s.",
            question=one.question,
            day=day_label(due.due_on(one)),
        )
        for one in answering
        if one.id in owing
    )


def _answered(src: Sources) -> Section:
    """What was answered in the spaces that the reader reads, since about the last meeting."""
    since = src.at - SINCE
    found = quoted.answered(src, since, ANSWERED)
    blocks: list[Block] = [
        Paragraph(
            say(
                "Les réponses données depuis le %(day)s, les plus récentes d’abord.",
                day=day_label(paris(since).date()),
            ),
            quiet=True,
        )
    ]
    if found:
        head = (say("Sujet"), say("Ce qui a été dit"), say("La réponse"), say("Jour"))
        rows = tuple(
            (one.subject, one.words, one.answer, day_label(one.answered_at) if one.answered_at else "")
            for one in found
        )
        blocks.append(Table(say("Ce qui a reçu une réponse"), head, rows))
        if len(found) == ANSWERED:
            blocks.append(
                Paragraph(
                    say(
                        "Seules les %(count)s dernières réponses sont ici. Les autres sont sur le portail.",
                        count=ANSWERED,
                    ),
                    quiet=True,
                )
            )
    elif src.readable:
        blocks.append(Paragraph(say("Aucune réponse n’a été donnée pendant ce temps.")))
    if any(one.id not in src.readable for one in src.views):
        blocks.append(
            Paragraph(
                say(
                    "Les réponses données dans les espaces dont vous ne lisez pas les mots ne figurent pas ici."
                ),
                quiet=True,
            )
        )
    return Section("repondu", say("Ordre du jour, 3 : ce qui a reçu une réponse"), (*blocks, Break()))


def _conclusions() -> Section:
    """A sheet to fill in during the meeting, on paper or in the text file."""
    return Section(
        "conclusions",
        say("Relevé de conclusions, à remplir"),
        (
            Paragraph(
                say(
                    "Le ou la secrétaire de séance remplit cette feuille, qui ne remplace pas l’avis du CVS : "
                    "un avis s’enregistre sur le portail, avec sa date, comme un acte officiel."
                )
            ),
            Blank(say("Date et lieu de la réunion"), 1),
            Blank(say("Personnes présentes, par collège"), 2),
            Blank(say("1. Ce que le conseil dit de ce qui est ouvert"), 4),
            Blank(say("2. Ce que le conseil dit de ce qui est en attente"), 4),
            Blank(say("3. Ce que le conseil pense des réponses reçues"), 4),
            Blank(say("Ce que le conseil demande, à qui, et pour quand"), 4),
            Blank(
                say("Signature de la présidente ou du président, et de la personne qui a écrit ce relevé"), 1
            ),
        ),
    )
