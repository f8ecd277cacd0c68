"""What was typed in a form that could not be taken: its words, each under the name of its field, to copy."""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import Form
from wtforms.fields.core import UnboundField

from portal.languages import gettext as _

# The fields of every form where a person writes sentences.
WORD_FIELDS = (
    "message",
    "clair",
    "technique",
    "bloc",
    "ending",
    "body",
    "reason",
    "sentence",
    "source",
    "question",
    "introduction",
    "passed_to",
    "broken_promise",
    "decision_reason",
    "words",
    "parties",
    "numbers",
    "quote",
    "personal_contact",
    "alert_text",
    "alert_address",
    "authority_reason",
    "title",
    "theme_name",
    "theme_sentence",
    "why",
    "function",
    "contact",
    "body_name",
    "options",
    "name",
    "finess_et",
    "places_before",
    "places_after",
    "change",
    "changes",
    "articles",
    "about",
    "position",
    "outcome",
    "says",
    "partner",
    "reporter",
    "recipient",
    "sixth_reference",
    "number",
    "day",
    "phone",
    "hours",
    "code",
    "label",
    "plain",
    "formula",
    "target",
    "target_year",
    "year",
    "q1",
    "median",
    "q3",
    "summary",
    "technical",
    "evidence",
    "decided",
    "decided_by",
    "open",
    "open_by",
    "out_of_reach",
    "out_of_reach_by",
    "expected",
    "lead",
    "team",
    "partners",
    "justification",
    "health_plan",
    "scheme",
    "house_plan",
    "evaluation",
    "watch",
    "obstacles",
    "levers",
    "follow_up",
    "other",
    "amount",
    "clause",
    "told",
    *(f"line{number}_{part}" for number in range(1, 6) for part in ("label", "initial", "target", "yearly")),
    "place",
)
# The same in a survey or a long text: one for each of its questions or parts.
NUMBERED_WORDS = ("mots", "part-", "text-", "plain-", "expected-", "became-")
# And in a grid of numbers: one for each cell, row after row.
GRID_CELL = "v-"
_PART = re.compile(r"part-(\d{1,3})-(heading|source)")
_PIECE = re.compile(r"(text|plain|expected|became)-(\d{1,4})")
_LINE = re.compile(r"line(\d)_[a-z]+")


def given_back() -> list[tuple[str, str]]:
    """The words of the form that was sent, each with the name of its field; never its other fields."""
    try:
        sent = request.form
    except RequestEntityTooLarge:
        # Refused for another reason, and never read: the browser still holds them.
        return []
    names = (*WORD_FIELDS, *(name for name in sent if name.startswith(NUMBERED_WORDS)))
    labels, told = _labels(), list[tuple[str, str]]()
    for name in names:
        words = sent.get(name, "").strip()
        if words:
            told.append(
                (
                    _label(name, labels)
                    or (_("Votre réponse") if name.startswith("mots") else _("Votre texte")),
                    words,
                )
            )
    if grid := _grid(sent):
        told.append((_("Les cases du tableau"), grid))
    return _apart(told)


def _apart(told: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same, with a number behind a name that several fields have."""
    many, seen = Counter(label for label, _words in told), Counter[str]()
    numbered = []
    for label, words in told:
        seen[label] += 1
        name = _("%(label)s, %(number)s", label=label, number=seen[label]) if many[label] > 1 else label
        numbered.append((name, words))
    return numbered


def _grid(sent: Mapping[str, str]) -> str:
    """The cells of a grid as a spreadsheet copies them: pasted in its first cell, they are all back."""
    rows: dict[str, list[str]] = {}
    for name, value in sent.items():
        if name.startswith(GRID_CELL):
            rows.setdefault(name.rpartition("-")[0], []).append(value.strip())
    return "\n".join("\t".join(row) for row in rows.values()) if any(map(any, rows.values())) else ""


def _label(name: str, labels: Mapping[str, str]) -> str:
    """How the page names a field; empty where nothing is known of it."""
    if found := _PART.fullmatch(name):
        title = _("Titre de la partie %(number)s", number=found[1])
        return title if found[2] == "heading" else _("Texte de la partie %(number)s", number=found[1])
    if found := _PIECE.fullmatch(name):
        return _("Morceau %(number)s", number=found[2])
    label = labels.get(name, "")
    if (found := _LINE.fullmatch(name)) and label:
        return _("Indicateur %(number)s, %(label)s", number=found[1], label=label[:1].lower() + label[1:])
    return label


def _labels() -> dict[str, str]:
    """The fields of the forms of the page that was sent, with their labels: those that its view names first."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return {}
    seen = inspect.unwrap(view)
    known = vars(sys.modules[seen.__module__])
    code = getattr(seen, "__code__", None)
    used = code.co_names if code is not None else ()
    forms = [*(known.get(name) for name in used), *known.values()]
    labels: dict[str, str] = {}
    for form in forms:
        if isinstance(form, type) and issubclass(form, Form):
            for name, label in _of(form):
                labels.setdefault(name, label)
    return labels


def _of(form: type[Form]) -> Iterator[tuple[str, str]]:
    for name in dir(form):
        field: Any = getattr(form, name, None)
        if isinstance(field, UnboundField):
            label = field.args[0] if field.args else field.kwargs.get("label", "")
            if label:
                yield name, str(label)
