"""What is said of the money: numbers in words that a family reads, and what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.domain.means import glossary, sentences
from portal.domain.means.models import Lasting, Need, Payer
from portal.domain.means.queries import LineView, Purse
from portal.domain.means.rules import Amounts, Sum
from portal.domain.objectives.models import Financing, State
from portal.domain.objectives.told import ActionView

AGAIN, ONCE = Lasting.RECURRENT, Lasting.ONE_OFF
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def plain(words: object) -> str:
    return str(words).replace("\u00a0", " ")


def line(lasting: Lasting, planned: dict[int, int]) -> LineView:
    amounts = {year: Amounts(one) for year, one in planned.items()}
    purse = Purse(Payer.OWN, None, "")
    until = max(planned, default=0)
    return LineView(
        "a",
        "b",
        1,
        "Deux postes",
        None,
        "",
        purse,
        lasting,
        Need.EVERY_YEAR,
        until,
        1,
        "",
        "",
        NOW,
        None,
        amounts,
    )


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ({}, "Aucun argent n’est encore prévu pour cet objectif."),
        (
            {AGAIN: Sum(80000)},
            "Pour cet objectif : 80 000 € sur 5 ans. C’est de l’argent durable, qui revient chaque année.",
        ),
        ({ONCE: Sum(900)}, "Pour cet objectif : 900 € sur 5 ans, donnés une seule fois."),
        (
            {AGAIN: Sum(80000), ONCE: Sum(40000)},
            (
                "Pour cet objectif : 120 000 € sur 5 ans, dont 80 000 € d’argent durable, "
                "qui revient chaque année, et 40 000 € donnés une seule fois."
            ),
        ),
    ],
)
def test_what_is_planned_is_said_first(by: dict[Lasting, Sum], words: str) -> None:
    assert plain(sentences.planned(by, 5)) == words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Sum(50000), "Personne n’a encore écrit ce qui a été donné."),
        (Sum(50000, 48000, 48000), "Ce qui était prévu a été donné : 48 000 €."),
        (Sum(50000, 48000, 40000), "48 000 € étaient prévus, 40 000 € ont été donnés : il manque 8 000 €."),
        (
            Sum(50000, 40000, 41000, 35000),
            "40 000 € étaient prévus, 41 000 € ont été donnés : 1 000 € de plus. Dépensés jusqu’ici : 35 000 €.",
        ),
    ],
)
def test_what_was_given_is_said_against_what_was_planned(told: Sum, words: str) -> None:
    assert plain(sentences.followed(told)) == words


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        ({}, "Aucun argent n’est encore prévu."),
        ({2027: 12000}, "12 000 € en 2027."),
        ({2027: 500, 2028: 500, 2029: 500}, "500 € chaque année, de 2027 à 2029."),
        ({2027: 500, 2028: 700}, "1 200 € en tout, de 2027 à 2028."),
        ({2027: 500, 2029: 500}, "1 000 € en tout, de 2027 à 2029."),
    ],
)
def test_a_line_is_said_in_one_sentence(planned: dict[int, int], words: str) -> None:
    assert plain(sentences.of_line(line(AGAIN, planned))) == words


def test_money_that_does_not_hold_says_until_when() -> None:
    all_years = dict.fromkeys(range(2027, 2032), 5)
    assert sentences.lacking(line(AGAIN, all_years), 2031) is None
    assert "après 2027, rien n’est promis" in plain(sentences.lacking(line(ONCE, {2027: 5}), 2031))
    assert "s’arrête en 2028. Le contrat va jusqu’en 2031." in plain(
        sentences.lacking(line(AGAIN, {2027: 5, 2028: 5}), 2031)
    )
    assert sentences.lacking(line(ONCE, {}), 2031) == "Aucun argent n’est prévu pour cela."


@pytest.mark.parametrize(
    ("financing", "until", "words"),
    [
        (Financing.UNFUNDED, None, "L’argent de cette action n’est pas trouvé."),
        (
            Financing.FUNDED,
            date(2027, 12, 31),
            "Son argent s’arrête le vendredi 31 décembre 2027. Elle doit durer jusqu’au mercredi 31 décembre 2031.",
        ),
    ],
)
def test_an_action_says_what_is_missing(financing: Financing, until: date | None, words: str) -> None:
    action = ActionView(
        "a",
        "b",
        1,
        "Former",
        None,
        date(2031, 12, 31),
        State.RUNNING,
        "",
        "",
        "",
        "",
        financing,
        until,
        1,
        None,
        "",
    )
    assert plain(sentences.unfunded(action)) == words


@pytest.mark.parametrize("code", sorted(glossary.by_code()))
def test_each_word_of_budgets_is_explained_in_one_sentence(code: str) -> None:
    one = glossary.by_code()[code]
    assert one.plain.endswith(".")
    assert ". " not in one.plain
    assert "'" not in one.plain + one.word
    assert len(one.plain) <= 150


@pytest.mark.parametrize("code", ["eprd", "errd", "caf", "affectation", "cnr", "dgc", "gmps", "gmp", "soins"])
def test_the_words_that_a_contract_cannot_do_without_are_there(code: str) -> None:
    assert code in glossary.by_code()
