"""Sentences that the domain makes in French and the edge says in another language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.kernel import speech
from portal.kernel.dates import day_label, moment_label
from portal.kernel.speech import capital, inside, joined, listed, number_words, plural, say
from portal.vocabulary import Group, Level

ENGLISH = {
    "Pour %(act)s, il faudrait être %(state)s.": "To %(act)s, you would have to be %(state)s.",
    "Poser une question": "Ask a question",
    "consulté": "consulted",
    "ou": "or",
    "Au plus %(limit)s signes": "At most %(limit)s characters",
    "familles et proches": "families and friends",
}
PLURALS = {"%(num)s avis": ("%(num)s opinion", "%(num)s opinions")}


class English:
    code = "en"

    def one(self, msgid: str) -> str:
        return ENGLISH.get(msgid, msgid)

    def many(self, one: str, many: str, number: int) -> str:
        forms = PLURALS.get(one, (one, many))
        return forms[0] if number == 1 else forms[1]


SAID = {
    "with a sentence in it": (
        say(
            "Pour %(act)s, il faudrait être %(state)s.",
            act=inside(say("Poser une question")),
            state=say("consulté"),
        ),
        "Pour poser une question, il faudrait être consulté.",
        "To ask a question, you would have to be consulted.",
    ),
    "people's words stay as written": (
        say("Pour %(act)s, il faudrait être %(state)s.", act="« ou »", state="ou"),
        "Pour « ou », il faudrait être ou.",
        "To « ou », you would have to be ou.",
    ),
    "a number of five digits": (
        say("Au plus %(limit)s signes", limit=number_words(20_000)),
        "Au plus 20\N{NO-BREAK SPACE}000 signes",
        "At most 20,000 characters",
    ),
    "a list": (
        listed([say("Poser une question"), say("consulté"), "autre"], say("ou")),
        "Poser une question, consulté ou autre",
        "Ask a question, consulted or autre",
    ),
    "one thing is no list": (listed([say("consulté")], say("ou")), "consulté", "consulted"),
    "parts": (joined((say("consulté"), "Maison"), " · "), "consulté · Maison", "consulted · Maison"),
    "a capital": (capital(say("consulté")), "Consulté", "Consulted"),
    "a label of the vocabulary": (Group.FAMILIES.label, "familles et proches", "families and friends"),
    "a percent sign without value": (say("100 %"), "100 %", "100 %"),
    "no translation": (say("Inconnu"), "Inconnu", "Inconnu"),
    "a day": (day_label(date(2026, 12, 1)), "mardi 1er décembre 2026", "Tuesday 1 December 2026"),
    "an hour of Paris": (
        moment_label(datetime(2026, 7, 14, 12, 5, tzinfo=UTC)),
        "mardi 14 juillet 2026, 14\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05",
        "Tuesday 14 July 2026, 14:05",
    ),
    "a round hour": (
        moment_label(datetime(2026, 7, 14, 12, tzinfo=UTC)),
        "mardi 14 juillet 2026, 14\N{NO-BREAK SPACE}h",
        "Tuesday 14 July 2026, 14:00",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_a_sentence_is_its_french_text_and_can_be_said(name: str) -> None:
    sentence, french, english = SAID[name]
    assert sentence == french
    assert str(sentence) == french
    assert type(str(sentence)) is str
    assert speech.spoken(sentence, English()) == english


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [(0, "0 avis", "0 opinions"), (1, "1 avis", "1 opinion"), (2, "2 avis (plusieurs)", "2 opinions")],
)
def test_each_language_has_its_own_plural(number: int, french: str, english: str) -> None:
    sentence = plural("%(num)s avis", "%(num)s avis (plusieurs)", number)
    assert sentence == french
    assert sentence.said(English()) == english


@pytest.mark.parametrize("value", ["mots d’une personne", 12, None, date(2026, 1, 1)])
def test_what_is_no_sentence_stays_as_it_is(value: object) -> None:
    assert speech.spoken(value, English()) is value


def test_every_word_of_the_vocabulary_can_be_said() -> None:
    for level in Level:
        for told in (level.label, level.plain, level.acts, level.state):
            assert isinstance(told, speech.Sentence), told
    for group in Group:
        for told in (group.label, group.one, group.college.label):
            assert isinstance(told, speech.Sentence), told
