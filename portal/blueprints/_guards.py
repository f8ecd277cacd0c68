"""Every route takes exactly one decision: closed by default, explained when refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request
from flask_login import current_user
from werkzeug.routing import BaseConverter

from portal.domain.contributions import service as contributions
from portal.domain.contributions.models import Contribution
from portal.domain.moderation import appeals
from portal.domain.moderation.models import Appeal
from portal.domain.organisations.queries import Place
from portal.domain.participants import queries as participants
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import NotFoundError, RefusedError, SignInRequiredError
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.policy.targets import ContractTarget, Target

View = TypeVar("View", bound=Callable[..., Any])
DECISION = "portal_decision"


class UndecidedError(RuntimeError):
    """A route answered without having taken its decision."""


class IdConverter(BaseConverter):
    """A public identifier; any other shape does not exist."""

    regex = "[a-z2-7]{26}"


@dataclass(frozen=True)
class Asked:
    """What a route works with once it is allowed: who asks, about what, when."""

    account_id: str
    actor: Actor
    contract_id: str
    target: Target
    now: datetime
    space: SpaceView | None = None
    contribution: Contribution | None = None
    place: Place | None = None
    contract_title: str = ""
    appeal: Appeal | None = None

    @cached_property
    def can(self) -> frozenset[Permission]:
        """All that the person may do to what the address names, its space and its contract."""
        granted = permits.what_can(self.actor, self.target)
        if self.contribution is not None and self.space is not None:
            granted |= permits.what_can(self.actor, self.space.target)
        return granted | permits.what_can(self.actor, ContractTarget(self.contract_id))

    @property
    def in_space(self) -> SpaceView:
        """The space of the address. Errors: NotFoundError when the route has none."""
        if self.space is None:
            raise NotFoundError
        return self.space

    @property
    def in_appeal(self) -> Appeal:
        """The appeal of the address. Errors: NotFoundError when the route has none."""
        if self.appeal is None:
            raise NotFoundError
        return self.appeal

    @property
    def about(self) -> Contribution:
        """The contribution of the address. Errors: NotFoundError when the route has none."""
        if self.contribution is None:
            raise NotFoundError
        return self.contribution


def everyone(view: View) -> View:
    """A page open to anybody; listed by the guards' tests."""
    return _marked(view, "everyone", _decide_open)


def signed_in(view: View) -> View:
    """A page for any account, about that account only."""
    return _marked(view, "signed_in", _decide_account)


def allow(permission: Permission) -> Callable[[View], View]:
    """A page about the contract, space or contribution named by its address.

    The view gets an `Asked` as first argument in place of the id. Refusals explain
    inside the contract; outside it nothing exists.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**address: Any) -> Any:
            # Known to the pages of refusals too: they lead back to where one was.
            g.asked = asked = load(address)
            try:
                permits.require(asked.actor, permission, _judged(permission, asked))
            except RefusedError:
                done = _done_before(asked.actor)
                if done is None:
                    raise
                _decided(permission)
                return redirect(done, HTTPStatus.SEE_OTHER)
            _decided(permission)
            return view(asked, **address)

        setattr(guarded, DECISION, permission)
        return guarded  # type: ignore[return-value]

    return decorate


def require(view: Callable[..., Any], address: dict[str, Any]) -> None:
    """What a view requires of whoever asks, before anything of the form is read. Errors: NotFoundError, RefusedError."""
    permission: Permission = getattr(view, DECISION)
    g.asked = asked = load(dict(address))
    permits.require(asked.actor, permission, _judged(permission, asked))


def _judged(permission: Permission, asked: Asked) -> Target:
    """What the permission is about: what the address names, its space, or the contract that they are of."""
    target = permits.lifted(permission, asked.target)
    contract = ContractTarget(asked.contract_id)
    return contract if permission.suits(contract) and not permission.suits(target) else target


def account() -> str:
    """The account of the person who asks. Errors: SignInRequiredError."""
    if not current_user.is_authenticated:
        # Sending a visitor to the sign-in page is a decision too.
        _decided("sign_in")
        raise SignInRequiredError
    return str(current_user.get_id())


def load(address: dict[str, Any]) -> Asked:
    """What the address names, as this account may meet it. Errors: NotFoundError."""
    account_id, now = account(), clock.now()
    row = space = appeal = None
    if "contribution_id" in address:
        row = contributions.by_id(db.session(), address.pop("contribution_id"))
        space = spaces.view(db.session(), row.space_id, now) if row is not None else None
    elif "space_id" in address:
        space = spaces.view(db.session(), address.pop("space_id"), now)
    elif "appeal_id" in address:
        appeal = db.session().get(Appeal, address.pop("appeal_id"))
    about = space or appeal
    contract_id = about.contract_id if about is not None else address.pop("contract_id", None)
    seat = participants.seat(db.session(), account_id, contract_id) if contract_id else None
    if seat is None or contract_id is None:
        raise NotFoundError
    actor, place, title = seat
    target: Target = ContractTarget(contract_id)
    if space is not None:
        target = space.target
    if row is not None and space is not None:
        target = contributions.target_of(db.session(), row, space, now)
    if appeal is not None:
        target = appeals.target_of(db.session(), appeal)
    return Asked(account_id, actor, contract_id, target, now, space, row, place, title, appeal)


def _done_before(actor: Actor) -> str | None:
    """Where the same form already led: sent twice, an act that changes its own right is no refusal."""
    # Words may differ from those of the first sending: they are given back, not dropped.
    if request.method != "POST" or "body" in request.form:
        return None
    op_id = request.form.get("op_id", "")
    return participants.outcome(db.session(), actor.participant_id, op_id) if op_id else None


def _decide_account() -> str:
    known = account()
    _decided("signed_in")
    return known


def _decide_open() -> str:
    _decided("everyone")
    return ""


def _marked(view: View, name: str, decide: Callable[[], str]) -> View:
    @wraps(view)
    def guarded(*args: Any, **address: Any) -> Any:
        decide()
        return view(*args, **address)

    setattr(guarded, DECISION, name)
    return guarded  # type: ignore[return-value]


def _decided(what: object) -> None:
    g.decisions = [*g.get("decisions", []), what]


def init_guards(app: Flask) -> None:
    """Register the id converter and the check that no route forgot its decision."""
    app.url_map.converters["id"] = IdConverter

    @app.after_request
    def one_decision(response: Response) -> Response:
        """A successful answer without exactly one decision never leaves."""
        if request.endpoint in (None, "static") or response.status_code >= HTTPStatus.BAD_REQUEST:
            return response
        if len(g.get("decisions", [])) != 1:
            if current_app.testing:
                raise UndecidedError(f"{request.endpoint} took {g.get('decisions', [])} for a decision")
            return Response("", status=403)
        return response
