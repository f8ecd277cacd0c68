"""The file that the director of the demonstration takes up: most of it is understood, some of it waits for her."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.imports import compare
from portal.domain.imports.models import FileImport
from portal.domain.imports.pieces import Doubt, PieceKind, kept
from portal.domain.imports.standing import standing


def test_a_file_waits_for_the_director(seeded):
    row = seeded(lambda s: s.scalars(select(FileImport)).one())
    understood = kept(row.body)
    compared = compare.compare(understood, seeded(lambda s: standing(s, row.contract_id)))
    known = [one.kind for one in understood.pieces if one.id in compared.known]
    assert known.count(PieceKind.OBJECTIVE) == 1
    assert compared.counts(understood)[PieceKind.ACTION] == 6
    assert {doubt for one in understood.pieces for doubt, _words in one.doubts} == {Doubt.DATE, Doubt.MONEY}
    assert not compared.problems
    assert not understood.asides
    assert all(one.said["sites"] for one in understood.of(PieceKind.OBJECTIVE))
