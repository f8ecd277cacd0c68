"""A page that looks like one that was read is not read again; one with a fault always is."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import markup

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Le menu</title></head>
<body><h1 id="haut">Le menu</h1>
<form method="post" action="/envoyer?a=1&amp;b=2"><input type="hidden" name="op" value="x&#39;y">
<textarea name="body">Une soupe&nbsp;: « oui » &lt;b&gt;</textarea><button>Envoyer</button></form>
<table><caption>Plats</caption><tr><td>Soupe</td></tr></table>
<select name="jour"><option value="1" selected>Lundi</option></select>
<svg viewBox="0 0 8 8" aria-hidden="true"><path d="M1 1"/></svg>
<script nonce="abc">const one = 1;</script></body></html>
"""
TWIN = (
    PAGE.replace("<td>Soupe", "<td>Du pain &amp; du beurre")
    .replace("Une soupe", "Deux soupes")
    .replace("abc", "of-another-answer")
    .replace("haut", "a-b")
)
FAULTS = {
    "an attribute twice": ('<h1 id="a-b">', '<h1 id="a-b" id="bas">'),
    "a quote that is not closed": ('id="a-b">', 'id="a-b>'),
    "a sign that means nothing": ("Deux soupes", "Deux &soupes"),
    "a reference without its end": ("&lt;b", "&lt b"),
    "an ampersand in a value": ("a=1&amp;b", "a=1&copy=b"),
    "an unknown reference": ("&nbsp;", "&nbps;"),
    "a control character": ("Deux", "\x01Deux"),
    "a character of nobody": ("Deux", "\ufdd0Deux"),
    "a C1 control": ("Deux", "\x85Deux"),
    "a less-than sign": ("Le menu</h1>", "1 < 2</h1>"),
    "a tag that is not closed": ("<h1 id", "<div><h1 id"),
    "an end without a beginning": ("</h1>", "</h1></p></em>"),
    "a form in a form": ("<button>", "<form><button>"),
    "a shown field in a table": ("<tr><td>", '<tr><input type="text" name="z"><td>'),
    "no doctype": ("<!doctype html>", ""),
    "another doctype": ("<!doctype html>", "<!doctype htm>"),
    "a bogus comment": ("<table>", "<? ici ?><table>"),
    "a break that is closed": ("Lundi", "Lundi</br>"),
    "a void that closes itself wrongly": ("<h1 id", "<h1/ id"),
    "a block in words": ("<caption>", "<caption></p>"),
    "no space between attributes": ('name="op" value', 'name="op"value'),
    "an equals sign before its name": ('<h1 id="a-b"', '<h1 ="a-b"'),
    "a no-break space in a tag": ('<h1 id="', '<h1\u00a0id="'),
    "a body twice": ("<h1", "<body><h1"),
    "what comes after the end": ("</html>\n", "</html>\nmot"),
}


@pytest.fixture(autouse=True)
def nothing_read_yet(monkeypatch):
    monkeypatch.setattr(markup, "_valid", set())


def read_whole(text: str) -> list[tuple[object, ...]]:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    return list(parser.errors)


def test_a_valid_page_is_read_once(monkeypatch):
    assert markup.faults(PAGE) == []
    monkeypatch.setattr(html5lib, "HTMLParser", None)
    assert markup.faults(TWIN) == []


@pytest.mark.parametrize(("good", "bad"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_found_though_the_page_looks_like_one_that_was_read(good: str, bad: str):
    assert good in TWIN
    faulty = TWIN.replace(good, bad, 1)
    assert markup.faults(PAGE) == []
    assert markup.faults(TWIN) == []
    assert read_whole(faulty), "html5lib itself finds nothing: no fault to plant"
    assert markup.faults(faulty) != []
    # A fault is told each time.
    assert markup.faults(faulty) != []


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<b>", "</b>", "<table>", "<tr>", "<td>", "</table>", "mot", " ", "&", "&amp;", "<", ">", '"', "=",
        '<a href="x">', "<a href='x'>", "<a href=x>", "</a>", '<input type="hidden">', '<input type="text">', "<!--", "-->",
        "<script>", "</script>", "<textarea>", "</textarea>", "<select>", "<option>", "</select>", "\x0c", "\x00", "é", "\U0001f600",
        '<p title="a', '">', "/", "<svg>", "</svg>", "<title>", "</title>", "<br/>", "</br>", "&nbsp;", "&#39;", '<i id="a" id="b">',
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14), st.lists(PIECES, max_size=14))
def test_two_pages_of_one_shape_are_both_valid_or_both_not(one: list[str], other: list[str]):
    start = "<!doctype html><html><head><title>x</title></head><body>"
    known: dict[str, bool] = {}
    for words in (
        one,
        other,
        [*one, "mot"],
        [*other, "é"],
        [piece.replace("mot", "un autre mot") for piece in one],
    ):
        text = start + "".join(words)
        shape = markup.shape_of(text)
        if shape is None:
            continue
        # A shape read in the place of its page is as valid: so are all the pages that share it.
        valid = not read_whole(text)
        assert known.setdefault(shape, valid) == valid
        assert (not read_whole(shape)) == valid
