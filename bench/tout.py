"""Every bench, one after the other, and one table of what they found.

    python bench/tout.py [--court] [post units live pages weights revocation contracts hostile_files directory]

Prints the table in Markdown, then as JSON; `--json FILE` keeps it. Nothing is written into the project.
The exit code is 1 when one goal is missed or one control finds nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _report import JSON, machine

HERE = Path(__file__).resolve().parent
BENCHES = (
    "post",
    "units",
    "live",
    "pages",
    "weights",
    "revocation",
    "contracts",
    "hostile_files",
    "directory",
)
VERDICTS = {True: "yes", False: "**no**", None: ""}


def run(name: str, *, short: bool) -> tuple[int, list[dict[str, Any]]]:
    """The exit code of one bench, and its rows; what it prints is shown as it comes, on the error stream."""
    with tempfile.NamedTemporaryFile(suffix=".json") as kept:
        done = subprocess.run(
            [sys.executable, str(HERE / f"{name}.py"), *(["--court"] if short else [])],
            env={**os.environ, JSON: kept.name},
            stdout=sys.stderr,
            check=False,
        )
        text = Path(kept.name).read_text(encoding="utf-8")
    rows = json.loads(text) if text else []
    if not rows:
        # Stopped before its end: what it would have said is not proven.
        rows = [
            {
                "theme": name,
                "claim": "the bench itself",
                "figure": f"stopped, code {done.returncode}",
                "held": False,
            }
        ]
    return done.returncode, rows


def table(rows: list[dict[str, Any]]) -> str:
    """The rows in Markdown."""
    lines = ["| what | figure | goal | held | load |", "|---|---|---|---|---|"]
    for row in rows:
        cells = (
            f"{row['theme']}: {row['claim']}",
            row["figure"],
            row.get("goal", ""),
            VERDICTS[row.get("held")],
        )
        lines.append(
            "| " + " | ".join(one.replace("|", "\\|") for one in (*cells, row.get("load", ""))) + " |"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--court", action="store_true", help="the short form of each")
    parser.add_argument("--json", type=Path, help="keep the table here")
    parser.add_argument("benches", nargs="*", default=BENCHES)
    given = parser.parse_args()
    unknown = set(given.benches) - set(BENCHES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    where, began, rows, codes = machine(), time.monotonic(), [], []
    for name in given.benches:
        code, found = run(name, short=given.court)
        codes.append(code)
        rows += found
    print(f"{where}; {time.monotonic() - began:.0f} s in all\n\n{table(rows)}\n")
    told = json.dumps({"machine": where, "short": given.court, "rows": rows}, ensure_ascii=False, indent=1)
    print(told)
    if given.json is not None:
        given.json.write_text(told + "\n", encoding="utf-8")
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main())
