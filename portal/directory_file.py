"""Loads an extract of the national directory from the command line, whether the portal runs or not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from portal.domain.organisations import directory, kept
from portal.domain.organisations.models import DirectoryEdition, EditionState
from portal.jobs import directory as reader
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.ids import new_id
from portal.kernel.units import Unit

OPERATOR = "L’exploitation du portail"
# Between two looks, when a running portal reads the file itself.
LOOK_S = 0.5
EVERY_PERCENT = 10


def load(unit: Unit, instance: Path, file: IO[bytes]) -> Iterator[str]:
    """Read a file whole; sentences on the way. Errors: PortalError when it is not one, or not put in use."""
    received = directory.look_at(file)
    edition_id, holder = new_id(), new_id()
    kept.keep(instance, edition_id, file)
    try:
        unit(lambda session: directory.receive(session, edition_id, received, OPERATOR, clock.now()))
    except PortalError:
        kept.place(instance, edition_id).unlink()
        raise
    told = 0
    while (
        edition := unit(lambda session: session.get_one(DirectoryEdition, edition_id))
    ).state is EditionState.READING:
        percent = 100 * edition.at_byte // max(1, edition.size)
        if percent >= told + EVERY_PERCENT:
            told = percent
            yield f"{percent} % lus, {edition.kept} établissements."
        if not reader.work(unit, instance, holder):
            time.sleep(LOOK_S)
    for fault in unit(lambda session: list(directory.faults(session, edition_id))):
        yield f"Ligne {fault.line} laissée de côté : {fault.fault.label}"
    if edition.state is EditionState.FAILED:
        raise PortalError(directory.NOT_IN_USE)
    yield f"{edition.kept} établissements sont en service ; {edition.broken} lignes laissées de côté."
