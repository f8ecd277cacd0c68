"""A contract about which much was said, refused, kept and changed; and a space that families do not read."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.domain.answers import changes
from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service as contributions
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.spaces import service as spaces
from portal.domain.texts import queries as texts
from portal.domain.texts import service as text_service
from portal.domain.texts.service import NewWords
from portal.kernel import clock
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    Fate,
    Group,
    Level,
    ModerationRule,
    ReactionValue,
    Register,
)
from tests.factories.world import House, a_contribution, a_space, an_appeal

# Everything that a typesetter could take for its own marks.
HOSTILE = "Servir * plus tard #quand $x$ \\ @tous <label> `code` // et /* non */ = fin"
SECRET = "Un mot que seul le personnel lit"
REFUSED, WHY = "Fermer la salle à manger le dimanche", "Le dimanche est le jour des visites."
ADDED = "Le dîner est servi à dix-neuf heures."


@dataclass
class Built:
    """What the tests look for."""

    kept: str
    refused: str
    elsewhere: str


def a_built_contract(session: Session, house: House) -> Built:
    """Six families and six residents speak; one proposal changes the text, one is refused, one is disputed."""
    for number in range(5):
        a_contribution(session, house, f"family_{number}", f"Un avis, le numéro {number}.")
    for number in range(5):
        a_contribution(session, house, f"resident_{number}", f"Un souhait, le numéro {number}.")
    kept = a_contribution(session, house, "family", HOSTILE, kind=ContributionKind.PROPOSAL)
    refused = a_contribution(session, house, "family_1", REFUSED, kind=ContributionKind.PROPOSAL)
    director = house["director"].actor
    answers.give(session, director, refused, NewAnswer(WHY, Fate.NOT_KEPT))
    _change_the_text(session, house)
    option = changes.offered(session, house.items[:1], clock.now().replace(year=2000))[0]
    answers.give(session, director, kept, NewAnswer("Oui, dès lundi.", Fate.KEPT, changes=(option.ref,)))
    for person in ("resident", *(f"resident_{number}" for number in range(5))):
        contributions.react(session, house[person].actor, kept, ReactionValue.AGREE)
        contributions.react(session, house[person].actor, refused, ReactionValue.DISAGREE)
    said = a_contribution(session, house, "family_2", "Des mots à masquer.", item=2)
    seen, why = Seen(1, ContributionStatus.PUBLISHED), Reason(ModerationRule.INSULT, "Sans insulte.")
    moderation.hide(session, director, said, seen, why)
    an_appeal(session, house)
    spaces.pause(session, director, house.space_id, reason="La fête de la maison.")
    spaces.resume(session, director, house.space_id)
    return Built(kept, refused, _apart(session, house))


def _change_the_text(session: Session, house: House) -> None:
    item = house.items[0]
    text = texts.current(session, [item])[item, Register.PLAIN]
    source = text.source.replace(text.paragraphs[0].source, ADDED)
    command = NewWords(source, text.version, "Les familles l’ont demandé.")
    text_service.revise(
        session, house["director"].actor, house.contract_id, item, Register.PLAIN, command,
        spaces=(house.space_id,),
    )  # fmt: skip


def _apart(session: Session, house: House) -> str:
    """A space of the professionals, with a proposal that was not kept."""
    levels = {Group.PROFESSIONALS: Level.CONCERTATION, Group.MANAGEMENT: Level.CONCERTATION}
    space = a_space(session, house, levels=levels)
    said = a_contribution(
        session, house, "professional", SECRET, kind=ContributionKind.PROPOSAL, space_id=space
    )
    spaces.pause(session, house["director"].actor, space, reason="Une pause à part.")
    spaces.resume(session, house["director"].actor, space)
    answers.give(session, house["director"].actor, said, NewAnswer(f"Non à : {SECRET}", Fate.NOT_KEPT))
    return said
