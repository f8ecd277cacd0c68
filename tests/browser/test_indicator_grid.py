"""A director fills the values of an indicator as in a spreadsheet: keys, paste, undo; what is kept is said."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser

PASTE = """
(words) => {
  const data = new DataTransfer();
  data.setData('text/plain', words);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}
"""


def test_a_grid_is_filled_with_keys_and_paste_and_each_step_is_undone(director: Person) -> None:
    director.enters()
    contract = director.portal.one("SELECT id FROM contract WHERE title LIKE '%Rives%'")
    indicator = director.portal.one("SELECT id FROM contract_indicator WHERE code = 'etp-vacants'")
    page = director.page
    page.goto(f"/contrats/{contract}/indicateurs/{indicator}/saisie")

    def cell(row: int, column: int) -> Locator:
        return page.locator("tbody tr").nth(row).locator("input[type=text]").nth(column)

    undo = page.get_by_role("button", name="Annuler")
    expect(undo).to_be_disabled()
    before = [[cell(row, column).input_value() for column in range(5)] for row in range(4)]

    # Enter and the arrows go from cell to cell; inside a number they stay in it.
    cell(0, 3).focus()
    page.keyboard.press("Enter")
    expect(cell(1, 3)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(cell(0, 4)).to_be_focused()
    page.keyboard.type("12,25")
    page.keyboard.press("ArrowLeft")
    expect(cell(0, 4)).to_be_focused()
    assert cell(0, 4).evaluate("field => field.selectionStart") == 4

    # What a spreadsheet copies fills cells; what finds no place is said.
    cell(2, 3).focus()
    page.evaluate(PASTE, "1,5\t2\r\n3\t4\r\n5\t6\r\n")
    assert [cell(row, column).input_value() for row in (2, 3) for column in (3, 4)] == ["1,5", "2", "3", "4"]
    expect(page.locator("#annonces")).to_have_text("4 cases remplies. 2 nombres n’ont pas trouvé leur place.")

    # One step back, with the keyboard; then another, with the button.
    page.keyboard.press("Control+z")
    assert [cell(row, column).input_value() for row in (2, 3) for column in (3, 4)] == [
        before[row][column] for row in (2, 3) for column in (3, 4)
    ]
    expect(cell(0, 4)).to_have_value("12,25")
    undo.click()
    expect(cell(0, 4)).to_have_value(before[0][4])
    expect(undo).to_be_disabled()

    # What is not sent survives a reload; what is sent is said to be kept.
    cell(2, 3).focus()
    page.evaluate(PASTE, "1,5\t2,75 e\r\n3\tbeaucoup\r\n")
    page.reload()
    expect(cell(2, 4)).to_have_value("2,75 e")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez un nombre, par exemple 12,5")
    expect(cell(3, 4)).to_have_value("beaucoup")
    cell(3, 4).fill("4")
    page.get_by_role("button", name="Enregistrer").click()
    director.sees("C’est enregistré")
    expect(page).to_have_url(re.compile("fait=enregistre"))
    assert [cell(row, column).input_value() for row in (2, 3) for column in (3, 4)] == [
        "1,5",
        "2,75 e",
        "3",
        "4",
    ]
    expect(page.locator(".draft-note")).to_have_text("")
