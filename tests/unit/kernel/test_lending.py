"""Connections of PostgreSQL are lent without a word while they are sure to live, and no page writes."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from portal.kernel import lending
from portal.kernel.engines import postgres_options
from portal.kernel.postgres_unit import PostgresUnit
from portal.kernel.stores import read_options
from tests import stores

ASKED = text("SELECT pg_backend_pid()")


@pytest.fixture
def url() -> str:
    return stores.postgresql_url().replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def reading(url: str) -> Iterator[Engine]:
    engine = create_engine(url, **read_options(url))
    yield engine
    engine.dispose()


def backend(engine: Engine) -> int:
    with engine.connect() as connection:
        found: int = connection.execute(ASKED).scalar_one()
    return found


def end(url: str, pid: int) -> None:
    """Somebody ends a connection from the other side."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections that were asked whether they live."""
    asked: list[object] = []
    ask = lending._ask

    def noting(raw: psycopg.Connection) -> None:
        asked.append(raw)
        ask(raw)

    monkeypatch.setattr(lending, "_ask", noting)
    return asked


def test_one_just_given_back_is_lent_without_a_word(reading: Engine, questions: list[object]) -> None:
    assert backend(reading) == backend(reading)
    assert not questions


def test_one_that_was_ended_meanwhile_is_replaced(reading: Engine, url: str) -> None:
    first = backend(reading)
    end(url, first)
    assert backend(reading) != first


def test_one_that_rested_is_asked_first(
    reading: Engine, questions: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backend(reading)
    monkeypatch.setattr(lending, "REST_SECONDS", -1.0)
    assert backend(reading) == first
    assert len(questions) == 1


def test_a_unit_outlives_the_end_of_its_connection(url: str) -> None:
    unit = PostgresUnit(url)
    first = unit(lambda session: session.scalar(ASKED))
    end(url, first)
    assert unit(lambda session: session.scalar(ASKED)) != first
    unit.close()


def test_asking_begins_no_transaction(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine(url, **{**postgres_options(), **lending.lending()})
    states = []
    event.listen(engine, "checkout", lambda raw, *_rest: states.append(raw.info.transaction_status.name))
    monkeypatch.setattr(lending, "REST_SECONDS", -1.0)
    for _ in range(2):
        backend(engine)
    engine.dispose()
    assert states == ["IDLE", "IDLE"]


def test_what_pages_read_with_writes_nothing(reading: Engine) -> None:
    with reading.connect() as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.execute(text("CREATE TABLE never (one integer)"))


def test_control_without_a_look_the_end_of_a_connection_is_found_by_a_page(
    reading: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lending, "_speaks", lambda _raw: False)
    end(url, backend(reading))
    with pytest.raises(DBAPIError):
        backend(reading)
