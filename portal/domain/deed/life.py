"""How long the contract lasts, how it is followed, how it ends."""

from __future__ import annotations

from portal.domain.acts import queries as acts
from portal.domain.construction.blocks import Block, Heading, Paragraph, Table
from portal.domain.deed import indicators
from portal.domain.deed.gathered import Gathered
from portal.domain.deed.words import DASH, MORE, span, told
from portal.domain.lifecycle.models import ReviewKind
from portal.domain.lifecycle.views import ReviewView
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, say

MINUTES = 40
REPORTED = say("Qui transmet quoi, et quand")


def dates(src: Gathered) -> list[Block]:
    """When it counts, and whether it is signed."""
    known = src.life.dates
    blocks: list[Block] = [
        Paragraph(
            say(
                "Le contrat dure %(lasting)s\u00a0: du %(start)s au %(end)s.",
                lasting=known.lasting,
                start=day_label(known.starts_on),
                end=day_label(known.ends_on),
            )
        ),
        Paragraph(signed(src)),
    ]
    act = known.sixth_act
    if act is not None:
        blocks.append(
            Paragraph(
                say(
                    "L’acte qui permet une sixième année\u00a0: %(kind)s, %(body)s, le %(day)s.",
                    kind=act.kind.label,
                    body=act.body,
                    day=day_label(act.held_on),
                )
            )
        )
    if known.sixth_reference:
        blocks.append(
            Paragraph(say("L’acte qui permet une sixième année\u00a0: %(what)s.", what=known.sixth_reference))
        )
    return blocks


def signed(src: Gathered) -> Sentence:
    """Whether and when it is signed."""
    day = src.life.dates.signed_on
    if src.life.signed_late:
        return say(
            "Il n’est pas encore signé. Sa signature est prévue plus tard que le jour où il commence\u00a0: une fois signé, "
            "il comptera depuis le %(day)s.",
            day=day_label(src.life.dates.starts_on),
        )
    if day is None:
        return say("Il n’est pas encore signé.")
    if day > src.today:
        return say("Il sera signé le %(day)s.", day=day_label(day))
    return say("Il est signé le %(day)s.", day=day_label(day))


def full(src: Gathered) -> list[Block]:
    """Its dates, its stages, its avenants, what is decided about its end."""
    return [*dates(src), *_stages(src), *_amendments(src), *_end(src)]


def _stages(src: Gathered) -> list[Block]:
    rows = tuple(
        (
            capital(one.stage.label),
            span(one.planned_from, one.planned_to),
            span(one.begun_on, one.ended_on),
        )
        for one in src.life.stages.values()
        if one.version
    )
    if not rows:
        return []
    head = (say("Étape"), say("Prévue"), say("Réalisée"))
    return [Heading(say("Les étapes")), Table(say("Les étapes, prévues et réalisées"), head, rows)]


def _amendments(src: Gathered) -> list[Block]:
    found = src.life.amendments
    if not found:
        return []
    rows = tuple(
        (
            say("Avenant n°\u00a0%(number)s", number=str(one.now.number)),
            day_label(one.now.signed_on),
            day_label(one.now.effective_on),
            one.now.changes,
            one.now.articles or DASH,
        )
        for one in sorted(found, key=lambda one: one.now.number)
    )
    head = (
        say("Avenant"),
        say("Signé le"),
        say("Compte à partir du"),
        say("Ce qu’il change"),
        say("Articles"),
    )
    blocks: list[Block] = [
        Heading(say("Les avenants")),
        Table(say("Les avenants, du premier au dernier"), head, rows, (2, 2, 2, 5, 2)),
    ]
    return [*blocks, Paragraph(MORE)] if src.life.more_amendments else blocks


def _end(src: Gathered) -> list[Block]:
    blocks: list[Block] = [
        Heading(say("La fin du contrat")),
        Paragraph(
            say(
                "Le contrat se termine le %(end)s. La prorogation se demande au plus tard le %(day)s.",
                end=day_label(src.life.dates.ends_on),
                day=day_label(src.life.prorogation_day),
            )
        ),
    ]
    last = src.life.decision
    if last is not None:
        words = say(
            "Décidé le %(day)s\u00a0: %(choice)s. %(reason)s",
            day=day_label(last.decided_on),
            choice=last.choice.label,
            reason=last.reason,
        )
        blocks.append(Paragraph(words))
    return blocks


def committee(src: Gathered) -> list[Block]:
    """Who follows the contract, and when it is looked at."""
    rows = tuple((one.function, one.party) for one in src.life.seats)
    if not rows:
        return [Paragraph(say("Le comité de suivi n’est pas encore écrit."))]
    return [
        Paragraph(say("Un comité de suivi veille à ce que le contrat soit bien appliqué.")),
        Table(say("Qui siège au comité de suivi, par fonction"), (say("Fonction"), say("Pour qui")), rows),
    ]


def follow_up(src: Gathered) -> list[Block]:
    """The committee, the two reviews, what is reported each year, the indicators."""
    blocks = [*committee(src), *_minutes(src), Heading(say("Les bilans"))]
    for one in src.life.reviews.values():
        blocks += _review(src, one)
    if not src.choice.plain:
        blocks += [Heading(REPORTED), *reported(src)]
    return [*blocks, *indicators.full(src)]


def _minutes(src: Gathered) -> list[Block]:
    """What the committee decided at its meetings, the first one first."""
    found = acts.minutes(src.session, src.contract_id, size=MINUTES)
    if not found:
        return []
    blocks: list[Block] = [Heading(say("Les réunions du comité de suivi"))]
    for one in reversed(found):
        blocks.append(Heading(say("Réunion du %(day)s", day=day_label(one.now.held_on)), 1))
        blocks.append(Paragraph(say("Étaient là\u00a0: %(who)s", who=one.now.body), quiet=True))
        blocks += told(one.source)
    return [*blocks, Paragraph(MORE)] if len(found) == MINUTES else blocks


def _review(src: Gathered, one: ReviewView) -> list[Block]:
    year = src.life.third_year if one.kind is ReviewKind.MIDTERM else src.life.last_year
    name = capital(one.kind.label)
    if one.held_on is not None:
        words = say("%(review)s\u00a0: fait le %(day)s.", review=name, day=day_label(one.held_on))
    elif one.planned_on is not None:
        words = say("%(review)s\u00a0: prévu le %(day)s.", review=name, day=day_label(one.planned_on))
    elif year is not None:
        words = say(
            "%(review)s\u00a0: entre le %(begin)s et le %(end)s.",
            review=name,
            begin=day_label(year[0]),
            end=day_label(year[1]),
        )
    else:
        return []
    return [Paragraph(words), *told(one.says)]


def reported(src: Gathered) -> list[Block]:
    """What is sent each year, by whom, to whom."""
    rows = tuple(
        (one.label, one.reporter, one.recipient or DASH, day_label(one.due_on) if one.due_on else DASH)
        for one in src.life.lines
        if not one.set_aside
    )
    if not rows:
        return [Paragraph(say("Il n’y a plus d’échéance pour ce contrat."))]
    head = (say("Ce qui est transmis"), say("Par qui"), say("À qui"), say("Prochaine échéance"))
    return [Table(REPORTED, head, rows, (4, 2, 3, 2))]
