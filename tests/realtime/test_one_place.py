"""What may be done in one file only: emitting, naming the engine, closing sockets."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PORTAL = Path(__file__).resolve().parents[2] / "portal"
EMITS = {"emit", "send_packet", "_send_packet", "_send_eio_packet"}
ENGINE_MODULES = {"simple_websocket", "engineio", "geventwebsocket", "eventlet", "socketio"}


def calls(source: str, names: set[str]) -> list[int]:
    """Lines that call a method of one of these names."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def imports(source: str, names: set[str]) -> list[int]:
    """Lines that import one of these packages."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [node.lineno for one in node.names if one.name.split(".")[0] in names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [node.lineno] if node.module.split(".")[0] in names else []
    return found


def everywhere_but(*allowed: str) -> list[Path]:
    return [p for p in sorted(PORTAL.rglob("*.py")) if p.relative_to(PORTAL).as_posix() not in allowed]


def test_only_the_gateway_emits():
    found = {p.name: calls(p.read_text(), EMITS) for p in everywhere_but("realtime/gateway.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_only_the_transport_names_the_engine():
    found = {p.name: imports(p.read_text(), ENGINE_MODULES) for p in everywhere_but("realtime/transport.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source", ["socketio.emit('x')", "self.server.emit('x', to=room)", "manager._send_packet(1)"]
)
def test_the_guard_sees_an_emit(source):
    assert calls(source, EMITS) == [1]


@pytest.mark.parametrize(
    "source", ["import engineio", "from simple_websocket import ws", "from socketio.base_manager import B"]
)
def test_the_guard_sees_the_engine(source):
    assert imports(source, ENGINE_MODULES) == [1]
