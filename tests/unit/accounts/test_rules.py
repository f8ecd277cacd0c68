"""What is true of addresses, passwords and sessions."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.accounts import rules

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Claire.Morel@Exemple.FR ", "claire.morel@exemple.fr"),
        ("claire@exemple.fr", "claire@exemple.fr"),
        ("\uff43laire@exemple.fr", "claire@exemple.fr"),
    ],
)
def test_an_address_has_one_form(typed: str, stored: str) -> None:
    assert rules.normalise_email(typed) == stored


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("claire@exemple.fr", True),
        ("claire", False),
        ("claire@exemple", False),
        ("claire@@exemple.fr", False),
        ("claire morel@exemple.fr", False),
        ("claire@exemple.fr\n", False),
        ("a" * 250 + "@b.fr", False),
    ],
)
def test_an_address_has_the_shape_of_one(address: str, good: bool) -> None:
    assert rules.is_email(address) is good


@pytest.mark.parametrize(
    "password",
    [
        "court",
        "onze signes",
        "Motdepasse123",
        "M0td3pa55e 2025",
        "polyphonie-2026",
        "azertyazerty",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "0123456789012",
        "azertyuiopqsdfgh",
        "ponmlkjihgfedcba",
        "claire.morel1",
        "x" * 201,
    ],
)
def test_an_easy_password_is_refused_with_one_sentence(password: str) -> None:
    assert len(rules.password_errors(password, "claire.morel@exemple.fr")) == 1


@pytest.mark.parametrize("password", ["un thé à quatre heures", "Vq7-mb2h-ks9w-4npt", "le chat dort dehors"])
def test_a_small_sentence_will_do(password: str) -> None:
    assert rules.password_errors(password, "claire.morel@exemple.fr") == []


def test_the_list_of_common_passwords_is_long_enough_to_matter() -> None:
    assert len(rules.COMMON) > 200


@pytest.mark.parametrize(
    ("hours_seen", "demonstration", "ends_after"),
    [
        (0, False, timedelta(hours=12)),
        (24, False, timedelta(hours=36)),
        (164, False, timedelta(days=7)),
        (0, True, timedelta(hours=12)),
        (6, True, timedelta(hours=12)),
    ],
)
def test_a_session_ends_when_unused_or_too_old(
    hours_seen: int, demonstration: bool, ends_after: timedelta
) -> None:
    seen = AT + timedelta(hours=hours_seen)
    assert rules.expiry(AT, seen, demonstration=demonstration) == AT + ends_after


def test_a_session_is_dead_at_the_very_instant_it_expires() -> None:
    assert rules.is_alive(AT, None, AT - timedelta(microseconds=1))
    assert not rules.is_alive(AT, None, AT)
    assert not rules.is_alive(AT + timedelta(days=1), AT, AT)
