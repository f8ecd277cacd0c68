"""How the engagements of a contract stand, as its authority reads it: THE rule of every page that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.domain.duties import queries, rules, sources
from portal.domain.duties.clocks import Clocks
from portal.domain.duties.queries import Line
from portal.domain.spaces.queries import SpaceView
from portal.kernel.clock import paris
from portal.kernel.speech import Sentence, plural, say
from portal.vocabulary import DutyState, Phase

_SENTENCES: Mapping[DutyState, Sentence] = {
    DutyState.LATE: say("Des réponses promises sont en retard. La direction le sait."),
    DutyState.TO_DO: say("Des réponses sont attendues, dans les délais promis."),
    DutyState.EXPLAINED: say("Les engagements sont tenus, ou il est écrit pourquoi ils ne le sont pas."),
    DutyState.KEPT: say("Les engagements pris jusqu’ici sont tenus."),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How many engagements stand how, where some are owed, and the last day on which an unkept one was explained."""

    states: Mapping[DutyState, int]
    unkept_on: date | None = None
    owing: frozenset[str] = frozenset()

    @property
    def words(self) -> Sentence:
        """In a few calm words, for a table."""
        if late := self.states.get(DutyState.LATE, 0):
            return plural("en retard sur %(num)s engagement", "en retard sur %(num)s engagements", late)
        if self.states.get(DutyState.EXPLAINED):
            return say("expliqué")
        return say("à jour") if self.states else say("rien d’attendu")

    @property
    def sentence(self) -> Sentence:
        """In one calm sentence, without a number: one contract is never measured against another."""
        worst = rules.worst(self.states)
        if worst is None:
            return say("Rien n’est attendu de la direction pour le moment.")
        if worst is DutyState.TO_DO and DutyState.EXPLAINED in self.states:
            return say(
                "Ce qui n’a pas été tenu est expliqué. D’autres réponses sont attendues, dans les délais promis."
            )
        return _SENTENCES[worst]


NOTHING = Standing({})


def of_contracts(session: Session, views: Sequence[SpaceView], due: Clocks) -> dict[str, Standing]:
    """The standing of each contract that has a space; as many questions for one as for sixty."""
    if not views:
        return {}
    warned = queries.warned(session, [one.id for one in views])
    found = queries.lines(session, views, due)
    states: dict[str, dict[DutyState, int]] = {one.contract_id: {} for one in views}
    for line in found:
        known = (line.space.id, line.due_on) in warned
        state = rules.seen(line.state, keeps=False, warned=known)
        own = states[line.space.contract_id]
        own[state] = own.get(state, 0) + line.number
    unkept = _unkept(session, found)
    owed = owing(found)
    return {contract_id: Standing(own, unkept.get(contract_id), owed) for contract_id, own in states.items()}


def owing(lines: Iterable[Line]) -> frozenset[str]:
    """The spaces in which something is still owed: in the others no promise waits to be kept."""
    return frozenset(one.space.id for one in lines if one.state in rules.UNMET)


def _unkept(session: Session, lines: Iterable[Line]) -> dict[str, date]:
    """The last day on which what is unkept today was explained, contract by contract."""
    views = {one.space.id: one.space for one in lines if one.state is DutyState.EXPLAINED}
    told: list[tuple[str, datetime]] = [
        (one.contract_id, one.closed_at)
        for one in views.values()
        if one.phase is Phase.CLOSED and one.broken_promise and one.closed_at is not None
    ]
    if views:
        days = sources.explained_at(session, sorted(views))
        told += [(views[space_id].contract_id, at) for space_id, at in days.items()]
    return {contract_id: paris(at).date() for contract_id, at in sorted(told, key=lambda one: one[1])}
