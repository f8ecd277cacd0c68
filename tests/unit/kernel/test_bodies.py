"""The article of a body inside a sentence, as a table."""

from __future__ import annotations

import pytest

from portal.domain.participants.queries import FUNCTIONS
from portal.kernel.bodies import Body, with_article
from portal.languages import language
from portal.vocabulary import Group


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Conseil d’administration", "le conseil d’administration"),
        ("Le conseil d’administration", "Le conseil d’administration"),
        ("le bureau", "le bureau"),
        ("l’ARS du Val", "l’ARS du Val"),
        ("ARS du Val", "l’ARS du Val"),
        ("CVS", "le CVS"),
        ("Direction", "la direction"),
        ("Assemblée générale", "l’assemblée générale"),
        ("Association Les Rives", "l’Association Les Rives"),
        ("Agence régionale de santé du Val", "l’Agence régionale de santé du Val"),
        ("Autorités", "les autorités"),
        ("Tilleuls", "Tilleuls"),
        ("Lecture publique", "Lecture publique"),
        ("Unapei du Val", "Unapei du Val"),
        ("2e bureau", "2e bureau"),
        ("", ""),
    ],
)
def test_a_body_has_its_article_where_it_is_known_and_lacks_one(words: str, told: str) -> None:
    assert with_article(words) == told


def test_another_language_keeps_the_words_as_they_were_written() -> None:
    body = Body.named("Conseil d’administration")
    assert body == body.said(language("fr")) == "le conseil d’administration"
    assert body.said(language("en")) == "Conseil d’administration"


@pytest.mark.parametrize("group", list(Group))
def test_who_decides_is_named_with_an_article(group: Group) -> None:
    assert FUNCTIONS[group].split("’")[0].split(" ")[0] in ("le", "la", "l", "un", "une")
