"""What a director’s files say is understood, and what is not is told."""

from __future__ import annotations

import time
from collections.abc import Sequence

import docx
import pytest

from portal.documents import reading
from portal.domain.imports.building import Context, Known
from portal.domain.imports.pieces import MOST, Doubt, Piece, PieceKind, Understood, Why, kept, written
from portal.domain.imports.understanding import understand
from tests.factories import papers

K = PieceKind
CONTEXT = Context(
    axes=[
        Known("=a4", "Ressources humaines et qualité de vie au travail"),
        Known("=a5", "Finances et budget"),
        Known("=a6", "Immobilier, sécurité, accessibilité, transition écologique"),
    ],
    indicators=[Known("=i1", "Taux d’absentéisme (hors formation)"), Known("@vacants", "Taux d’ETP vacants")],
    sites=[Known("e1", "EHPAD Les Tilleuls", "750000001"), Known("e2", "SSIAD des Deux Rives", "750000002")],
)


def of(name: str, content: bytes) -> Understood:
    return understand(reading.read(name, content), CONTEXT)


def told(understood: Understood) -> list[tuple[PieceKind, str, str]]:
    """Each piece with the words of what it stands under."""
    refs = understood.by_ref()
    return [
        (one.kind, one.text, refs[one.parent].text if one.parent in refs else one.parent)
        for one in understood.pieces
    ]


def named(understood: Understood, text: str) -> Piece:
    return next(one for one in understood.pieces if one.text == text)


def table(head: Sequence[str], *rows: Sequence[str]) -> Understood:
    return of("plan.xlsx", papers.xlsx([head, *rows]))


def test_a_plan_of_actions_becomes_a_tree_with_its_actions_and_indicators() -> None:
    found = of("plan.xlsx", papers.plan())
    assert told(found) == [
        (K.ORIENTATION, "Bien vivre aux Tilleuls", ""),
        (K.STRATEGIC, "Prévenir les hospitalisations", "Bien vivre aux Tilleuls"),
        (K.OBJECTIVE, "Réduire les passages aux urgences", "Prévenir les hospitalisations"),
        (K.ACTION, "Former les équipes de nuit", "Réduire les passages aux urgences"),
        (K.ACTION, "Écrire un dossier de liaison", "Réduire les passages aux urgences"),
        (K.LINE, "Passages aux urgences pour 100 résidents", "Réduire les passages aux urgences"),
        (K.ACTION, "Ouvrir une astreinte infirmière", "Réduire les passages aux urgences"),
        (K.OBJECTIVE, "Prévenir les chutes", "Prévenir les hospitalisations"),
        (K.ACTION, "Revoir l’éclairage des couloirs", "Prévenir les chutes"),
        (K.LINE, "Chutes pour 1 000 journées", "Prévenir les chutes"),
    ]
    assert named(found, "Former les équipes de nuit").said == {
        "lead": "Cadre de santé",
        "ends": "2027-12-31",
        "money": "sans-depense",
    }
    assert named(found, "Ouvrir une astreinte infirmière").said["ends"] == "2028-06-30"
    assert named(found, "Ouvrir une astreinte infirmière").said["money"] == "non-finance"
    assert named(found, "Chutes pour 1 000 journées").said == {"initial": "5,8", "target": "4,2"}


def test_each_piece_says_where_it_comes_from() -> None:
    found = of("plan.xlsx", papers.plan())
    piece = named(found, "Ouvrir une astreinte infirmière")
    assert (piece.place.inside, piece.place.row) == ("Plan d’actions", 5)
    assert piece.quote == "Ouvrir une astreinte infirmière | Directrice | T2 2028 | à financer"


def test_what_is_not_understood_is_told_and_never_guessed() -> None:
    found = table(
        ("Objectif", "Action", "Échéance", "Financement", "État", "Priorité", "Couleur", "Source", "N°"),
        (
            "Bien dormir",
            "Former",
            "quand on pourra",
            "CNR ARS 20 k€",
            "retardé",
            "violet",
            "bleu",
            "Le projet",
            "1",
        ),
    )
    assert named(found, "Former").doubts == (
        (Doubt.DATE, "quand on pourra"),
        (Doubt.UNEXPLAINED, "retardé"),
        (Doubt.MONEY, "CNR ARS 20 k€"),
    )
    assert named(found, "Bien dormir").doubts == ((Doubt.PRIORITY, "violet"),)
    assert [(one.why, one.quote) for one in found.asides] == [
        (Why.COLUMN, "Couleur"),
        (Why.COLUMN, "Source"),
    ]


@pytest.mark.parametrize("sum_", ["12 000 €", "3500", "3 500,50 euros", "20 k€", "environ 15000 €", "1,2 M€"])
def test_a_sum_is_told_with_where_sums_are_written(sum_: str) -> None:
    found = table(("Objectif", "Action", "Budget"), ("Bien dormir", "Former", sum_))
    assert named(found, "Former").doubts == ((Doubt.AMOUNT, sum_),)


def test_what_a_row_says_of_an_action_that_it_does_not_name_is_left_aside_and_told() -> None:
    found = table(
        ("Objectif", "Action", "Pilote", "Échéance"),
        ("Bien dormir", "Former", "La directrice", "2028"),
        ("", "", "Le cadre", "fin 2028"),
        ("Bien manger", "", "", ""),
    )
    assert [one.text for one in found.pieces if one.kind is K.ACTION] == ["Former"]
    assert [(one.why, one.place.row, one.quote) for one in found.asides] == [
        (Why.NO_ACTION, 3, "Le cadre | fin 2028")
    ]


@pytest.mark.parametrize(
    ("head", "row", "levels"),
    [
        (("Objectif stratégique", "Action"), ("Bien vivre", "Former"), [K.OBJECTIVE, K.ACTION]),
        (
            ("Axe", "Objectif", "Action"),
            ("Bien vivre", "Dormir", "Former"),
            [K.ORIENTATION, K.STRATEGIC, K.OBJECTIVE, K.ACTION],
        ),
        (
            ("Objectif stratégique", "Objectif opérationnel"),
            ("Bien vivre", "Dormir"),
            [K.ORIENTATION, K.STRATEGIC, K.OBJECTIVE],
        ),
        (("Action", "Pilote"), ("Former", "La directrice"), [K.ACTION]),
    ],
)
def test_a_plan_with_fewer_levels_keeps_its_objectives(
    head: tuple[str, ...], row: tuple[str, ...], levels: list[PieceKind]
) -> None:
    assert [one.kind for one in table(head, row).pieces] == levels


def test_a_merged_action_is_one_action_with_several_indicators() -> None:
    content = papers.xlsx(
        [
            ["Objectif", "Action", "Indicateur", "Cible"],
            ["Dormir", "Former", "Formés", "12"],
            ["", "", "Départs", "3"],
        ],
        merged=["A2:A3", "B2:B3"],
    )
    assert [(one.kind, one.text) for one in of("a.xlsx", content).pieces] == [
        (K.OBJECTIVE, "Dormir"),
        (K.ACTION, "Former"),
        (K.LINE, "Formés"),
        (K.LINE, "Départs"),
    ]


def test_years_in_columns_are_the_yearly_targets() -> None:
    found = table(("Objectif", "Indicateur", "N", "2027", "2028"), ("Dormir", "Réveils", "38", "36", "30"))
    assert named(found, "Réveils").said == {
        "initial": "38",
        "target": "30",
        "yearly": "2027 : 36 ; 2028 : 30",
    }


def test_a_fiche_action_in_two_columns_is_read() -> None:
    found = table(
        ("Fiche action n° 1", ""),
        ("Objectif opérationnel", "Bien dormir"),
        ("Pilote", "L’infirmière coordinatrice"),
        ("Actions", "- Former\n- Écouter"),
        ("Échéance", "2027-2028"),
    )
    assert told(found)[1:] == [(K.ACTION, "Former", "Bien dormir"), (K.ACTION, "Écouter", "Bien dormir")]
    assert named(found, "Former").said == {
        "lead": "L’infirmière coordinatrice",
        "starts": "2027-01-01",
        "ends": "2028-12-31",
    }


def test_a_diagnostic_becomes_findings_on_their_axes() -> None:
    found = of("diagnostic.docx", papers.diagnostic())
    assert told(found) == [
        (K.STRENGTH, "Une équipe de nuit stable depuis trois ans.", "=a4"),
        (K.STRENGTH, "Un tuteur pour chaque nouvel arrivant.", "=a4"),
        (K.TO_IMPROVE, "12 % d’absentéisme en 2025.", "=a4"),
        (K.VIGILANCE, "Le déficit se creuse.", "=a5"),
        (K.STRENGTH, "Un emprunt bientôt remboursé.", "=a5"),
        (K.TO_IMPROVE, "Peu de réserves.", "=a5"),
    ]
    assert [(one.why, one.quote) for one in found.asides] == [
        (Why.LONE, "Diagnostic partagé"),
        (Why.LONE, "Ce document a été préparé avec les équipes."),
    ]


def test_a_diagnostic_names_its_axes_in_its_own_words_and_a_plan_its_orientations() -> None:
    file = docx.Document()
    for words, level in (("Bâtiments", 1), ("Points forts", 2), ("RH", 1), ("Points faibles", 2)):
        file.add_heading(words, level)
        file.add_paragraph(f"Sous {words}.", style="List Bullet")
    file.add_heading("Axe 1 : Mieux former le personnel", 1)
    found = of("diagnostic.docx", papers.saved(file))
    assert told(found) == [
        (K.FINDING, "Sous Bâtiments.", "=a6"),
        (K.STRENGTH, "Sous Points forts.", "=a6"),
        (K.FINDING, "Sous RH.", "=a4"),
        (K.TO_IMPROVE, "Sous Points faibles.", "=a4"),
        (K.ORIENTATION, "Mieux former le personnel", ""),
    ]


def test_findings_of_a_table_keep_their_sort_their_axis_and_what_they_rest_on() -> None:
    found = table(
        ("Axe", "Constat", "Type", "Source"),
        ("Finances", "Le déficit se creuse.", "Faiblesse", "Compte 2025"),
        ("", "Les murs sont sains.", "", ""),
        ("Jardin", "Le jardin plaît.", "Atout", ""),
    )
    assert told(found) == [
        (K.TO_IMPROVE, "Le déficit se creuse.", "=a5"),
        (K.FINDING, "Les murs sont sains.", "=a5"),
        (K.STRENGTH, "Le jardin plaît.", ""),
    ]
    assert named(found, "Le déficit se creuse.").said == {"evidence": "Compte 2025"}


def test_a_plan_written_in_prose_is_read_too() -> None:
    file = docx.Document()
    file.add_heading("Orientation 1 : Bien vivre ici", 1)
    file.add_heading("Objectif stratégique 1.1 : Soigner sur place", 2)
    file.add_heading("Fiche action n° 3 : Réduire les passages aux urgences", 3)
    file.add_paragraph("Trop de résidents partent la nuit.")
    file.add_paragraph("Résultat attendu : vous partirez moins souvent aux urgences.")
    file.add_paragraph("Actions :")
    file.add_paragraph("Former les équipes de nuit", style="List Bullet")
    file.add_paragraph("Pilote : la cadre de santé")
    file.add_paragraph("Échéance : fin 2027")
    file.add_paragraph("Indicateurs :")
    file.add_paragraph("Passages aux urgences", style="List Bullet")
    found = of("plan.docx", papers.saved(file))
    assert told(found) == [
        (K.ORIENTATION, "Bien vivre ici", ""),
        (K.STRATEGIC, "Soigner sur place", "Bien vivre ici"),
        (K.OBJECTIVE, "Réduire les passages aux urgences", "Soigner sur place"),
        (K.ACTION, "Former les équipes de nuit", "Réduire les passages aux urgences"),
        (K.LINE, "Passages aux urgences", "Réduire les passages aux urgences"),
    ]
    assert named(found, "Réduire les passages aux urgences").said == {
        "technical": "Trop de résidents partent la nuit.",
        "expected": "vous partirez moins souvent aux urgences.",
    }
    assert named(found, "Former les équipes de nuit").said == {
        "lead": "la cadre de santé",
        "ends": "2027-12-31",
    }


def test_values_of_indicators_find_their_indicator_and_their_establishment() -> None:
    found = table(
        ("Indicateur", "FINESS", "Établissement", "2023", "2024"),
        ("Taux d'absentéisme", "75 000 000 1", "", "11,2", "12,5"),
        ("", "", "SSIAD des Deux Rives", "8", ""),
        ("Nombre de chats", "", "Ailleurs", "2", "3"),
    )
    assert [(one.parent, one.said.get("site", "")) for one in found.pieces] == [
        ("=i1", "e1"),
        ("=i1", "e2"),
        ("", ""),
    ]
    assert found.pieces[0].said["year_2024"] == "12,5"


def test_a_table_without_known_titles_is_left_aside_whole() -> None:
    found = table(("Nom", "Prénom"), ("Durand", "Anne"))
    assert not found.pieces
    assert [one.why for one in found.asides] == [Why.HEADLESS]


def test_long_words_are_cut_for_the_title_and_kept_in_the_text() -> None:
    long = "Réduire les passages aux urgences la nuit et le week-end. " * 8
    found = table(("Objectif", "Action", "Pilote"), (long, "Former", "La directrice " * 20))
    objective, action = found.pieces
    assert len(objective.text) <= 200
    assert objective.said["technical"].startswith("Réduire les passages")
    assert action.doubts[0][0] is Doubt.LONG
    assert len(action.said["lead"]) <= 120


def test_what_was_understood_is_kept_as_it_is() -> None:
    found = of("diagnostic.docx", papers.diagnostic())
    assert kept(written(found)) == found


def test_what_is_too_much_for_one_time_is_told() -> None:
    found = table(("Objectif", "Action"), *((f"Objectif {one}", f"Action {one}") for one in range(400)))
    assert len(found.pieces) == MOST
    assert [one.why for one in found.asides] == [Why.MANY]


@pytest.mark.parametrize(
    "words", ["I" * 20_000, "1." * 10_000, "- " * 10_000, "Objectif " * 2_000, "T " * 10_000]
)
def test_long_words_take_no_time(words: str) -> None:
    begun = time.monotonic()
    understand(reading.pasted(words), CONTEXT)
    table(("Objectif", "Action", "Échéance"), (words, words, words))
    assert time.monotonic() - begun < 5


def test_an_objective_concerns_the_establishments_that_its_rows_name() -> None:
    found = table(
        ("Objectif", "Action", "ESMS concernés"),
        ("Bien dormir", "Former", "Les Tilleuls ; SSIAD des Deux Rives"),
        ("", "Écouter", "75 000 000 2"),
        ("Bien manger", "Goûter", "Tous les établissements"),
        ("Bien sortir", "Marcher", "Le Manoir"),
        ("Bien jouer", "Chanter", "Les Tilleuls, SSIAD des Deux Rives"),
    )
    assert [one.said.get("sites", "") for one in found.of(K.OBJECTIVE)] == ["e1 e2", "", "", "e1 e2"]
    assert named(found, "Bien sortir").doubts == ((Doubt.SITE, "Le Manoir"),)


@pytest.mark.parametrize(
    "words", ["Conclusion : il faut agir vite.", "En conclusion, il faut agir.", "Conclusion"]
)
@pytest.mark.parametrize("level", [0, 1])
def test_what_concludes_a_document_is_no_finding_and_is_told(words: str, level: int) -> None:
    file = docx.Document()
    file.add_heading("Finances et budget", 1)
    file.add_heading("Points de vigilance", 2)
    file.add_paragraph("Le déficit se creuse.", style="List Bullet")
    if level:
        file.add_heading(words, level)
    else:
        file.add_paragraph(words)
    file.add_paragraph("Les parties se reverront en mars.")
    found = of("diagnostic.docx", papers.saved(file))
    assert told(found) == [(K.VIGILANCE, "Le déficit se creuse.", "=a5")]
    assert [(one.why, one.quote) for one in found.asides] == [
        (Why.CLOSING, words),
        (Why.LONE, "Les parties se reverront en mars."),
    ]


@pytest.mark.parametrize(
    ("title", "kept_title"),
    [
        ("1. Bien manger", "Bien manger"),
        ("2.3 Bien manger", "Bien manger"),
        ("1.1. À table ensemble", "À table ensemble"),
        ("IV) L’eau", "L’eau"),
        ("3 – Bien manger", "Bien manger"),
        ("12 places de plus", "12 places de plus"),
        ("1.2 ETP de plus", "1.2 ETP de plus"),
        ("24 h sur 24", "24 h sur 24"),
        ("100. manger", "100. manger"),
        ("1.", "1."),
    ],
)
def test_the_number_of_a_title_is_not_written_twice(title: str, kept_title: str) -> None:
    found = table(
        ("Orientation", "Objectif stratégique", "Objectif", "Action"), *[(title, title, title, "Goûter")] * 2
    )
    assert [one.text for one in found.pieces if one.kind is not K.ACTION] == [kept_title] * 3
