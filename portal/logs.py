"""Logs: one JSON object per line on stderr, with listed fields only.

No person, no content, no address of anybody can get in: a field that is not listed is
dropped, a sentence is not an event, and other libraries give the place they log from.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

FIELDS = frozenset(
    {
        "at", "level", "logger", "event", "place", "trace", "error", "reference", "code", "status", "method",
        "route", "endpoint", "ms", "count", "kind", "space", "contract", "audience", "job", "cursor", "seq", "epoch",
        "pid", "port", "host", "signal", "version", "engine", "mail", "state", "attempts",
    }
)  # fmt: skip
NAME = re.compile(r"[\w.:/<>*+-]{1,120}", re.ASCII)
TRUSTED = ("portal", "gunicorn")
FRAMES = 12


class Lines(structlog.PrintLogger):
    """Writes finished lines on stderr, under the name of whoever logs."""

    def __init__(self, name: str = "portal") -> None:
        super().__init__(sys.stderr)
        self.name = name


def configure(level: str = "INFO") -> None:
    """Send every log of this process to stderr, as JSON. Call once, early."""
    structlog.configure(
        processors=[_stamp, only_listed, _render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=Lines,
        cache_logger_on_first_use=False,
    )
    handler = ForeignHandler()
    handler.setFormatter(ForeignFormatter())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)


def get_logger(name: str) -> Any:
    """A logger: `log.info("event_name", field=value)` with fields of `FIELDS`."""
    return structlog.get_logger(name)


def frames_of(error: BaseException) -> list[str]:
    """Where an exception came from, without what it said."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}" for frame in frames]


def only_listed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep listed fields whose value is a number or has the shape of a name."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"], event["trace"] = type(error).__name__, frames_of(error)
    kept = {key: value for key, value in event.items() if key in FIELDS and _is_plain(value)}
    kept.setdefault("event", "unnamed")
    return kept


def _is_plain(value: Any) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return True
    if isinstance(value, list):
        return len(value) <= FRAMES and all(isinstance(v, str) and _is_plain(v) for v in value)
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def _stamp(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {"at": _now(), "level": method, "logger": getattr(logger, "name", "portal"), **event}


def _render(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=True, default=str)


def _now() -> str:
    # The real time, not the product's clock: a log is read beside other machines' logs.
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class ForeignFormatter(logging.Formatter):
    """What libraries log: who, where, how grave; the words only from a trusted template."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, Any] = {
            "at": _now(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._template(record),
            "place": f"{record.module}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["trace"] = frames_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)

    @staticmethod
    def _template(record: logging.LogRecord) -> str:
        # The template without its arguments: arguments may be anybody's words, and so may
        # a message that was put together before it came here.
        if not record.args or record.name.partition(".")[0] not in TRUSTED:
            return "library"
        return str(record.msg)[:120]


class ForeignHandler(logging.Handler):
    """Writes those lines on stderr as it is now; what cannot be written is let go."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        with contextlib.suppress(OSError, ValueError):
            print(self.format(record), file=sys.stderr, flush=True)  # noqa: T201 — this is the log
