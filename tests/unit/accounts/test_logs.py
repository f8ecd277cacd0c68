"""Logs: one JSON object per line whatever comes, and nothing that is not listed."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from portal import logs

CANARY = "Jeanne Morel"


class Written:
    """What was written on stderr since the test began."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._text = ""

    def text(self) -> str:
        self._text += self._capsys.readouterr().err
        return self._text

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    level = logging.root.level
    logs.configure()
    yield Written(capsys)
    logging.root.setLevel(level)
    for handler in logging.root.handlers[:]:
        if isinstance(handler.formatter, logs.ForeignFormatter):
            logging.root.removeHandler(handler)
    structlog.reset_defaults()


def test_a_listed_field_is_written(written: Written) -> None:
    logs.get_logger("portal.x").info("relay.late", ms=12.5, space="abc", job="due")
    (line,) = written.lines()
    assert {key: line[key] for key in ("event", "level", "logger", "ms", "space", "job")} == {
        "event": "relay.late", "level": "info", "logger": "portal.x", "ms": 12.5, "space": "abc", "job": "due",
    }  # fmt: skip
    assert str(line["at"]).endswith("+00:00")


@pytest.mark.parametrize(
    "fields",
    [{"email": "a@b.fr"}, {"words": CANARY}, {"space": CANARY}, {"code": {"x": CANARY}}, {"kind": [CANARY]}],
)
def test_nothing_else_is(written: Written, fields: dict[str, object]) -> None:
    logs.get_logger("portal.x").info(f"sent by {CANARY}", **fields)
    assert CANARY not in written.text()
    assert "a@b.fr" not in written.text()
    assert written.lines()[0]["event"] == "unnamed"


def test_an_error_tells_where_and_not_what_it_said(written: Written) -> None:
    try:
        int(CANARY)
    except ValueError as error:
        logs.get_logger("portal.x").error("page.failed", exc_info=error)
        logs.get_logger("portal.jobs").exception("job.failed")
        logging.getLogger("portal.y").exception("Exception on %s", CANARY)
    for line in written.lines():
        assert line["error"] == "ValueError"
        assert line["trace"][-1].startswith("test_logs.py:")
    assert CANARY not in written.text()


def test_a_library_gives_its_place_only(written: Written) -> None:
    logging.getLogger("library.x").error(f"bad mail from {CANARY}")  # noqa: G004 — what libraries do
    logging.getLogger("library.x").info("quiet")
    (line,) = written.lines()
    assert (line["event"], line["logger"]) == ("library", "library.x")


@given(event=st.text(), field=st.text(min_size=1), value=st.text() | st.integers() | st.binary() | st.none())
def test_every_line_is_one_json_object(event: str, field: str, value: object) -> None:
    kept = logs.only_listed(None, "info", {"event": event, field: value, "code": value})
    line = logs._render(None, "info", kept)
    assert "\n" not in line
    assert set(json.loads(line)) <= logs.FIELDS
