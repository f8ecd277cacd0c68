"""What pages say of duties: to who is owed them, to an authority, to who keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal import paths
from portal.blueprints.contracts.pages import owes
from portal.domain.duties import queries
from portal.domain.duties.clocks import Clocks
from portal.domain.duties.keepers import Keepers
from portal.domain.duties.queries import Line
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel.dates import day_label
from portal.languages import gettext as _
from portal.policy.actor import Actor
from portal.vocabulary import DutyKind, DutyState, Group

# What a whole group is owed, in words that a line can begin with.
TOWARDS = {
    DutyKind.ANSWER: lambda: _("Une réponse à chaque question"),
    DutyKind.FATE: lambda: _("La suite donnée à chaque avis"),
    DutyKind.MOTIVATED_ANSWER: lambda: _("Une réponse motivée à chaque proposition"),
    DutyKind.SYNTHESIS: lambda: _("Une synthèse de ce qui a été dit"),
    DutyKind.SURVEY_RESULTS: lambda: _("Les résultats d’un questionnaire court"),
    DutyKind.RETURN_OF_WORDING: lambda: _("Le retour des mots changés en négociation"),
}
BADGES = {
    DutyState.LATE: "warning",
    DutyState.TO_DO: "info",
    DutyState.KEPT: "success",
    DutyState.EXPLAINED: "warning",
}


@dataclass(frozen=True, slots=True)
class OwedLine:
    """What one group is owed of one kind in one space, and where it stands."""

    question: str
    url: str
    what: str
    state: DutyState
    badge: str
    sentence: str


def owed_to_us(actor: Actor, views: Sequence[SpaceView], due: Clocks) -> tuple[OwedLine, ...]:
    """« Ce qui vous est dû »: one line a kind and a space; nothing for who owes. Two queries."""
    known = [one for one in views if actor.group in one.target.levels]
    if owes(actor) or not known:
        return ()
    return tuple(
        _owed_line(one, reads=one.space.target.reads(actor.group))
        for one in queries.towards(db.session(), known, due, actor.group)
    )


def _owed_line(line: Line, *, reads: bool) -> OwedLine:
    return OwedLine(
        line.space.question,
        _where(line, reads=reads),
        TOWARDS[line.kind](),
        line.state,
        BADGES[line.state],
        _stands(line, reads=reads),
    )


def _where(line: Line, *, reads: bool) -> str:
    """The space, or its synthesis once it is published for who reads nothing else; no address before."""
    if reads:
        return paths.space(line.space.id)
    published = line.kind is DutyKind.SYNTHESIS and line.state is DutyState.KEPT
    return paths.synthesis(line.space.id) if published else ""


def _stands(line: Line, *, reads: bool) -> str:
    if line.kind is DutyKind.SURVEY_RESULTS:
        return _shown(line.state, line.due_on)
    why = line.space.broken_promise
    if line.state is DutyState.EXPLAINED and why and not reads:
        # Who does not read the space reads it here.
        return _("La direction a écrit pourquoi : %(why)s", why=why)
    if line.state is DutyState.KEPT and line.kind is DutyKind.SYNTHESIS and not reads:
        return _("La synthèse est publiée.")
    return _towards(line.state, line.due_on, partly=line.partly)


def _shown(state: DutyState, day: date) -> str:
    """The same of the results of surveys, which are shown and not given to each."""
    return _("Les résultats sont publiés.") if state is DutyState.KEPT else _towards(state, day, partly=False)


def _towards(state: DutyState, day: date, *, partly: bool) -> str:
    if state is DutyState.TO_DO and partly:
        return _("Une partie est déjà faite. Le reste est promis avant le %(day)s.", day=day_label(day))
    if state is DutyState.TO_DO:
        return _("Promis avant le %(day)s.", day=day_label(day))
    if state is DutyState.LATE:
        return _("C’était promis avant le %(day)s. La direction le sait.", day=day_label(day))
    if state is DutyState.EXPLAINED:
        return _("La direction a écrit pourquoi.")
    return _("Tout ce qui a été demandé jusqu’ici a sa réponse.")


@dataclass(frozen=True, slots=True)
class Given:
    """Duties entrusted to the reader, or an absence that the reader covers, and where they are read."""

    what: str
    where: str
    days: str
    url: str


def given(
    known: Keepers, person: Actor, questions: Mapping[str, str], today: date, contract: str = ""
) -> tuple[Given, ...]:
    """« Ce qui vous est confié » in one contract, whose title is told where there are several; no question."""
    url = f"{paths.contract(person.contract_id)}/devoirs?responsable=moi"
    found = [
        Given(
            one.kind.label if one.kind else _("tous les devoirs"),
            questions.get(one.space_id or "", "") or contract or _("tout le contrat"),
            _days(one.from_on, one.until_on),
            f"{url}&genre={one.kind.value if one.kind else ''}&espace={one.space_id or ''}",
        )
        for one in known.given_to(person.participant_id, today)
        if one.space_id is None or one.space_id in questions
    ]
    names = known.names()
    found += [
        Given(
            _("les devoirs d’une personne absente : %(who)s", who=names[one.participant_id]),
            contract or _("tout le contrat"),
            _days(one.from_on, one.until_on),
            url,
        )
        for one in known.covered_by(person.participant_id, today)
    ]
    return tuple(found)


def _days(start: date, end: date | None) -> str:
    if end is None:
        return _("à partir du %(day)s", day=day_label(start))
    return _("du %(start)s au %(end)s", start=day_label(start), end=day_label(end))


def oversees(actor: Actor) -> bool:
    """Whether this person looks at a contract as its authority."""
    return actor.group is Group.AUTHORITIES
