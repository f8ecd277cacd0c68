"""What templates may do to values; the only place that trusts rendered words."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g
from flask_babel import get_locale, get_translations
from markupsafe import Markup

from portal.kernel import dates

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"


def rendered(html: str) -> Markup:
    """Words that `kernel.text.render` produced and the database kept."""
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


def _catalogue() -> Any:
    """The sentences of the request's language: Flask-Babel asks six questions for each word."""
    babel = g.get("_flask_babel")
    known = getattr(babel, "portal_catalogue", None)
    if known is None or known[0] is not babel.babel_locale:
        known = (get_locale(), get_translations())
        g.get("_flask_babel").portal_catalogue = known
    return known[1]


def _sentence(text: str) -> str:
    return str(_catalogue().ugettext(text))


def _counted(one: str, many: str, number: int) -> str:
    return str(_catalogue().ungettext(one, many, number))


def init_filters(app: Flask) -> None:
    """Register filters and globals."""
    app.jinja_env.install_gettext_callables(_sentence, _counted, newstyle=True)  # type: ignore[attr-defined]  # of the i18n extension
    app.jinja_env.filters["rendered"] = rendered
    app.jinja_env.filters["jour"] = dates.day_label
    app.jinja_env.filters["moment"] = dates.moment_label
    app.jinja_env.globals["asset"] = asset
