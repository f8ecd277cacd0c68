"""Who keeps a duty today: the most precise decision, then the latest; who is away is covered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.duties.keepers import Charge, Keepers, Leave, covered, owners
from portal.policy.actor import Actor
from portal.vocabulary import DutyKind, Group, Role

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DIRECTORS = frozenset({"directrice"})


def charge(
    who: str,
    space: str | None = None,
    kind: DutyKind | None = None,
    *,
    since: int = -10,
    until: int | None = None,
    told: int = 0,
) -> Charge:
    last = None if until is None else TODAY + until * DAY
    return Charge(who, who, space, kind, TODAY + since * DAY, last, NOW + told * DAY)


@pytest.mark.parametrize(
    ("charges", "expected"),
    [
        ([], "directrice"),
        ([charge("a")], "a"),
        ([charge("a", since=1)], "directrice"),
        ([charge("a", until=0)], "a"),
        ([charge("a", until=-1)], "directrice"),
        ([charge("a", "autre espace")], "directrice"),
        ([charge("a", kind=DutyKind.FATE)], "directrice"),
        ([charge("a", kind=DutyKind.ANSWER)], "a"),
        ([charge("a", "espace"), charge("b", told=1)], "a"),
        ([charge("a", "espace"), charge("b", kind=DutyKind.ANSWER, told=1)], "a"),
        ([charge("a", "espace"), charge("b", "espace", DutyKind.ANSWER)], "b"),
        ([charge("a", told=2), charge("b", told=1)], "a"),
        ([charge("a", "espace", until=-1), charge("b")], "b"),
    ],
)
def test_the_most_precise_decision_counts(charges: list[Charge], expected: str) -> None:
    assert owners(charges, DIRECTORS, "espace", DutyKind.ANSWER, TODAY) == {expected}


def leave(away: str, by: str, since: int = 0, until: int = 5) -> Leave:
    return Leave(away, away, by, TODAY + since * DAY, TODAY + until * DAY)


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [
        ([], "a"),
        ([leave("a", "b")], "b"),
        ([leave("a", "b", 1)], "a"),
        ([leave("a", "b", -9, -1)], "a"),
        ([leave("a", "b", -9, 0)], "b"),
        ([leave("c", "b")], "a"),
        ([leave("a", "b"), leave("b", "c")], "c"),
        ([leave("a", "b"), leave("b", "a")], "a"),  # nobody else: the first keeps it
        ([leave("a", "b"), leave("b", "c"), leave("c", "b")], "a"),
    ],
)
def test_who_is_away_is_covered(leaves: list[Leave], expected: str) -> None:
    assert covered({"a"}, leaves, TODAY) == {expected}


def person(name: str, *roles: Role) -> Actor:
    return Actor(name, "contrat", Group.MANAGEMENT, None, frozenset(roles))


KNOWN = Keepers(
    (
        person("directrice", Role.DIRECTOR),
        person("suppléante", Role.DEPUTY),
        person("relecteur", Role.MODERATOR),
        person("qualité", Role.FACILITATOR),
        person("qualité bis", Role.FACILITATOR),
    ),
    (charge("qualité", "espace"),),
    (leave("directrice", "relecteur"),),
)


def test_who_answers_is_warned_with_who_was_entrusted_and_who_covers() -> None:
    assert KNOWN.warned("espace", TODAY) == {"relecteur", "suppléante", "qualité"}
    assert KNOWN.warned("autre", TODAY) == {"relecteur", "suppléante"}
    assert KNOWN.warned("autre", TODAY + 9 * DAY) == {"directrice", "suppléante"}


def test_they_are_named_by_function_and_told_apart() -> None:
    names = KNOWN.names()
    assert names["directrice"] == "la direction"
    assert (names["qualité"], names["qualité bis"]) == ("l’animation", "l’animation (2)")
    assert KNOWN.label(KNOWN.of("espace", DutyKind.ANSWER, TODAY)) == "l’animation"
    assert KNOWN.label(KNOWN.directors) == "la direction"
    assert KNOWN.label(frozenset()) == "la direction"
