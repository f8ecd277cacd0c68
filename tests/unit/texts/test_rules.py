"""Paragraphs keep their id from version to version."""

from __future__ import annotations

from portal.domain.texts.rules import follow

OLD = [("a", "Un."), ("b", "Deux."), ("c", "Trois.")]


def test_an_unchanged_text_keeps_every_id() -> None:
    assert follow(OLD, ["Un.", "Deux.", "Trois."]) == ["a", "b", "c"]


def test_a_rewritten_paragraph_keeps_its_id() -> None:
    assert follow(OLD, ["Un.", "Deux, autrement.", "Trois."]) == ["a", "b", "c"]


def test_a_new_paragraph_gets_a_new_id_and_moves_no_other() -> None:
    ids = follow(OLD, ["Un.", "Nouveau.", "Deux.", "Trois."])
    assert [ids[0], ids[2], ids[3]] == ["a", "b", "c"]
    assert ids[1] not in "abc"


def test_a_removed_paragraph_takes_its_id_away() -> None:
    assert follow(OLD, ["Un.", "Trois."]) == ["a", "c"]


def test_a_first_version_gets_distinct_ids() -> None:
    ids = follow([], ["Un.", "Deux."])
    assert len(set(ids)) == 2
