"""Contracts: mine, one of them, its engagements de participation, what I sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Blueprint, render_template, request

from portal import paths
from portal.blueprints._guards import Asked, account, allow, signed_in
from portal.blueprints.contracts.pages import RecordLine, contract_card, keeps, space_line
from portal.blueprints.spaces.pages import own_acts
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.views import CardView
from portal.domain.figures import queries as figures
from portal.domain.figures.queries import Awaiting
from portal.domain.involvement import queries as involvement
from portal.domain.participants import queries as participants
from portal.domain.spaces import queries as spaces
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.ids import is_id
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import SpaceTarget
from portal.vocabulary import ContributionStatus, Group, Level, Phase

bp = Blueprint("contracts", __name__)


@bp.get("/contrats")
@signed_in
def mine() -> str:
    """My contracts, with my group's level in each open space."""
    actors = participants.actors(db.session(), account())
    ids = [actor.contract_id for actor in actors]
    by_contract: dict[str, list[spaces.SpaceView]] = {}
    views = spaces.of_contracts(db.session(), ids, clock.now())
    for space in views:
        by_contract.setdefault(space.contract_id, []).append(space)
    actor_of = {actor.contract_id: actor for actor in actors}
    awaiting = _awaiting((space, actor_of[space.contract_id]) for space in views)
    cards = [
        contract_card(contract, actor_of[contract.id], by_contract.get(contract.id, ()), awaiting)
        for contract in contracts.contracts(db.session(), ids)
    ]
    return render_template("contracts/list.html", cards=cards)


@bp.get("/contrats/<id:contract_id>")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """One contract: parties, perimeter, stage, spaces."""
    views = spaces.of_contracts(db.session(), [asked.contract_id], asked.now)
    awaiting = _awaiting((space, asked.actor) for space in views)
    card = contract_card(_contract(asked), asked.actor, views, awaiting)
    return render_template(
        "contracts/show.html",
        card=card,
        places=contracts.places(db.session(), asked.contract_id),
        can_create=Permission.SPACE_CREATE in asked.can,
        can_edit=Permission.TEXT_EDIT in asked.can,
    )


@bp.get("/contrats/<id:contract_id>/engagements")
@allow(Permission.INVOLVEMENT_READ)
def commitments(asked: Asked) -> str:
    """Who is involved how far, since when, decided by whom, why."""
    views = spaces.of_contracts(db.session(), [asked.contract_id], asked.now)
    questions = {
        space.id: space.question
        for space in views
        if space.phase is not Phase.DRAFT or permits.allows(asked.actor, Permission.SPACE_READ, space.target)
    }
    history = [
        RecordLine(
            group=record.group,
            level=record.level,
            where=questions.get(record.space_id or "", ""),
            since=record.effective_at,
            recorded=record.recorded_at,
            by=record.by_function,
            reason=record.reason,
            coming=record.effective_at > asked.now,
        )
        for record in involvement.history(db.session(), asked.contract_id)
        if record.space_id is None or record.space_id in questions
    ]
    return render_template(
        "contracts/commitments.html",
        contract=_contract(asked),
        spaces=[
            (space, space_line(space, asked.actor, Awaiting()))
            for space in views
            if space.phase is not Phase.DRAFT
        ],
        groups=list(Group),
        levels=list(Level),
        history=history,
    )


@bp.get("/contrats/<id:contract_id>/mes-contributions")
@allow(Permission.CONTRACT_READ)
def sent(asked: Asked) -> str:
    """What I sent in this contract, and what became of it."""
    before, since = request.args.get("avant", ""), request.args.get("depuis", "")
    open_to_me = {
        space.id: space.target
        for space in spaces.of_contracts(db.session(), [asked.contract_id], asked.now)
        if permits.allows(asked.actor, Permission.SPACE_READ, space.target)
    }
    cards = contributions.mine(
        db.session(),
        list(open_to_me),
        asked.actor.participant_id,
        before=before if is_id(before) else None,
        since=since if is_id(since) else None,
    )
    return render_template(
        "contributions/mine.html",
        contract=_contract(asked),
        cards=_about(cards),
        acts=_acts(asked, cards, open_to_me),
        older=cards[-1].id if len(cards) == contributions.PAGE else None,
        newer=is_id(before) or is_id(since),
    )


def _awaiting(seen: Iterable[tuple[spaces.SpaceView, Actor]]) -> dict[str, Awaiting]:
    """What awaits the organisers in the spaces that they keep; no question for the others."""
    kept = [space.id for space, actor in seen if keeps(space, actor)]
    return figures.awaiting(db.session(), kept) if kept else {}


def _acts(
    asked: Asked, cards: tuple[CardView, ...], open_to_me: Mapping[str, SpaceTarget]
) -> dict[str, dict[str, str]]:
    """What the person may still do with each of their contributions, and where."""
    where = contributions.whereabouts(db.session(), [card.id for card in cards]) if cards else {}
    return {
        card.id: own_acts(asked, open_to_me[where[card.id][0]], card, where[card.id][1])
        | _again(asked, open_to_me[where[card.id][0]], card)
        for card in cards
    }


def _again(asked: Asked, space: SpaceTarget, card: CardView) -> dict[str, str]:
    """Where to say otherwise what was not published."""
    unread = card.status in (ContributionStatus.REFUSED.value, ContributionStatus.HIDDEN.value)
    if not unread or not permits.allows(asked.actor, Permission.ASK, space):
        return {}
    return {"again": f"{paths.item(space.space_id, card.item_id)}#votre-avis"}


def _about(cards: tuple[CardView, ...]) -> list[CardView]:
    titles = {
        item.id: item.title for item in contracts.items(db.session(), list({card.item_id for card in cards}))
    }
    return [card.about(titles.get(card.item_id, ""), paths.contribution(card.id)) for card in cards]


def _contract(asked: Asked) -> contracts.ContractView:
    return contracts.contracts(db.session(), [asked.contract_id])[0]
