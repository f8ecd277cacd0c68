"""Reads pages over HTTP as their persons would: valid markup, French typography, and what is really new."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html as lxml_html

from portal.blueprints._sessions import COOKIE
from tests.browser.matrix.stage import VISITOR, Stage
from tests.factories.pages import PageError, check_page

MOST_REDIRECTS = 5
# A page of examples, in the demonstration alone: its buttons are there to be looked at.
EXAMPLES = {"/composants"}
# What differs from one answer to the next without a reader seeing it.
UNSEEN = (
    re.compile(r'\b(?:nonce|value|data-csrf|data-draft-owner|data-op|datetime)="[^"]{20,}"'),
    re.compile(r"\b[a-z2-7]{26}\b"),
)
# Who is here and whom they may ask: a few words at the head and at the foot of every page of theirs.
WHO = re.compile(r'<nav class="nav".*?</nav>|<section class="help".*?</section>', re.DOTALL)
WORDS = re.compile(r">[^<]+<")


@dataclass(frozen=True)
class Answer:
    """What the server gave in the end, after its redirects."""

    status: int
    address: str
    kind: str
    text: str
    policy: str = ""
    sent: bool = False

    @property
    def is_page(self) -> bool:
        """Whether a person would read it."""
        return self.kind.startswith("text/html")

    def likeness(self, *, exact: bool, words: bool) -> str:
        """The same for two pages that look the same; `words`: that say the same;
        `exact`: menu and help too.
        """
        kept = self.text if exact else WHO.sub("", self.text)
        for pattern in UNSEEN:
            kept = pattern.sub("", kept)
        kept = " ".join(kept.split())
        if not words:
            kept = WORDS.sub("><", kept)
        return hashlib.sha256(f"{self.status} {kept}".encode()).hexdigest()

    def problems(self) -> list[str]:
        """What is wrong with its markup and its typography, or with answering this at all."""
        if self.status >= 500:
            return [f"answered {self.status}"]
        if not self.is_page:
            return [f"no page but {self.kind}: say so in EXCLUDED"]
        try:
            check_page(self.text, "")
        except PageError as error:
            return [str(error).removeprefix(": ")]
        return [] if self.address in EXAMPLES else dead_controls(self.text)


def _answer(status: int, address: str, headers: dict[str, str], text: str) -> Answer:
    policy = headers.get("content-security-policy", "")
    return Answer(status, address, headers.get("content-type", ""), text, policy)


def dead_controls(text: str) -> list[str]:
    """What would do nothing in a browser without scripts: such things must stand hidden until a script comes."""
    page = lxml_html.document_fromstring(text)
    seen = "not(ancestor-or-self::*[@hidden]) and not(ancestor::template)"
    dead = page.xpath(f"//button[{seen} and (@type='button' or not(ancestor::form)) and not(@form)]")
    dead += page.xpath(f"//a[{seen} and (not(@href) or @href='#' or starts-with(@href, 'javascript:'))]")
    senders = "descendant::button[not(@type) or @type='submit']|descendant::input[@type='submit']"
    dead += [form for form in page.xpath(f"//form[{seen}]") if not form.xpath(senders)]
    return [f"does nothing without scripts: {_short(one)}" for one in dead]


def _short(element: object) -> str:
    return lxml_html.tostring(element, encoding="unicode")[:120]


class Reader:
    """Opens addresses as one of the personas, without a browser."""

    def __init__(self, url: str, stage: Stage) -> None:
        self._place, self._stage = urlsplit(url).netloc, stage
        self._visit = ""

    def get(self, persona: str, address: str) -> Answer:
        """The page that this person gets, wherever it is."""
        for _ in range(MOST_REDIRECTS):
            status, headers, text = self._ask(persona, "GET", address)
            if not 300 <= status < 400:
                return _answer(status, address, headers, text)
            address = urljoin(address, headers["location"])
        raise AssertionError(f"{address} goes round in circles")

    def form(self, persona: str, address: str) -> list[tuple[str, str]] | None:
        """The fields of the form that sends to this address, as the page there offers it; None without one."""
        answer = self.get(persona, address)
        if answer.status != HTTPStatus.OK or not answer.is_page:
            return None
        place = urlsplit(address).path
        forms = lxml_html.document_fromstring(answer.text).xpath("//main//form[@method='post']")
        mine = [one for one in forms if urlsplit(one.get("action") or place).path == place]
        if not mine:
            return None
        first = mine[0].xpath("(.//button[not(@type) or @type='submit'])[1][@name]")
        pressed = [(one.get("name"), one.get("value")) for one in first]
        return [*((name, value or "") for name, value in mine[0].form_values()), *pressed]

    def send(self, persona: str, address: str, fields: Sequence[tuple[str, str]]) -> Answer:
        """Send a form; who is led elsewhere goes there."""
        status, headers, text = self._ask(persona, "POST", address, urlencode(fields))
        if 300 <= status < 400:
            return self.get(persona, urljoin(address, headers["location"]))
        return replace(_answer(status, address, headers, text), sent=True)

    def _ask(
        self, persona: str, method: str, address: str, body: str | None = None
    ) -> tuple[int, dict[str, str], str]:
        headers = {"Accept": "text/html", "Accept-Language": "fr", "Cookie": self._cookie(persona)}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection(self._place, timeout=60)) as server:
            server.request(method, address, body, headers)
            answer = server.getresponse()
            text = answer.read().decode()
        given = answer.headers.get_all("Set-Cookie") or []
        if persona == VISITOR and given:
            self._visit = given[0].partition(";")[0]
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, text

    def _cookie(self, persona: str) -> str:
        return self._visit if persona == VISITOR else f"{COOKIE}={self._stage.tokens[persona]}"
