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
from portal.vocabulary import ContributionKind, ContributionStatus, Group, Level, ModerationRule
from tests.conftest import World
from tests.factories.acts import an_act, new_act
from tests.factories.pages import Page
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution, a_space

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


def test_what_is_asked_is_told_as_the_synthesis_quotes_it(world: World) -> None:
    def write(session: Session) -> None:
        body = "Nous voudrions tous, et depuis longtemps, dîner plus tard le soir."
        said = a_contribution(session, world.ours, "family", body, kind=ContributionKind.PROPOSAL)
        a_synthesis(
            session, world.ours, ("Le dîner", f"Beaucoup le disent. {rules.mark(said, 'dîner plus tard')}")
        )

    world.do(write)
    seen = world.client("family").see(f"/contrats/{world.ours.contract_id}/demandes")
    quotes = [" ".join(one.text_content().split()) for one in seen.tree.xpath("//main//blockquote")]
    assert quotes == ["dîner plus tard"]


def test_who_does_not_read_a_space_reads_what_its_synthesis_quotes(world: World) -> None:
    def write(session: Session) -> None:
        levels = {Group.PROFESSIONALS: Level.CONCERTATION}
        space = a_space(session, world.ours, levels=levels)
        said = a_contribution(
            session,
            world.ours,
            "professional",
            "Des mots à nous, et des horaires plus souples.",
            kind=ContributionKind.PROPOSAL,
            space_id=space,
        )
        words = f"Les horaires. {rules.mark(said, 'des horaires plus souples')}"
        a_synthesis(session, world.ours, ("Horaires", words), space_id=space)

    world.do(write)
    for address in ("demandes", "construction"):
        seen = world.client("family").see(f"/contrats/{world.ours.contract_id}/{address}").words
        assert "des horaires plus souples" in seen
        assert "Des mots à nous" not in seen
