"""What of a file of the contract before is a commitment, as a table."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.imports.building import Context
from portal.domain.imports.pieces import PieceKind, Why
from portal.domain.imports.source import Block, Format, Row, Source, Table
from portal.domain.imports.understanding import understand
from portal.domain.predecessors import rules

K = PieceKind
TODAY = date(2026, 11, 24)


def read(*parts):
    return rules.former(understand(Source(Format.DOCX, parts), Context()))


def table(*rows):
    return Table("Plan", tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, 1)))


def heading(text, number=1, level=1):
    return Block(text, number, level=level)


def item(text, number):
    return Block(text, number, item=True)


@pytest.mark.parametrize(
    "source",
    [
        (table(("Engagement", "Action"), ("Ouvrir la maison", "Inviter les voisins")),),
        (table(("Objectif opérationnel", "Action"), ("Ouvrir la maison", "Inviter les voisins")),),
        (table(("Engagement de l’établissement", "Action"), ("Ouvrir la maison", "Inviter les voisins")),),
        (heading("Engagement n° 1 : Ouvrir la maison"), item("Inviter les voisins", 2)),
        (heading("Objectif 1 : Ouvrir la maison"), item("Inviter les voisins", 2)),
    ],
    ids=["a column of engagements", "a plan", "of the house", "engagements in prose", "objectives in prose"],
)
def test_an_engagement_is_a_commitment_however_it_is_written(source):
    (found,) = rules.commitments(read(*source))
    assert [(one.kind, one.text) for one in found.pieces] == [
        (K.OBJECTIVE, "Ouvrir la maison"),
        (K.ACTION, "Inviter les voisins"),
    ]


def test_it_keeps_what_it_stood_under_and_the_objective_made_of_it_does_not():
    head = ("Orientation stratégique", "Objectif stratégique", "Objectif opérationnel")
    (found,) = rules.commitments(read(table(head, ("Bien vivre", "Sortir", "Ouvrir la maison"))))
    assert found.pieces[0].said[rules.UNDER] == "Sortir"
    made = rules.titled(found, "Ouvrir plus", TODAY)
    assert (made.pieces[0].text, made.pieces[0].parent) == ("Ouvrir plus", "")
    assert rules.UNDER not in made.pieces[0].said


def test_where_no_objective_is_named_what_stands_highest_is_one():
    (found,) = rules.commitments(read(heading("Orientation 1 : Bien vivre ici")))
    assert found.pieces[0].text == "Bien vivre ici"


def test_a_finding_is_no_commitment_and_is_told_to_be_left_aside():
    understood = read(heading("Points forts"), item("Le jardin est beau", 2))
    assert not understood.pieces
    assert [one.why for one in understood.asides] == [Why.NO_COMMITMENT]
