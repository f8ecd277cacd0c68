"""A director attaches two documents one after the other; the page keeps nothing of the first."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.factories import sent_files as sent

pytestmark = pytest.mark.browser


def test_two_documents_are_attached_one_after_the_other(director: Person) -> None:
    page = director.enters().page
    contract = director.portal.one("SELECT contract_id FROM document LIMIT 1")
    for name, content in (("a.jpg", sent.a_jpeg((400, 300))), ("b.pdf", sent.a_pdf())):
        page.goto(f"/contrats/{contract}")
        page.get_by_text("autres pages").click()
        page.get_by_role("link", name="Tous les documents").click()
        page.get_by_role("link", name="Joindre un document au contrat").click()
        expect(page.get_by_label("Le nom du document")).to_have_value("")
        page.get_by_label("Le fichier").set_input_files(
            {"name": name, "mimeType": "text/html", "buffer": content}
        )
        page.get_by_label("Le nom du document").fill(f"Document {name}")
        page.get_by_role("button", name="Joindre ce document").click()
        director.sees("Le document est joint")
        expect(page.get_by_role("link", name=f"Document {name}", exact=True)).to_be_visible()
    page.get_by_role("link", name="Document b.pdf", exact=True).click()
    shown = page.get_by_role("img", name="L’aperçu du document")
    expect(shown).to_be_visible()
    assert shown.evaluate("one => one.decode().then(() => one.naturalWidth)") > 100
