"""Syntheses and formal acts in the account: as they read today, never words that are gone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from portal.domain.acts import service as acts
from portal.domain.construction import asked
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.surveys import service as surveys
from portal.domain.surveys import words
from portal.domain.surveys.models import SurveyWords
from portal.domain.surveys.rules import Given
from portal.domain.syntheses import rules
from portal.vocabulary import ContributionKind, ContributionStatus, Group, Level, ModerationRule
from tests.conftest import World
from tests.factories.acts import an_act, new_act
from tests.factories.pages import Page
from tests.factories.surveys import an_ended_survey, version
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution, a_space
from tests.functional.pages.test_queries import questions

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


def test_surveys_are_told_in_words_and_folded(world: World) -> None:
    yes, no = Given(values=(1,)), Given(values=(2,))
    answered = {f"family_{number}": (yes,) for number in range(5)} | {"family": (no,)}
    written = {name: (one, Given(declined=True), Given(declined=True), Given(words=f"Mes mots, {name}."))
               for name, (one,) in answered.items()}  # fmt: skip

    def ask(session: Session) -> str:
        survey_id = an_ended_survey(session, world.ours, written)
        director = world.ours["director"].actor
        for (row,) in session.query(SurveyWords.id).all():
            words.read(session, director, survey_id, row, None, show=True)
        surveys.publish(session, director, survey_id, version=version(session, survey_id))
        return survey_id

    world.do(ask)
    seen = page(world)
    assert "Les questionnaires courts" in [one.text_content() for one in seen.tree.xpath("//main//h2")]
    assert "Ce qui est choisi le plus souvent : « À 18 h 30 » (5)." in seen.words
    rows = [[" ".join(c.text_content().split()) for c in row] for row in seen.tree.xpath("//tbody/tr")]
    assert ["À 18 h 30", "5"] in rows
    assert ["À 19 h", "moins de 5, ou non montré"] in rows
    assert sum(f"Mes mots, {name}." in seen.words for name in answered) == asked.EACH, "the first ones"
    assert squeezed("À 18 h 30") in paper(world)


def test_when_surveys_are_many_the_latest_are_told_and_the_others_are_pointed_at(
    world: World, monkeypatch: pytest.MonkeyPatch, move_clock: Callable[[float], None]
) -> None:
    def ask(session: Session, title: str) -> None:
        survey_id = an_ended_survey(session, world.ours, {"family": (Given(values=(1,)),)})
        surveys.by_id(session, survey_id).title = title
        session.flush()
        surveys.publish(session, world.ours["director"].actor, survey_id, version=version(session, survey_id))

    titles = ["Le premier repas", "Le deuxième repas", "Le troisième repas"]
    for number, title in enumerate(titles):
        move_clock(60 * (number + 1))
        world.do(lambda s, title=title: ask(s, title))
    monkeypatch.setattr(asked, "SURVEYS", 3)
    cut = "Seuls les derniers questionnaires sont repris ici."
    told = page(world)
    assert [title for title in headings(told) if "repas" in title] == titles[::-1], "the latest first"
    assert cut not in told.words
    monkeypatch.setattr(asked, "SURVEYS", 2)
    told = page(world)
    assert [title for title in headings(told) if "repas" in title] == titles[:0:-1]
    assert cut in told.words
    (link,) = told.tree.xpath("//main//section//a[starts-with(., 'Tous les questionnaires courts')]")
    assert link.get("href") == f"/espaces/{world.ours.space_id}/questionnaires"
    assert titles[0] in world.client("director").see(link.get("href")).words
    assert squeezed(cut) in paper(world)


def headings(seen: Page) -> list[str]:
    return [one.text_content() for one in seen.tree.xpath("//main//h3")]


def test_questions_do_not_grow_with_what_was_published(world: World) -> None:
    """Three more spaces, each with its synthesis and its survey, ask nothing more."""

    def more(session: Session) -> None:
        space = a_space(session, world.ours)
        said = a_contribution(session, world.ours, "family", "Encore.", space_id=space)
        survey_id = an_ended_survey(session, world.ours, {"family": (Given(values=(1,)),)}, space_id=space)
        surveys.publish(session, world.ours["director"].actor, survey_id, version=version(session, survey_id))
        a_synthesis(session, world.ours, ("Titre", f"Ceci a été dit. {rules.mark(said)}"), space_id=space)

    client = world.client("director")

    def asked_for(name: str) -> int:
        address = f"/contrats/{world.ours.contract_id}/{name}"
        client.see(address)
        with questions() as seen:
            client.see(address)
        return len(seen)

    names = ("construction", "demandes", "dossier-cvs")
    world.do(more)
    few = [asked_for(name) for name in names]
    for _time in range(3):
        world.do(more)
    assert [asked_for(name) for name in names] == few
