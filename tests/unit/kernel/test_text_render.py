"""What the light marks become, and what never becomes anything but text."""

import re
from html import escape, unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.kernel.text import (
    MAX_CHARACTERS,
    RENDERER_VERSION,
    TextEmpty,
    TextTooLong,
    clean_source,
    render,
    render_inline,
    rendering,
)
from portal.kernel.text import marks as marks_module
from portal.kernel.text.barriers import REL, pass_barriers
from portal.kernel.text.links import SAFE_HREF
from portal.kernel.text.marks import MAX_MARKS
from portal.kernel.text.source import scrub
from tests.hostile import samples

WHOLE = re.compile(
    r"(?:[^<>]|</?(?:p|em|ul|li)>|<br>|</a>"
    rf"|<a href=\"(?:https?://|mailto:)[!#-;=?-~]+\" rel=\"{REL}\">)*"
)
TAG = re.compile(r"<[^>]*>")
PIECES = [
    *"*-<>&\"' \n\u00a0:;!?«»()éa1/.@#%'`",
    "https://a.fr/",
    "http://",
    "jean@a.fr",
    "\n- ",
    "\n\n",
    "&amp;",
    "&lt",
    "<b onclick=x>",
    "</p>",
    "<!--",
    "javascript:",
    "mot",
]
ANY_TEXT = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(max_size=80),
)


def link(href: str, text: str | None = None) -> str:
    return f'<a href="{escape(href)}" rel="{REL}">{escape(text or href, quote=False)}</a>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Bonjour.", "<p>Bonjour.</p>"),
        ("", ""),
        ("un\n\ndeux", "<p>un</p><p>deux</p>"),
        ("un\ndeux", "<p>un<br>deux</p>"),
        ("- soupe\n- fromage", "<ul><li>soupe</li><li>fromage</li></ul>"),
        ("- soupe\n\n- fromage", "<ul><li>soupe</li><li>fromage</li></ul>"),
        ("Menu :\n- soupe\nMerci", "<p>Menu&nbsp;:</p><ul><li>soupe</li></ul><p>Merci</p>"),
        ("- soupe *chaude*", "<ul><li>soupe <em>chaude</em></li></ul>"),
        ("-soupe", "<p>-soupe</p>"),
        ("- ", "<p>-</p>"),
        ("un *mot* fort", "<p>un <em>mot</em> fort</p>"),
        ("*deux mots*.", "<p><em>deux mots</em>.</p>"),
        ("*deux\nlignes*", "<p><em>deux<br>lignes</em></p>"),
        ("*jamais\n\nici*", "<p>*jamais</p><p>ici*</p>"),
        ("- *jamais\n- ici*", "<ul><li>*jamais</li><li>ici*</li></ul>"),
        ("2 * 3 * 4 et 2*3*4", "<p>2 * 3 * 4 et 2*3*4</p>"),
        ("résident*e*s", "<p>résident*e*s</p>"),
        ("prix* et *note", "<p>prix* et *note</p>"),
        ("*a *b*", "<p>*a <em>b</em></p>"),
        ("**gras**", "<p>**gras**</p>"),
        ("**", "<p>**</p>"),
        ("l'*eau*", "<p>l’<em>eau</em></p>"),
        ("C'est prêt !", "<p>C’est prêt&nbsp;!</p>"),
        ("« oui » ; non ?", "<p>«&nbsp;oui&nbsp;»&nbsp;; non&nbsp;?</p>"),
        ("<b>gras</b> & co", "<p>&lt;b&gt;gras&lt;/b&gt; &amp; co</p>"),
        ("&lt;b&gt; &nbsp; &#60;", "<p>&amp;lt;b&amp;gt; &amp;nbsp; &amp;#60;</p>"),
        ("a\x00b\u202ec", "<p>abc</p>"),
    ],
)
def test_marks(source: str, html: str) -> None:
    assert render(source) == html


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        ("https://exemple.fr", link("https://exemple.fr")),
        ("HTTPS://Exemple.fr/A", link("https://Exemple.fr/A", "HTTPS://Exemple.fr/A")),
        ("voir https://exemple.fr/a.", f"voir {link('https://exemple.fr/a')}."),
        ("(https://exemple.fr/a)", f"({link('https://exemple.fr/a')})"),
        ("https://exemple.fr/a_(b)", link("https://exemple.fr/a_(b)")),
        ("« https://exemple.fr »", f"«&nbsp;{link('https://exemple.fr')}&nbsp;»"),
        ("*https://exemple.fr/a*", f"<em>{link('https://exemple.fr/a')}</em>"),
        ("https://exemple.fr:8443/a?b=1&c=2#d", link("https://exemple.fr:8443/a?b=1&c=2#d")),
        ("https://exemple.fr/?a&lt=1&amp;b", link("https://exemple.fr/?a&lt=1&amp;b")),
        ("https://exemple.fr/été", link("https://exemple.fr/%C3%A9t%C3%A9", "https://exemple.fr/été")),
        ("https://exemple.fr/l'eau", link("https://exemple.fr/l%27eau", "https://exemple.fr/l'eau")),
        ("https://exemple.fr/%C3%A9", link("https://exemple.fr/%C3%A9")),
        ("jean@exemple.fr", link("mailto:jean@exemple.fr", "jean@exemple.fr")),
        ("Écrire à jean.d-p+a@ehpad.exemple.fr !", None),
        ('https://exemple.fr/"x', f'{link("https://exemple.fr/")}"x'),
        ("https://exemple.fr/<x>", f"{link('https://exemple.fr/')}&lt;x&gt;"),
    ],
)
def test_addresses_that_become_links(source: str, inside: str | None) -> None:
    mail = link("mailto:jean.d-p+a@ehpad.exemple.fr", "jean.d-p+a@ehpad.exemple.fr")
    assert render(source) == f"<p>{inside or f'Écrire à {mail}&nbsp;!'}</p>"


@pytest.mark.parametrize(
    "source",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://exemple.fr/",
        "//exemple.fr/",
        "www.exemple.fr",
        "http://",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://banque.fr@ailleurs.fr/",
        "https://jean:secret@exemple.fr/",
        "https://exemple..fr/",
        "https://exemple.fr:999999/",
        "https://exemple.fr\\a",
        "https://exеmple.fr/",  # one letter of this host is Cyrillic
        "https://exemple.fr/אבג",
        "xhttps://exemple.fr/",
        "jean@localhost",
        "jean@@exemple.fr",
        "mailto:jean@exemple.fr",
    ],
)
def test_addresses_that_stay_text(source: str) -> None:
    assert render(source) == f"<p>{escape(source, quote=False)}</p>"


def test_beyond_the_last_mark_the_rest_is_shown_as_plain_text() -> None:
    stars, lines = "*a* " * 1200, "- a\n" * 1200
    assert render(stars).count("<em>") == MAX_MARKS - 1
    assert render(lines).count("<li>") == MAX_MARKS
    assert seen(render(stars)) == seen(escape(stars))
    assert seen(render(lines)) == seen(lines)


def test_a_text_too_long_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: str) -> str:
        raise AssertionError("read before it was measured")

    monkeypatch.setattr(marks_module, "scrub", never)
    with pytest.raises(TextTooLong):
        render("a" * (MAX_CHARACTERS + 1))
    with pytest.raises(AssertionError, match="read before"):
        render("a")


def test_every_text_passes_both_barriers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "pass_barriers", lambda html: f"passed: {html}")
    assert render("Bonjour.") == "passed: <p>Bonjour.</p>"


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<script>alert(1)</script>", "alert(1)"),
        ("<p onclick=x>a</p>", "<p>a</p>"),
        ('<p class="x" id=y style="color:red">a</p>', "<p>a</p>"),
        ('<a href="javascript:x">a</a>', f'<a rel="{REL}">a</a>'),
        ('<a href="java\u200bscript:x">a</a>', f'<a rel="{REL}">a</a>'),
        ('<a href="/deconnexion">a</a>', f'<a rel="{REL}">a</a>'),
        ('<a href="https://exemple.fr/é">a</a>', f'<a rel="{REL}">a</a>'),
        ('<a href="https://exemple.fr" rel="opener" target="_top">a</a>', link("https://exemple.fr", "a")),
        ("<svg><style><img src=x onerror=y></style></svg>", ""),
    ],
)
def test_the_barriers_hold_without_our_renderer(html: str, left: str) -> None:
    passed = pass_barriers(html)
    assert WHOLE.fullmatch(passed.replace(f'<a rel="{REL}">', "")), passed
    assert not left or passed == left


@given(ANY_TEXT)
@example("https://a.fr/?a&lt&amp;b='")
@example("*<*\n- &amp;lt;\u00a0;")
@settings(max_examples=400)
def test_passing_the_barriers_again_changes_nothing(source: str) -> None:
    html = render(source)
    assert pass_barriers(html) == html


@given(ANY_TEXT)
@settings(max_examples=400)
def test_the_barriers_find_nothing_to_remove(source: str) -> None:
    written = "".join(rendering._block(block) for block in marks_module.parse(source))
    assert render(source) == written.replace("\u00a0", "&nbsp;").replace("&#x27;", "'")


@given(ANY_TEXT)
@settings(max_examples=400)
def test_no_word_is_lost_and_no_other_element_appears(source: str) -> None:
    html = render(source)
    assert WHOLE.fullmatch(html), html
    assert seen(html) == seen(escape(scrub(source)))


@pytest.mark.parametrize("sample", [pytest.param(text, id=name) for name, text in samples()])
def test_a_hostile_sample_is_shown_as_text(sample: str) -> None:
    html = render(sample)
    assert WHOLE.fullmatch(html), html
    assert pass_barriers(html) == html
    assert seen(html) == seen(escape(scrub(sample)))
    assert all(SAFE_HREF.fullmatch(unescape(href)) for href in re.findall(r'<a href="([^"]*)"', html))


def test_there_are_enough_samples_and_the_judge_would_see_them() -> None:
    texts = [text for _, text in samples()]
    assert len(set(texts)) == len(texts) >= 300
    live = [text for text in texts if re.match(r"<[a-z]", text)]
    assert len(live) > 200
    assert not [text for text in live if WHOLE.fullmatch(text)]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Maison des Tilleuls", "Maison des Tilleuls"),
        (' "Chez *nous*" & <b>\n', "&quot;Chez *nous*&quot; &amp; &lt;b&gt;"),
        ("L'Orée https://a.fr", "L&#x27;Orée https://a.fr"),
        ("un\r\n\r\ndeux", "un deux"),
    ],
)
def test_a_label_is_only_escaped(text: str, html: str) -> None:
    assert render_inline(text, 40) == html


def test_a_label_has_a_length() -> None:
    assert render_inline("&" * 10, 10) == "&amp;" * 10
    with pytest.raises(TextTooLong):
        render_inline("&" * 11, 10)
    with pytest.raises(TextEmpty):
        render_inline(" \u200b ", 10)


def test_what_is_stored_names_its_renderer() -> None:
    assert RENDERER_VERSION == 1
    assert render(clean_source("x")) == "<p>x</p>"


def seen(html: str) -> str:
    """What is left to read: words without blanks, stars, hyphens, and with one kind of apostrophe."""
    return re.sub(r"[\s*-]", "", unescape(TAG.sub("", html))).replace("’", "'")
