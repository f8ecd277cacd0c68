"""A pytest plugin of ``portail.py test``: nothing is skipped in silence, and the summary comes last.

Where a browser was asked for, a browser test that skips itself is a failure. A module that skips
itself whole is one everywhere: nobody would see what it was to check.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal.setup.checks import BROWSER, SUMMARY

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped browser test into a failed one."""
    report = yield
    wanted = os.environ.get(BROWSER) == "1" and item.get_closest_marker("browser") is not None
    if wanted and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, though a browser was asked for: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that skips itself into an error of collection."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"a whole module is skipped: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how the other checks went, just above pytest's own closing line."""
    path = os.environ.get(SUMMARY)
    is_worker = hasattr(terminalreporter.config, "workerinput")
    if path is None or is_worker or not Path(path).exists():
        return
    terminalreporter.section("portail.py test")
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        terminalreporter.write_line(line)
    Path(path).unlink()
