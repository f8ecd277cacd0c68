"""A prepared statement does what `session.execute` does with the same statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import Integer, String, bindparam, create_engine, event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from portal.kernel import prepared
from portal.kernel.columns import UtcDateTime, Word
from portal.kernel.prepared import Statement

PARIS = timezone(timedelta(hours=1))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Own(DeclarativeBase):
    """Tables of this test only."""


class Meal(StrEnum):
    """A vocabulary."""

    LUNCH = "lunch"
    DINNER = "dinner"


class Plate(Own):
    """One of each type that rows hold."""

    __tablename__ = "plate"

    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    meal: Mapped[Meal] = mapped_column("meal_", Word(Meal))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hot: Mapped[bool] = mapped_column(default=False)
    price: Mapped[int] = mapped_column(Integer, default=3)


class Ticket(Own):
    """A row whose default is made anew each time."""

    __tablename__ = "ticket"

    id: Mapped[str] = mapped_column(String(10), primary_key=True, default=lambda: "drawn")
    note: Mapped[str] = mapped_column(default="")


@pytest.fixture
def session() -> Any:
    engine = create_engine("sqlite://")
    Own.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def plates(session: Session) -> list[Any]:
    return [tuple(row) for row in session.execute(select(Plate.__table__).order_by(Plate.id))]


BY_MEAL = select(Plate.__table__, func.count().over()).where(
    Plate.__table__.c.meal_ == bindparam("meal"), Plate.__table__.c.hot.is_(False)
)


def test_values_and_rows_pass_through_their_types(session):
    prepared.put(session, Plate(id="a", meal=Meal.DINNER, at=datetime(2026, 3, 1, 13, tzinfo=PARIS)))
    prepared.add(session, Plate, {"id": "b", "meal": Meal.LUNCH, "at": None, "hot": True, "price": 8})
    assert plates(session) == [("a", Meal.DINNER, NOON, False, 3), ("b", Meal.LUNCH, None, True, 8)]
    (row,) = Statement(BY_MEAL).rows(session, meal=Meal.DINNER)
    assert tuple(row) == tuple(session.execute(BY_MEAL, {"meal": Meal.DINNER}).one())
    assert (row.id, row.meal_, row.at, row.hot) == ("a", Meal.DINNER, NOON, False)


def test_what_the_session_holds_is_written_first(session):
    session.add(Plate(id="held", meal=Meal.LUNCH))
    assert Statement(BY_MEAL).first(session, meal=Meal.LUNCH).id == "held"
    assert Statement(BY_MEAL).first(session, meal=Meal.DINNER) is None


def test_a_statement_that_returns_gives_rows_and_another_none(session):
    prepared.put(session, Plate(id="a", meal=Meal.DINNER))
    rise = update(Plate).where(Plate.id == bindparam("which"))
    silent = rise.values(price=Plate.price + 2)
    telling = rise.values(price=Plate.price + 2).returning(Plate.price)
    assert Statement(silent).rows(session, which="a") == ()
    assert Statement(telling).first(session, which="a").price == 7


def test_a_missing_value_is_never_taken_for_null(session):
    with pytest.raises(KeyError, match="meal"):
        Statement(BY_MEAL).rows(session)


def test_a_default_that_changes_must_be_given(session):
    with pytest.raises(ValueError, match=r"ticket\.id"):
        prepared.put(session, Ticket(note="x"))
    prepared.put(session, Ticket(id="1"))
    assert session.execute(select(Ticket.__table__)).one() == ("1", "")


def test_values_that_change_the_text_are_refused(session):
    among = select(Plate.id).where(Plate.id.in_(bindparam("some", expanding=True)))
    with pytest.raises(ValueError, match="prepared"):
        Statement(among).rows(session, some=["a"])


def test_a_refusal_is_the_one_of_sqlalchemy_and_says_no_value(session):
    prepared.put(session, Plate(id="secret", meal=Meal.DINNER))
    with pytest.raises(IntegrityError) as raised:
        prepared.put(session, Plate(id="secret", meal=Meal.DINNER))
    assert "secret" not in str(raised.value)


def test_who_counts_statements_sees_it_and_reads_the_same(session):
    prepared.put(session, Plate(id="a", meal=Meal.DINNER))
    statement, seen = Statement(BY_MEAL), []
    alone = statement.rows(session, meal=Meal.DINNER)
    event.listen(session.get_bind(), "before_cursor_execute", lambda _c, _u, said, *_rest: seen.append(said))
    session.commit()
    prepared.put(session, Plate(id="b", meal=Meal.LUNCH))
    session.execute(text("DELETE FROM plate"))
    prepared.add(session, Plate, {"id": "a", "meal": Meal.DINNER, "at": None})
    assert statement.rows(session, meal=Meal.DINNER) == alone
    assert [said.split()[0] for said in seen] == ["INSERT", "DELETE", "INSERT", "SELECT"]


def test_one_that_depends_on_the_database_is_built_for_it(session):
    asked: list[str] = []

    def build(dialect: str) -> Any:
        asked.append(dialect)
        return insert(Plate).values(id=bindparam("id"), meal=Meal.LUNCH)

    statement = Statement(build)
    statement.rows(session, id="x")
    statement.rows(session, id="y")
    assert asked == ["sqlite"]
    assert [row[:2] for row in plates(session)] == [("x", Meal.LUNCH), ("y", Meal.LUNCH)]
