"""What templates may do to values; the only place that trusts rendered words."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from markupsafe import Markup

from portal import languages
from portal.domain.glossary import words
from portal.domain.glossary.words import Explained
from portal.domain.texts.queries import TextView
from portal.kernel import dates
from portal.kernel.bodies import with_article
from portal.kernel.speech import Sentence

# What our own renderer opens a passage with: the outermost lists and paragraphs, bare.
_BLOCKS = re.compile(r"<(p|ul)>")
DIST = Path(__file__).resolve().parent.parent / "static" / "dist"


def rendered(html: str) -> Markup:
    """Words that `kernel.text.render` produced and the database kept."""
    if languages.current() != languages.SOURCE:
        html = _BLOCKS.sub(r'<\1 lang="fr">', html)
    return Markup(html)  # noqa: S704 — the two cleaners have passed over these words


@lru_cache(maxsize=4)
def _manifest(_changed: int) -> dict[str, str]:
    return {
        name: entry["file"] if isinstance(entry, dict) else entry
        for name, entry in json.loads((DIST / "manifest.json").read_text(encoding="utf-8")).items()
    }


def asset(name: str) -> str | None:
    """The address of a built file, or None when nothing was built."""
    try:
        changed = (DIST / "manifest.json").stat().st_mtime_ns
    except OSError:
        return None
    file = _manifest(changed).get(name)
    return f"/static/dist/{file}" if file else None


def _sentence(text: str, /, **values: Any) -> Markup:
    """A sentence of a template; what it is told of is escaped, unless it is already words of a page."""
    return Markup(languages.language(languages.current()).one(text)) % languages.shown(values)  # noqa: S704 — ours


def _counted(one: str, many: str, num: int, **values: Any) -> Markup:
    """The same, for a number."""
    words = languages.language(languages.current()).many(one, many, num)
    return Markup(words) % languages.shown({"num": num, **values})  # noqa: S704 — ours


def said(value: Any) -> Any:
    """What a page prints: sentences of the domain in its language."""
    return languages.spoken(value) if isinstance(value, Sentence) else value


def capitalised(value: str) -> str:
    """A label with a capital, in the language of the page."""
    words = str(said(value))
    return words[:1].upper() + words[1:]


def words_language() -> Markup:
    """The attribute of an element that holds words of people or of the contract, where the page speaks otherwise."""
    return Markup("") if languages.current() == languages.SOURCE else Markup(' lang="fr"')


def written(value: str | None) -> str | Markup:
    """Words of people or of the contract inside a sentence: they stay as written, and their language is said."""
    if not value or languages.current() == languages.SOURCE or isinstance(value, Sentence):
        return said(value) or ""
    return Markup('<span lang="fr">{}</span>').format(value)


def explained_in(*given: str | TextView | None) -> tuple[Explained, ...]:
    """The hard words of some texts of the contract, each once: plain words, or a text in paragraphs."""
    texts = []
    for one in given:
        texts += [part.plain for part in one.paragraphs] if isinstance(one, TextView) else [one or ""]
    return words.explained(texts)


def by_body(value: str | None) -> str | Markup:
    """A body that people named, after « par »: in French it has its article."""
    if value and languages.current() == languages.SOURCE:
        return with_article(value)
    return written(value)


def init_filters(app: Flask) -> None:
    """Register filters and globals."""
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # of the i18n extension
    app.jinja_env.globals.update(gettext=_sentence, ngettext=_counted, _=_sentence)
    app.jinja_env.globals["language"] = languages.current
    app.jinja_env.globals["words_language"] = words_language
    app.jinja_env.globals["explained_in"] = explained_in
    app.jinja_env.finalize = said
    app.jinja_env.filters["capitalize"] = capitalised
    app.jinja_env.filters["said"] = said
    app.jinja_env.filters["written"] = written
    app.jinja_env.filters["by_body"] = by_body
    app.jinja_env.filters["rendered"] = rendered
    app.jinja_env.filters["jour"] = dates.day_label
    app.jinja_env.filters["moment"] = dates.moment_label
    app.jinja_env.globals["asset"] = asset
