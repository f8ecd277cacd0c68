"""A file that somebody of the demonstration is taking up, as it was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.domain.imports import service
from portal.domain.imports.source import Format, Row, Source, Table
from portal.domain.imports.standing import standing
from portal.domain.imports.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.demo.words import Play


def take_up(play: Play, contract_id: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Keep each file for the person who gives it; nothing of it is written in the contract."""
    for entry in entries:
        rows = (entry["titres"], *entry["lignes"])
        table = Table(
            entry["feuille"], tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, 1))
        )
        understood = understand(Source(Format.XLSX, [table]), standing(play.session, contract_id).context)
        service.receive(
            play.session,
            play.people[entry["par"]].actor,
            contract_id,
            service.made_id(),
            entry["fichier"],
            Format.XLSX,
            understood,
        )
