"""Whatever a person types in a form comes back when the form cannot be taken."""

from __future__ import annotations

import importlib
import pkgutil

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from portal import blueprints
from portal.blueprints._given_back import NUMBERED_WORDS, WORD_FIELDS

# Short things that are no sentence: who signs in, and where.
NO_SENTENCE = frozenset({"email", "password"})


def typed_fields() -> set[str]:
    """The names of the fields of every form where words are typed."""
    for module in pkgutil.walk_packages(blueprints.__path__, "portal.blueprints."):
        importlib.import_module(module.name)
    found, waiting = set(), [FlaskForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name in dir(form):
            kind = getattr(getattr(form, name, None), "field_class", None)
            if (kind is not None and issubclass(kind, TextAreaField)) or kind is StringField:
                found.add(name)
    # A form of several parts is made when it is asked for: whether one stands here depends on what ran before.
    return {name for name in found - NO_SENTENCE if not name.startswith(NUMBERED_WORDS)}


def test_every_field_of_words_is_given_back() -> None:
    assert typed_fields() - set(WORD_FIELDS) == set()


def test_nothing_is_given_back_that_nobody_types() -> None:
    assert set(WORD_FIELDS) - typed_fields() == set()
