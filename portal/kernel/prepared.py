"""Statements made once, at import, for what is on the path of every act.

Making a statement costs more than running it, and so does the way from a statement to the
driver (measured: 22 µs by `session.execute`, 6 µs by the driver's cursor). A `Statement` is
compiled at its first use, then its text goes straight to the driver; the types of its columns
still turn values into rows and back. For constants only: nothing here is ever forgotten.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    SelectBase,
    String,
    any_,
    bindparam,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

from portal.kernel.base import Base

Turn = Callable[[Any], Any]


class Several(TypeDecorator[Any]):
    """Several words as one value: a list on PostgreSQL, JSON on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What the driver is given."""
        return dialect.type_descriptor(ARRAY(String()) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The words as this database takes them."""
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


def among(dialect: str, column: Any, name: str = "ids") -> ColumnElement[bool]:
    """Whether `column` is one of the values `name`, however many there are: the text stays the same."""
    given = bindparam(name, type_=Several())
    if dialect == "postgresql":
        return cast("ColumnElement[bool]", column == any_(given))
    return cast(
        "ColumnElement[bool]", column.in_(select(func.json_each(given).table_valued("value").c.value))
    )


def one_of(dialect: str, column: Any, found: SelectBase) -> ColumnElement[bool]:
    """Whether `column` is one of what `found` gives, which is asked once and first.

    Joined, PostgreSQL may ask it anew for every row of a table that it believes empty.
    """
    if dialect == "postgresql":
        return cast("ColumnElement[bool]", column == any_(func.array(found.scalar_subquery())))
    return cast("ColumnElement[bool]", column.in_(found))


class Statement:
    """A statement with its values by name (`bindparam`), or what builds it for a dialect's name.

    `columns` are those that an insertion fills, when they are not all of its table.
    """

    def __init__(
        self, made: Executable | Callable[[str], Executable], columns: Iterable[str] | None = None
    ) -> None:
        self._made = made
        self._columns = None if columns is None else list(columns)
        self._texts: dict[str, _Text] = {}

    def rows(self, session: Session, **values: object) -> Sequence[Any]:
        """Its rows, by name or by place; what the session still holds is written first.

        Errors: KeyError when a value is missing, those of SQLAlchemy when the database refuses.
        """
        session.flush()
        return self.run(session.connection(), values)

    def first(self, session: Session, **values: object) -> Any:
        """The first of them, or None."""
        found = self.rows(session, **values)
        return found[0] if found else None

    def run(self, connection: Connection, values: Mapping[str, object]) -> Sequence[Any]:
        """The same on a connection; no rows from a statement that returns none."""
        text = self._texts.get(connection.dialect.name)
        if text is None:
            text = self._texts[connection.dialect.name] = self._compile(connection.dialect)
        ready = text.ready(values)
        if connection.dispatch.before_cursor_execute:
            # Somebody counts statements: the long way, which tells them.
            result = connection.exec_driver_sql(text.string, ready)
            return text.shaped(result.fetchall()) if text.shape else ()
        try:
            cursor = connection.connection.cursor()
            cursor.execute(text.string, ready)
            return text.shaped(cursor.fetchall()) if text.shape else ()
        except connection.dialect.loaded_dbapi.Error as error:
            kind = connection.dialect.loaded_dbapi.Error
            if connection.dialect.is_disconnect(error, connection.connection.driver_connection, None):
                connection.invalidate(error)
            raise DBAPIError.instance(text.string, None, error, kind, hide_parameters=True) from error

    def _compile(self, dialect: Dialect) -> _Text:
        made = self._made(dialect.name) if callable(self._made) else self._made
        return _Text(made, dialect, self._columns)


class _Text:
    """A statement as one driver takes it, and how its values and rows are turned."""

    def __init__(self, made: Any, dialect: Dialect, columns: list[str] | None) -> None:
        compiled = cast("SQLCompiler", made.compile(dialect=dialect, column_keys=columns))
        if compiled.post_compile_params or compiled.literal_execute_params:
            raise ValueError("a statement whose text depends on its values cannot be prepared")
        self.string = compiled.string
        self._order = compiled.positiontup
        writers = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for bind, name in compiled.bind_names.items()
        }
        fixed = {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}
        fixed.update({column.name: _default(column) for column in compiled.insert_prefetch})
        self._fixed = {
            name: turn(value) if (turn := writers[name]) else value for name, value in fixed.items()
        }
        self._writers = [(name, turn) for name, turn in writers.items() if turn and name not in fixed]
        gives_rows = made.is_select or made.returning_column_descriptions
        kept = list(made.exported_columns) if gives_rows else []
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in kept]
        self._readers = [(place, turn) for place, turn in enumerate(readers) if turn]
        self.shape = namedtuple("Row", [column.key for column in kept], rename=True) if gives_rows else None  # noqa: PYI024

    def ready(self, values: Mapping[str, object]) -> Any:
        """The values as the driver takes them."""
        named = {**self._fixed, **values}
        for name, turn in self._writers:
            named[name] = turn(named[name])
        return named if self._order is None else tuple([named[name] for name in self._order])

    def shaped(self, found: Iterable[Iterable[Any]]) -> list[Any]:
        """The driver's rows with the values that pages work with."""
        return [self._row(list(raw)) for raw in found]

    def _row(self, values: list[Any]) -> Any:
        for place, turn in self._readers:
            values[place] = turn(values[place])
        return self.shape._make(values)  # type: ignore[union-attr]


def put(session: Session, row: Base) -> None:
    """Insert a new row now; the session does not follow it: change it by another statement."""
    add(session, type(row), vars(row))


def add(session: Session, kind: type[Base], given: Mapping[str, object]) -> None:
    """The same from the values of its attributes, for a row that nobody needs after."""
    names = tuple([pair for pair in _names(kind) if pair[0] in given])
    session.flush()
    _insertion(kind, names).run(session.connection(), {column: given[key] for key, column in names})


@cache
def _names(kind: type[Base]) -> tuple[tuple[str, str], ...]:
    columns = inspect(kind).column_attrs
    return tuple((attribute.key, attribute.columns[0].name) for attribute in columns)


@cache
def _insertion(kind: type[Base], names: tuple[tuple[str, str], ...]) -> Statement:
    return Statement(insert(inspect(kind).local_table), [column for _key, column in names])  # type: ignore[arg-type]


def _default(column: Any) -> object:
    if not column.default.is_scalar:
        raise ValueError(f"give a value for {column}: its default is made anew for each row")
    return column.default.arg
