"""Levels and their history, the calendar: how people were asked to take part."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.construction import parties
from portal.domain.construction.blocks import Block, Heading, Paragraph, Section, Table
from portal.domain.construction.sources import Sources
from portal.domain.involvement import queries as involvement
from portal.domain.involvement.queries import RecordView, Standing
from portal.domain.spaces import asked
from portal.domain.spaces.models import SpacePause
from portal.domain.spaces.queries import SpaceView
from portal.domain.spaces.reading import SYNTHESIS_ACT
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, joined, say
from portal.vocabulary import Group, Level

NO_PART = say("ne participe pas")
WHOLE = say("tout le contrat")
DASH = say("–")


def levels(src: Sources) -> Section | None:
    """The level of each group in each space today, and every record since the beginning."""
    history = [
        one
        for one in involvement.history(src.session, src.contract.id)
        if one.space_id is None or src.question(one.space_id)
    ]
    if not history and not src.views:
        return None
    blocks: list[Block] = [
        Paragraph(
            say(
                "Un niveau dit jusqu’où un groupe participe. Il ne remplace jamais l’avis du CVS "
                "ni la consultation du CSE."
            )
        )
    ]
    for view in src.views:
        blocks += [Heading(view.question), _today(view)]
    if history:
        blocks += [Heading(say("Toute l’histoire des niveaux")), _history(src, history)]
    return Section("niveaux", say("Qui participait, et jusqu’où"), tuple(blocks))


def _today(view: SpaceView) -> Table:
    rows = tuple(
        (capital(group.label), _level(level), _acts(level, reads=view.target.reads(group)))
        for group in Group
        for level in (view.target.levels.get(group),)
    )
    return Table(
        say("Niveau de chaque groupe aujourd’hui : %(question)s", question=view.question),
        (say("Groupe"), say("Niveau"), say("Ce que le groupe peut faire")),
        rows,
    )


def _history(src: Sources, history: list[RecordView]) -> Table:
    ordered = sorted(history, key=lambda one: (one.recorded_at, one.effective_at))
    rows = tuple(
        (
            _since(one, involvement.standing(one, history, src.at)),
            capital(one.group.label),
            _level(one.level),
            src.question(one.space_id) or WHOLE,
            _decided(one),
        )
        for one in ordered
    )
    head = (say("À partir du"), say("Groupe"), say("Niveau"), say("Pour"), say("Décidé par, et pourquoi"))
    return Table(say("Les décisions, de la plus ancienne à la plus récente"), head, rows)


def _since(one: RecordView, found: Standing) -> Sentence:
    """From when a decision counts, or that it never did."""
    day = day_label(one.effective_at)
    parts: list[str] = [day]
    if found.given_up:
        parts = [say("%(day)s, n’a pas eu lieu", day=day)]
    elif found.coming:
        parts = [say("%(day)s, à venir", day=day)]
    if found.moved_from is not None:
        parts.append(say("(prévu d’abord le %(day)s)", day=day_label(found.moved_from)))
    return joined(parts)


def _decided(one: RecordView) -> Sentence:
    day, by = day_label(one.recorded_at), capital(Sentence(one.by_function))
    if not one.reason:
        return say("%(by)s, le %(day)s", by=by, day=day)
    return say("%(by)s, le %(day)s. %(reason)s", by=by, day=day, reason=one.reason)


def _acts(level: Level | None, *, reads: bool) -> str:
    if level is None:
        return DASH
    return level.acts if reads else SYNTHESIS_ACT


def _level(level: Level | None) -> str:
    return NO_PART if level is None else level.label


def calendar(src: Sources) -> Section | None:
    """When the contract runs, when each space was open, when and why it was paused."""
    contract = src.contract
    blocks: list[Block] = [
        Paragraph(
            say(
                "Le contrat va du %(start)s au %(end)s. Étape actuelle : %(stage)s.",
                start=day_label(contract.starts_on),
                end=day_label(contract.ends_on),
                stage=contract.stage.label,
            )
        )
    ]
    blocks += parties.stages(src)
    if src.views:
        rows = tuple(
            (
                one.question,
                one.object.label,
                day_label(one.opens_at),
                _ended(one, told=one.id in src.readable),
                say("clos le %(day)s", day=day_label(one.closed_at)) if one.closed_at else one.phase.label,
            )
            for one in src.views
        )
        head = (
            say("Espace d’échange"),
            say("Sujet"),
            say("Ouverture"),
            say("Fin des contributions"),
            say("État"),
        )
        blocks.append(Table(say("Les espaces d’échange"), head, rows))
    replaced = _replaced(src)
    if replaced:
        columns = (
            say("Question posée avant"),
            say("Jusqu’au"),
            say("Question posée ensuite"),
            say("Modifiée par"),
        )
        blocks += [
            Heading(say("Les questions modifiées")),
            Table(say("Les questions modifiées avant que quelqu’un écrive"), columns, replaced),
        ]
    pauses = _pauses(src)
    if pauses:
        columns = (say("Espace d’échange"), say("Depuis"), say("Jusqu’à"), say("Raison"))
        blocks += [Heading(say("Les pauses")), Table(say("Les pauses, avec leur raison"), columns, pauses)]
    return Section("calendrier", say("Le calendrier"), tuple(blocks))


def _ended(view: SpaceView, *, told: bool) -> str:
    """When contributions end; with the date that was announced where they ended before it, and why."""
    day = day_label(view.ends_at)
    if view.announced_until is None:
        return day
    was = day_label(view.announced_until)
    if not told:
        return say("%(day)s, annoncé jusqu’au %(was)s", day=day, was=was)
    return say("%(day)s, annoncé jusqu’au %(was)s. %(reason)s", day=day, was=was, reason=view.end_reason)


def _replaced(src: Sources) -> tuple[tuple[str, ...], ...]:
    """What spaces asked before their question changed, and what they asked then."""
    return tuple(
        (one.question, day_label(one.until), one.then, one.by_function or DASH)
        for one in (asked.replaced(src.session, src.space_ids) if src.views else ())
    )


def _pauses(src: Sources) -> tuple[tuple[str, ...], ...]:
    if not src.views:
        return ()
    query = select(SpacePause).where(SpacePause.space_id.in_(src.space_ids))
    return tuple(
        (
            src.question(one.space_id),
            day_label(one.since),
            day_label(one.until) if one.until else say("la pause dure encore"),
            one.reason if one.space_id in src.readable else DASH,
        )
        for one in src.session.scalars(query.order_by(SpacePause.since, SpacePause.id))
    )
