"""What the address asks of the list of followed contracts; who follows a contract."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request
from wtforms import HiddenField, StringField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.domain.portfolio.rules import Order, Wanted
from portal.domain.portfolio.service import Referent
from portal.languages import lazy_gettext as _
from portal.vocabulary import Stage

MAX_TYPED = 120
DOWN = "decroissant"
FILTERS = ("etape", "delegation", "departement", "categorie", "annee", "texte")


class ReferentForm(ActForm):
    """Who follows the contract in one of its authorities."""

    autorite = HiddenField()
    version = HiddenField()
    function = StringField(_("La fonction de la personne qui suit ce contrat"))
    contact = StringField(_("Comment la joindre"))

    @property
    def referent(self) -> Referent:
        """What was typed."""
        return Referent(
            str(self.autorite.data or ""),
            self.function.data or "",
            self.contact.data or "",
            number_of(self.version.data),
        )


def wanted() -> Wanted:
    """The filters and the order of the address; what it cannot mean is left out."""
    return Wanted(
        stage=next((one for one in Stage if one.value == _typed("etape")), None),
        delegation=_typed("delegation"),
        department=_typed("departement"),
        category=_typed("categorie"),
        year=_typed("annee"),
        words=_typed("texte"),
        order=next((one for one in Order if one.value == _typed("tri")), Order.DATE),
        down=_typed("sens") == DOWN,
    )


def after() -> str:
    """The contract after which this page begins."""
    return _typed("apres")


def filters() -> dict[str, str]:
    """The filters of the address, for the links of the page."""
    return {name: _typed(name) for name in FILTERS if _typed(name)}


def ordered(asked: Wanted) -> dict[str, str]:
    """The filters and the order, for the links that keep both."""
    found = filters()
    if asked.order is not Order.DATE or asked.down:
        found["tri"] = asked.order.value
    if asked.down:
        found["sens"] = DOWN
    return found


def sorting(asked: Wanted, order: Order) -> str:
    """The address that orders the list by this, the other way round when it is so already."""
    found = {**filters(), "tri": order.value}
    if asked.order is order and not asked.down:
        found["sens"] = DOWN
    return f"?{urlencode(found)}"


def _typed(name: str) -> str:
    return request.args.get(name, "")[:MAX_TYPED].strip()
