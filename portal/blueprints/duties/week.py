"""« Ma semaine »: what is most useful across one's contracts, in twenty minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template

from portal import paths
from portal.blueprints._guards import account, signed_in
from portal.blueprints.duties.pages import given
from portal.blueprints.figures import silences
from portal.blueprints.lifecycle.week import LIFE, life_acts, life_sentence
from portal.blueprints.plain.week import plain_acts, plain_sentence
from portal.domain.contracts import queries as contracts
from portal.domain.duties import clocks, keepers, queries, rules
from portal.domain.duties.keepers import Keepers
from portal.domain.duties.queries import Line
from portal.domain.duties.week import MINUTES, Act, Rank, week
from portal.domain.figures import queries as figures
from portal.domain.figures.queries import Awaiting
from portal.domain.moderation import danger, unread
from portal.domain.participants import queries as participants
from portal.domain.proposals import service as proposals
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.languages import gettext as _
from portal.languages import ngettext
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget
from portal.vocabulary import DutyKind, DutyState, Phase

bp = Blueprint("week", __name__)

# Ranks whose sentence is told by the noun that they are about.
OTHERS = {**dict.fromkeys(LIFE, life_sentence), Rank.SIMPLIFY: plain_sentence}
SOON = timedelta(days=7)
ANSWERING, REVIEWING, LOOKING, DECIDING, WRITING, INVITING, TELLING, NAMING, PUBLISHING = (
    3,
    2,
    2,
    4,
    10,
    4,
    4,
    3,
    5,
)


@dataclass(frozen=True, slots=True)
class Task:
    """One act of the week in words."""

    sentence: str
    note: str
    where: str
    contract: str
    url: str
    minutes: int


@bp.get("/ma-semaine")
@signed_in
def show() -> str:
    """The five most useful acts of this week, or that there is none."""
    session = db.session()
    people = {
        one.contract_id: one for one in participants.actors(session, account()) if one.roles & rules.KEEPERS
    }
    ids = sorted(people)
    views = spaces.of_contracts(session, ids, clock.now()) if ids else []
    known = keepers.of_contracts(session, ids) if ids else {}
    acts: list[Act] = [*_in_danger(people, views), *_unread(people, views), *_in_spaces(people, views, known)]
    for contract_id, waiting in (proposals.waiting(session, ids) if ids else {}).items():
        acts += _proposed(people[contract_id], waiting)
    acts += _silent(people, views)
    acts += life_acts(people)
    acts += plain_acts(people)
    chosen = week(acts)
    titles = contracts.titles(session, ids) if ids else {}
    questions = {one.id: one.question for one in views if one.phase is not Phase.DRAFT}
    today = paris(clock.now()).date()
    tasks = [
        Task(
            OTHERS.get(one.rank, _told)(one),
            _of(one),
            questions.get(one.space_id or "", ""),
            titles.get(one.contract_id, ""),
            one.url,
            one.minutes,
        )
        for one in chosen
    ]
    return render_template(
        "duties/week.html",
        tasks=tasks,
        minutes=sum(one.minutes for one in tasks),
        limit=MINUTES,
        keeps=bool(people),
        given=[
            one
            for contract_id, keeping in known.items()
            for one in given(keeping, people[contract_id], questions, today, titles.get(contract_id, ""))
        ],
    )


def _in_danger(people: Mapping[str, Actor], views: Sequence[SpaceView]) -> Iterator[Act]:
    """Alerts that nobody followed yet, whatever the phase of their space."""
    spaces_of = {
        one.id: one
        for one in views
        if permits.allows(people[one.contract_id], Permission.QUEUE_READ, one.target)
    }
    for alert in danger.open_in(db.session(), spaces_of) if spaces_of else ():
        url = paths.contribution(alert.contribution_id, "danger")
        yield Act(Rank.DANGER, paris(alert.at).date(), alert.contract_id, alert.space_id, 1, TELLING, url)


def _unread(people: Mapping[str, Actor], views: Sequence[SpaceView]) -> Iterator[Act]:
    """Second looks that nobody named may give: one act a space, whose the longest awaited is told."""
    mine = {
        one.id
        for one in views
        if permits.allows(people[one.contract_id], Permission.APPEAL_READERS_NAME, one.target)
    }
    told: set[str] = set()
    for appeal in unread.waiting(db.session(), mine) if mine else ():
        if appeal.space_id not in told:
            told.add(appeal.space_id)
            url, day = f"{paths.space(appeal.space_id)}/recours", paris(appeal.at).date()
            yield Act(Rank.NAME_READER, day, appeal.contract_id, appeal.space_id, 1, NAMING, url)


def _in_spaces(
    people: Mapping[str, Actor], views: Sequence[SpaceView], known: Mapping[str, Keepers]
) -> Iterator[Act]:
    """What waits in the spaces of every contract at once: as many questions for one as for many."""
    session, today = db.session(), paris(clock.now()).date()
    under_way = [one for one in views if one.phase not in (Phase.DRAFT, Phase.CLOSED)]
    if not under_way:
        return
    yield from _duties(people, under_way, known)
    awaiting = figures.awaiting(session, [one.id for one in under_way])
    for space in under_way:
        person = people[space.contract_id]
        found = awaiting.get(space.id, Awaiting())
        if found.to_review and permits.allows(person, Permission.MODERATE, space.target):
            url = f"{paths.space(space.id)}/moderation"
            yield Act(Rank.REVIEW, today, space.contract_id, space.id, found.to_review, REVIEWING, url)
        yield from _coming(person, space)


def _duties(
    people: Mapping[str, Actor], views: Sequence[SpaceView], known: Mapping[str, Keepers]
) -> Iterator[Act]:
    """What each keeps today, entrusted or covered, by space: late first, then near."""
    now, session = clock.now(), db.session()
    today = paris(now).date()
    by_id = {one.id: one for one in views}
    numbers: dict[tuple[str, Rank], tuple[int, date]] = {}
    to_write: dict[str, Act] = {}
    for line in queries.lines(session, views, clocks.of(session, views, now)):
        mine = people[line.space.contract_id].participant_id
        if line.state not in rules.UNMET or mine not in known[line.space.contract_id].of(
            line.space.id, line.kind, today
        ):
            continue
        rank = Rank.LATE if line.state is DutyState.LATE else Rank.NEAR
        if line.kind is DutyKind.SYNTHESIS and line.space.phase is not Phase.ANSWERING:
            # People still speak: a synthesis of it can be begun, never published.
            continue
        if line.kind is DutyKind.SURVEY_RESULTS:
            shown = _to_publish(people[line.space.contract_id], line, rank)
            if shown.url and not line.waits:
                yield shown
            continue
        if line.kind is DutyKind.SYNTHESIS:
            # Lines come with the nearest day first: one text for all the groups.
            to_write.setdefault(line.space.id, _to_write(people[line.space.contract_id], line, rank))
            continue
        key = (line.space.id, rank)
        number, day = numbers.get(key, (0, line.due_on))
        numbers[key] = (number + line.number, min(day, line.due_on))
    yield from (act for act in to_write.values() if act.url)
    for (space_id, rank), (number, day) in numbers.items():
        space = by_id[space_id]
        person = people[space.contract_id]
        can = permits.allows(person, Permission.ANSWER_IN, space.target)
        url = (
            f"{paths.space(space_id)}/reponses/suivante"
            if can
            else f"{paths.contract(space.contract_id)}/devoirs?espace={space_id}"
        )
        yield Act(rank, day, space.contract_id, space_id, number, ANSWERING, url)


def _to_write(person: Actor, line: Line, rank: Rank) -> Act:
    """The synthesis of a space, for who may write it; no address for others."""
    space = line.space
    can = permits.allows(person, Permission.SYNTHESIS_WRITE, space.target)
    url = f"{paths.synthesis(space.id)}/ecrire" if can else ""
    return Act(rank, line.due_on, space.contract_id, space.id, 1, WRITING, url, synthesis=True)


def _to_publish(person: Actor, line: Line, rank: Rank) -> Act:
    """Results of surveys of a space, for who may publish them; no address for others."""
    space = line.space
    can = permits.allows(person, Permission.SURVEY_PUBLISH, space.target)
    url = paths.survey(space.id) if can else ""
    return Act(rank, line.due_on, space.contract_id, space.id, line.number, PUBLISHING, url, results=True)


def _coming(person: Actor, space: SpaceView) -> Iterator[Act]:
    """Levels that take effect and spaces that end within a week."""
    now = clock.now()
    if not permits.allows(person, Permission.SPACE_CONFIGURE, space.target):
        return
    near = [one.effective_at for one in space.coming.values() if one.effective_at <= now + SOON]
    if near:
        url = f"{paths.contract(space.contract_id)}/engagements"
        yield Act(Rank.TAKES_EFFECT, paris(min(near)).date(), space.contract_id, space.id, 1, LOOKING, url)
    if space.phase in (Phase.OPEN, Phase.PAUSED) and space.ends_at <= now + SOON:
        url = f"{paths.space(space.id)}/reglages"
        yield Act(Rank.ENDS, paris(space.ends_at).date(), space.contract_id, space.id, 1, LOOKING, url)


def _proposed(person: Actor, waiting: list[proposals.ProposalView]) -> Iterator[Act]:
    target = ContractTarget(person.contract_id)
    if waiting and permits.allows(person, Permission.LEVEL_RECORD, target):
        url = f"{paths.contract(person.contract_id)}/propositions"
        oldest = paris(waiting[0].at).date()
        yield Act(Rank.PROPOSED, oldest, person.contract_id, None, len(waiting), DECIDING, url)


def _silent(people: Mapping[str, Actor], views: Sequence[SpaceView]) -> Iterator[Act]:
    """One invitation a space: the most useful one."""
    now = clock.now()
    found: dict[str, silences.Nudge] = {}
    for one in silences.nudges(db.session(), people, views, now):
        found.setdefault(one.space.id, one)
    for one in found.values():
        yield Act(
            Rank.INVITE,
            paris(now).date(),
            one.space.contract_id,
            one.space.id,
            1,
            INVITING,
            one.url,
            group=one.group,
        )


def _told(act: Act) -> str:
    """What to do, in one sentence."""
    if act.rank is Rank.DANGER:
        return _("Une personne est peut-être en danger : notez qui est prévenu.")
    if act.rank is Rank.NAME_READER:
        return _(
            "Nommer une personne pour relire : un second regard est demandé, et personne ne peut le donner."
        )
    if act.synthesis:
        return _("Écrire la synthèse de cet espace, promise avant le %(day)s.", day=day_label(act.day))
    if act.results:
        return ngettext(
            "Publier les résultats d’un questionnaire court, promis avant le %(day)s.",
            "Publier les résultats de %(num)s questionnaires courts, promis avant le %(day)s.",
            act.share,
            day=day_label(act.day),
        )
    if act.rank is Rank.INVITE and act.group:
        return _("Inviter un groupe dont on a peu ou pas d’avis : %(group)s.", group=act.group.label)
    return _said(act)


def _said(act: Act) -> str:
    """What to do, in one sentence; « sur 30 » when the week takes a part of it only."""
    day = day_label(act.day)
    if act.rank is Rank.LATE:
        return ngettext(
            "Répondre à une contribution qui attend depuis le %(day)s.",
            "Répondre à %(num)s contributions qui attendent depuis le %(day)s.",
            act.share,
            day=day,
        )
    if act.rank is Rank.NEAR:
        return ngettext(
            "Répondre à une contribution, promis avant le %(day)s.",
            "Répondre à %(num)s contributions, promis avant le %(day)s.",
            act.share,
            day=day,
        )
    if act.rank is Rank.REVIEW:
        return ngettext("Relire une contribution.", "Relire %(num)s contributions.", act.share)
    if act.rank is Rank.TAKES_EFFECT:
        return _("Prévenir les groupes : un niveau change le %(day)s.", day=day)
    if act.rank is Rank.ENDS:
        return _("Préparer la fin de l’espace, le %(day)s.", day=day)
    return ngettext("Répondre à un niveau proposé.", "Répondre à %(num)s niveaux proposés.", act.share)


def _of(act: Act) -> str:
    if act.share == act.number:
        return ""
    return _("Il y en a %(number)s en tout. Le reste peut attendre la semaine prochaine.", number=act.number)
