"""What the contract of the demonstration changes in its establishments, and for what its authorities answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.contracts import perimeter, sites
from portal.domain.contracts.models import Competence, Scope
from portal.domain.contracts.perimeter import Site
from portal.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.demo.loader import Loaded
    from portal.demo.words import Play
    from portal.domain.contracts.sites import SiteView


def draw(play: Play, loaded: Loaded, table: Mapping[str, Any]) -> None:
    """Write the sites that the table names, then how far the contract reaches, as its direction does."""
    session, contract_id = play.session, loaded.contract_id
    director = play.people[table["par"]].actor
    for entry in table["sites"]:
        site = sites.perimeter(session, contract_id).site(loaded.places[entry["cle"]])
        if site is None:
            raise NotFoundError
        perimeter.change(session, director, contract_id, site.id, _typed(site, entry), site.version)
    now = sites.perimeter(session, contract_id)
    said = table["competences"]
    competences = {
        one.id: frozenset(word(Competence, competence) for competence in said[one.name])
        for one in now.parties
    }
    scope = word(Scope, table["portee"])
    perimeter.reach(session, director, contract_id, scope, competences, now.version)


def _typed(site: SiteView, entry: Mapping[str, Any]) -> Site:
    return Site(
        name=site.name,
        finess_et=site.finess_et,
        category_code=site.category_code,
        places_before=site.places_before,
        places_after=entry["places"],
        change=entry["change"],
        phone=site.phone,
        hours=site.hours,
    )
