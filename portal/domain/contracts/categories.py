"""The categories of establishments and services by their official FINESS codes; a contract may add its own.

Source: nomenclature of categories of the national FINESS directory, as the performance dashboard of the
sector lists it (ANAP, guide des indicateurs, 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.organisations.models import Category
from portal.kernel.speech import say


@dataclass(frozen=True, slots=True)
class Kind:
    """A category: its code, its name in the field, and what it is in plain words."""

    code: str
    label: str
    plain: str = ""


OFFICIAL: tuple[Kind, ...] = (
    Kind("500", "EHPAD", say("maison de retraite médicalisée")),
    Kind("202", say("Résidence autonomie"), say("logements avec des services pour personnes âgées")),
    Kind("354", "SSIAD", say("soins infirmiers à domicile")),
    Kind("460", "SAAD", say("aide à domicile")),
    Kind("209", "SPASAD", say("aide et soins à domicile ensemble")),
    Kind("183", "IME", say("accueil et école pour enfants avec une déficience intellectuelle")),
    Kind("186", "ITEP", say("accueil pour enfants avec des difficultés de comportement")),
    Kind("188", "EEAP", say("accueil pour enfants polyhandicapés")),
    Kind("192", "IEM", say("accueil pour enfants avec un handicap moteur")),
    Kind("194", say("Institut pour déficients visuels"), say("accueil pour enfants qui voient mal")),
    Kind("195", say("Institut pour déficients auditifs"), say("accueil pour enfants qui entendent mal")),
    Kind("196", say("Institut pour sourds et aveugles"), say("accueil pour enfants sourds et aveugles")),
    Kind("182", "SESSAD", say("équipe qui va vers l’enfant, chez lui ou à l’école")),
    Kind("189", "CMPP", say("consultations pour enfants et adolescents")),
    Kind("190", "CAMSP", say("consultations pour les tout-petits")),
    Kind("246", "ESAT", say("travail accompagné")),
    Kind("249", say("Centre de réadaptation professionnelle"), say("retrouver un métier après un handicap")),
    Kind("255", "MAS", say("maison pour adultes très dépendants")),
    Kind("437", say("Foyer d’accueil médicalisé"), say("foyer avec des soins pour adultes handicapés")),
    Kind("448", "EAM", say("foyer avec des soins pour adultes handicapés")),
    Kind("449", "EANM", say("foyer sans soins pour adultes handicapés")),
    Kind("445", "SAMSAH", say("accompagnement et soins d’adultes handicapés, chez eux")),
    Kind("446", "SAVS", say("accompagnement d’adultes handicapés, chez eux")),
)


def known(session: Session, contract_id: str) -> Sequence[Kind]:
    """The official categories, then those that this contract added, by name."""
    own = session.scalars(
        select(Category).where(Category.contract_id == contract_id).order_by(Category.label)
    )
    return (*OFFICIAL, *(Kind(one.code, one.label, one.plain) for one in own))


def of_code(kinds: Sequence[Kind], code: str) -> Kind | None:
    """The category of a code."""
    return next((one for one in kinds if one.code == code), None)
