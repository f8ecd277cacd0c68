"""Syntheses and formal acts in the account: as they read today, never words that are gone."""

from __future__ import annotations

import io
import re
from datetime import date

from pypdf import PdfReader
from sqlalchemy.orm import Session

from portal.domain.acts import service as acts
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.syntheses import rules
from portal.vocabulary import ContributionStatus, ModerationRule
from tests.conftest import World
from tests.factories.acts import an_act, new_act
from tests.factories.pages import Page
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution

GONE = "des mots qui seront masqués"


def page(world: World, who: str = "family") -> Page:
    return world.client(who).see(f"/contrats/{world.ours.contract_id}/construction")


def paper(world: World, who: str = "family") -> str:
    answer = world.client(who).get(f"/contrats/{world.ours.contract_id}/construction/telecharger/pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return re.sub(r"\s+", "", "".join(one.extract_text() for one in pages))


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def test_acts_are_told_with_their_words_and_those_taken_back_are_not(world: World) -> None:
    def act(session: Session) -> None:
        an_act(session, world.ours)
        wrong = an_act(
            session,
            world.ours,
            command=new_act(held_on=date(2026, 4, 1), body="Le faux conseil"),
        )
        acts.take_back(
            session, world.ours["director"].actor, world.ours.contract_id, wrong, "Une erreur.", seen=1
        )

    world.do(act)
    seen = page(world)
    rows = [[" ".join(c.text_content().split()) for c in row] for row in seen.tree.xpath("//tbody/tr")]
    assert [
        "lundi 2 mars 2026",
        "Avis du CVS",
        "CVS de la maison Tilleuls",
        "tout le contrat",
        "Favorable avec réserves",
    ] in rows
    for told in (squeezed(seen.words), paper(world)):
        assert squeezed("Le CVS demande un dîner plus tardif.") in told
        assert squeezed("CVS de la maison Tilleuls") in told
        assert squeezed("Le faux conseil") not in told


def test_a_synthesis_is_told_and_words_hidden_later_are_not(world: World) -> None:
    def write(session: Session) -> str:
        kept = a_contribution(session, world.ours, "family", "Le dîner est trop tôt, disent beaucoup.")
        gone = a_contribution(session, world.ours, "family_1", f"Voici {GONE} demain.")
        words = f"On parle du dîner & du reste. {rules.mark(kept, 'trop tôt')} {rules.mark(gone, GONE)}"
        a_synthesis(session, world.ours, ("Le dîner <soir>", words))
        return gone

    gone = world.do(write)
    for told in (squeezed(page(world).words), paper(world)):
        assert squeezed("Le dîner <soir>") in told
        assert squeezed("On parle du dîner & du reste.") in told
        assert squeezed("« trop tôt »") in told
        assert squeezed(GONE) in told

    def hide(session: Session) -> None:
        seen, why = (
            Seen(1, ContributionStatus.PUBLISHED),
            Reason(ModerationRule.HEALTH, "Dites-le sans santé."),
        )
        moderation.hide(session, world.ours["director"].actor, gone, seen, why)

    world.do(hide)
    for told in (squeezed(page(world).words), paper(world)):
        assert squeezed(GONE) not in told
        assert "[…]" in told
        assert squeezed("« trop tôt »") in told
