"""Names of houses after « à »."""

from __future__ import annotations

import pytest

from portal.kernel.names import at
from portal.languages import language


@pytest.mark.parametrize(
    ("name", "french"),
    [
        ("Les Tilleuls", "aux Tilleuls"),
        ("Le Clos des Cerisiers", "au Clos des Cerisiers"),
        ("La Roseraie", "à La Roseraie"),
        ("Maison du Lac", "à la Maison du Lac"),
        ("Foyer Avel", "au Foyer Avel"),
        ("EHPAD du Parc", "à l’EHPAD du Parc"),
        ("Rives à domicile", "à Rives à domicile"),
        ("Les", "à Les"),
    ],
)
def test_a_name_is_contracted_as_french_does(name: str, french: str) -> None:
    assert at(name) == french
    assert at(name).said(language("fr")) == french
    assert at(name).said(language("en")) == name
