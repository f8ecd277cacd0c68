"""Duties one by one for who keeps them; who keeps what; why one is not kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from portal import paths
from portal.blueprints._directing import Answered, current_space, direct
from portal.blueprints._guards import Asked, allow
from portal.blueprints.duties.forms import ExplanationForm, KeeperForm
from portal.blueprints.duties.pages import BADGES, given
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.duties import clocks, keepers, queries, rules, service
from portal.domain.duties.clocks import Clocks
from portal.domain.duties.keepers import Keepers
from portal.domain.duties.queries import Duty
from portal.domain.involvement import queries as involvement
from portal.domain.involvement.queries import Records
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel.clock import paris
from portal.kernel.errors import NotFoundError, StaleError
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Audience, ContributionStatus, DutyKind, DutyState, Phase

bp = Blueprint("duties", __name__)

UNMET, MINE = "a-tenir", "moi"
# What keeps a duty; the others are kept by an answer.
ACTS = {
    DutyKind.SYNTHESIS: Permission.SYNTHESIS_WRITE,
    DutyKind.SURVEY_RESULTS: Permission.SURVEY_PUBLISH,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One duty as the page of all duties shows it."""

    duty: Duty
    title: str
    question: str
    url: str
    keeper: str
    badge: str
    can_answer: bool
    can_explain: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """Duties of one state, one day, one space and one keeper."""

    state: DutyState
    day: Any
    question: str
    url: str
    keeper: str
    badge: str
    rows: tuple[Row, ...]


@bp.get("/contrats/<id:contract_id>/devoirs")
@allow(Permission.DUTIES_READ)
def show(asked: Asked) -> str:
    """Every duty of the contract, by state, day and keeper; filtered by a plain form."""
    session, today = db.session(), paris(asked.now).date()
    records = involvement.by_space(session, [asked.contract_id])
    views = _views(asked, records)
    known = keepers.read(session, asked.contract_id)
    names = _named(asked, known)
    chosen = _chosen(views)
    dates = clocks.of(session, views, asked.now)
    found = queries.duties(
        session, views, asked.now, only_unmet=chosen["etat"] == UNMET, dates=dates, records=records
    )
    wanted = [one for one in found if _is_wanted(one, chosen, known, asked)]
    page, older = _page(wanted, request.args.get("apres", ""))
    totals: dict[DutyState, int] = {}
    for line in queries.lines(session, views, dates):
        totals[line.state] = totals.get(line.state, 0) + line.number
    return render_template(
        "duties/show.html",
        contract_id=asked.contract_id,
        title=asked.contract_title,
        shelves=_shelves(_rows(asked, page, views, partial(known.label, names=names), known, dates)),
        totals=[(state, totals[state], BADGES[state]) for state in queries.ORDER if state in totals],
        chosen=chosen,
        spaces=views,
        kinds=[kind for kind in DutyKind if kind in {one.owed.kind for one in found}],
        states=list(queries.ORDER),
        keepers={who: name for who, name in names.items() if who != asked.actor.participant_id},
        given=given(known, asked.actor, {one.id: one.question for one in views}, today),
        older=older,
        can_delegate=Permission.DUTY_DELEGATE in asked.can,
    )


@bp.get("/contrats/<id:contract_id>/devoirs/responsables")
@allow(Permission.DUTY_DELEGATE)
def keeping(asked: Asked) -> str:
    """Who keeps what, who is away, and the forms to change it."""
    return _keeping(asked, {})


@bp.post("/contrats/<id:contract_id>/devoirs/responsables")
@allow(Permission.DUTY_DELEGATE)
def keep(asked: Asked) -> Answered:
    """Entrust, cover, or take back."""
    form, contract_id = KeeperForm(), asked.contract_id
    wanted = str(form.acte.data)

    def do(session: Session, person: Actor) -> None:
        if wanted == "remplacer":
            service.cover(session, person, contract_id, form.cover)
        elif wanted == "reprendre":
            service.take_back(session, person, contract_id, str(form.charge.data))
        else:
            service.entrust(session, person, contract_id, form.owner)

    outcome = f"{paths.contract(contract_id)}/devoirs/responsables?fait={wanted}"
    return direct(
        asked,
        form,
        (contract_id, *form.body),
        outcome,
        do,
        lambda stale: _keeping(asked, {wanted: form}, stale),
    )


@bp.get("/contributions/<id:contribution_id>/explication")
@allow(Permission.ANSWER_IN)
def ask_explain(asked: Asked) -> str:
    """What was promised, and why it will not be kept."""
    form = ExplanationForm(formdata=None)
    form.fresh()
    return _explaining(asked, form)


@bp.post("/contributions/<id:contribution_id>/explication")
@allow(Permission.ANSWER_IN)
def explain(asked: Asked) -> Answered:
    """Write it: everybody reads it, and an answer may still come."""
    form, contribution_id = ExplanationForm(), asked.about.id
    written = form.body.data or ""

    def do(session: Session, person: Actor) -> None:
        service.explain(session, person, contribution_id, written)

    return direct(
        asked,
        form,
        (contribution_id, "explication", written),
        paths.contribution(contribution_id),
        do,
        lambda stale: _explaining(asked, form, stale),
    )


def _named(asked: Asked, known: Keepers) -> dict[str, Sentence]:
    """Who keeps duties, as the reader knows them: by name for who entrusts, and oneself as « vous »."""
    delegates = Permission.DUTY_DELEGATE in asked.can
    names = keepers.by_name(db.session(), known) if delegates else known.names()
    return names | {asked.actor.participant_id: say("vous")}


def _views(asked: Asked, records: Records | None = None) -> list[SpaceView]:
    found = spaces.of_contracts(db.session(), [asked.contract_id], asked.now, records=records)
    return [one for one in found if one.phase is not Phase.DRAFT]


def _chosen(views: Sequence[SpaceView]) -> dict[str, str]:
    """The filters that mean something; the others are left out."""
    offered = {
        "etat": [UNMET, *(one.value for one in DutyState)],
        "espace": [one.id for one in views],
        "genre": [one.value for one in DutyKind],
    }
    found = {name: request.args.get(name, "") for name in (*offered, "responsable")}
    kept = {name: value if value in offered.get(name, [value]) else "" for name, value in found.items()}
    return kept | {"etat": kept["etat"] or UNMET}


def _is_wanted(duty: Duty, chosen: dict[str, str], known: Keepers, asked: Asked) -> bool:
    if chosen["etat"] != UNMET and duty.state.value != chosen["etat"]:
        return False
    if chosen["espace"] and duty.owed.space_id != chosen["espace"]:
        return False
    if chosen["genre"] and duty.owed.kind.value != chosen["genre"]:
        return False
    who = asked.actor.participant_id if chosen["responsable"] == MINE else chosen["responsable"]
    return not who or who in known.of(duty.owed.space_id, duty.owed.kind, paris(asked.now).date())


def _page(found: Sequence[Duty], after: str) -> tuple[list[Duty], str | None]:
    """The page that follows a duty, and the key after which the next one begins."""
    places = {one.owed.key: number for number, one in enumerate(found, 1)}
    start = places.get(after, 0)
    page = list(found[start : start + queries.PAGE])
    return page, page[-1].owed.key if len(found) > start + queries.PAGE else None


def _rows(
    asked: Asked,
    page: Sequence[Duty],
    views: Sequence[SpaceView],
    label: Callable[[frozenset[str]], str],
    known: Keepers,
    dates: Clocks,
) -> list[Row]:
    today = paris(dates.at).date()
    titles = contracts.item_titles(db.session(), sorted({one.owed.item_id for one in page}))
    by_id = {one.id: one for one in views}
    rows = []
    for duty in page:
        space = by_id[duty.owed.space_id]
        can_answer = _may_do(asked, duty, space) and duty.state in rules.UNMET
        rows.append(
            Row(
                duty,
                titles.get(duty.owed.item_id, "") or duty.owed.title or _towards(duty),
                space.question,
                _where(duty),
                label(known.of(space.id, duty.owed.kind, today)),
                BADGES[duty.state],
                can_answer,
                can_answer and rules.may_be_explained(duty.due_on, today),
                queries.waits(duty.owed, space, dates),
            )
        )
    return rows


def _towards(duty: Duty) -> str:
    """To whom a synthesis is owed, no finer than the cards say."""
    group = duty.owed.group
    return group.college.label if duty.owed.folded else group.label


def _where(duty: Duty) -> str:
    owed = duty.owed
    if owed.survey_id:
        return paths.survey(owed.space_id, owed.survey_id)
    return (
        paths.contribution(owed.contribution_id) if owed.contribution_id else paths.synthesis(owed.space_id)
    )


def _may_do(asked: Asked, duty: Duty, space: SpaceView) -> bool:
    act = ACTS.get(duty.owed.kind, Permission.ANSWER_IN)
    return permits.allows(asked.actor, act, space.target)


def _shelves(rows: Sequence[Row]) -> list[Shelf]:
    """Rows that stand alike, under one heading, in the order in which they come."""
    shelves: list[Shelf] = []
    for row in rows:
        last = shelves[-1] if shelves else None
        url = paths.space(row.duty.owed.space_id)
        same = last and (last.state, last.day, last.url, last.keeper) == (
            row.duty.state,
            row.duty.due_on,
            url,
            row.keeper,
        )
        if last and same:
            shelves[-1] = replace(last, rows=(*last.rows, row))
        else:
            shelves.append(
                Shelf(row.duty.state, row.duty.due_on, row.question, url, row.keeper, row.badge, (row,))
            )
    return shelves


def _keeping(asked: Asked, typed: dict[str, KeeperForm], stale: StaleError | None = None) -> str:
    session, today = db.session(), paris(asked.now).date()
    known = keepers.read(session, asked.contract_id)
    names = keepers.by_name(session, known)
    views = [one for one in _views(asked) if one.phase is not Phase.CLOSED]
    forms = {}
    for name in ("confier", "remplacer", "reprendre"):
        form = typed.get(name) or KeeperForm(formdata=None)
        form.fresh()
        form.acte.data = name
        form.offer(names, [(one.id, one.question) for one in views], asked.actor.participant_id)
        forms[name] = form
    return render_template(
        "duties/keepers.html",
        contract_id=asked.contract_id,
        title=asked.contract_title,
        forms=forms,
        known=known,
        names=names,
        questions={one.id: one.question for one in views},
        today=today,
        stale=stale,
        done=request.args.get("fait", ""),
    )


def _explaining(asked: Asked, form: ExplanationForm, stale: StaleError | None = None) -> str:
    session = db.session()
    card = contributions.card(session, asked.about.id, Audience.READERS)
    if card is None or asked.about.status is ContributionStatus.PENDING:
        permits.require(asked.actor, Permission.ANSWER, asked.target)
        raise NotFoundError
    space = current_space(asked)
    item = contracts.item(session, asked.about.item_id)
    due = clocks.of(session, [space], asked.now).due_on(space, asked.about.group, asked.about.id)
    return render_template(
        "duties/explain.html",
        space=space,
        card=card.about(item.title if item else "", paths.item(space.id, asked.about.item_id)),
        due=due,
        too_early=not rules.may_be_explained(due, paris(asked.now).date()),
        can_pause=permits.allows(asked.actor, Permission.SPACE_PAUSE, space.target),
        can_close=permits.allows(asked.actor, Permission.SPACE_CLOSE, space.target),
        open=asked.about.status is ContributionStatus.PUBLISHED
        and card.answer is None
        and queries.explanation(session, asked.about.id) is None,
        form=form,
        stale=stale,
    )
