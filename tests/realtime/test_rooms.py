"""Rooms and who is in them, without a server."""

from __future__ import annotations

from portal.realtime.presence import Presence, Visitor
from portal.realtime.rooms import Entrance, Room, kind_of
from portal.vocabulary import Audience

SPACE, OTHER = "a" * 26, "b" * 26


def entrance(epoch=1, participant="p" * 26, crowd=Audience.READERS, space=SPACE):
    return Entrance(space, epoch, participant, crowd)


def test_a_room_names_space_audience_language_and_epoch():
    assert [room.name for room in entrance(epoch=7).rooms] == [
        f"space:{SPACE}:readers:fr:e7",
        f"space:{SPACE}:author:{'p' * 26}:fr:e7",
    ]


def test_stored_names_give_their_audience_back():
    one = entrance(crowd=Audience.MODERATORS)
    assert [kind_of(one.stored(audience)) for audience in one.audiences] == list(one.audiences)


def test_entering_again_leaves_the_rooms_of_before():
    presence, visitor = Presence(), Visitor("s", "h", "a")
    presence.arrive(visitor)
    presence.enter(visitor, entrance(epoch=1))
    presence.enter(visitor, entrance(epoch=2))
    assert not presence.is_open(Room(SPACE, "readers", "fr", 1))
    assert presence.is_open(Room(SPACE, "readers", "fr", 2))
    assert presence.spaces() == [SPACE]


def test_whoever_departs_is_nowhere():
    presence, visitor = Presence(), Visitor("s", "h", "a")
    presence.arrive(visitor)
    presence.enter(visitor, entrance())
    presence.enter(visitor, entrance(space=OTHER))
    presence.depart("s")
    presence.depart("s")
    assert presence.spaces() == presence.tokens() == []


def test_stale_are_those_of_another_epoch_or_of_a_space_that_is_gone():
    presence = Presence()
    for sid, one in {"old": entrance(1), "new": entrance(2), "gone": entrance(1, space=OTHER)}.items():
        visitor = Visitor(sid, sid, sid)
        presence.arrive(visitor)
        presence.enter(visitor, one)
    assert {visitor.sid for visitor, _ in presence.stale({SPACE: 2})} == {"old", "gone"}


def test_a_room_stays_open_while_somebody_is_in():
    presence = Presence()
    people = [Visitor(sid, sid, "a") for sid in ("one", "two")]
    for visitor in people:
        presence.arrive(visitor)
        presence.enter(visitor, entrance())
    presence.leave(people[0], SPACE)
    assert presence.is_open(Room(SPACE, "readers", "fr", 1))
    presence.leave(people[1], SPACE)
    assert not presence.is_open(Room(SPACE, "readers", "fr", 1))
    assert presence.count_of("a") == 2
