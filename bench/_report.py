"""What each bench says: one row per figure, printed, and kept as JSON for `tout.py`."""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path

JSON = "BENCH_JSON"


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


def quantile(values: list[float], share: float) -> float:
    """The value under which this share of them is."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def spread(values: list[float]) -> str:
    """Milliseconds: half, ninety-nine in a hundred, the worst."""
    p50, p99 = quantile(values, 0.5) * 1000, quantile(values, 0.99) * 1000
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {max(values) * 1000:.0f} ms (n={len(values)})"
