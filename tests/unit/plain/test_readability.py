"""Gentle remarks on plain words: what is remarked, and what is left alone."""

from __future__ import annotations

import re

import pytest

from portal.domain.plain.readability import PARAGRAPHS, SHOWN, Rule, look, remarks, sentences

KNOWN = frozenset({"ARS", "CVS"})

# A line: the words, the rules that remark something, in order.
CASES: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("Le dîner commence à 19 h.", ()),
    ("Vous choisissez votre plat. La cuisine le prépare.", ()),
    # Fifteen words, then sixteen.
    ("Le soir, vous dînez quand vous voulez, dans la salle ou bien dans votre chambre.", ()),
    (
        "Le soir, vous dînez quand vous voulez, dans la salle ou bien dans votre propre chambre.",
        (Rule.LONG_SENTENCE,),
    ),
    # The lines of a list are read one by one.
    ("- un repas chaud le midi\n- une collation le soir\n- un fruit à toute heure\n- de l’eau la nuit", ()),
    ("L’accompagnement change.", (Rule.LONG_WORD,)),
    ("Votre chambre reste la vôtre.", ()),
    ("L’ARS paie les soins. Le CVS vous écoute.", ()),
    ("Le CPOM dure cinq ans.", (Rule.INITIALS,)),
    ("L’A.R.S. paie les soins.", ()),
    ("Le PAERPA commence.", (Rule.INITIALS,)),
    ("Louis XIV dormait peu.", ()),
    ("LE REPAS DU SOIR", ()),
    ("Le dîner est servi à 19 h.", (Rule.PASSIVE,)),
    ("Les repas ont été décalés par la direction.", (Rule.PASSIVE,)),
    ("Les menus seront toujours affichés.", (Rule.PASSIVE,)),
    ("Elle est arrivée hier.", ()),
    ("Il est fatigué et âgé.", ()),
    ("La cuisine est la clé de la journée.", ()),
    ("Vous avez été content.", ()),
    ("Vous ne pouvez pas sortir.", ()),
    ("Il n’est pas impossible de sortir.", (Rule.DOUBLE_NEGATION,)),
    ("Vous ne pouvez pas sortir sans le dire.", (Rule.DOUBLE_NEGATION,)),
    ("On ne peut pas ne pas répondre.", (Rule.DOUBLE_NEGATION,)),
    ("Il n’y a aucun repas le soir.", ()),
    ("Vous ne mangez que le midi, sans bruit.", ()),
    ("Il dort sans bruit.", ()),
    ("La mise en œuvre du plan de la qualité de la vie commence.", (Rule.NOUN_CHAIN,)),
    ("Le repas du soir de la maison.", ()),
    ("Entre 18 h et 20 h, 12 fois.", (Rule.NUMBERS,)),
    ("Le repas est à 18 h 30.", ()),
    ("Pour 40 % des personnes.", (Rule.NUMBERS,)),
    ("La maison reçoit 1\u00a0250\u00a0000 euros.", (Rule.NUMBERS,)),
    ("La maison reçoit 900 euros.", ()),
)


@pytest.mark.parametrize(("words", "rules"), CASES, ids=[words[:40] for words, _ in CASES])
def test_what_is_remarked(words: str, rules: tuple[Rule, ...]) -> None:
    assert tuple(one.rule for one in remarks(words, KNOWN)) == rules


def test_every_rule_is_in_the_table() -> None:
    assert {rule for _, rules in CASES for rule in rules} == set(Rule)


@pytest.mark.parametrize(
    ("paragraph", "read"),
    [
        ("Un. Deux ! Trois ?", ["Un.", "Deux !", "Trois ?"]),
        ("M. Petit arrive. Il mange.", ["M. Petit arrive.", "Il mange."]),
        ("L’art. 3 le dit : c’est à 18 h.", ["L’art. 3 le dit : c’est à 18 h."]),
        ("Au choix :\n- le midi\n- le soir", ["Au choix :", "le midi", "le soir"]),
        ("", []),
    ],
)
def test_a_paragraph_is_read_sentence_by_sentence(paragraph: str, read: list[str]) -> None:
    assert sentences(paragraph) == read


def test_the_same_words_are_remarked_once_and_a_paragraph_never_drowns() -> None:
    one = look("L’accompagnement change. Notre accompagnement aussi.", KNOWN)[0]
    assert [remark.words for remark in one.remarks] == ["accompagnement"]
    many = look(
        " ".join(f"Le sigle {name} gêne." for name in ("ABC", "BCD", "CDE", "DEF", "EFG", "FGH", "GHI")),
        KNOWN,
    )
    assert (len(many[0].remarks), many[0].more) == (SHOWN, True)


def test_each_paragraph_has_its_own_remarks() -> None:
    first, second = look("Tout va bien.\n\nLe CPOM dure cinq ans.", KNOWN)
    assert (first.place, first.remarks) == (1, ())
    assert (second.place, second.words) == (2, "Le CPOM dure cinq ans.")


def test_no_remark_counts_or_certifies() -> None:
    told = " ".join(remark.advice for words, _ in CASES for remark in remarks(words, KNOWN))
    assert not re.search(r"score|note\b|conforme|certifi|FALC|facile à lire", told, re.IGNORECASE)


@pytest.mark.parametrize(
    "words",
    [
        "de " * 2_000,
        "ne pas " * 1_000,
        "est été " * 900,
        "A." * 2_000,
        "1 000 " * 1_000,
        "a" * 5_000,
        "- " * 2_000,
    ],
)
def test_words_made_to_keep_a_reader_busy_are_read_at_once(words: str) -> None:
    assert len(look("\n\n".join([words[:4_900]] * 4), KNOWN)) <= PARAGRAPHS
