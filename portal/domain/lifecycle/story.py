"""The time line of a contract in words: what is past, where it stands now, what comes next. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.domain.lifecycle.rules import EndState
from portal.domain.lifecycle.views import Life
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, inside, say

PAST, NEXT = 5, 6


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing of the time line, on its day."""

    day: date
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Story:
    """What a family reads first; what is past has the latest first, what comes the nearest."""

    past: tuple[Moment, ...]
    now: tuple[Sentence, ...]
    next: tuple[Moment, ...]


def story(life: Life) -> Story:
    """The time line of a contract, a few lines each: the details stand below it."""
    moments = sorted(set(_moments(life)), key=lambda one: (one.day, one.sentence))
    past = [one for one in moments if one.day <= life.today]
    to_come = [one for one in (*moments, *_plans(life)) if one.day > life.today]
    nearest = sorted(set(to_come), key=lambda one: (one.day, one.sentence))
    return Story(tuple(reversed(past[-PAST:])), tuple(_now(life)), tuple(nearest[:NEXT]))


def _moments(life: Life) -> Iterator[Moment]:
    """What took place, or surely comes: dates that do not depend on anybody's plans."""
    dates = life.dates
    if dates.signed_on:
        yield Moment(dates.signed_on, say("Le contrat est signé."))
    yield Moment(dates.starts_on, say("Le contrat commence à compter."))
    yield Moment(dates.ends_on, say("Le contrat se termine."))
    yield from _stages(life)
    for change in life.amendments:
        words = say("L’avenant n° %(number)s est signé.", number=change.now.number)
        yield Moment(change.now.signed_on, words)
    for review in life.reviews.values():
        if review.held_on:
            yield Moment(review.held_on, say("Le %(review)s est fait.", review=review.kind.label))
        if review.met_on:
            words = say("Le comité de suivi se réunit sur le %(review)s.", review=review.kind.label)
            yield Moment(review.met_on, words)
    yield from _decided(life)


def _stages(life: Life) -> Iterator[Moment]:
    for one in life.stages.values():
        stage = one.stage.label
        if one.begun_on:
            yield Moment(one.begun_on, say("L’étape « %(stage)s » commence.", stage=stage))
        if one.ended_on:
            yield Moment(one.ended_on, say("L’étape « %(stage)s » se termine.", stage=stage))
    for again in life.reopenings:
        words = say("L’étape « %(stage)s » est rouverte.", stage=again.stage.label)
        yield Moment(again.reopened_on, words)


def _decided(life: Life) -> Iterator[Moment]:
    for decision in life.decisions:
        words = say("Pour la fin du contrat, la direction écrit : %(choice)s.", choice=decision.choice.label)
        yield Moment(decision.decided_on, words)
    for one in life.disagreements:
        yield Moment(one.raised_on, say("Les parties écrivent un désaccord."))
        if one.settled_on:
            yield Moment(one.settled_on, say("Un désaccord trouve son issue."))


def _now(life: Life) -> Iterator[Sentence]:
    here = life.stages[life.dates.stage]
    since = here.reopened_on or here.begun_on
    stage = here.stage.label
    if here.ended_on:
        yield say(
            "L’étape « %(stage)s » est terminée. La suivante n’a pas encore commencé.",
            stage=stage,
        )
    elif since:
        yield say(
            "Le contrat en est à l’étape « %(stage)s », depuis le %(day)s.",
            stage=stage,
            day=day_label(since),
        )
    else:
        yield say("Le contrat en est à l’étape « %(stage)s ».", stage=stage)
    if any(one.settled_on is None for one in life.disagreements):
        yield say("Les parties ne sont pas d’accord sur tout : leurs positions se lisent plus bas.")
    if life.end_state is EndState.LATE:
        yield say(
            "Le jour pour demander la prorogation est passé, le %(day)s. Aucune décision n’est écrite ici.",
            day=day_label(life.prorogation_day),
        )
    elif life.end_state is EndState.NEAR:
        yield say(
            "La fin du contrat se décide maintenant : au plus tard le %(day)s.",
            day=day_label(life.prorogation_day),
        )
    elif life.end_state is EndState.OVER:
        yield say("Le contrat est terminé.")


def _plans(life: Life) -> Iterator[Moment]:
    yield from _planned_stages(life)
    for change in life.amendments:
        words = say("L’avenant n° %(number)s commence à compter.", number=change.now.number)
        yield Moment(change.now.effective_on, words)
    for review in life.reviews.values():
        if review.planned_on and not review.held_on:
            yield Moment(review.planned_on, say("Le %(review)s est prévu.", review=review.kind.label))
        if review.meets_on and not review.met_on:
            words = say("Le comité de suivi doit se réunir sur le %(review)s.", review=review.kind.label)
            yield Moment(review.meets_on, words)
    for line in life.lines:
        if line.due_on:
            yield Moment(line.due_on, say("À transmettre : %(what)s.", what=inside(line.label)))
    if life.end_state in (EndState.FAR, EndState.NEAR):
        yield Moment(life.prorogation_day, say("Dernier jour pour demander la prorogation du contrat."))


def _planned_stages(life: Life) -> Iterator[Moment]:
    for one in life.stages.values():
        stage = one.stage.label
        if one.planned_from and not one.begun_on:
            words = say("L’étape « %(stage)s » doit commencer.", stage=stage)
            yield Moment(one.planned_from, words)
        if one.planned_to and not one.ended_on:
            yield Moment(one.planned_to, say("L’étape « %(stage)s » doit se terminer.", stage=stage))
