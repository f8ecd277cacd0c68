"""« Affichage » and « Écouter » in a real browser: what is chosen is drawn, kept, given back; voices of the device only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import AXE, NARROW, RUN_CONTRAST, TOO_WIDE
from tests.browser.people import Person
from tests.browser.server import Portal

pytestmark = pytest.mark.browser

DRAWN = """
() => {
  const of = (selector) => getComputedStyle(document.querySelector(selector));
  return {
    size: of('main .card p').fontSize, letters: of('main .card p').letterSpacing, words: of('main .card p').wordSpacing,
    lines: parseFloat(of('main .card p').lineHeight) / parseFloat(of('main .card p').fontSize), font: of('body').fontFamily,
    ground: of('body').backgroundColor, ink: of('main h1').color, move: of('main a').transitionDuration,
    title: of('main h1').letterSpacing,
  };
}
"""
# Words of four to seven letters that stand on two lines.
CUT = r"""
() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.parentElement.closest('.visually-hidden, [hidden]')) continue;
    for (const word of text.data.matchAll(/(?<![\p{L}’-])\p{L}{4,7}(?![\p{L}’-])/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((one) => Math.round(one.top)));
      if (lines.size > 1) found.add(word[0]);
    }
  }
  return [...found];
}
"""
PAGE = "/aide"
DARK, LIGHT = "rgb(18, 21, 29)", "rgb(251, 247, 240)"


def marked(page: Page, choices: dict[str, str]) -> None:
    """Mark some of the choices."""
    for name, value in choices.items():
        page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)


def kept(page: Page, **choices: str) -> None:
    """Choose in « Affichage » as a person would, coming from the page that is looked at."""
    page.goto(PAGE)
    page.get_by_role("link", name="Affichage").first.click()
    marked(page, choices)
    page.get_by_role("button", name="Garder ces réglages").click()
    expect(page).to_have_url(re.compile(f"{PAGE}$"))


@pytest.fixture
def visitor(someone: Callable[..., Person]) -> Page:
    """Nobody in particular, with light colours and no wish about motion."""
    return someone("somebody", color_scheme="light", reduced_motion="no-preference").page


def test_each_choice_changes_what_is_drawn(visitor: Page):
    visitor.goto(PAGE)
    before = visitor.evaluate(DRAWN)
    assert (before["ground"], before["size"]) == (LIGHT, "18px")
    fonts: list[str] = []
    visitor.on("response", lambda answer: fonts.append(answer.url) if "woff2" in answer.url else None)
    seen = {}
    for name, value in (
        ("size", "200"), ("size", "150"), ("contrast", "high"), ("spacing", "wide"), ("motion", "reduced"),
        ("colours", "dark"), ("font", "lexend"),
    ):  # fmt: skip
        visitor.context.clear_cookies()
        kept(visitor, **{name: value})
        seen[name, value] = visitor.evaluate(DRAWN)
        if name != "font":
            assert not any("lexend" in one or "opendyslexic" in one for one in fonts), "only when chosen"
    assert (seen["size", "200"]["size"], seen["size", "150"]["size"]) == ("36px", "27px")
    assert (seen["contrast", "high"]["ink"], seen["contrast", "high"]["ground"]) == (
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    )
    wide = seen["spacing", "wide"]
    assert float(wide["letters"][:-2]) == pytest.approx(0.12 * 18)
    assert float(wide["words"][:-2]) == pytest.approx(0.16 * 18)
    assert wide["lines"] >= 1.5
    assert not wide["title"].startswith("-")
    assert seen["font", "lexend"]["font"].startswith("Lexend")
    assert any("lexend" in one for one in fonts)
    assert seen["motion", "reduced"]["move"] == "0s" != before["move"]
    assert seen["colours", "dark"]["ground"] == DARK, "dark chosen while the system is light"


@pytest.fixture
def by_night(someone: Callable[..., Person]) -> Page:
    """Somebody whose system is dark."""
    return someone("somebody by night", color_scheme="dark").page


def test_light_chosen_wins_over_a_dark_system_and_contrast_follows_the_colours(by_night: Page):
    by_night.goto(PAGE)
    assert by_night.evaluate(DRAWN)["ground"] == DARK
    kept(by_night, colours="light")
    assert by_night.evaluate(DRAWN)["ground"] == LIGHT
    kept(by_night, colours="auto", contrast="high")
    assert by_night.evaluate(DRAWN)["ground"] == "rgb(0, 0, 0)"
    assert by_night.evaluate(DRAWN)["ink"] == "rgb(255, 255, 255)"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_choice_of_colours_can_be_read(visitor: Page, portal: Portal, colours: str):
    for contrast in ("normal", "high"):
        kept(visitor, colours=colours, contrast=contrast)
        visitor.evaluate(AXE.read_text(encoding="utf-8"))
        assert visitor.evaluate(RUN_CONTRAST) == []


def test_large_letters_on_a_narrow_screen_do_not_scroll_sideways(
    someone: Callable[..., Person], portal: Portal
):
    claire = someone("Claire, fille de Madame Morel").enters()
    space, item = portal.space("Vers quoi"), portal.item("Lutter contre la dénutrition")
    claire.page.set_viewport_size(NARROW)
    pages = [
        "/affichage", "/contrats", f"/espaces/{space}", f"/espaces/{space}/sujets/{item}",
        f"/espaces/{space}/sujets/{item}/contribuer", "/plan-du-site", "/accessibilite", "/glossaire",
    ]  # fmt: skip
    for choices in ({"size": "200"}, {"size": "200", "spacing": "wide", "font": "opendyslexic"}):
        choose_for_the_account(claire.page, **choices)
        wide = {}
        for address in pages:
            claire.page.goto(address)
            if found := claire.page.evaluate(TOO_WIDE):
                wide[address] = found
        assert wide == {}, choices


def test_a_short_word_is_never_cut_however_large_the_letters(someone: Callable[..., Person], portal: Portal):
    claire = someone("Claire, fille de Madame Morel").enters()
    space, item = portal.space("Vers quoi"), portal.item("Lutter contre la dénutrition")
    claire.page.set_viewport_size(NARROW)
    choose_for_the_account(claire.page, size="200", spacing="normal", font="atkinson")
    for address in ("/notifications", f"/espaces/{space}", f"/espaces/{space}/sujets/{item}"):
        claire.page.goto(address)
        assert claire.page.evaluate(CUT) == [], address
    claire.page.evaluate("() => document.querySelector('h1').style.setProperty('inline-size', '2rem')")
    assert claire.page.evaluate(CUT) != [], "a word that is cut is seen"


def choose_for_the_account(page: Page, **choices: str) -> None:
    page.goto("/affichage")
    marked(page, choices)
    page.get_by_role("button", name="Garder ces réglages").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_choice_is_kept_after_going_out_and_the_tablet_is_given_back(
    someone: Callable[..., Person], scripts: bool
):
    short = "Madame Jeanne Morel" if scripts else "Karim"
    person = someone(short, java_script_enabled=scripts)
    page = person.page
    page.goto("/connexion")
    page.get_by_role("button", name=short).first.click()
    page.goto("/contrats")
    page.goto("/affichage")
    marked(page, {"size": "150", "colours": "dark"})
    if not scripts:
        page.get_by_role("button", name="Voir l’exemple avec ces choix").click()
        expect(page.locator("[data-comfort-preview]")).to_have_attribute("data-size", "150")
    expect(page.locator("[data-comfort-preview]")).to_have_attribute("data-colours", "dark")
    expect(page.locator("html")).not_to_have_attribute("data-size", "150")
    page.get_by_role("button", name="Garder ces réglages").click()
    expect(page.locator("html")).to_have_attribute("data-size", "150")
    # Bigger letters leave no room for the whole menu.
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("button", name="Sortir").click()
    page.wait_for_url("**/connexion")
    expect(page.locator("html")).not_to_have_attribute("data-size", "150")
    page.get_by_role("button", name=short).first.click()
    expect(page.locator("html")).to_have_attribute("data-size", "150")
    page.goto("/affichage")
    page.get_by_role("button", name="Remettre comme au début").click()
    expect(page.locator("html")).not_to_have_attribute("data-size", "150")


VOICES = """
(voices) => {
  const said = [];
  globalThis.said = said;
  globalThis.SpeechSynthesisUtterance = class { constructor(words) { this.text = words; } };
  const synthesis = Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak(one) { said.push(one.text); globalThis.current = one; },
    cancel() { said.push('(silence)'); },
  });
  Object.defineProperty(globalThis, 'speechSynthesis', { value: synthesis, configurable: true });
}
"""
HERE = {"lang": "fr-FR", "localService": True, "name": "ici", "default": True}
AWAY = {"lang": "fr-FR", "localService": False, "name": "ailleurs", "default": True}
ENGLISH = {"lang": "en-GB", "localService": True, "name": "here", "default": False}


@pytest.fixture
def listener(someone: Callable[..., Person]) -> Callable[[list[dict[str, object]]], Page]:
    """A page in a browser that has these voices."""

    def opened(voices: list[dict[str, object]]) -> Page:
        page = someone("somebody who listens").page
        page.add_init_script(f"({VOICES})({json.dumps(voices)})")
        page.goto(PAGE)
        return page

    return opened


@pytest.mark.parametrize(
    "voices", [[], [AWAY], [ENGLISH], [AWAY, ENGLISH]], ids=["none", "remote", "other language", "both"]
)
def test_without_a_voice_of_the_device_there_is_nothing_to_press(
    listener: Callable[[list[dict[str, object]]], Page], voices: list[dict[str, object]]
):
    page = listener(voices)
    expect(page.get_by_role("button", name="Écouter cette page")).to_have_count(0)
    assert page.evaluate("() => globalThis.said") == []


def test_the_page_is_read_by_a_voice_of_the_device_sentence_by_sentence(
    listener: Callable[[list[dict[str, object]]], Page],
):
    page = listener([AWAY, HERE])
    button = page.get_by_role("button", name="Écouter cette page")
    expect(button).to_be_visible()
    assert page.evaluate("() => globalThis.said") == [], "never by itself"
    button.click()
    assert page.evaluate("() => [globalThis.current.voice.name, globalThis.said]") == [
        "ici",
        ["Comment participer"],
    ]
    for _ in range(2):
        page.evaluate("() => globalThis.current.onend()")
    assert page.evaluate("() => globalThis.said") == [
        "Comment participer", "Vous lisez, vous écrivez, on vous répond.", "Personne n’est obligé de participer.",
    ]  # fmt: skip
    expect(page.locator("[data-reading]")).to_have_count(1)
    page.get_by_role("button", name="Faire une pause").click()
    page.evaluate("() => globalThis.current.onend()")
    assert page.evaluate("() => globalThis.said.slice(3)") == ["(silence)"]
    again = page.get_by_role("button", name="Reprendre la lecture")
    expect(again).to_be_focused()
    again.click()
    assert page.evaluate("() => globalThis.said.slice(4)") == ["Personne n’est obligé de participer."]
    page.get_by_role("button", name="Arrêter la lecture").click()
    expect(page.get_by_role("button", name="Écouter cette page")).to_be_focused()
    expect(page.locator("[data-reading]")).to_have_count(0)


def test_the_end_of_the_page_is_the_end_of_the_reading(listener: Callable[[list[dict[str, object]]], Page]):
    page = listener([HERE])
    page.get_by_role("button", name="Écouter cette page").click()
    said = page.evaluate(
        "() => { for (let n = 0; n < 300 && document.querySelector('[data-reading]'); n += 1) globalThis.current.onend(); return globalThis.said; }"
    )
    heard = [one for one in said if one != "(silence)"]
    assert 15 < len(heard) < 60
    assert all(len(one) <= 220 for one in heard)
    assert not any("Écouter" in one or "Besoin d’aide" in one for one in heard)
    expect(page.get_by_role("button", name="Écouter cette page")).to_be_visible()
