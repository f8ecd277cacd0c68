"""Column types that every noun uses: random ids, aware dates, words of the vocabulary."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Any

from sqlalchemy import DateTime, SmallInteger, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from portal.kernel.ids import ID_LENGTH, new_id


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes only, kept in UTC by both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a date without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[Any]):
    """A member of a vocabulary list, stored by its value."""

    impl = String(40)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.words(value)


class Rung(TypeDecorator[Any]):
    """A member of an ordered list, stored by its number."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, words: type[IntEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(self.words(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.words(value)


public_id = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)]
ref = Annotated[str, mapped_column(String(ID_LENGTH))]
moment = Annotated[datetime, mapped_column(UtcDateTime)]
