"""What the file of the contract before says that a commitment became, and its days, as tables."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.imports.building import Context
from portal.domain.imports.pieces import Doubt, PieceKind, Why
from portal.domain.imports.source import Block, Format, Row, Source, Table
from portal.domain.imports.understanding import understand
from portal.domain.predecessors import outcomes, rules
from portal.domain.predecessors.models import Outcome

K = PieceKind
TODAY = date(2026, 11, 24)


def read(*parts):
    source = Source(Format.XLSX, parts)
    return rules.former(understand(source, Context(former=True)))


def table(*rows):
    return Table("Bilan", tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, 1)))


@pytest.mark.parametrize(
    ("words", "outcome", "said"),
    [
        ("Réalisé", Outcome.ENDED, ""),
        ("Réalisée en 2019", Outcome.ENDED, "Réalisée en 2019"),
        ("Objectif atteint : le salon ouvre le soir", Outcome.ENDED, "le salon ouvre le soir"),
        ("TERMINÉ", Outcome.ENDED, ""),
        ("Réalisé en mars 2021", Outcome.ENDED, "Réalisé en mars 2021"),
        ("Bilan : Réalisé en mars 2021", Outcome.ENDED, "Réalisé en mars 2021"),
        ("Évaluation finale : atteint", Outcome.ENDED, ""),
        ("100 %", Outcome.ENDED, ""),
        ("100\u00a0% : toutes les chambres", Outcome.ENDED, "toutes les chambres"),
        ("Non atteint, abandonné", Outcome.DROPPED, ""),
        ("Non atteint, abandonné : le bâtiment a fermé", Outcome.DROPPED, "le bâtiment a fermé"),
        ("Non atteint", Outcome.UNSAID, ""),
        ("Partiellement atteint", Outcome.UNSAID, ""),
        ("80 %", Outcome.UNSAID, ""),
        ("100", Outcome.UNSAID, ""),
        ("Oui", Outcome.UNSAID, ""),
        ("Réalisé en mars 2021, à poursuivre", Outcome.UNSAID, ""),
        ("Abandonné", Outcome.DROPPED, ""),
        ("Abandonné (le bâtiment a fermé)", Outcome.DROPPED, "le bâtiment a fermé"),
        ("Abandonné car le bâtiment a fermé", Outcome.DROPPED, "Abandonné car le bâtiment a fermé"),
        ("Annulée – faute de crédits", Outcome.DROPPED, "faute de crédits"),
        ("En cours", Outcome.UNSAID, ""),
        ("Réalisé à 60 %", Outcome.UNSAID, ""),
        ("Partiellement réalisé", Outcome.UNSAID, ""),
        ("Non réalisé", Outcome.UNSAID, ""),
        ("À poursuivre dans le prochain CPOM", Outcome.UNSAID, ""),
        ("Voir annexe", Outcome.UNSAID, ""),
        ("Réalisé : non", Outcome.UNSAID, ""),
        ("Réalisé (partiellement)", Outcome.UNSAID, ""),
        ("Réalisé, à 50 %", Outcome.UNSAID, ""),
        ("Réalisé au tiers", Outcome.UNSAID, ""),
        ("Réalisé, en partie", Outcome.UNSAID, ""),
        ("Réalisé : 3 chambres sur 5", Outcome.UNSAID, ""),
        ("Réalisé : 100 % des chambres", Outcome.ENDED, "100 % des chambres"),
        ("Réalisé le 12 mars 2021", Outcome.ENDED, "Réalisé le 12 mars 2021"),
        ("Réalisé fin 2020", Outcome.ENDED, "Réalisé fin 2020"),
        ("Réalisé le 12/03/2021", Outcome.ENDED, "Réalisé le 12/03/2021"),
        ("", Outcome.UNSAID, ""),
    ],
)
def test_the_words_of_a_file_are_one_of_the_outcomes_only_where_nobody_could_read_another(
    words, outcome, said
):
    assert outcomes.outcome_of(words) == (outcome, said)


@pytest.mark.parametrize(
    ("words", "suggested"),
    [
        ("En cours", Outcome.KEPT),
        ("À poursuivre dans le prochain CPOM", Outcome.KEPT),
        ("Reconduit", Outcome.KEPT),
        ("Partiellement réalisé", None),
        ("Voir annexe", None),
    ],
)
def test_what_goes_on_is_proposed_to_be_taken_up_and_its_objective_is_still_to_choose(words, suggested):
    assert outcomes.suggested(words) is suggested


@pytest.mark.parametrize(
    "title",
    ["Bilan", "Réalisé / Abandonné / En cours", "Bilan de l’action", "Devenir", "Suite donnée", "Statut"],
)
def test_the_column_of_outcomes_is_read_with_its_words_and_the_days_of_the_commitment_are_kept(title):
    understood = read(
        table(("Engagement", "Échéance", title), ("Ouvrir la maison", "31/12/2019", "Réalisé : chaque mois"))
    )
    (piece,) = understood.pieces
    assert not understood.asides
    assert piece.said["outcome"] == Outcome.ENDED.value
    assert piece.said["bilan"] == "Réalisé : chaque mois"
    assert piece.said["became"] == "chaque mois"
    assert piece.said["ends"] == "2019-12-31"


@pytest.mark.parametrize(
    ("titles", "cells", "outcome", "doubts"),
    [
        (("Résultat",), ("Atteint",), Outcome.ENDED, []),
        (("Résultat",), ("Non atteint",), Outcome.UNSAID, [Doubt.OUTCOME]),
        (("Résultat",), ("Oui",), Outcome.UNSAID, [Doubt.OUTCOME]),
        (("Résultat",), ("Non atteint, abandonné",), Outcome.DROPPED, [Doubt.NO_REASON]),
        (("Évaluation finale",), ("100 %",), Outcome.ENDED, []),
        (("Bilan final",), ("Bilan : Réalisé en mars 2021",), Outcome.ENDED, []),
        (("Atteint (oui/non)",), ("oui",), Outcome.ENDED, []),
        (("Atteint oui/non",), ("X",), Outcome.ENDED, []),
        (("Atteint (oui/non)",), ("non",), Outcome.UNSAID, [Doubt.OUTCOME]),
        (("Réalisé (oui/non)",), ("Oui",), Outcome.ENDED, []),
        (("Reconduit",), ("oui",), Outcome.UNSAID, [Doubt.GOES_ON]),
        (("Reconduit ?",), ("non",), Outcome.UNSAID, [Doubt.OUTCOME]),
        (("Atteint (oui/non)", "Reconduit"), ("oui", "non"), Outcome.ENDED, []),
        (("Atteint (oui/non)", "Reconduit"), ("oui", "oui"), Outcome.UNSAID, [Doubt.GOES_ON]),
        (("Atteint (oui/non)", "Reconduit"), ("non", "non"), Outcome.UNSAID, [Doubt.OUTCOME]),
    ],
)
def test_every_column_of_outcomes_is_read_and_what_is_ambiguous_is_told(titles, cells, outcome, doubts):
    understood = read(table(("Engagement", *titles), ("Ouvrir la maison", *cells)))
    (piece,) = understood.pieces
    assert not understood.asides
    assert piece.said["outcome"] == outcome.value
    assert [doubt for doubt, _words in piece.doubts] == doubts


def test_what_is_ambiguous_is_told_with_the_words_of_the_file():
    understood = read(table(("Engagement", "Atteint (oui/non)"), ("Ouvrir la maison", "non")))
    assert understood.pieces[0].doubts == ((Doubt.OUTCOME, "Non atteint"),)


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        (("Bilan : Réalisé en mars 2021",), Outcome.ENDED),
        (("Atteint : oui",), Outcome.ENDED),
        (("Évaluation finale : 100 %",), Outcome.ENDED),
        (("Atteint : oui", "Reconduit : oui"), Outcome.UNSAID),
    ],
)
def test_a_document_says_what_became_of_a_commitment_under_it(lines, outcome):
    blocks = [Block("Objectif 1 : Ouvrir la maison", 1, level=1)]
    understood = read(*blocks, *(Block(words, number) for number, words in enumerate(lines, 2)))
    assert [one.said["outcome"] for one in understood.pieces] == [outcome.value]


@pytest.mark.parametrize(
    ("first", "second", "outcome", "doubts"),
    [
        ("Réalisé", "Réalisé", Outcome.ENDED, []),
        ("Réalisé", "Abandonné", Outcome.UNSAID, [Doubt.OUTCOME]),
        ("Réalisé", "", Outcome.UNSAID, [Doubt.OUTCOME]),
        ("Abandonné", "Abandonné", Outcome.DROPPED, [Doubt.NO_REASON]),
        ("En cours", "En cours", Outcome.UNSAID, [Doubt.GOES_ON]),
        ("", "", Outcome.UNSAID, []),
    ],
)
def test_a_commitment_became_what_all_of_its_actions_became(first, second, outcome, doubts):
    understood = read(
        table(
            ("Engagement", "Action", "Bilan"), ("Ouvrir la maison", "Inviter", first), ("", "Peindre", second)
        )
    )
    piece = understood.pieces[0]
    assert piece.said.get("outcome", Outcome.UNSAID.value) == outcome.value
    assert [one for one, _words in piece.doubts] == doubts
    actions = [one.said.get("bilan", "") for one in understood.of(K.ACTION)]
    assert actions == [first, second]


def test_a_commitment_in_prose_tells_what_became_of_it_too():
    (piece,) = read(
        Block("Engagement n° 1 : Ouvrir la maison", 1, level=1),
        Block("Échéance : 31/12/2019", 2),
        Block("Bilan : abandonné, faute de place", 3),
    ).pieces
    assert (piece.said["outcome"], piece.said["became"]) == (Outcome.DROPPED.value, "faute de place")
    assert piece.said["ends"] == "2019-12-31"
    assert "technical" not in piece.said


def test_in_a_plan_of_this_contract_a_column_of_outcomes_is_left_aside_and_told():
    source = Source(Format.XLSX, [table(("Objectif", "Action", "Bilan"), ("Dormir", "Former", "Réalisé"))])
    understood = understand(source, Context())
    assert [(one.why, one.quote) for one in understood.asides] == [(Why.COLUMN, "Bilan")]


def test_days_that_are_past_are_told_and_do_not_go_into_the_objective_made_of_a_commitment():
    head = ("Engagement", "Action", "Début", "Échéance", "Financé jusqu’au")
    (found,) = rules.commitments(
        read(
            table(
                head,
                ("Ouvrir la maison", "Inviter", "01/01/2018", "31/12/2019", "31/12/2019"),
                ("", "Peindre", "01/01/2026", "31/12/2027", "31/12/2027"),
            )
        )
    )
    assert [rules.past(one, TODAY) for one in found.pieces] == [
        (),
        (date(2018, 1, 1), date(2019, 12, 31), date(2019, 12, 31)),
        (date(2026, 1, 1),),
    ]
    made = rules.titled(found, "Ouvrir plus", TODAY).pieces
    assert made[1].said == {}
    assert made[2].said == {"ends": "2027-12-31", "until": "2027-12-31", "money": "finance"}


def test_the_state_of_an_action_of_before_is_its_outcome_and_no_state_of_a_new_one():
    head = ("Engagement", "Action", "Statut", "Motif")
    understood = read(table(head, ("Ouvrir la maison", "Inviter", "Abandonné", "le bâtiment a fermé")))
    (found,) = rules.commitments(understood)
    assert found.pieces[0].said["outcome"] == Outcome.DROPPED.value
    assert found.pieces[0].said["became"] == "le bâtiment a fermé"
    assert not found.pieces[1].doubts
    assert rules.titled(found, "Ouvrir plus", TODAY).pieces[1].said == {}
