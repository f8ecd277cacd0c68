"""Reads a TOML table key by key and gathers, in French, everything that is wrong with it."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from portal.kernel.errors import InvalidError
from portal.kernel.text import typography
from portal.vocabulary import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

W = TypeVar("W", bound=StrEnum)

FINESS = re.compile(r"(\d\d|2[AB])\d{7}")

Problems = dict[str, list[str]]


class Section:
    """One table of the file; `name` is where it stands, for the sentences of errors."""

    def __init__(self, values: Mapping[str, Any], problems: Problems, name: str = "") -> None:
        self.name = name
        self.problems = problems
        self._values = values
        self._read: set[str] = set()

    def text(self, key: str, maximum: int, *, required: bool = True) -> str:
        """A text of at most `maximum` signs; empty when absent and not required."""
        value = self._value(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.complain(key, "écrivez un texte entre guillemets.")
            return ""
        cleaned = value.strip()
        if required and not cleaned:
            self.complain(key, "ce texte est vide. Écrivez-le.")
        if len(cleaned) > maximum:
            self.complain(key, f"ce texte est trop long ({len(cleaned)} signes, {maximum} au plus).")
        return typography(cleaned)

    def day(self, key: str) -> date:
        """A date, written 2027-01-01 without quotes."""
        value = self._value(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.complain(key, "écrivez une date sans guillemets, par exemple 2027-01-01.")
        return date.min

    def number(self, key: str, *, required: bool = True) -> int | None:
        """A whole number that is not negative."""
        value = self._value(key, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.complain(key, "écrivez un nombre entier, sans guillemets.")
            return None
        return value

    def word(self, key: str, words: type[W]) -> W | None:
        """One word of a closed list."""
        value = self._value(key)
        if value is None:
            return None
        return self._one_of(key, value, {word.value: word for word in words})

    def finess(self, key: str) -> str | None:
        """A FINESS number: nine characters; None when absent."""
        value = self._value(key, required=False)
        if value is None:
            return None
        if not isinstance(value, str) or not FINESS.fullmatch(value):
            self.complain(key, "un numéro FINESS compte neuf chiffres, entre guillemets (2A et 2B en Corse).")
            return None
        return value

    def texts(self, key: str, maximum: int) -> list[str]:
        """A list of short texts; empty when absent."""
        value = self._value(key, required=False)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.complain(key, "écrivez une liste de textes entre guillemets.")
            return []
        joined = sum(len(one) for one in value)
        if joined > maximum:
            self.complain(key, f"cette liste est trop longue ({joined} signes, {maximum} au plus).")
        return [typography(one.strip()) for one in value]

    def section(self, key: str) -> Section:
        """A table inside this one; empty when absent."""
        value = self._value(key)
        if value is not None and not isinstance(value, dict):
            self.complain(key, f"écrivez une partie [{self._path(key)}].")
            value = None
        return Section(value or {}, self.problems, self._path(key))

    def sections(self, key: str, *, required: bool = True) -> list[Section]:
        """A list of tables, each named by its rank from 1."""
        value = self._value(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.complain(key, f"écrivez des parties [[{self._path(key)}]].")
            return []
        if required and not value:
            self.complain(key, "il en faut au moins une.")
        return [
            Section(one, self.problems, f"{self._path(key)}[{rank}]") for rank, one in enumerate(value, 1)
        ]

    def pairs(self, words: type[W], levels: type[IntEnum], labels: Mapping[str, Any]) -> dict[W, Any]:
        """Every key of this table as a word of `words`, every value as one of `labels`."""
        found: dict[W, Any] = {}
        names = {word.value: word for word in words}
        for key, value in self._values.items():
            self._read.add(key)
            if key not in names:
                self.complain(key, f"mot inconnu. Mots possibles : {_listed(names)}.")
                continue
            level = self._one_of(key, value, labels)
            if isinstance(level, levels):
                found[names[key]] = level
        return found

    def unique(self, key: str, seen: set[str], value: str) -> None:
        """Complain when `value` was already used elsewhere in the list."""
        if value and value in seen:
            self.complain(key, f"« {value} » est déjà pris. Choisissez un autre mot.")
        seen.add(value)

    def finish(self) -> None:
        """Complain about the keys that nobody asked for: often a slip of the finger."""
        for key in self._values:
            if key not in self._read:
                self.complain(key, "clé inconnue. Vérifiez son écriture.")

    def complain(self, key: str, sentence: str) -> None:
        """Note that a key cannot be taken, and how to mend it."""
        path = self._path(key)
        self.problems.setdefault(path, []).append(f"{path} : {sentence}")

    def _value(self, key: str, *, required: bool = True) -> Any:
        self._read.add(key)
        if key not in self._values:
            if required:
                self.complain(key, "cette clé manque.")
            return None
        return self._values[key]

    def _one_of(self, key: str, value: object, names: Mapping[str, Any]) -> Any:
        if not isinstance(value, str) or value not in names:
            self.complain(key, f"mot inconnu. Mots possibles : {_listed(names)}.")
            return None
        return names[value]

    def _path(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def refuse(problems: Problems) -> None:
    """Raise what was gathered. Errors: InvalidError, each sentence naming its key."""
    if problems:
        raise InvalidError(problems)


def why(entry: Mapping[str, str]) -> dict[Group, str]:
    """Why each group has its level."""
    return {word(Group, group): typography(reason) for group, reason in entry.items()}


def word(words: type[W], value: str) -> W:
    """The member of a closed list that a data file names. Errors: ValueError."""
    return words(value)
