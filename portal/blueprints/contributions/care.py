"""A gentle question before words leave: it asks once, it never blocks, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template

from portal.blueprints._forms import ActForm
from portal.blueprints.contributions.forms import WordsForm
from portal.domain.contributions.caution import cautions

SURE, BACK = "oui", "non"


def first(form: ActForm, again: Callable[[], str]) -> str | None:
    """The page to show before these words are sent; None when they may leave."""
    if not isinstance(form, WordsForm) or form.sure.data == SURE:
        return None
    if form.sure.data == BACK:
        return again()
    found = cautions(form.words.source, form.words.reason)
    if not found:
        return None
    return render_template("contributions/care.html", cautions=found, form=form, sure=SURE, back=BACK)
