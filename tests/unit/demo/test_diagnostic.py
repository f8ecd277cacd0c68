"""The diagnostic of the demonstration, once seeded: every state is met, each party wrote something."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.demo.seed import contract_data, seed
from portal.domain.contracts.models import Contract
from portal.domain.diagnostic import queries
from portal.domain.diagnostic.axes import PROPOSED
from portal.domain.diagnostic.models import ValidationState
from portal.domain.diagnostic.queries import Wanted


@pytest.fixture(scope="module")
def told(seeded):
    """The axes of the main contract, its parties and the findings that stand."""
    contract = seeded(lambda s: s.scalars(select(Contract.id).where(Contract.title.contains("Rives"))).one())
    parties = seeded(lambda s: queries.parties(s, contract))
    page = seeded(lambda s: queries.page(s, contract, Wanted(), parties, size=100))
    return seeded(lambda s: queries.axes(s, contract)), parties, page.findings


def test_it_has_the_ten_axes_with_their_questions(told):
    axes, _parties, _findings = told
    assert [(one.name, one.question) for one in axes] == [(str(name), str(asked)) for name, asked in PROPOSED]
    assert [one.name for one in axes if not one.kinds], "one axis is still to be written"


def test_every_finding_says_what_it_rests_on_and_some_where_it_holds(told):
    _axes, _parties, findings = told
    assert [one.item.title for one in findings if not one.item.evidence] == []
    assert {bool(one.places) for one in findings} == {True, False}


def test_each_party_wrote_and_every_state_is_met(told):
    _axes, parties, findings = told
    assert {one.by.id for one in findings} == {one.id for one in parties}
    states = {stand.state for one in findings for stand in one.standings}
    assert states == set(ValidationState)
    reasons = [stand.reason for one in findings for stand in one.standings if stand.reason]
    assert len(reasons) > 1


def test_every_file_of_the_demonstration_names_its_axes(seeded):
    names = {one["nom"] for one in contract_data("rives")["axes"]}
    assert names == {str(name) for name, _asked in PROPOSED}
    assert not seed(seeded)
