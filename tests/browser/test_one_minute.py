"""Madame Morel is 86. Eight gestures at most between the first page and words that are sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser

AT_MOST = 8


class Gestures:
    """Counts what a person does: one press is one gesture, one text typed is one gesture."""

    def __init__(self, person: Person) -> None:
        self.page = person.page
        self.done: list[str] = []

    def presses(self, role: str, name: str) -> None:
        """Press the first thing that says this."""
        self.page.get_by_role(role, name=name).first.click()
        self.done.append(f"press « {name} »")

    def types(self, words: str) -> None:
        """Press the field, then type as on a keyboard."""
        self.page.locator("textarea[name=body]").click()
        self.done.append("press the field")
        self.page.keyboard.type(words)
        self.done.append("type")


def test_from_the_first_page_to_words_that_are_sent_takes_at_most_eight_gestures(resident: Person):
    resident.page.goto("/")
    hand = Gestures(resident)
    hand.presses("button", resident.name)
    hand.presses("link", "Entrer dans l’espace")
    hand.presses("link", "Lire les contributions et participer")
    hand.types("Je voudrais dîner plus tard.")
    hand.presses("button", "Envoyer mon avis")

    expect(resident.heading("Merci, votre texte est bien arrivé")).to_be_visible()
    resident.sees("Je voudrais dîner plus tard.")
    resident.sees("On vous doit")
    assert len(hand.done) <= AT_MOST, hand.done
    # Short as it is, the way leaves nothing out: who will read it was told before sending.
    resident.page.go_back()
    resident.sees("Votre texte pourra être lu par les groupes de cet espace")
    assert re.search(r"/sujets/\w{26}", resident.page.url)
