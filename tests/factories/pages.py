"""A client that checks every page it opens, whichever test opens it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from werkzeug.test import TestResponse

from tests.factories import markup

NAMED = "input[not(@type='hidden') and not(@type='submit')]|//textarea|//select"
# Letters or digits right before, so that « 12:30 » or an address is not taken for a sentence.
BAD_TYPOGRAPHY = {
    "fr": (
        (re.compile(r"\w ?'\w"), "an apostrophe that is not ’"),
        (re.compile(r"[^\W\d_] [;!?:»](?=\s|$)"), "a breaking space before ; ! ? : or »"),
        (re.compile(r"« (?=\w)"), "a breaking space after «"),
        (re.compile(r"\.\.\."), "three points instead of …"),
    ),
    "en": (
        (re.compile(r"\w ?'\w"), "an apostrophe that is not ’"),
        (re.compile(r"[^\W\d_][ \u00a0\u202f][;!?:](?=\s|$)"), "a space before ; ! ? or :"),
        (re.compile(r"[«»]"), "French quotation marks"),
        (re.compile(r"\"\w|\w\""), "straight quotation marks"),
        (re.compile(r"\.\.\."), "three points instead of …"),
    ),
}


class PageError(AssertionError):
    """A page that must not be shown to people."""


def check_page(text: str, where: str) -> None:
    """Raise PageError when the page is not valid, labelled, or well typed."""
    problems = markup.faults(text) + list(_structure(text))
    if problems:
        raise PageError(f"{where}: " + "; ".join(problems))


def _structure(text: str) -> list[str]:
    page = lxml_html.document_fromstring(text)
    problems = []
    titles = [" ".join(one.text_content().split()) for one in page.xpath("//h1")]
    if len(titles) != 1:
        problems.append(f"{len(titles)} h1")
    elif not " ".join(page.findtext(".//title").split()).startswith(titles[0]):
        problems.append("the title of the tab does not begin with the h1")
    ids = page.xpath("//@id")
    problems += [f"id {one} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    if page.get("lang") not in BAD_TYPOGRAPHY:
        problems.append("no lang")
    problems += _labels(page) + _references(page, set(ids)) + _levels(page)
    if page.xpath("//@style") or page.xpath("//@*[starts-with(name(), 'on')]") or page.xpath("//style"):
        problems.append("a style attribute or an event attribute")
    for form in page.xpath("//form"):
        if form.get("method", "get").lower() == "post" and not form.xpath(".//input[@name='csrf_token']"):
            problems.append(f"a form without token: {form.get('action')}")
    for script in page.xpath("//script"):
        if not script.get("nonce"):
            problems.append("a script without nonce")
    return problems + _typography(page)


def _labels(page: Any) -> list[str]:
    named = {label.get("for") for label in page.xpath("//label")}
    return [
        f"a field without label: {field.get('name')}"
        for field in page.xpath(f"//{NAMED}")
        if field.get("id") not in named and not field.get("aria-label") and not field.get("aria-labelledby")
    ]


def _references(page: Any, ids: set[str]) -> list[str]:
    wanted = [
        (name, one)
        for name in ("aria-labelledby", "aria-describedby", "for")
        for value in page.xpath(f"//@{name}")
        for one in value.split()
    ]
    return [f"{name} names {one}, which is absent" for name, one in wanted if one not in ids]


def _levels(page: Any) -> list[str]:
    levels = [int(one.tag[1]) for one in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    return [f"h{before} then h{after}" for before, after in pairwise(levels) if after > before + 1]


def _typography(page: Any) -> list[str]:
    for hidden in page.xpath("//script|//textarea|//code|//head"):
        hidden.drop_tree()
    return [
        f"{what}: {words[max(0, found.start() - 20) : found.end() + 20]!r}"
        for code, patterns in BAD_TYPOGRAPHY.items()
        for words in [words_in(page, code)]
        for pattern, what in patterns
        for found in pattern.finditer(words)
    ]


def words_in(element: Any, code: str, spoken: str = "fr") -> str:
    """What is read in one language, the parts in another left out."""
    here = element.get("lang", spoken)
    parts = [element.text or ""] if here == code and isinstance(element.tag, str) else []
    for child in element:
        parts.append(words_in(child, code, here))
        parts.append((child.tail or "") if here == code else "\n" * bool(child.tail))
    return "".join(parts)


class CheckedClient(FlaskClient):
    """Opens pages as one person and checks each of them."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        kind = response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and response.status_code not in range(300, 400) and response.data:
            check_page(response.get_data(as_text=True), f"{response.request.path} {response.status_code}")
        assert "Content-Security-Policy" in response.headers
        return response

    def see(self, path: str) -> Page:
        """Open a page that must be there."""
        response = self.get(path)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return Page(response)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Post a form with the token of the session, as its page would."""
        return self.post(path, data={"csrf_token": self.token, **fields})

    @property
    def token(self) -> str:
        """A valid token for this browser."""
        page = Page(self.get("/contrats", follow_redirects=True))
        return str(page.tree.xpath("//input[@name='csrf_token']/@value")[0])


class Page:
    """What a person reads of an answer."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.html = response.get_data(as_text=True)
        self.tree = lxml_html.document_fromstring(self.html)

    @property
    def words(self) -> str:
        """The text, with plain spaces."""
        return " ".join(self.tree.text_content().replace("\N{NO-BREAK SPACE}", " ").split())

    @property
    def title(self) -> str:
        return " ".join(self.tree.xpath("//h1")[0].text_content().split())

    def form(self, action: str | None = None) -> dict[str, str]:
        """The fields of a form as a browser would send them."""
        where = f"//form[@action='{action}']" if action else "//main//form"
        fields = dict(self.tree.xpath(where)[0].form_values())
        return {name: value or "" for name, value in fields.items()}


def client_for(app: Flask, account_id: str | None) -> CheckedClient:
    """A browser in which this account is signed in (nobody when None)."""
    from portal.domain.accounts import service
    from portal.extensions import unit

    client = CheckedClient(app)
    if account_id is not None:
        token = unit(lambda session: service.open_session(session, account_id))
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], token)
    return client


def steady(html: str) -> str:
    """A page without what is drawn anew for every answer."""
    return re.sub(r'(nonce|data-csrf|name="csrf_token" value)="[^"]*"', r"\1", html)
