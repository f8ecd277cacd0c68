"""What each bench says: one row per figure, printed, and kept as JSON for `tout.py`."""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path

JSON = "BENCH_JSON"
# How many seconds a figure may wait for a machine that does little else, and how much must be idle then.
CALM = "BENCH_CALM"
IDLE = 0.6


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what it is about, where it was taken, its goal, and whether it holds (None: no goal)."""

    theme: str
    claim: str
    figure: str
    goal: str = ""
    held: bool | None = None
    load: str = ""


class Report:
    """The rows of one run; `ok` is False as soon as one goal is missed or one control finds nothing."""

    def __init__(self, theme: str) -> None:
        self.theme = theme
        self.rows: list[Row] = []
        print(f"{theme}: {machine()}", flush=True)

    @property
    def ok(self) -> bool:
        return all(row.held is not False for row in self.rows)

    def row(self, claim: str, figure: str, goal: str = "", held: bool | None = None) -> None:
        """Print one figure, and keep it."""
        self.rows.append(Row(self.theme, claim, figure, goal, held, f"{os.getloadavg()[0]:.1f}"))
        verdict = {True: "  ok", False: "  MISSED", None: ""}[held]
        print(f"  {claim}: {figure}{f' (goal {goal})' if goal else ''}{verdict}", flush=True)

    def control(self, fault: str, found: str | bool) -> None:
        """A planted fault: what turned red, or nothing."""
        said = found if isinstance(found, str) else ""
        self.row(
            f"control: {fault}",
            f"found{f': {said}' if said else ''}" if found else "NOT FOUND",
            "",
            bool(found),
        )

    def end(self) -> int:
        """Keep the rows where `tout.py` asked for them; the exit code."""
        if file := os.environ.get(JSON):
            Path(file).write_text(
                json.dumps([asdict(row) for row in self.rows], ensure_ascii=False), encoding="utf-8"
            )
        return 0 if self.ok else 1


def machine() -> str:
    """Where and when a figure is taken."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}"


def idle(seconds: float = 2.0) -> float:
    """The share of the processors that nobody uses, over so many seconds; 1 where it cannot be known."""

    def read() -> tuple[int, int]:
        ticks = [
            int(one) for one in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]
        ]
        return ticks[3] + ticks[4], sum(ticks)

    if not Path("/proc/stat").exists():
        return 1.0
    before = read()
    time.sleep(seconds)
    after = read()
    return (after[0] - before[0]) / max(after[1] - before[1], 1)


def wait_for_calm() -> None:
    """On a shared machine, wait for a calm moment: as long as `BENCH_CALM` says, not at all without it."""
    end = time.monotonic() + float(os.environ.get(CALM) or 0)
    while time.monotonic() < end and idle() < IDLE:
        pass


def quantile(values: list[float], share: float) -> float:
    """The value under which this share of them is."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def spread(values: list[float]) -> str:
    """Milliseconds: half, ninety-nine in a hundred, the worst."""
    p50, p99 = quantile(values, 0.5) * 1000, quantile(values, 0.99) * 1000
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {max(values) * 1000:.0f} ms (n={len(values)})"
