"""Accounts and sessions, on a real database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.domain.accounts import queries, rules, service
from portal.domain.accounts.models import SessionRow
from portal.kernel import clock
from portal.kernel.engines import read_engine
from portal.kernel.errors import InvalidError, NotFoundError


@pytest.fixture
def session(instance: Path) -> Iterator[Session]:
    engine = read_engine(instance / "polyphonie.sqlite")
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def claire(session: Session) -> str:
    return service.create_account(session, " Claire@Exemple.fr", "  Claire   Morel ", "hash").id


def alive(session: Session, token: str) -> str | None:
    return queries.session_account(session, rules.token_hash(token), clock.now())


def test_an_account_keeps_the_one_form_of_its_address(session: Session, claire: str) -> None:
    view = queries.account(session, claire)
    assert view is not None
    assert (view.email, view.name) == ("claire@exemple.fr", "Claire Morel")
    assert queries.credentials(session, "claire@exemple.fr") == queries.Credentials(claire, "hash")


@pytest.mark.parametrize(
    ("email", "name", "field"),
    [("CLAIRE@exemple.fr", "Autre", "email"), ("claire", "Claire", "email"), ("b@exemple.fr", " ", "name")],
)
def test_a_wrong_account_is_refused_beside_its_field(
    session: Session, claire: str, email: str, name: str, field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        service.create_account(session, email, name, None)
    assert list(refused.value.errors) == [field]


def test_a_token_is_kept_hashed_only(session: Session, claire: str) -> None:
    token = service.open_session(session, claire)
    row = session.get(SessionRow, rules.token_hash(token))
    assert row is not None
    assert token not in (row.token_hash, row.data, row.account_id)
    assert alive(session, token) == claire


def test_an_ended_session_opens_nothing(session: Session, claire: str) -> None:
    token, other = service.open_session(session, claire), service.open_session(session, claire)
    service.end_session(session, rules.token_hash(token))
    assert (alive(session, token), alive(session, other)) == (None, claire)


def test_an_ended_session_is_not_brought_back(session: Session, claire: str) -> None:
    token_hash = rules.token_hash(service.open_session(session, claire))
    service.end_session(session, token_hash)
    session.expire_all()
    service.keep_session(session, token_hash, data='{"a": 1}')
    session.flush()
    row = session.get(SessionRow, token_hash)
    assert row is not None
    assert row.ended_at is not None
    assert row.data == "{}"


def test_disabling_ends_every_session(session: Session, claire: str) -> None:
    tokens = [service.open_session(session, claire) for _ in range(2)]
    service.disable_account(session, claire)
    assert [alive(session, token) for token in tokens] == [None, None]
    assert queries.credentials(session, "claire@exemple.fr") is None
    with pytest.raises(NotFoundError):
        service.open_session(session, claire)


def test_a_new_password_ends_the_other_sessions(session: Session, claire: str) -> None:
    here, there = service.open_session(session, claire), service.open_session(session, claire)
    service.change_password(session, claire, "new", keep=rules.token_hash(here))
    assert (alive(session, here), alive(session, there)) == (claire, None)
    assert queries.credentials(session, "claire@exemple.fr") == queries.Credentials(claire, "new")


def test_a_session_lives_by_being_used_but_not_for_ever(session: Session, claire: str) -> None:
    token_hash = rules.token_hash(service.open_session(session, claire))
    row = session.get(SessionRow, token_hash)
    assert row is not None
    row.created_at -= timedelta(days=6, hours=23)
    service.keep_session(session, token_hash)
    assert row.expires_at == row.created_at + rules.ABSOLUTE


def test_the_sweep_learns_of_every_way_to_end(session: Session, claire: str) -> None:
    paul = service.create_account(session, "paul@exemple.fr", "Paul", None).id
    ended, expired, kept = (rules.token_hash(service.open_session(session, claire)) for _ in range(3))
    disabled = rules.token_hash(service.open_session(session, paul))
    service.end_session(session, ended)
    row = session.get(SessionRow, expired)
    assert row is not None
    row.expires_at = clock.now() - timedelta(seconds=1)
    service.disable_account(session, paul)
    session.flush()
    asked = {ended, expired, kept, disabled, "unknown"}
    assert queries.ended_tokens(session, asked) == asked - {kept}
    assert queries.ended_tokens(session, []) == set()


def test_a_hash_is_renewed_unless_it_changed(session: Session, claire: str) -> None:
    service.renew_hash(session, claire, "other", "stolen")
    assert queries.credentials(session, "claire@exemple.fr") == queries.Credentials(claire, "hash")
    service.renew_hash(session, claire, "hash", "better")
    assert queries.credentials(session, "claire@exemple.fr") == queries.Credentials(claire, "better")


def test_a_persona_is_found_by_what_stands_before_the_at(session: Session, claire: str) -> None:
    jeanne = service.create_account(session, "jeanne@demo.exemple.fr", "Jeanne", None, "Jeanne, 86 ans").id
    found = queries.persona(session, "jeanne")
    assert found is not None
    assert found.id == jeanne
    assert queries.persona(session, "claire") is None
