"""Every fact has its line: told in a shape, or silent with a reason."""

from __future__ import annotations

import pytest

from portal.domain.facts import FactKind
from portal.realtime import outbound

SENTENCES = [kind for kind, line in outbound.LINES.items() if line.sentence]


def missing(lines):
    """The kinds that nobody decided how to tell."""
    return [kind.name for kind in FactKind if kind not in lines]


def test_every_fact_has_a_line():
    assert missing(outbound.LINES) == []


def test_the_guard_sees_a_fact_without_a_line():
    lines = dict(outbound.LINES)
    del lines[FactKind.REACTION_CHANGED]
    assert missing(lines) == ["REACTION_CHANGED"]


@pytest.mark.parametrize("kind", list(FactKind), ids=lambda kind: kind.name)
def test_a_line_tells_what_its_fact_is_for(kind):
    line = outbound.LINES[kind]
    if kind.audiences:
        assert line.shape is not None, "audiences are counted: their pages wait for a frame"
    else:
        assert line.shape is None
        assert line.why


@pytest.mark.parametrize("kind", SENTENCES, ids=lambda kind: kind.name)
def test_sentences_are_written_as_people_read_them(kind):
    sentence = outbound.LINES[kind].sentence
    assert sentence.endswith(".")
    assert "'" not in sentence
    assert "..." not in sentence


def test_words_that_are_taken_back_while_they_wait_are_no_news_any_more():
    over = {kind for kind, line in outbound.LINES.items() if line.over}
    assert over == {
        FactKind.CONTRIBUTION_HIDDEN,
        FactKind.CONTRIBUTION_WITHDRAWN,
        FactKind.PENDING_WITHDRAWN,
    }


def test_only_what_is_new_waits_behind_the_bar():
    fresh = {kind for kind, line in outbound.LINES.items() if line.fresh}
    assert fresh == {FactKind.CONTRIBUTION_SUBMITTED, FactKind.CONTRIBUTION_PUBLISHED}
