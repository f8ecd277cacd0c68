"""What comes by itself is told once, whatever the number of places that could tell it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.matrix import plan
from tests.browser.matrix.looking import Matrix

pytestmark = pytest.mark.browser

ITEM = "/espaces/<id:space_id>/sujets/<id:item_id>"
FIELD = f"{ITEM}/contribuer"
# Longer than the product waits between two announcements.
A_WHILE_MS = 6500
A_MOMENT_MS = 400

# Every region that a screen reader follows: each time its words change and are not empty, they are heard.
LISTEN = """
() => {
  globalThis.matrixHeard = [];
  const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log], output';
  const said = new WeakMap();
  const flat = (one) => one.textContent.replace(/\\s+/g, ' ').trim();
  for (const region of document.querySelectorAll(live)) said.set(region, flat(region));
  new MutationObserver((changes) => {
    const touched = new Set(changes.map((one) => (one.target.closest ?? one.target.parentElement?.closest)
      && (one.target.nodeType === 1 ? one.target : one.target.parentElement)?.closest(live)).filter(Boolean));
    for (const region of touched) {
      const words = flat(region);
      if (words && words !== said.get(region)) globalThis.matrixHeard.push(words);
      said.set(region, words);
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}
"""
HEARD = "() => globalThis.matrixHeard"


@pytest.fixture
def reading(matrix: Matrix) -> Iterator[Page]:
    """The page of a subject in front of the resident, live, with a listener at every live region."""
    page = matrix.person("resident").page
    # The clock of the page goes as ours does, until a test lets time pass at once.
    page.clock.install()
    page.goto(plan.address(matrix.stage, plan.Cell(ITEM, "resident", "one", ())), wait_until="load")
    expect(page.locator("[data-live-state]")).to_have_attribute("data-state", "live")
    # The connection itself may have been told: only what comes from now on counts.
    time_passes(page, 2000)
    page.evaluate(LISTEN)
    yield page
    page.goto("/glossaire")


def time_passes(page: Page, milliseconds: int) -> None:
    """Everything that the page does in this time, without waiting for it; then what the network brings meanwhile."""
    page.clock.run_for(milliseconds)
    page.wait_for_timeout(A_MOMENT_MS)


def somebody_writes(matrix: Matrix, words: str) -> None:
    address = plan.address(matrix.stage, plan.Cell(FIELD, "family", "one", ()))
    fields = matrix.reader.form("family", address)
    assert fields
    kept = [one for one in fields if one[0] not in ("body", "kind")]
    answer = matrix.reader.send("family", address, [*kept, ("kind", "comment"), ("body", words)])
    assert answer.status == 200, answer


def test_a_contribution_is_told_once(matrix: Matrix, reading: Page):
    somebody_writes(matrix, "Le matin, pas avant huit heures.")
    expect(reading.locator("[data-live-bar] button")).to_be_visible()
    time_passes(reading, A_WHILE_MS)
    assert reading.evaluate(HEARD) == ["1 nouvelle contribution."]


def test_many_at_once_are_told_together(matrix: Matrix, reading: Page):
    for number in range(5):
        somebody_writes(matrix, f"Une autre heure, numéro {number}.")
    expect(reading.locator("[data-live-bar] button")).to_contain_text("5 nouvelles contributions")
    time_passes(reading, A_WHILE_MS + 3000)
    heard = reading.evaluate(HEARD)
    assert 1 <= len(heard) <= 2, heard
    assert heard[-1] == "5 nouvelles contributions."


def test_nothing_is_told_while_nothing_comes(reading: Page):
    time_passes(reading, 1500)
    assert reading.evaluate(HEARD) == []


def test_control_a_second_voice_is_heard(matrix: Matrix, reading: Page):
    """A bar that is a live region, too, would say everything twice."""
    reading.evaluate("() => document.querySelector('[data-live-bar]').setAttribute('role', 'status')")
    somebody_writes(matrix, "Le dimanche, plus tard.")
    expect(reading.locator("[data-live-bar] button")).to_be_visible()
    time_passes(reading, A_WHILE_MS)
    assert len(reading.evaluate(HEARD)) == 2


def test_control_a_voice_that_repeats_itself_is_heard(matrix: Matrix, reading: Page):
    reading.evaluate("""() => {
      const region = document.getElementById('annonces');
      new MutationObserver(() => {
        if (!region.textContent || globalThis.matrixRepeated) return;
        globalThis.matrixRepeated = true;
        const words = region.textContent;
        setTimeout(() => { region.textContent = ''; setTimeout(() => { region.textContent = words; }, 60); }, 300);
      }).observe(region, { childList: true });
    }""")
    somebody_writes(matrix, "Le lundi, à l’heure que l’on veut.")
    expect(reading.locator("[data-live-bar] button")).to_be_visible()
    time_passes(reading, A_WHILE_MS)
    assert len(reading.evaluate(HEARD)) == 2
