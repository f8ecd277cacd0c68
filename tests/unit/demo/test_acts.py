"""The formal acts of the demonstration are recorded by who may, each with what its body said."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.acts import one_line
from portal.domain.acts.documents import checked
from portal.domain.acts.models import FormalAct
from portal.domain.figures.balance import Balance, balance
from portal.domain.figures.participation import Scope
from portal.kernel.unit_of_work import SqliteUnit
from portal.vocabulary import ActKind, Group


def test_the_document_of_an_act_is_a_document() -> None:
    made = one_line("Relevé de conclusions (inventé)")
    assert checked("avis.pdf", made).content == made
    start = int(made.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert made[start:].startswith(b"xref\n0 6\n")
    places = [int(line[:10]) for line in made[start:].split(b"\n")[3:8]]
    assert [made[place : place + 7] for place in places] == [b"%d 0 obj" % number for number in range(1, 6)]


def test_the_bodies_of_the_first_contract_have_spoken(seeded: SqliteUnit) -> None:
    rows = seeded(
        lambda s: s.execute(select(FormalAct.kind, FormalAct.by_function, FormalAct.record_id)).all()
    )
    told = {kind: (by, record is not None) for kind, by, record in rows}
    assert told == {
        ActKind.CVS: ("une personne élue au CVS", True),
        ActKind.CSE: ("la direction", False),
        ActKind.COMMITTEE: ("la direction", False),
    }


def test_the_words_of_five_residents_changed_a_text(seeded: SqliteUnit) -> None:
    """Fewer would be folded, and the balance of voices would be silent about them."""

    def read(session: Session) -> Balance:
        contract = session.scalars(select(FormalAct.contract_id).limit(1)).one()
        return balance(session, Scope(contract))

    found = seeded(read)
    changed = {one.group: one.changed for one in found.voices}
    assert changed[Group.RESIDENTS] == 5
    assert found.changed >= 5
