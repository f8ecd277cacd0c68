"""The same text without marks: quotes, titles, versioned paragraphs, typography."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.text import excerpt, paragraphs, plain, typography
from portal.kernel.text.source import scrub

NB = "\u00a0"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("un *mot*\nfort\n\nfin", "un mot fort fin"),
        ("Menu :\n- soupe\n- tarte.\n- thé", f"Menu{NB}: soupe{NB}; tarte. thé"),
        ("voir https://exemple.fr/l'eau", "voir https://exemple.fr/l'eau"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("un    deux", "un deux"),
        (f"10{NB}000 €", f"10{NB}000 €"),
        ("", ""),
    ],
)
def test_plain(source: str, words: str) -> None:
    assert plain(source) == words


@given(st.text())
def test_plain_holds_on_one_line(source: str) -> None:
    assert "\n" not in plain(source)


@pytest.mark.parametrize(
    ("characters", "cut"),
    [
        (60, f"Le repas du soir, trop tôt{NB}: décalons."),
        (20, "Le repas du soir…"),
        (17, "Le repas du soir…"),
        (16, "Le repas du…"),
        (28, f"Le repas du soir, trop tôt{NB}:…".replace(f"{NB}:", "")),
        (3, "Le…"),
        (2, "L…"),
        (1, "…"),
    ],
)
def test_an_excerpt_is_cut_between_two_words(characters: int, cut: str) -> None:
    assert excerpt("Le *repas* du soir,\ntrop tôt : décalons.", characters) == cut


@pytest.mark.parametrize(
    ("source", "characters", "cut"),
    [
        ("Voilà deux ans. Et rien ne bouge.", 16, "Voilà deux ans."),
        ("Il a dit « nous verrons demain » hier.", 22, "Il a dit…"),
        ("« Nous verrons » dit-il, puis il part.", 24, f"«{NB}Nous verrons{NB}» dit-il…"),
        ("« Nous verrons demain ou après » dit-il.", 16, "Nous verrons…"),
    ],
)
def test_an_excerpt_ends_well(source: str, characters: int, cut: str) -> None:
    assert excerpt(source, characters) == cut


@given(st.text(max_size=80), st.integers(1, 40))
def test_an_excerpt_is_never_longer_than_asked(source: str, characters: int) -> None:
    assert len(excerpt(source, characters)) <= characters


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("un", ["un"]),
        ("un\ndeux\n\ntrois\n\n\n\n- a\n- b\n", ["un\ndeux", "trois", "- a\n- b"]),
        ("un\r\n \t\r\ndeux", ["un", "deux"]),
        ("\n\n", []),
    ],
)
def test_paragraphs(source: str, parts: list[str]) -> None:
    assert paragraphs(source) == parts


@given(st.text())
def test_paragraphs_put_together_again_are_the_text(source: str) -> None:
    text = scrub(source)
    assert "".join("".join(paragraphs(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Quoi ?", f"Quoi{NB}?"),
        ("Non !", f"Non{NB}!"),
        ("a ; b : c", f"a{NB}; b{NB}: c"),
        ("« mot »", f"«{NB}mot{NB}»"),
        ("«mot»", "«mot»"),
        ("Quoi?", "Quoi?"),
        ("l'été d'Anne aujourd'hui", "l’été d’Anne aujourd’hui"),
        ("5' et 'mot'", "5' et 'mot'"),
        ("l'*eau*", "l’*eau*"),
        ("20\u202f%", f"20{NB}%"),
    ],
)
def test_typography(typed: str, printed: str) -> None:
    assert typography(typed) == printed
    assert typography(printed) == printed


@given(st.text())
def test_typography_moves_nothing(text: str) -> None:
    assert len(typography(text)) == len(text)
