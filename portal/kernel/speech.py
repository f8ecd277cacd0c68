"""Sentences that know how to be said in another language, without knowing any themselves.

A `Sentence` is its own French text: rules, tests and the journal use it as the plain string it is. The edge
(pages, sockets, messages) gives it a `Language` and shows what comes back; nothing below ever does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, Self

NO_BREAK = "\N{NO-BREAK SPACE}"


class Language(Protocol):
    """A language to say sentences in."""

    @property
    def code(self) -> str:
        """« fr », « en »."""

    def one(self, msgid: str) -> str:
        """The words for a French sentence; itself when there are none."""

    def many(self, one: str, many: str, number: int) -> str:
        """The form for a number."""


class Sentence(str):
    """French words with what they were made of."""

    __slots__ = ("_values",)

    _values: dict[str, Any]

    def __new__(cls, text: str, values: dict[str, Any] | None = None) -> Self:
        """Words as French reads them; `text` is the model when there are values."""
        made = super().__new__(cls, text % values if values else text)
        made._values = {"": text, **(values or {})}
        return made

    @classmethod
    def made(cls, text: str, **values: Any) -> Self:
        """A sentence of a kind that says itself from what it keeps."""
        sentence = super().__new__(cls, text)
        sentence._values = {"": text, **values}
        return sentence

    def said(self, language: Language) -> str:
        """The same in a language."""
        return filled(language.one(self._values[""]), self._values, language)


class Counted(Sentence):
    """Words that follow a number: `%(num)s`."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """The form of the language for this number."""
        values = self._values
        return filled(language.many(values["one"], values["many"], values["count"]), values, language)


class Number(Sentence):
    """A whole number, in the digits and groups of a language."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """« 5 000 » or “5,000”."""
        return digits(self._values["value"], language.code)


class Joined(Sentence):
    """Several parts one after the other; those that are sentences are said."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """Each part in the language."""
        parts, separator = self._values["parts"], self._values["separator"]
        return str(spoken(separator, language)).join(str(spoken(part, language)) for part in parts)


class Begun(Sentence):
    """A sentence whose first letter is changed, for its place in another."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """The sentence in the language, with that first letter."""
        return _begin(str(spoken(self._values["sentence"], language)), upper=self._values["upper"])


def say(msgid: str, **values: Any) -> Sentence:
    """A sentence to translate; `%(name)s` takes the values, sentences or plain words."""
    return Sentence(msgid, values)


def plural(one: str, many: str, number: int, **values: Any) -> Counted:
    """A sentence to translate that follows a number, which is `%(num)s` in it."""
    chosen = french(one, many, number)
    known = {"num": number_words(number), "count": number, "one": one, "many": many, **values}
    return Counted(chosen, known)


def number_words(value: int) -> Number:
    """A whole number as one reads it: 5000 gives « 5 000 »."""
    return Number.made(digits(value, "fr"), value=value)


def joined(parts: Iterable[str], separator: str = " ") -> Joined:
    """Parts, one after the other."""
    told = list(parts)
    return Joined.made(separator.join(told), parts=told, separator=separator)


def listed(words: Sequence[str], last: str) -> Sentence:
    """A list as one reads it: « a, b ou c »; `last` is the word before the last one."""
    *first, final = words
    if not first:
        return joined([final])
    return joined([joined(first, ", "), joined([last, final])])


def capital(sentence: str) -> Begun:
    """The same with a capital."""
    return Begun.made(_begin(sentence, upper=True), sentence=sentence, upper=True)


def inside(sentence: str) -> Begun:
    """The same for the middle of another sentence."""
    return Begun.made(_begin(sentence, upper=False), sentence=sentence, upper=False)


def spoken(value: Any, language: Language) -> Any:
    """What to show of a value: a sentence is said, anything else stays as it is."""
    return value.said(language) if isinstance(value, Sentence) else value


def filled(model: str, values: dict[str, Any], language: Language) -> str:
    """A model with its values, those that are sentences said in the language."""
    if len(values) == 1:
        return model
    return model % {name: spoken(value, language) for name, value in values.items()}


def digits(value: int, code: str) -> str:
    """The digits of a whole number in groups of three."""
    return f"{value:,}" if code == "en" else f"{value:,}".replace(",", NO_BREAK)


def french(one: str, many: str, number: int) -> str:
    """The form that French takes; of none, « une réponse » would be false."""
    return one if is_one(number) and (number or "%(num)s" in one) else many


def is_one(number: int) -> bool:
    """Whether French says the singular."""
    return abs(number) < 2  # noqa: PLR2004 — zero and one, in French


def _begin(text: str, *, upper: bool) -> str:
    return (text[:1].upper() if upper else text[:1].lower()) + text[1:]
