"""The one clock of the product.

Tests move it in another process through a file `horloge` in the instance folder,
which holds an offset in seconds; production refuses to start with such a file.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
CLOCK_FILE = "horloge"


class Clock:
    """Tells the time; may follow an offset file (tests only)."""

    def __init__(self) -> None:
        self._file: Path | None = None
        self._seen: float = -1.0
        self._offset = timedelta()

    def follow(self, instance: Path | None) -> None:
        """Follow the offset file of `instance`, or the real time when None."""
        self._file = instance / CLOCK_FILE if instance is not None else None
        self._seen = -1.0
        self._offset = timedelta()

    def now(self) -> datetime:
        """Aware UTC time."""
        if self._file is not None:
            self._read_offset(self._file)
        return datetime.now(UTC) + self._offset

    def _read_offset(self, file: Path) -> None:
        try:
            changed = file.stat().st_mtime_ns
        except OSError:
            self._seen, self._offset = -1.0, timedelta()
            return
        if changed != self._seen:
            self._offset = timedelta(seconds=float(file.read_text(encoding="ascii") or "0"))
            self._seen = changed


clock = Clock()


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return clock.now()


def today() -> date:
    """The present day in Paris, where contracts live."""
    return now().astimezone(PARIS).date()


def paris(moment: datetime) -> datetime:
    """The same instant as read on a clock in Paris."""
    return moment.astimezone(PARIS)
