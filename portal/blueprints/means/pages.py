"""What the pages of the means share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from portal import paths
from portal.blueprints._guards import Asked
from portal.domain.contracts import parties
from portal.domain.means import glossary, moves, queries, sentences
from portal.domain.means.models import Payer
from portal.domain.means.moves import MoveView
from portal.domain.means.queries import LineView
from portal.domain.objectives import queries as objectives
from portal.domain.objectives.queries import SheetView
from portal.extensions import db
from portal.kernel.errors import NotFoundError
from portal.policy.permissions import Permission


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose money somebody writes: all of it, that of one authority, or none."""

    every: bool
    authority_id: str | None

    @property
    def some(self) -> bool:
        """Whether they write any."""
        return self.every or self.authority_id is not None

    def owns(self, line: LineView) -> bool:
        """Whether they write this one."""
        if self.every:
            return True
        purse = line.purse
        return (
            self.authority_id is not None
            and purse.payer is Payer.AUTHORITY
            and purse.authority_id == self.authority_id
        )


def writer(asked: Asked) -> Writer:
    """Whose money the person who asks writes."""
    if Permission.MEANS_WRITE in asked.can:
        return Writer(every=True, authority_id=None)
    agent = Permission.MEANS_AUTHORITY in asked.can
    return Writer(every=False, authority_id=parties.acts_for(db.session(), asked.actor) if agent else None)


def here(asked: Asked, *more: str) -> str:
    """The means of the contract, or what is under them."""
    return "/".join((f"{paths.contract(asked.contract_id)}/moyens", *more))


def objective_url(asked: Asked, objective_id: str) -> str:
    """The money of one objective."""
    return here(asked, "objectifs", objective_id)


def line_url(asked: Asked, means_id: str) -> str:
    """One line of money."""
    return here(asked, "lignes", means_id)


def sheet(asked: Asked, objective_id: str) -> SheetView:
    """One objective of the contract, as it is now. Errors: NotFoundError."""
    found = objectives.sheet(db.session(), asked.contract_id, objective_id)
    if found is None:
        raise NotFoundError
    return found


def line(asked: Asked, means_id: str) -> LineView:
    """One line of money of the contract, as it is now. Errors: NotFoundError."""
    found = queries.line(db.session(), asked.contract_id, means_id)
    if found is None:
        raise NotFoundError
    return found


def move(asked: Asked, decision_id: str) -> MoveView:
    """One decision of the contract. Errors: NotFoundError."""
    found = moves.one(db.session(), asked.contract_id, decision_id)
    if found is None:
        raise NotFoundError
    return found


def draw(asked: Asked, template: str, **more: Any) -> str:
    """A page of the means, with what all of them say."""
    return render_template(
        f"means/{template}.html",
        asked=asked,
        here=here(asked),
        euros=sentences.euros,
        name_of=sentences.name_of,
        told=sentences,
        budget=glossary.by_code(),
        done=request.args.get("fait", "") if request.method == "GET" else "",
        **more,
    )
