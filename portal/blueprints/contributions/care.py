"""A gentle question before words leave: it asks once, it never blocks, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from flask import render_template
from wtforms import FileField

from portal.blueprints._forms import ActForm, DocumentForm, SureForm
from portal.blueprints._guards import Asked
from portal.blueprints.contributions.forms import WordsForm
from portal.domain.contracts import queries as contracts
from portal.domain.contributions.caution import Care, cautions
from portal.extensions import db

SURE, BACK = "oui", "non"
# Passages that a person may rather say to somebody than write.
OF_SOMEBODY = frozenset({Care.NAME, Care.HEALTH, Care.IDENTIFIES})
# Written by the page itself.
APART = frozenset({"csrf_token", "op_id", "sure", "without_document"})


def first(asked: Asked, form: ActForm, again: Callable[[], str]) -> str | None:
    """The page to show before these words are sent; None when they may leave."""
    if not isinstance(form, WordsForm):
        return None
    return before(asked, form, (form.words.source, form.words.reason), again)


def before(
    asked: Asked, form: SureForm, texts: Sequence[str], again: Callable[[], str], **more: str
) -> str | None:
    """The page to show before these texts are sent: the question, or the form again; None when they may leave.

    `more` is what the page sends beside the fields of its form.
    """
    if form.sure.data == SURE:
        return None
    if form.sure.data == BACK:
        return again()
    return _ask(asked, form, texts, more)


def _ask(asked: Asked, form: SureForm, texts: Sequence[str], more: Mapping[str, str]) -> str | None:
    found = cautions(*texts)
    if any(one.care is Care.NAME for one in found):
        # A house may bear the name of a person: asked of the database only when it could matter.
        found = cautions(*texts, known=contracts.house_names(db.session(), asked.contract_id))
    if not found:
        return None
    return render_template(
        "contributions/care.html",
        cautions=found,
        of_somebody=form.personal and any(one.care in OF_SOMEBODY for one in found),
        form=form,
        texts=[one for one in texts if one],
        kept=[*more.items(), *_kept(form)],
        attached=isinstance(form, DocumentForm) and bool(form.attached.data),
        sure=SURE,
        back=BACK,
    )


def _kept(form: ActForm) -> Iterator[tuple[str, str]]:
    """Each value of the form, as a browser would send it again."""
    for field in form:
        if field.short_name in APART or isinstance(field, FileField) or field.data is False:
            continue
        if field.data is None:
            # What could not be read is given back as it was typed.
            values = [one for one in field.raw_data or () if one]
        else:
            values = field.data if isinstance(field.data, list) else [field.data]
        yield from ((field.short_name, "y" if one is True else str(one)) for one in values)
