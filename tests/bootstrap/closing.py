"""A pytest plugin of ``portail.py test``: long files first, nothing skipped in silence, the summary last.

Where a browser was asked for, a browser test that skips itself is a failure. A module that skips
itself whole is one everywhere: nobody would see what it was to check.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal.setup.checks import BROWSER, SUMMARY

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

LONGEST = 20
TAKES_TIME = ("browser", "live", "slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that use servers and browsers: the short ones then fill what is left of the time."""
    long = {item.path for item in items if any(item.get_closest_marker(name) for name in TAKES_TIME)}
    items.sort(key=lambda item: item.path not in long)


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


def longest(stats: Mapping[str, Sequence[object]], number: int = LONGEST) -> list[str]:
    """The files that took most time, in seconds; files run side by side, so they add up to more than the whole."""
    taken: Counter[str] = Counter()
    for report in (one for some in stats.values() for one in some if isinstance(one, pytest.TestReport)):
        taken[report.nodeid.partition("::")[0]] += report.duration
    return [f"{seconds:6.0f} s  {name}" for name, seconds in taken.most_common(number)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show where the time went and how the other checks went, just above pytest's own closing line."""
    path = os.environ.get(SUMMARY)
    is_worker = hasattr(terminalreporter.config, "workerinput")
    if path is None or is_worker or not Path(path).exists():
        return
    terminalreporter.section("the longest files")
    for line in longest(terminalreporter.stats):
        terminalreporter.write_line(line)
    terminalreporter.section("portail.py test")
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        terminalreporter.write_line(line)
    Path(path).unlink()
