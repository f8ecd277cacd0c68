"""The fixtures of the short forms."""

from __future__ import annotations

from tests.functional.duties.test_consistent import ground, store_name  # noqa: F401 — fixtures of ours, too
