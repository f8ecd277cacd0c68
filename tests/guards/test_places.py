"""What has one place stays there: commit, emit, sanitiser, clock, counts, SQL, raw HTML."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from ._project import dotted, texts, trees

Finder = Callable[[ast.Module], Iterator[int]]

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow",
    "date.today", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime",
}  # fmt: skip
CLEANERS = {"bleach", "nh3"}
SQL = re.compile(
    r"^\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|PRAGMA|ATTACH)\b", re.IGNORECASE
)
COUNT = re.compile(r"\bcount\s*\(", re.IGNORECASE)
EXECUTORS = {"text", "execute", "exec_driver_sql"}
RAW = re.compile(r"\|\s*safe\b|autoescape\s+false")


def calls(tree: ast.Module, *attributes: str) -> Iterator[int]:
    """Lines where a method of one of these names is called."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in attributes
        ):
            yield node.lineno


def said(node: ast.AST) -> str:
    """The text of a constant; nothing for other nodes."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def imported(node: ast.AST, module: str) -> set[str]:
    """Names that a statement takes from a module."""
    if isinstance(node, ast.ImportFrom) and node.module == module:
        return {name.name for name in node.names}
    return set()


def commits(tree: ast.Module) -> Iterator[int]:
    """Lines that commit, by method or by statement."""
    yield from calls(tree, "commit")
    for node in ast.walk(tree):
        if re.fullmatch(r"\s*(COMMIT|END)(\s+TRANSACTION)?;?\s*", said(node)):
            yield node.lineno


def emits(tree: ast.Module) -> Iterator[int]:
    """Lines that send to sockets."""
    yield from calls(tree, "emit")
    for node in ast.walk(tree):
        bare = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "emit"
        if bare or {"emit", "send"} & imported(node, "flask_socketio"):
            yield node.lineno


def listeners(tree: ast.Module) -> Iterator[int]:
    """Lines that put a handler on the socket server."""
    for node in ast.walk(tree):
        parts = dotted(node).split(".")
        if (
            parts[-1] in ("on", "on_event", "event")
            and parts[-2:-1]
            and parts[-2].strip("_") in ("socketio", "sio")
        ):
            yield node.lineno


def cleaners(tree: ast.Module) -> Iterator[int]:
    """Lines that import a sanitiser."""
    for node in ast.walk(tree):
        modules = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(module.split(".")[0] in CLEANERS for module in modules):
            yield node.lineno


def clocks(tree: ast.Module) -> Iterator[int]:
    """Lines that ask the machine for the time."""
    for node in ast.walk(tree):
        asked = isinstance(node, ast.Attribute) and dotted(node) in CLOCKS
        if asked or any(f"time.{name}" in CLOCKS for name in imported(node, "time")):
            yield node.lineno


def counts(tree: ast.Module) -> Iterator[int]:
    """Lines that count rows."""
    for node in ast.walk(tree):
        counted = SQL.match(said(node)) and COUNT.search(said(node))
        if counted or dotted(node).endswith("func.count"):
            yield node.lineno


def built_sql(tree: ast.Module) -> Iterator[int]:
    """Lines where SQL is put together from pieces."""
    for node in ast.walk(tree):
        head: ast.AST = node
        if isinstance(node, ast.JoinedStr) and node.values:
            head = node.values[0]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
            head = node.left
        if head is not node and SQL.match(said(head)):
            yield node.lineno
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.JoinedStr):
            yield from [node.lineno] * _executes(node.func)


def _executes(function: ast.AST) -> bool:
    return dotted(function).split(".")[-1] in EXECUTORS and dotted(function) != "section.text"


def markup(tree: ast.Module) -> Iterator[int]:
    """Lines that declare a text to be safe HTML."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "Markup":
            yield node.lineno


# What is watched, where it lives, and which other places have a reason.
RULES: dict[str, tuple[Finder, str, dict[str, str]]] = {
    "commit": (
        commits,
        "portal/kernel/unit_of_work.py",
        {
            "portal/migrations/": "the schema changes before anything is served",
            "portal/setup/": "it writes its own state, without the product",
        },
    ),
    "emit": (emits, "portal/realtime/gateway.py", {}),
    "socket handler": (listeners, "portal/realtime/inbound.py", {}),
    "sanitiser": (cleaners, "portal/kernel/text/", {}),
    "clock": (
        clocks,
        "portal/kernel/clock.py",
        {
            "portal/setup/": "it measures the machine, before there is a product",
            "portal/logs.py": "a log tells the time of the machine, also when a test moves the clock",
        },
    ),
    "count": (
        counts,
        "portal/domain/figures/",
        {
            "portal/domain/journal/verify.py": "it counts the lines of a chain, from a file, without the product"
        },
    ),
    "SQL in pieces": (
        built_sql,
        "",
        {
            "portal/migrations/": "names of triggers and tables, written beside",
            "portal/database.py": "two names of tables, written on the same line",
            "portal/kernel/engines.py": "a PRAGMA takes no parameter; the value is a number of ours",
        },
    ),
    "safe HTML": (
        markup,
        "",
        {"portal/blueprints/_filters.py": "the two cleaners have passed over these words"},
    ),
}
SAMPLES = {
    "commit": ["session.commit()", "raw.execute('COMMIT')"],
    "emit": ["socketio.emit('frame', {})", "from flask_socketio import emit"],
    "socket handler": ["@socketio.on('enter')\ndef f(): ...", "self._socketio.on_event('x', f)"],
    "sanitiser": ["import bleach", "from nh3 import clean", "from bleach.sanitizer import Cleaner"],
    "clock": ["datetime.now(UTC)", "x = date.today()", "time.time()", "from time import time"],
    "count": ["select(func.count())", "execute('SELECT COUNT(*) FROM answer')", "sa.func.count(1)"],
    "SQL in pieces": [
        "execute(f'SELECT {x}')",
        "text(f'{x}')",
        "q = 'DELETE FROM ' + table",
        "'SELECT %s' % x",
    ],
    "safe HTML": ["Markup(x)", "markupsafe.Markup(f'<p>{x}</p>')"],
}


def places(rule: str) -> list[str]:
    """Where the rule is broken, as `file:line`."""
    finder, home, others = RULES[rule]
    allowed = tuple(place for place in (home, *others) if place)
    return [
        f"{name}:{line}"
        for name, tree in trees()
        if not name.startswith(allowed or ("\0",))
        for line in finder(tree)
    ]


@pytest.mark.parametrize("rule", RULES)
def test_it_stays_in_its_place(rule: str) -> None:
    home = RULES[rule][1] or "nowhere"
    assert places(rule) == [], f"{rule} belongs in {home}: call what is there, or say in RULES why not"


@pytest.mark.parametrize("rule", RULES)
def test_every_place_and_exception_is_still_needed(rule: str) -> None:
    finder, home, others = RULES[rule]
    used = {name for name, tree in trees() if any(True for _ in finder(tree))}
    for place in ((home,) if home else ()) + tuple(others):
        if place not in ("portal/setup/", "portal/migrations/"):
            assert any(name.startswith(place) for name in used), (
                f"{place} no longer needs to be named for {rule}"
            )


@pytest.mark.parametrize(
    ("rule", "sample"), [(rule, sample) for rule, some in SAMPLES.items() for sample in some]
)
def test_control_a_planted_line_is_seen(rule: str, sample: str) -> None:
    assert list(RULES[rule][0](ast.parse(sample)))


def test_templates_never_switch_escaping_off() -> None:
    assert [name for name, text in texts(".html", under="portal/") if RAW.search(text)] == []
    assert all(RAW.search(sample) for sample in ("{{ x|safe }}", "{{ x | safe }}", "{% autoescape false %}"))
