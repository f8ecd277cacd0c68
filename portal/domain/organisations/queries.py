"""Reads of organisations and their sites."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """An establishment of the perimeter, with whom to ask for help."""

    id: str
    name: str
    category: str
    finess_et: str
    places: int | None
    phone: str
    hours: str
