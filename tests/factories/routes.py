"""Compiled addresses, kept by the process: every test has an application of its own, the routes are the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

_compile = Rule._compile_builder
_kept: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What builds an address: made of the words of the rule alone, and told the rule each time it is called."""
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if key not in _kept:
        _kept[key] = _compile(rule, append_unknown)
    return _kept[key]


def remember_routes() -> None:
    """From now on this process compiles no address that it compiled before."""
    compiled: Any = _compiled_once
    Rule._compile_builder = compiled
