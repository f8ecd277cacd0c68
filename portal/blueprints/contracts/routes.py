"""Contracts: mine, one of them, its engagements de participation, what I sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from flask import Blueprint, render_template, request

from portal import paths
from portal.blueprints._context import CurrentContract
from portal.blueprints._guards import Asked, account, allow, signed_in
from portal.blueprints.beginnings.pages import beginning, following
from portal.blueprints.contracts.pages import contract_card, keeps
from portal.blueprints.contributions.timeline import timelines
from portal.blueprints.documents.pages import shelf
from portal.blueprints.duties.pages import oversees, owed_to_us
from portal.blueprints.involvement.commitments import commitments_page
from portal.blueprints.spaces.pages import own_acts
from portal.domain.contracts import queries as contracts
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.views import CardView
from portal.domain.documents.models import Subject
from portal.domain.duties import clocks, standing
from portal.domain.duties.rules import KEEPERS
from portal.domain.figures import queries as figures
from portal.domain.figures.queries import Awaiting
from portal.domain.participants import queries as participants
from portal.domain.portfolio import queries as portfolio
from portal.domain.register import queries as register
from portal.domain.register import service as erasures
from portal.domain.spaces import queries as spaces
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.ids import is_id
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import SpaceTarget
from portal.vocabulary import ORGANISER, ContributionStatus, Phase, Role

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
    due = clocks.of(db.session(), views, clock.now())
    overseen = [one for one in views if oversees(actor_of[one.contract_id])]
    stands = standing.of_contracts(db.session(), overseen, due)
    cards = [
        contract_card(
            contract,
            actor_of[contract.id],
            by_contract.get(contract.id, ()),
            awaiting,
            due,
            stands.get(contract.id),
        )
        for contract in contracts.contracts(db.session(), ids)
    ]
    return render_template(
        "contracts/list.html",
        cards=cards,
        next_of=following(actors, by_contract),
        keeps=any(actor.roles & KEEPERS for actor in actors),
        follows=any(Role.AUTHORITY_AGENT in actor.roles for actor in actors),
    )


@bp.get("/contrats/<id:contract_id>")
@allow(Permission.CONTRACT_READ)
def show(asked: Asked) -> str:
    """One contract: parties, perimeter, stage, spaces."""
    views = spaces.of_contracts(db.session(), [asked.contract_id], asked.now)
    awaiting = _awaiting((space, asked.actor) for space in views)
    due = clocks.of(db.session(), views, asked.now)
    stands = standing.of_contracts(db.session(), views if oversees(asked.actor) else [], due)
    card = contract_card(_contract(asked), asked.actor, views, awaiting, due, stands.get(asked.contract_id))
    return render_template(
        "contracts/show.html",
        card=card,
        beginning=beginning(asked, views),
        places=contracts.places(db.session(), asked.contract_id),
        can_create=Permission.SPACE_CREATE in asked.can,
        can_edit=Permission.TEXT_EDIT in asked.can,
        can_take_up=Permission.IMPORT_WRITE in asked.can,
        parties=portfolio.parties(db.session(), [asked.contract_id]).get(asked.contract_id, ()),
        can_write_referent=Permission.REFERENT_WRITE in asked.can,
        can_read_duties=Permission.DUTIES_READ in asked.can,
        can_settle=Permission.MODERATION_SETTLE in asked.can,
        can_read_appeals=Permission.APPEALS_READ in asked.can,
        owed_to_us=owed_to_us(asked.actor, [one for one in views if one.phase is not Phase.DRAFT], due),
        shelf=shelf(asked, Subject.CONTRACT, asked.contract_id),
    )


@bp.get("/contrats/<id:contract_id>/engagements")
@allow(Permission.INVOLVEMENT_READ)
def commitments(asked: Asked) -> str:
    """Who is involved how far, since when, decided by whom, why."""
    return commitments_page(asked, _contract(asked))


@bp.get("/contrats/<id:contract_id>/mes-contributions")
@allow(Permission.CONTRACT_READ)
def sent(asked: Asked) -> str:
    """What I sent in this contract, and what became of it."""
    before, since = request.args.get("avant", ""), request.args.get("depuis", "")
    readable = {
        space.id: space
        for space in spaces.of_contracts(db.session(), [asked.contract_id], asked.now)
        if permits.allows(asked.actor, Permission.SPACE_READ, space.target)
    }
    open_to_me = {space_id: space.target for space_id, space in readable.items()}
    cards = contributions.mine(
        db.session(),
        list(open_to_me),
        asked.actor.participant_id,
        before=before if is_id(before) else None,
        since=since if is_id(since) else None,
    )
    where = contributions.whereabouts(db.session(), [card.id for card in cards]) if cards else {}
    return render_template(
        "contributions/mine.html",
        contract=CurrentContract(asked.contract_id, asked.contract_title),
        cards=_about(cards),
        proposed=erasures.proposed(db.session(), [card.id for card in cards]) if cards else frozenset(),
        receipts=register.codes(db.session(), [card.id for card in cards]) if cards else {},
        acts=_acts(asked, cards, open_to_me, where),
        timelines=timelines(cards, _promised(asked, readable, where)),
        older=cards[-1].id if len(cards) == contributions.PAGE else None,
        newer=is_id(before) or is_id(since),
    )


def _awaiting(seen: Iterable[tuple[spaces.SpaceView, Actor]]) -> dict[str, Awaiting]:
    """What awaits the organisers in the spaces that they keep; no question for the others."""
    kept = [space.id for space, actor in seen if keeps(space, actor)]
    return figures.awaiting(db.session(), kept) if kept else {}


def _acts(
    asked: Asked,
    cards: tuple[CardView, ...],
    open_to_me: Mapping[str, SpaceTarget],
    where: Mapping[str, tuple[str, datetime]],
) -> dict[str, dict[str, str]]:
    """What the person may still do with each of their contributions, and where."""
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


def _promised(
    asked: Asked, readable: Mapping[str, spaces.SpaceView], where: Mapping[str, tuple[str, datetime]]
) -> Callable[[str], date | None]:
    """Until when the answer to each of these is owed; nothing is owed to the organiser itself."""
    group = asked.actor.group
    known = clocks.read(db.session(), {space_id for space_id, _at in where.values()}, asked.now)

    def due(contribution_id: str) -> date | None:
        return (
            None
            if group is ORGANISER
            else known.due_on(readable[where[contribution_id][0]], group, contribution_id)
        )

    return due


def _about(cards: tuple[CardView, ...]) -> list[CardView]:
    titles = {
        item.id: item.title for item in contracts.items(db.session(), list({card.item_id for card in cards}))
    }
    return [card.about(titles.get(card.item_id, ""), paths.contribution(card.id)) for card in cards]


def _contract(asked: Asked) -> contracts.ContractView:
    return contracts.contracts(db.session(), [asked.contract_id])[0]
