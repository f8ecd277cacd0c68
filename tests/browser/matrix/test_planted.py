"""Faults planted in a real page: each check of the matrix finds its own, and finds nothing before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.matrix import modes
from tests.browser.matrix.looking import Matrix

pytestmark = pytest.mark.browser

PLACE = "const main = document.querySelector('main .page__main'); const add = (tag, words = '') => {"
PLACE += (
    " const one = document.createElement(tag); one.textContent = words; main.prepend(one); return one; };"
)

# What is planted, the mode that must find it, and what it must say.
FAULTS = {
    "pale words": ("light", "const p = add('p', 'Pâle'); p.style.color = '#bbb'", "axe color-contrast"),
    "a field without label": ("light", "add('input')", "axe label"),
    "a picture without words": ("light", "add('img').src = '/static/img/mark.svg'", "axe image-alt"),
    "a second title": ("light", "add('h1', 'Encore')", "2 h1"),
    "a small button": (
        "light",
        "const b = add('button', 'x'); b.style.cssText = 'min-inline-size: 0; min-block-size: 0; padding: 0; inline-size: 30px; block-size: 30px'",
        "small target",
    ),
    "pale words in the dark": ("dark", "const p = add('p', 'Sombre'); p.style.color = '#222'", "contrast"),
    "a control without edges": (
        "forced colours",
        "const b = add('button', 'Envoyer'); b.style.border = '0'",
        "no edge",
    ),
    "a choice shown by colour alone": (
        "forced colours",
        """const list = add('ul'); for (const words of ['Une', 'Deux']) { const item = document.createElement('li');
        const link = document.createElement('a'); link.href = '/'; link.textContent = words; item.append(link); list.append(item); }
        list.querySelector('a').setAttribute('aria-current', 'true'); list.querySelector('a').style.background = '#ddf'""",
        "chosen by colour alone",
    ),
    "a mark without an edge": (
        "forced colours",
        "const s = add('span', 'Publiée'); s.style.display = 'inline-block'; s.style.background = '#cfc'",
        "a mark without an edge",
    ),
    "words that keep their colours": (
        "forced colours",
        "add('p', 'Vert').style.forcedColorAdjust = 'none'",
        "keep their own colours",
    ),
    "something that moves": ("still", "add('p', 'Bouge').style.transition = 'color 2s'", "moves"),
    "something too wide": ("320 px", "add('p', 'Large').style.minWidth = '400px'", "scrolls sideways"),
    "a target too small on a telephone": (
        "320 px",
        "const b = add('button', 'x'); b.style.cssText = 'min-inline-size: 0; min-block-size: 0; padding: 0; inline-size: 30px; block-size: 30px'",
        "small target",
    ),
    "words cut off by larger letters": (
        "200 %",
        "const p = add('p', 'Des mots qui ne tiennent pas'); p.style.cssText = 'height: 40px; inline-size: 14em; white-space: nowrap; max-inline-size: 300px; overflow: hidden'",
        "words cut off",
    ),
    "words cut off by spacing": (
        "text spacing",
        "const p = add('p', 'Des mots en deux lignes quand ils sont espacés'); p.style.cssText = `inline-size: ${(() => { const r = document.createRange(); r.selectNodeContents(p); p.style.display = 'inline-block'; return r.getBoundingClientRect().width + 4; })()}px; white-space: nowrap; overflow: hidden; display: block; max-inline-size: none`",
        "words cut off",
    ),
    "words that large letters push out": (
        "at ease",
        "const p = add('p', 'Des mots qui ne tiennent pas'); p.style.cssText = 'inline-size: 12rem; white-space: nowrap; max-inline-size: 250px; overflow: hidden'",
        "words cut off",
    ),
    "grey that stays grey": ("contrast", "add('p', 'Gris').style.color = '#777'", "contrast"),
    "a line too wide for the sheet": (
        "printed",
        "add('p', 'Large').style.minWidth = '900px'",
        "scrolls sideways",
    ),
    "pale ink": ("printed", "add('p', 'Pâle').style.color = '#bbb'", "contrast"),
    "no outline": (
        "keyboard",
        "add('a', 'Ici').href = '/'; main.firstChild.style.outline = 'none'",
        "no visible focus",
    ),
    "an order of its own": (
        "keyboard",
        "const a = add('a', 'Ici'); a.href = '/'; a.tabIndex = 5",
        "never reached",
    ),
    "an order that jumps back": (
        "keyboard",
        """const [one, other] = ['Un', 'Deux'].map((words) => { const link = add('a', words); link.href = '/'; return link; });
        one.addEventListener('keydown', (event) => { if (event.key === 'Tab' && !globalThis.matrixJumped) {
          globalThis.matrixJumped = true; event.preventDefault(); other.focus(); } })""",
        "out of order",
    ),
    "a trap": (
        "keyboard",
        "const b = add('button', 'Piège'); b.type = 'button'; b.addEventListener('keydown', (event) => event.preventDefault())",
        "Tab does not leave the page",
    ),
    "a control that Tab jumps over": (
        "keyboard",
        "const b = add('button', 'Saut'); b.addEventListener('focus', () => b.nextElementSibling.querySelector('a, button')?.focus() ?? b.blur())",
        "never reached",
    ),
    "a bar that covers": (
        "keyboard",
        "const d = add('div', 'Bandeau'); d.style.cssText = 'position: fixed; inset: auto 0 0 0; height: 60vh; background: white; z-index: 9'",
        "focus under what sticks",
    ),
    "a bar that covers a telephone": (
        "keyboard 320 px",
        "const d = add('div', 'Bandeau'); d.style.cssText = 'position: fixed; inset: auto 0 0 0; height: 60vh; background: white; z-index: 9'",
        "focus under what sticks",
    ),
}


@pytest.fixture(scope="module")
def sound(matrix: Matrix) -> Page:
    """A page without any fault."""
    answer = matrix.reader.get("resident", "/glossaire")
    assert matrix.shown("resident", answer, modes.ALL_MODES) == []
    return matrix.person("resident").page


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, sound: Page):
    mode, script, expected = FAULTS[name]
    sound.goto("/glossaire", wait_until="load")
    sound.evaluate(f"() => {{ {PLACE} {script}; }}")
    found = modes.looked_at(sound, mode)
    assert any(expected in one for one in found), found


def test_every_mode_has_its_fault():
    assert {mode for mode, _, _ in FAULTS.values()} == set(modes.MODES)


def test_a_fault_where_no_script_runs_is_found(matrix: Matrix):
    page = matrix.person("resident", modes.NO_SCRIPT).page
    page.goto("/glossaire", wait_until="load")
    assert modes.without_scripts(page) == []
    page.evaluate("() => { document.querySelector('main h1').style.minWidth = '900px'; }")
    assert any("scrolls sideways" in one for one in modes.without_scripts(page))


def test_a_look_leaves_the_page_as_it_was(sound: Page):
    """But for the window: each look sets its own."""
    sound.goto("/glossaire", wait_until="load")
    state = "() => JSON.stringify([document.documentElement.style.fontSize, document.adoptedStyleSheets.length, matchMedia('print').matches, matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('(forced-colors: active)').matches])"
    before = sound.evaluate(state)
    for mode in modes.MODES:
        modes.looked_at(sound, mode)
        assert sound.evaluate(state) == before, mode


def test_a_page_that_says_another_language_is_found(matrix: Matrix):
    page = matrix.person("resident", modes.ENGLISH).page
    page.goto("/glossaire", wait_until="load")
    assert modes.in_english(page) == []
    page.evaluate("() => { document.documentElement.lang = 'fr'; }")
    assert "[English] the page says another language" in modes.in_english(page)
    page.evaluate("() => { document.querySelector('main').append(document.createElement('input')); }")
    assert any("axe label" in one for one in modes.in_english(page))
