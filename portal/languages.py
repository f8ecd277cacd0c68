"""The languages of the portal at its edge: which one is spoken now, and what its sentences are.

French is written in the code. The other languages are catalogues under `translations/`; nothing below the edge
(kernel, policy, domain) knows this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations
from typing import Any, cast

from flask import Request, current_app, g, has_request_context, request, session
from flask_babel import get_locale
from flask_babel.speaklater import LazyString

from portal.kernel import speech
from portal.translations import build
from portal.vocabulary import LANGUAGES

SOURCE = "fr"
COOKIE = "polyphonie-langue"
NAMES = {"fr": "Français", "en": "English"}

_SPOKEN: ContextVar[str | None] = ContextVar("portal_language", default=None)


class French:
    """The language in which sentences are written."""

    code = SOURCE

    def one(self, msgid: str) -> str:
        """The sentence itself."""
        return msgid

    def many(self, one: str, many: str, number: int) -> str:
        """The form for a number."""
        return speech.french(one, many, number)


class Catalogue:
    """A language whose sentences are in a file; one that is missing is said in French."""

    def __init__(self, code: str, sentences: GNUTranslations) -> None:
        self.code = code
        self._sentences = sentences

    def one(self, msgid: str) -> str:
        """The words for a French sentence."""
        return self._sentences.gettext(msgid) if msgid else msgid

    def many(self, one: str, many: str, number: int) -> str:
        """The form for a number."""
        return self._sentences.ngettext(one, many, number)


def chosen() -> str:
    """The language of a page: the person's, else the device's, else the browser's.

    The session is on the table already; nothing is read for this.
    """
    account = None if g.get("session_unread") else getattr(session, "account", None)
    kept = getattr(account, "language", None)
    return kept if kept in NAMES else of_browser(request)


def of_browser(asked: Request) -> str:
    """The language of a device: the one chosen there, else the one its browser asks for."""
    kept = asked.cookies.get(cookie_name())
    if kept in NAMES:
        return str(kept)
    return asked.accept_languages.best_match(LANGUAGES, default=SOURCE) or SOURCE


def cookie_name() -> str:
    """The cookie in which a device keeps its language."""
    secure = str(current_app.config.get("PORTAL_URL") or "").startswith("https://")
    return f"__Host-{COOKIE}" if secure else COOKIE


@cache
def language(code: str) -> speech.Language:
    """A language of the portal, read once. Errors: KeyError when it is not one."""
    if code not in NAMES:
        raise KeyError(code)
    return French() if code == SOURCE else Catalogue(code, build.sentences(code))


def current() -> str:
    """The code of the language spoken now: that of the page, or of `speaking`; else French."""
    forced = _SPOKEN.get()
    if forced is not None:
        return forced
    if not has_request_context():
        return SOURCE
    known: str | None = g.get("portal_language")
    if known is None:
        locale = get_locale()
        known = g.portal_language = locale.language if locale is not None else SOURCE
    return known


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Say everything inside in this language: a frame for some, a message to somebody."""
    token = _SPOKEN.set(code if code in NAMES else SOURCE)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken(value: Any) -> Any:
    """A sentence in the language spoken now; anything else as it is, lists and maps told through."""
    if isinstance(value, str):
        return speech.spoken(value, language(current()))
    if isinstance(value, dict):
        return {key: spoken(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [spoken(one) for one in value]
    return value


def gettext(msgid: str, **values: Any) -> str:
    """A French sentence in the language spoken now, with its values."""
    words = language(current()).one(msgid)
    return words % shown(values) if values else words


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The form of a sentence for a number, which is `%(num)s` in it."""
    return language(current()).many(one, many, num) % shown({"num": num, **values})


def lazy_gettext(msgid: str, **values: Any) -> str:
    """The same, said when it is shown: for what a module keeps."""
    return cast("str", LazyString(gettext, msgid, **values))


def lazy(sentence: str) -> str:
    """A sentence of the domain, said when it is shown."""
    return cast("str", LazyString(spoken, sentence))


def shown(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a sentence as people read them: sentences said, numbers in groups of three."""
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return speech.digits(value, current())
    return spoken(value)
