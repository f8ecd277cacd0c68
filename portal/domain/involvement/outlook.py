"""What each choice of a level would open or end for its group, and from when: read before it is recorded."""

from __future__ import annotations

from datetime import datetime

from portal.domain.involvement.rules import effective_date, lowers
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, say
from portal.vocabulary import Level


def outlook(current: Level | None, wanted: Level | None, at: datetime, *, planned: bool) -> Sentence:
    """What becomes of a group at `current` that is given `wanted`; `planned` says that a change waits."""
    parts = [_kept(current)] if wanted == current else [_acts(current, wanted), _since(current, wanted, at)]
    if wanted is None and current is not None:
        parts.append(say("Ses contributions déjà publiées restent."))
    if planned:
        parts.append(say("Le changement prévu n’aura pas lieu."))
    return joined(parts)


def _kept(level: Level | None) -> Sentence:
    if level is None:
        return say("C’est le cas aujourd’hui.")
    return say("C’est le niveau d’aujourd’hui. Le groupe peut : %(acts)s.", acts=_between(None, level))


def _acts(current: Level | None, wanted: Level | None) -> Sentence:
    if wanted is None:
        return say("Le groupe ne pourra plus lire cet espace ni y participer.")
    if lowers(current, wanted):
        return say("Le groupe ne pourra plus : %(acts)s.", acts=_between(wanted, current))
    if current is None:
        return say("Le groupe pourra : %(acts)s.", acts=_between(None, wanted))
    return say("Le groupe pourra aussi : %(acts)s.", acts=_between(current, wanted))


def _between(low: Level | None, high: Level | None) -> Sentence:
    """What a higher level opens more than a lower one."""
    return joined([level.acts for level in Level if (low or 0) < level <= (high or 0)], ", ")


def _since(current: Level | None, wanted: Level | None, at: datetime) -> Sentence:
    if lowers(current, wanted):
        day = day_label(effective_date(current, wanted, None, at))
        return say("À partir du %(day)s au plus tôt, avec une raison.", day=day)
    return say("Dès que vous enregistrez, ou à la date que vous choisissez.")
