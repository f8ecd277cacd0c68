"""The two texts of the demonstration stand where the file says."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Item
from portal.domain.plain import queries
from portal.domain.plain.rules import Standing
from portal.vocabulary import ItemKind


def test_some_passages_are_linked_one_is_to_write_one_to_review_one_read_again_and_one_text_approved(
    seeded,
) -> None:
    def work(session: Session):
        ids = select(Item.id).where(Item.kind == ItemKind.OBJECTIVE)
        return queries.readings(session, contracts.items(session, ids)).values()

    found = {one.item.title.split()[0]: one for one in seeded(work)}
    meals, rest, street = found["Lutter"], found["Développer"], found["Améliorer"]
    assert [one.standing for one in meals.passages] == [Standing.RIGHT, Standing.RIGHT, Standing.TO_WRITE]
    assert [one.read_by is not None for one in meals.passages] == [False, True, False]
    wanted = [Standing.ALONE, Standing.RIGHT, Standing.TO_REVIEW, Standing.TO_WRITE]
    assert [one.standing for one in rest.passages] == wanted
    assert street.easy
    assert not any(one.easy for one in found.values() if one is not street)
