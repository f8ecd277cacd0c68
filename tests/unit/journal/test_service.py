"""Each fact becomes one line, and one frame per audience, in order."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import text

from portal.domain.facts import Fact, FactKind
from portal.domain.journal import queries, rules, service
from portal.kernel.ids import new_id
from portal.vocabulary import Group

SUBMITTED, PUBLISHED = FactKind.CONTRIBUTION_SUBMITTED, FactKind.CONTRIBUTION_PUBLISHED


def lines(session):
    return session.execute(text("SELECT * FROM journal_line ORDER BY contract_id, seq")).mappings().all()


def test_numbers_follow_in_each_contract_apart(session, world):
    other = Fact(FactKind.CONTRACT_CREATED, new_id(), new_id())
    numbers = [
        service.append(session, fact) for fact in (world.fact(SUBMITTED), other, world.fact(PUBLISHED))
    ]
    assert numbers == [1, 1, 2]


def test_the_chain_starts_at_the_origin_and_the_head_is_its_end(session, world):
    service.append_all(session, [world.fact(SUBMITTED), world.fact(PUBLISHED)])
    previous = rules.genesis(world.contract)
    for row in lines(session):
        line = rules.Line(
            *(
                row[name]
                for name in (
                    "contract_id",
                    "seq",
                    "at",
                    "kind",
                    "group_",
                    "object",
                    "digest",
                    "commit",
                    "veil",
                )
            )
        )
        assert row["hash"] == rules.line_hash(line, previous)
        previous = row["hash"]
    head = session.execute(text("SELECT seq, head FROM journal_head")).one()
    assert tuple(head) == (2, previous)


def test_a_line_keeps_no_words_and_no_person(session, world):
    service.append(session, world.fact(SUBMITTED, "Des mots à moi."))
    (row,) = lines(session)
    kept = " ".join(str(value) for value in row.values())
    assert "mots" not in kept
    assert world.author not in kept
    assert row["at"].count("T") == 0


def test_the_salt_opens_the_words_and_the_person_and_is_kept_apart(session, world):
    service.append(session, world.fact(SUBMITTED, "Des mots à moi."))
    (row,) = lines(session)
    salt = session.execute(text("SELECT salt FROM journal_salt")).scalar_one()
    assert row["digest"] == hashlib.sha256(salt + "Des mots à moi.".encode()).hexdigest()
    assert row["commit"] == hashlib.sha256(salt + world.author.encode()).hexdigest()


def test_the_same_words_of_the_same_person_look_different_each_time(session, world):
    service.append_all(session, [world.fact(SUBMITTED, "Oui."), world.fact(SUBMITTED, "Oui.")])
    first, second = lines(session)
    assert first["digest"] != second["digest"]
    assert first["commit"] != second["commit"]


def test_a_fact_without_group_person_or_content_leaves_them_empty(session, world):
    service.append(session, Fact(FactKind.CONTRACT_CREATED, world.contract, world.contract))
    (row,) = lines(session)
    assert (row["group_"], row["digest"], row["commit"]) == ("", "", "")


@pytest.mark.parametrize(
    ("kind", "author", "expected"),
    [
        (SUBMITTED, True, {"moderators", "author"}),
        (SUBMITTED, False, {"moderators"}),
        (PUBLISHED, True, {"readers", "moderators", "author"}),
        (FactKind.REACTION_CHANGED, True, {"readers", "moderators"}),
        (FactKind.MEMBER_ADDED, True, set()),
    ],
)
def test_each_audience_of_the_kind_hears_it(session, world, kind, author, expected):
    service.append(session, world.fact(kind, author_id=world.author if author else None))
    told = {row.audience for row in queries.frames_after(session, world.contract, 0, 10)}
    named = {f"author:{world.author}" if name == "author" else name for name in expected}
    assert told == named


def test_nobody_hears_a_fact_outside_a_space(session, world):
    service.append(session, world.fact(FactKind.TEXT_CHANGED, space_id=None))
    assert queries.frames_after(session, world.contract, 0, 10) == []


def test_each_audience_counts_for_itself(session, world):
    service.append_all(session, [world.fact(SUBMITTED), world.fact(PUBLISHED), world.fact(PUBLISHED)])
    author = f"author:{world.author}"
    counts = queries.cursors(session, world.space, ["readers", "moderators", author, "author:nobody"])
    assert counts == {"readers": 2, "moderators": 3, author: 3, "author:nobody": 0}
    for audience, count in counts.items():
        rows = queries.audience_frames(session, world.space, audience, 0, 10)
        assert [row.cursor for row in rows] == list(range(1, count + 1))


def test_a_rolled_back_fact_leaves_no_line_no_salt_no_frame(session, world):
    service.append(session, world.fact(SUBMITTED, "Oui."))
    session.rollback()
    for table in ("journal_line", "journal_salt", "journal_head", "audience_frame", "audience_cursor"):
        assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_what_the_unit_added_is_written_before_its_line(session, world):
    from portal.domain.spaces.models import Space

    known = session.get_one(Space, world.space)
    fresh = Space(
        **{column.key: getattr(known, column.key) for column in Space.__table__.columns if column.key != "id"}
    )
    fresh.id = new_id()
    session.execute(text("PRAGMA defer_foreign_keys=ON"))
    session.add(fresh)
    service.append(session, world.fact(FactKind.SPACE_CREATED, space_id=fresh.id))
    assert queries.cursors(session, fresh.id, ["moderators"]) == {"moderators": 1}


def test_which_contracts_have_advanced(session, world):
    other = new_id()
    service.append_all(session, [world.fact(SUBMITTED), Fact(FactKind.CONTRACT_CREATED, other, other)])
    assert queries.advanced(session, {}) == {world.contract: 1, other: 1}
    assert queries.advanced(session, {world.contract: 1}) == {other: 1}
    assert queries.advanced(session, {world.contract: 1, other: 1}) == {}


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 100])
def test_reading_by_pages_misses_no_frame_and_repeats_none(session, world, limit):
    service.append_all(session, [world.fact(PUBLISHED if n % 2 else SUBMITTED) for n in range(7)])
    everything = queries.frames_after(session, world.contract, 0, 1000)
    assert len(everything) == 4 * 2 + 3 * 3
    seen, after = [], 0
    while rows := queries.frames_after(session, world.contract, after, limit):
        seen += rows
        after = rows[-1].tick
    assert seen == everything
    assert [row.tick for row in seen] == sorted(row.tick for row in seen)


def test_a_frame_names_what_happened_to_what(session, world):
    service.append(session, world.fact(FactKind.REACTION_CHANGED))
    row = queries.audience_frames(session, world.space, "readers", 0, 1)[0]
    assert (row.space_id, row.audience, row.cursor) == (world.space, "readers", 1)
    assert (row.contract_id, row.tick) == (world.contract, 1)
    assert row.kind is FactKind.REACTION_CHANGED
    assert row.object == world.contribution


def test_the_time_comes_from_the_one_clock(session, world, tmp_path):
    from portal.kernel.clock import clock

    (tmp_path / "horloge").write_text("0")
    service.append(session, world.fact(FactKind.SPACE_OPENED, group=Group.MANAGEMENT))
    (tmp_path / "horloge").write_text(str(3600 * 24 * 400))
    clock.follow(tmp_path)
    try:
        service.append(session, world.fact(FactKind.SPACE_OPENED, group=Group.MANAGEMENT))
    finally:
        clock.follow(None)
    first, second = lines(session)
    assert int(second["at"][:4]) > int(first["at"][:4])
