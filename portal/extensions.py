"""Extensions, created once; the factory binds them to an application."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask_babel import Babel
from flask_login import LoginManager
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from portal.kernel.base import Base
from portal.kernel.postgres_unit import PostgresUnit
from portal.kernel.unit_of_work import SqliteUnit

T = TypeVar("T")


class BoundUnit:
    """The unit of work of the running application."""

    def __init__(self) -> None:
        self._unit: SqliteUnit | PostgresUnit | None = None

    def bind(self, unit: SqliteUnit | PostgresUnit) -> None:
        """Use this unit from now on."""
        self._unit = unit

    @property
    def bound(self) -> SqliteUnit | PostgresUnit:
        """The unit itself. Errors: RuntimeError before the factory ran."""
        if self._unit is None:
            raise RuntimeError("no unit of work is bound: build the application first")
        return self._unit

    def __call__(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` in a unit of work; returns after COMMIT."""
        return self.bound(fn)


db = SQLAlchemy(metadata=Base.metadata)
unit = BoundUnit()
socketio = SocketIO()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
