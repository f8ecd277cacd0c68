"""In which order the parts of a contract stand, what each tells, how its headings are numbered."""

from __future__ import annotations

import pytest

from portal.domain.construction.blocks import Bullets, Heading, Paragraph
from portal.domain.deed import order, words
from portal.domain.deed.whole import numbered
from portal.domain.trames.catalogue import NAMES, Block, block_id, models
from portal.domain.trames.models import BlockKind, Filling
from portal.domain.trames.views import TextView

ALL = frozenset(Filling) - {Filling.FREE}


def block(name: str, kind: BlockKind, filling: Filling = Filling.FREE) -> Block:
    return Block(name, kind, f"Le bloc {name}", "Une phrase.", filling, binding=False)


def test_articles_stand_under_their_title_and_annexes_alone() -> None:
    kinds = (BlockKind.OPENING, BlockKind.ARTICLE, BlockKind.TITLE, BlockKind.ARTICLE, BlockKind.ANNEX)
    blocks = [block(f"b{number}", kind) for number, kind in enumerate((*kinds, BlockKind.ARTICLE))]
    parts = order.laid_out(blocks, {}, ALL)
    assert [one.level for one in parts] == [1, 1, 1, 2, 1, 1]
    assert [one.prefix for one in parts] == ["", "1", "", "2", "A1", "3"]
    assert [str(one.name or "") for one in parts] == [
        "",
        "Article 1",
        "Titre 1",
        "Article 2",
        "Annexe 1",
        "Article 3",
    ]


def test_the_last_part_of_a_kind_tells_all_and_those_before_say_where() -> None:
    blocks = [
        block("a", BlockKind.ARTICLE, Filling.OBJECTIVES),
        block("b", BlockKind.ARTICLE, Filling.MEANS),
        block("c", BlockKind.ANNEX, Filling.OBJECTIVES),
    ]
    assert [one.detail for one in order.laid_out(blocks, {}, ALL)] == ["Annexe 1", "", ""]


@pytest.mark.parametrize(
    ("kind", "held", "source", "missing"),
    [
        (BlockKind.ARTICLE, True, "", False),
        (BlockKind.ARTICLE, False, "Des mots.", False),
        (BlockKind.ARTICLE, False, "", True),
        (BlockKind.TITLE, False, "", False),
    ],
)
def test_what_is_missing_is_what_nobody_filled(
    kind: BlockKind,
    held: bool,
    source: str,
    missing: bool,
) -> None:
    text = {"a": TextView("a", 1, source=source)}
    known = ALL if held else frozenset()
    (part,) = order.laid_out([block("a", kind, Filling.MEANS)], text, known)
    assert part.missing is missing


@pytest.mark.parametrize("name", NAMES)
def test_in_every_model_one_part_at_most_tells_all_of_a_kind(name: str) -> None:
    parts = order.laid_out(models()[name].blocks, {}, ALL)
    whole = [
        one.block.filling for one in parts if one.filled and not one.detail and one.block.id != order.REPORTS
    ]
    assert len(whole) == len(set(whole))


def test_a_staff_table_is_no_sum_of_money() -> None:
    parts = {one.block.id: one for one in order.laid_out(models()["ehpad"].blocks, {}, ALL)}
    assert parts[block_id("annexe-effectifs")].missing
    assert not parts[block_id("annexe-finances")].detail
    assert parts[block_id("annexe-synthese")].detail == "Annexe 3"
    assert parts[block_id("moyens")].detail == "Annexe 5"


def test_the_ids_that_are_set_apart_are_blocks_of_the_models() -> None:
    known = {one.id for model in models().values() for one in model.blocks}
    assert known >= order.APART | {order.SUMMARY, order.REPORTS}


def test_a_usual_order_has_everything_that_a_contract_has() -> None:
    assert [one.filling for one in order.usual()] == list(order.USUAL)
    assert set(order.USUAL) == ALL


def test_headings_are_numbered_within_their_part() -> None:
    blocks = [Heading("a"), Heading("b", 1), Heading("c", 1), Paragraph("d"), Heading("e"), Heading("f", 1)]
    told = [one.words for one in numbered("4", blocks) if isinstance(one, Heading)]
    assert told == ["4.1 a", "4.1.1 b", "4.1.2 c", "4.2 e", "4.2.1 f"]
    assert list(numbered("", blocks)) == blocks


def test_words_keep_their_paragraphs_and_their_lists() -> None:
    told = words.told("Un *mot*.\n\n- un\n- deux\n\nFin.")
    assert told == [Paragraph("Un mot."), Bullets(("un", "deux")), Paragraph("Fin.")]
