"""Which plain paragraphs say which technical ones."""

from __future__ import annotations

import pytest

from portal.domain.texts.pairing import Passage, by_order, filled, kinship, passages, standing

T, P = ("t1", "t2", "t3"), ("p1", "p2", "p3")


@pytest.mark.parametrize(
    ("technical", "plain", "links"),
    [
        (T, P, ["t1p1", "t2p2", "t3p3"]),
        (T, P[:1], ["t1p1", "t2p1", "t3p1"]),
        (T, P[:2], ["t1p1", "t2p1", "t3p2"]),
        (T[:1], P, ["t1p1", "t1p2", "t1p3"]),
        (T[:2], P, ["t1p1", "t1p2", "t2p3"]),
        (T, (), []),
        ((), P, []),
    ],
)
def test_at_first_both_texts_are_followed_at_the_same_pace(
    technical: tuple[str, ...], plain: tuple[str, ...], links: list[str]
) -> None:
    assert ["".join(one) for one in by_order(technical, plain)] == links


def test_a_link_lasts_as_long_as_its_two_paragraphs() -> None:
    links = [("t3", "p3"), ("t1", "p1"), ("t9", "p2"), ("t2", "p9")]
    assert standing(links, T, P) == [("t1", "p1"), ("t3", "p3")]


def words(names: tuple[str, ...]) -> dict[str, str]:
    """Paragraphs of the same number speak of the same thing, others of another."""
    return {name: f"sujet{name[1:]} thème{name[1:]} idée{name[1:]}" for name in names}


@pytest.mark.parametrize(
    ("links", "technical", "plain", "new"),
    [
        ([("t1", "p1"), ("t3", "p3")], T, P, ["t2p2"]),
        ([("t1", "p1"), ("t2", "p2")], T, P, ["t3p3"]),
        ([("t2", "p2")], T, P, ["t1p1", "t3p3"]),
        # It looks further than the first that nobody says.
        ([("t1", "p1")], T, ("p1", "p3"), ["t3p3"]),
        # Nothing is left to say between its neighbours.
        ([("t1", "p1"), ("t2", "p3"), ("t3", "p3")], T, P, []),
        # What is left is of another thing.
        ([("t1", "p1"), ("t1", "p2")], T, P, ["t3p3"]),
        ([("t1", "p1"), ("t2", "p2")], T, ("p1", "p2", "p9"), []),
        ([("t1", "p1"), ("t3", "p3")], T, ("p1", "p9", "p3"), []),
        ([], T, (), []),
    ],
)
def test_a_new_plain_paragraph_says_what_is_akin_and_nobody_said_yet_at_its_place(
    links: list[tuple[str, str]], technical: tuple[str, ...], plain: tuple[str, ...], new: list[str]
) -> None:
    assert ["".join(one) for one in filled(links, words(technical), words(plain))] == new


MEANS = "Moyens : 0,5 ETP de veilleur de nuit, 24 000 € par an à compter de 2028, financés par l’ARS."


@pytest.mark.parametrize(
    ("technical", "plain", "akin"),
    [
        ("Le dîner est servi à 19 heures dans les deux unités.", "Vous dînerez à 19 heures.", True),
        (
            "Réduction des transferts non programmés aux urgences.",
            "Vous irez moins souvent aux urgences.",
            False,
        ),
        (MEANS, "Une personne de plus veillera la nuit : l’ARS paie un demi-poste de veilleur.", True),
        (MEANS, "Vous pourrez sortir le soir, et revenir quand vous le voulez.", False),
        (MEANS, "La nuit, on frappe avant d’entrer dans votre chambre.", False),
        ("Transport.", "Transport", True),
        ("Transport.", "Le minibus.", False),
        ("Et.", "Et.", True),
        ("Et.", "Ou.", False),
    ],
)
def test_paragraphs_are_akin_by_the_words_that_they_share(technical: str, plain: str, akin: bool) -> None:
    assert bool(kinship(technical, plain)) is akin


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ([("t1", "p1"), ("t2", "p2"), ("t3", "p3")], ["p1|t1", "p2|t2", "p3|t3"]),
        ([("t1", "p1"), ("t2", "p1"), ("t3", "p2"), ("t3", "p3")], ["p1|t1 t2", "p2 p3|t3"]),
        ([("t1", "p1"), ("t3", "p3")], ["p1|t1", "p2|", "|t2", "p3|t3"]),
        ([("t3", "p2")], ["p1|", "|t1", "|t2", "p2|t3", "p3|"]),
        ([], ["p1|", "p2|", "p3|", "|t1", "|t2", "|t3"]),
        # Crossed on purpose: the technical text gives the order.
        ([("t1", "p3"), ("t3", "p1"), ("t2", "p2")], ["p3|t1", "p2|t2", "p1|t3"]),
    ],
)
def test_both_texts_are_read_passage_by_passage(links: list[tuple[str, str]], found: list[str]) -> None:
    assert [_told(one) for one in passages(links, T, P)] == found


def test_a_text_of_thousands_of_lines_is_cut_at_once() -> None:
    technical = [f"t{number}" for number in range(6_000)]
    plain = [f"p{number}" for number in range(6_000)]
    links = by_order(technical, plain)
    assert len(passages(links, technical, plain)) == 6_000
    assert (
        len(
            filled(
                links[::2], dict.fromkeys(technical, "Bien manger ici"), dict.fromkeys(plain, "Bien manger")
            )
        )
        == 3_000
    )
    assert len(passages([("t1", one) for one in plain], technical, plain)) == 6_000


def _told(one: Passage) -> str:
    return f"{' '.join(one.plain)}|{' '.join(one.technical)}"
