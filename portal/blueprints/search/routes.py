"""« Rechercher »: in one contract, or in all those of the person; only what they may read, and nothing that tells of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template

from portal.blueprints._guards import Asked, account, allow, signed_in
from portal.blueprints.search import forms, pages
from portal.blueprints.search.forms import Typed
from portal.domain.contracts import queries as contracts
from portal.domain.participants import queries as participants
from portal.domain.search import queries
from portal.domain.search.models import Kind
from portal.extensions import db
from portal.kernel import clock
from portal.policy.actor import Actor
from portal.policy.permissions import Permission

bp = Blueprint("search", __name__)
HERE = "/recherche"


@dataclass(frozen=True, slots=True)
class Where:
    """Where one looks: its address, what it is called, what one may choose from there."""

    url: str
    title: str = ""
    contract_url: str = ""
    places: Sequence[tuple[str, str]] = ()
    contracts: Sequence[tuple[str, str]] = ()


@bp.get("/contrats/<id:contract_id>/recherche")
@allow(Permission.CONTRACT_READ)
def in_contract(asked: Asked) -> str:
    """What one contract says of some words."""
    places = contracts.places(db.session(), asked.contract_id)
    contract_url = f"/contrats/{asked.contract_id}"
    where = Where(
        contract_url + HERE, asked.contract_title, contract_url, [(one.id, one.name) for one in places]
    )
    return _page([asked.actor], where)


@bp.get(HERE)
@signed_in
def everywhere() -> str:
    """What all my contracts say of them."""
    mine = participants.actors(db.session(), account())
    known = contracts.titles(db.session(), [one.contract_id for one in mine]) if mine else {}
    chosen = sorted(known.items(), key=lambda one: (one[1].casefold(), one[0]))
    return _page(mine, Where(HERE, contracts=chosen))


def _page(readers: Iterable[Actor], where: Where) -> str:
    typed = forms.typed()
    found = queries.find(db.session(), list(readers), typed.wanted, clock.now(), after=typed.after)
    return render_template(
        "search/show.html",
        typed=typed,
        where=where,
        found=found,
        results=[pages.result(one, told=not where.contract_url) for one in found.hits],
        meant=pages.meant(typed.wanted) if not typed.after else (),
        kinds=[(one, _kind_url(where, typed, one)) for one in Kind],
        every=_url(where, typed, sur=""),
        next_page=_url(where, typed, apres=found.after) if found.after else None,
        first_page=_url(where, typed) if typed.after else None,
    )


def _kind_url(where: Where, typed: Typed, kind: Kind) -> str:
    return _url(where, typed, sur=kind.value)


def _url(where: Where, typed: Typed, **more: str) -> str:
    return f"{where.url}?{urlencode(typed.kept(**more))}"
