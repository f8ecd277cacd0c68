"""A director answers sixty contributions: every tap, field and shortcut is counted, 180 at most."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract
from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.contributions.service import NewContribution
from portal.domain.participants import queries as participants
from portal.domain.spaces import service as spaces
from portal.domain.spaces.service import NewSpace
from portal.kernel import clock
from portal.policy.actor import Actor
from portal.vocabulary import ContributionKind, ItemKind, ModerationMode, SpaceObject
from tests.browser.matrix.stage import LEVELS
from tests.browser.people import Person
from tests.browser.server import DATABASE, Portal, serving

pytestmark = pytest.mark.browser

SIXTY, MOST = 60, 180
QUESTION = "Que voulez-vous changer aux soirées ?"
# Ten are answered alone, the others ten by ten.
FATES = ("Non retenue", "Hors du contrat", "Transmise", "Retenue en partie", "Retenue")


def sixty_words(file: Path) -> None:
    """A space of the demonstration in which sixty contributions wait for their answer."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session, session.begin():
        people = {
            one.email.partition("@")[0]: one.id for one in session.scalars(select(Account)) if one.email
        }
        contract = next(
            one
            for one in session.scalars(select(Contract.id))
            if participants.actor(session, people["delmas"], one)
        )
        actor = {
            key: participants.actor(session, people[key], contract) for key in ("delmas", "jeanne", "claire")
        }
        director = actor["delmas"]
        assert director is not None
        items = contracts.item_ids(session, contract, ItemKind.OBJECTIVE)[:3]
        now = clock.now()
        space = spaces.create(
            session,
            director,
            contract,
            NewSpace(
                object=SpaceObject.OBJECTIVES,
                question=QUESTION,
                introduction="Quelques mots suffisent.",
                opens_at=now,
                ends_at=now + timedelta(days=40),
                answer_days=30,
                moderation=ModerationMode.AFTER,
                item_ids=tuple(items),
                levels=LEVELS,
            ),
        )
        spaces.open_(session, director, space.id)
        for number in range(SIXTY):
            author: Actor | None = actor["jeanne" if number % 2 else "claire"]
            assert author is not None
            command = NewContribution(
                ContributionKind.COMMENT,
                items[number % 3],
                Words(f"La soirée numéro {number} est trop longue."),
            )
            contributions.submit(session, author, space.id, command)
    with engine.connect() as raw:
        raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(scope="module")
def portal(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The real server, with sixty contributions more."""
    folder = tmp_path_factory.mktemp("soixante")
    shutil.copy(demonstration, folder / DATABASE)
    sixty_words(folder / DATABASE)
    with serving(tmp_path_factory.mktemp("instance"), folder / DATABASE) as running:
        yield running


class Counted:
    """What a person does with a page, each gesture counted."""

    def __init__(self, person: Person) -> None:
        self.person, self.page, self.acts = person, person.page, 0

    def opens(self, address: str) -> None:
        """Follow a link of the portal: one tap."""
        self.acts += 1
        self.page.goto(address)

    def key(self, name: str) -> None:
        """One shortcut."""
        self.acts += 1
        self.page.keyboard.press(name)

    def writes(self, field: str, words: str) -> None:
        """One field, whatever its length."""
        self.acts += 1
        self.page.locator(f"[name={field}]").fill(words)

    def takes(self, label: str) -> None:
        """One tap on a card of a choice."""
        self.acts += 1
        self.page.locator("#fate label.choice__label").filter(has_text=label).first.click()

    def publishes(self) -> None:
        """One tap, and the page that says it is done."""
        self.acts += 1
        # The page before may say the same: what is pressed next must not fall on it.
        with self.page.expect_navigation():
            self.person.presses("Publier cette réponse")
        expect(self.page.get_by_text("Votre réponse est publiée")).to_be_visible()

    def ticks(self, number: int) -> None:
        """The first ones of the list, with the keyboard."""
        for _one in range(number):
            self.key("j")
            self.key("x")

    def answers(self, number: int, fate: str, words: str) -> None:
        """One answer for the first ones of the list."""
        self.ticks(number)
        self.takes(fate)
        if fate == "Transmise":
            self.writes("passed_to", "Le conseil de la vie sociale")
        self.writes("body", words)
        self.publishes()


def test_sixty_contributions_are_answered_with_at_most_180_acts(
    director: Person, portal: Portal, record_property: Callable[[str, object], None]
) -> None:
    director.enters()
    space = portal.space(QUESTION)
    hands = Counted(director)
    hands.opens(f"/espaces/{space}/reponses")
    director.sees("0 réponse donnée sur 60, encore 60.")
    for turn, fate in enumerate(FATES):
        for alone in range(2):
            hands.answers(1, fate, f"À vous seul, {turn} et {alone} : voici notre raison.")
        hands.answers(10, fate, f"À vous dix, {turn} : voici notre raison.")
    director.sees("Chaque contribution a sa réponse.")
    record_property("acts", hands.acts)
    answered = portal.rows(
        "SELECT answer.fate, answer.group_id FROM answer JOIN contribution ON contribution.id = contribution_id "
        "WHERE space_id = ?",
        space,
    )
    assert len(answered) == SIXTY
    assert len({fate for fate, _group in answered}) == len(FATES)
    assert len({group for _fate, group in answered if group}) == len(FATES)
    assert sum(group is None for _fate, group in answered) == 2 * len(FATES)
    assert hands.acts <= MOST, f"{hands.acts} acts"


def test_control_every_gesture_is_counted_and_keys_do_nothing_while_one_types_or_when_they_are_off(
    director: Person, portal: Portal
) -> None:
    director.enters()
    hands = Counted(director)
    hands.opens(f"/espaces/{portal.space('la vie de tous')}/reponses")
    boxes = director.page.locator("input[name=choix]")
    hands.ticks(1)
    expect(boxes.first).to_be_checked()
    hands.key("r")
    expect(director.field).to_be_focused()
    hands.key("x")
    expect(director.field).to_have_value("x")
    assert hands.acts == 5
    expect(director.page.locator(".draft-note:has(+ .button-row [value=repondre])")).to_contain_text(
        "Enregistré sur cet appareil"
    )
    director.page.locator("[data-desk-keys] summary").click()
    director.page.locator("label[for=touches]").click()
    director.page.reload()
    hands.key("j")
    expect(boxes.first).not_to_be_focused()


def test_without_scripts_the_page_of_answers_does_the_same(
    portal: Portal, someone: Callable[..., Person]
) -> None:
    director = someone("Hélène Delmas", java_script_enabled=False)
    director.enters()
    director.page.goto(f"/espaces/{portal.space('la vie de tous')}/reponses")
    expect(director.page.locator("[data-desk-keys]")).to_be_hidden()
    director.page.locator("label[for^=choix-]").first.click()
    director.page.locator("#fate label.choice__label").filter(has_text="Non retenue").click()
    director.page.locator("[name=body]").fill("Le budget est déjà voté.")
    director.presses("Publier cette réponse")
    director.sees("Votre réponse est publiée pour 1 contribution.")
