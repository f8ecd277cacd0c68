"""Tables: what changed between two versions, how blocks are called, where each stands; the models as they are kept."""

from __future__ import annotations

import pytest

from portal.domain.trames import rules
from portal.domain.trames.catalogue import EMPTY, NAMES, Block, block_id, models
from portal.domain.trames.models import BlockKind, Filling
from portal.domain.trames.rules import BlockState
from portal.kernel.ids import is_id


def a(name: str, **more: object) -> Block:
    values: dict[str, object] = {
        "id": name,
        "kind": BlockKind.ARTICLE,
        "title": name.upper(),
        "plain": "Pourquoi.",
        "filling": Filling.FREE,
        "binding": False,
    }
    return Block(**(values | more))  # type: ignore[arg-type]


A, B, C, D = (a(name) for name in "abcd")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([A, B], [A, B], []),
        ([A], [A, B], ["Ajouté : « B »."]),
        ([A, B], [A], ["Retiré : « B »."]),
        ([A, B, C, D], [B, C, D, A], ["« A » a changé de place."]),
        ([A, B, C, D], [A, D, B, C], ["« D » a changé de place."]),
        ([A, B], [B, A, C], ["Ajouté : « C ».", "« B » a changé de place."]),
        ([A, B, C], [A, C], ["Retiré : « B »."]),
        ([A], [a("a", title="Repas")], ["« A » s’appelle maintenant « Repas »."]),
        ([A], [a("a", plain="Autre.")], ["L’explication de « A » a changé."]),
        ([A], [a("a", kind=BlockKind.ANNEX)], ["« A » est maintenant : annexe."]),
        ([A], [a("a", binding=True)], ["« A » est maintenant opposable."]),
        ([a("a", binding=True)], [A], ["« A » n’est plus opposable."]),
        ([A], [a("a", filling=Filling.LIFE)], ["Le contenu de « A » vient maintenant d’ailleurs : la vie du contrat."]),
    ],
)  # fmt: skip
def test_what_changed_is_told_in_words(before: list[Block], after: list[Block], told: list[str]) -> None:
    found = [str(one).replace("\u00a0", " ") for one in rules.differences(before, after)]
    assert sorted(found) == sorted(told)


@pytest.mark.parametrize(
    ("kind", "filled", "written", "state"),
    [
        (BlockKind.TITLE, False, False, BlockState.HEADING),
        (BlockKind.TITLE, True, True, BlockState.HEADING),
        (BlockKind.ARTICLE, False, False, BlockState.TO_WRITE),
        (BlockKind.ARTICLE, True, False, BlockState.FILLED),
        (BlockKind.ANNEX, True, True, BlockState.WRITTEN),
        (BlockKind.OPENING, False, True, BlockState.WRITTEN),
    ],
)
def test_where_a_block_stands(kind: BlockKind, filled: bool, written: bool, state: BlockState) -> None:
    assert rules.state(kind, filled=filled, written=written) is state


def test_articles_are_numbered_through_the_titles() -> None:
    one, two = a("t", kind=BlockKind.TITLE), a("u", kind=BlockKind.TITLE)
    opening, annex = a("o", kind=BlockKind.OPENING), a("n", kind=BlockKind.ANNEX)
    called = rules.names([opening, one, A, two, B, annex])
    assert called == {"t": "Titre 1", "a": "Article 1", "u": "Titre 2", "b": "Article 2", "n": "Annexe 1"}


def test_words_without_a_block_are_named_in_order() -> None:
    assert rules.gone({"x": "Zèle", "y": "Accueil", "z": "Là"}, {"z"}) == ["y", "x"]


def test_the_model_for_care_homes_has_its_two_titles_and_its_annexes() -> None:
    blocks = models()["ehpad"].blocks
    called = rules.names(blocks)
    assert [one.title for one in blocks if one.kind is BlockKind.TITLE] == [
        "Objet du contrat",
        "Mise en œuvre du contrat",
    ]
    follow_up = next(one for one in blocks if one.title == "Suivi et évaluation du contrat")
    # Its first article under the second title is the fifth of the order.
    assert called[follow_up.id] == "Article 5"
    assert [one.title for one in blocks if one.binding] == [
        "Fiche signalétique du gestionnaire et de ses établissements et services"
    ]
    assert not next(one for one in blocks if one.title == "Visas").sure


@pytest.mark.parametrize("name", NAMES)
def test_a_model_names_its_source_and_each_block_once(name: str) -> None:
    model = models()[name]
    ids = [one.id for one in model.blocks]
    assert len(set(ids)) == len(ids)
    assert all(is_id(one) for one in ids)
    assert all(one.plain.endswith(".") and len(one.plain) <= 300 for one in model.blocks)
    assert bool(ids) is (name != EMPTY)
    assert model.source


def test_the_same_block_of_two_models_is_the_same() -> None:
    kept = {one.id for one in models()["ehpad"].blocks} & {one.id for one in models()["chrs"].blocks}
    assert block_id("diagnostic") in kept
    assert block_id("diagnostic") != block_id("objectifs")
