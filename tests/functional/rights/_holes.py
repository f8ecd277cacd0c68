"""Mistakes made on purpose, and the proof that must see each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.blueprints import _errors, _guards
from portal.blueprints.contributions import routes as contribution_routes
from portal.blueprints.spaces import pages as space_pages
from portal.blueprints.spaces import routes as space_routes
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.models import Account, SessionRow
from portal.domain.contracts.models import Item
from portal.domain.contributions import cards
from portal.domain.contributions import queries as contributions
from portal.domain.contributions.models import Contribution, Reaction
from portal.domain.involvement import queries as involvement
from portal.domain.participants import queries as participants
from portal.domain.participants.models import Operation, Participant, ParticipantRole, Seat
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import rules as space_rules
from portal.extensions import unit
from portal.kernel.errors import NotFoundError, RefusedError
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Audience, ContributionStatus, ReactionValue

from ._arena import Arena
from ._proofs import Case, live_lines, mismatches, mixed, pairwise, usual, without_token
from ._table import Line, Situation

Plant = Callable[[pytest.MonkeyPatch, Arena], None]
Proof = Callable[[Arena], list[str]]


@dataclass(frozen=True)
class Hole:
    """A mistake, how it is made, and the proof in which it must be seen."""

    mistake: str
    plant: Plant
    proof: Proof


def lines(arena: Arena, address: str, method: str = "GET") -> list[Line]:
    """The lines of one address."""
    found = [line for line in live_lines(arena) if line.address.endswith(address) and line.method == method]
    assert found, address
    return found


def grid(address: str, *people: str, method: str = "GET", where: str = "ours", **situation: Any) -> Proof:
    """One address, a few people, one situation."""

    def prove(arena: Arena) -> list[str]:
        return mismatches(
            arena,
            [
                Case(line, who, where, replace(usual(arena.people[who]), **situation))
                for line in lines(arena, address, method)
                for who in people
            ],
        )

    return prove


def pairs(address: str, *people: str, method: str = "GET") -> Proof:
    """One address, a few people, the other factors by pairs."""
    return lambda arena: mismatches(arena, pairwise(arena, lines(arena, address, method), people))


def after(address: str, who: str, *levels: int) -> Proof:
    """The same request at one level after another."""
    return lambda arena: mismatches(
        arena,
        [Case(line, who, "ours", Situation(level)) for level in levels for line in lines(arena, address)],
    )


def breaking(owner: Any, name: str, value: Any) -> Plant:
    """Break a function."""
    return lambda patch, _arena: patch.setattr(owner, name, value)


def seating(actor: Callable[[Any, str, str], Actor | None]) -> Plant:
    """Look the person up in another way."""

    def seat(session: Any, account_id: str, contract_id: str) -> Any:
        found = actor(session, account_id, contract_id)
        return None if found is None else (found, None)

    def plant(patch: pytest.MonkeyPatch, _arena: Arena) -> None:
        patch.setattr(participants, "actor", actor)
        patch.setattr(participants, "seat", seat)

    return plant


def viewing(endpoint: str, make: Callable[[Any], Any]) -> Plant:
    """Put another decision around the view of an endpoint; `make` gets the bare view."""

    def plant(patch: pytest.MonkeyPatch, arena: Arena) -> None:
        bare = arena.app.view_functions[endpoint].__wrapped__  # type: ignore[attr-defined]
        patch.setitem(arena.app.view_functions, endpoint, make(bare))

    return plant


def _unchecked(view: Any) -> Any:
    def open_to_all(**address: Any) -> Any:
        asked = _guards.load(address)
        _guards._decided("nothing")
        return view(asked, **address)

    return open_to_all


def _after_the_write(_view: Any) -> Any:
    def late(**address: Any) -> Any:
        asked = _guards.load(address)
        unit(
            lambda session: session.merge(
                Reaction(
                    contribution_id=asked.about.id,
                    participant_id=asked.actor.participant_id,
                    institutional=False,
                    value=ReactionValue.AGREE,
                )
            )
        )
        permits.require(asked.actor, Permission.REACT, asked.target)
        _guards._decided(Permission.REACT)
        return ""

    return late


def _swapped(patch: pytest.MonkeyPatch, arena: Arena) -> None:
    real, pair = (
        spaces.view,
        {arena.ours.space_id: arena.other.space_id, arena.other.space_id: arena.ours.space_id},
    )
    patch.setattr(spaces, "view", lambda session, id_, at: real(session, pair.get(id_, id_), at))


def _with_levels(patch: pytest.MonkeyPatch, levels_of: Callable[[Any, Any, Any], Any]) -> None:
    real = spaces.view

    def view(session: Any, space_id: str, at: Any) -> Any:
        found = real(session, space_id, at)
        return found and replace(found, target=replace(found.target, levels=levels_of(session, found, at)))

    patch.setattr(spaces, "view", view)


def _cached_levels(patch: pytest.MonkeyPatch, _arena: Arena) -> None:
    seen: dict[str, Any] = {}
    _with_levels(patch, lambda _session, found, _at: seen.setdefault(found.id, found.target.levels))


def _levels_to_come(patch: pytest.MonkeyPatch, _arena: Arena) -> None:
    def levels(session: Any, found: Any, at: Any) -> Any:
        return involvement.levels(session, found.contract_id, found.id, at + timedelta(days=30))

    _with_levels(patch, levels)


def _anywhere(session: Any, account_id: str, contract_id: str) -> Actor | None:
    known = participants.actors(session, account_id)
    return replace(known[0], contract_id=contract_id) if known else None


def _another_seat(session: Any, account_id: str, _contract_id: str) -> Actor | None:
    known = sorted(participants.actors(session, account_id), key=lambda actor: not actor.roles)
    return known[0] if known else None


def _also_who_left(session: Any, account_id: str, contract_id: str) -> Actor | None:
    query = select(Participant, ParticipantRole.role).join(Seat, Seat.participant_id == Participant.id)
    query = query.outerjoin(ParticipantRole, ParticipantRole.participant_id == Participant.id)
    here = (Seat.account_id == account_id, Participant.contract_id == contract_id)
    return participants._actor(list(session.execute(query.where(*here))))


def _also_disabled(patch: pytest.MonkeyPatch, _arena: Arena) -> None:
    real = accounts.open_session

    def open_session(session: Any, token_hash: str, at: Any) -> Any:
        found = session.execute(
            select(SessionRow, Account).join(Account).where(SessionRow.token_hash == token_hash)
        ).first()
        if found is None:
            return real(session, token_hash, at)
        row, account = found
        known = accounts.AccountView(account.id, account.email, account.name, account.persona)
        return accounts.OpenSession(known, row.data, row.created_at, row.seen_at)

    patch.setattr(accounts, "open_session", open_session)


def _no_csrf(patch: pytest.MonkeyPatch, arena: Arena) -> None:
    patch.setitem(arena.app.config, "WTF_CSRF_ENABLED", False)


class _NotingPermits:
    """Decides as `permits` does, and keeps a line about every refusal."""

    def __getattr__(self, name: str) -> Any:
        return getattr(permits, name)

    def require(self, actor: Actor | None, permission: Permission, target: Any) -> None:
        try:
            permits.require(actor, permission, target)
        except RefusedError:
            unit(lambda session: session.add(_note(actor)))
            raise


def _note(actor: Any) -> Operation:
    at = accounts.datetime.now().astimezone()
    return Operation(participant_id=actor.participant_id, op_id="refus", digest="", outcome="", at=at)


def _everything_is_mine(session: Any, ids: Any, _participant: str) -> Any:
    return dict.fromkeys(ids, accounts.datetime.now().astimezone()), {}


def _others_reactions(session: Any, ids: Any, _participant: str) -> Any:
    rows = session.execute(select(Reaction.contribution_id, Reaction.value))
    return {}, {id_: value.value for id_, value in rows}


def _mine_of_all(patch: pytest.MonkeyPatch, _arena: Arena) -> None:
    real = contributions.mine

    def mine(session: Any, contract_id: str, _participant: str, **more: Any) -> Any:
        authors = session.scalars(
            select(Contribution.participant_id).where(Contribution.contract_id == contract_id)
        )
        return tuple(card for author in set(authors) for card in real(session, contract_id, author, **more))

    patch.setattr(contributions, "mine", mine)


def _wrong_audience(patch: pytest.MonkeyPatch, _arena: Arena) -> None:
    for module in (space_pages, space_routes, contribution_routes):
        patch.setattr(module, "audience_of", lambda _asked: Audience.MODERATORS)


def _refusing_outside(patch: pytest.MonkeyPatch, arena: Arena) -> None:
    real = participants.actor

    def actor(session: Any, account_id: str, contract_id: str) -> Actor | None:
        found = real(session, account_id, contract_id)
        if found is None:
            raise RefusedError("dehors", "Vous n’êtes pas d’ici.", "Demandez à la direction.")
        return found

    seating(actor)(patch, arena)


def _telling_absence(patch: pytest.MonkeyPatch, arena: Arena) -> None:
    def told(_error: Exception) -> tuple[str, int]:
        known = arena.ids("other")["contribution_id"] in _errors.request.path
        return ("Cette contribution est dans un autre contrat." if known else "Rien ici."), 404

    handlers = arena.app.error_handler_spec[None][None]
    patch.setitem(handlers, NotFoundError, told)


def _unexplained(patch: pytest.MonkeyPatch, arena: Arena) -> None:
    handlers = arena.app.error_handler_spec[None][None]
    patch.setitem(handlers, RefusedError, lambda error: ("<html><body><p>Non.</p></body></html>", 403))


def _any_item(patch: pytest.MonkeyPatch, _arena: Arena) -> None:
    patch.setattr(spaces, "chosen", lambda _space_id, item_id: select(Item.id).where(Item.id == item_id))


PENDING, WITHDRAWN = ContributionStatus.PENDING, ContributionStatus.WITHDRAWN
WEAKER = _guards.allow(Permission.SPACE_READ)

HOLES = [
    Hole("a route without its check", viewing("contributions.edit", _unchecked), grid("/corriger", "family", "director")),
    Hole("a weaker permission on one route", viewing("moderation.consider", WEAKER), grid("/moderer", "family", "board")),
    Hole("the queue open to readers", viewing("moderation.queue", WEAKER), grid("/moderation", "resident")),
    Hole("the decision taken after the write", viewing("contributions.react", _after_the_write), grid("/reagir", "board", method="POST")),
    Hole("one id taken for another", _swapped, grid("/espaces/<space_id>", "family", "elsewhere")),
    Hole("a level kept from before", _cached_levels, after("/repondre", "family", 3, 1, 0)),
    Hole("a level that is not in force yet", _levels_to_come, pairs("/repondre", "family", "board")),
    Hole("the phase of the row, not of the dates", breaking(space_rules, "phase_at", lambda phase, *_: phase), pairs("/contribuer", "family")),
    Hole("the contract ignored when the person is looked up", seating(_anywhere), grid("/espaces/<space_id>", "elsewhere")),
    Hole("the same, the other way round", seating(_anywhere), grid("/contrats/<contract_id>", "family", where="other")),
    Hole("a role held in another contract", seating(_another_seat), grid("/engagements", "double")),
    Hole("who left comes in", seating(_also_who_left), grid("/espaces/<space_id>", "ended")),
    Hole("a role that ended still counts", seating(_also_who_left), grid("/reglages", "former")),
    Hole("a disabled account comes in", _also_disabled, grid("/contrats/<contract_id>", "disabled")),
    Hole("forms without their token", _no_csrf, lambda arena: without_token(arena, lines(arena, "/retirer", "POST") + lines(arena, "/contribuer", "POST"))),
    Hole("a refusal that writes", breaking(_guards, "permits", _NotingPermits()), grid("/repondre", "board")),
    Hole("a card drawn for another audience", _wrong_audience, grid("/sujets/<item_id>", "family", state=PENDING)),
    Hole("withdrawn words are shown", breaking(cards, "STONES", ()), grid("/sujets/<item_id>", "family", "director", state=WITHDRAWN)),
    Hole("the viewer’s block of somebody else", breaking(contributions, "my_ids", _everything_is_mine), grid("/moi", "family")),
    Hole("somebody else’s reaction as mine", breaking(contributions, "my_ids", _others_reactions), grid("/moi", "family")),
    Hole("everybody’s contributions as mine", _mine_of_all, grid("/mes-contributions", "resident")),
    Hole("a refusal outside the contract", _refusing_outside, grid("/espaces/<space_id>", "elsewhere")),
    Hole("an absence that tells", _telling_absence, lambda arena: mismatches(arena, [Case(line, "family", where, usual(arena.people["family"])) for where in ("other", "unknown") for line in lines(arena, "/versions")])),
    Hole("a refusal without a reason", _unexplained, grid("/repondre", "board")),
    Hole("an item of the other contract through our space", _any_item, lambda arena: mixed(arena, lines(arena, "/sujets/<item_id>"))),
]  # fmt: skip
