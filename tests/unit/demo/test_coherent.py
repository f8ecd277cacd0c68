"""The demonstration says the same thing everywhere: its figures and its days go together."""

from __future__ import annotations

import re
from itertools import pairwise

from sqlalchemy import select

from portal.domain.contracts.models import Indicator, Item
from portal.domain.lifecycle import queries as lifecycle
from portal.domain.texts import queries as texts
from portal.kernel import clock
from portal.vocabulary import Register, Stage

TITLE = "Développer l’hébergement temporaire pour le répit des aidants"


def test_the_figures_of_a_text_are_those_of_its_table(seeded):
    def read(session):
        item = session.scalars(select(Item).where(Item.title == TITLE)).one()
        line = session.scalars(
            select(Indicator).where(Indicator.item_id == item.id, Indicator.position == 0)
        ).one()
        told = texts.current(session, [item.id])[item.id, Register.TECHNICAL]
        return line.initial, line.yearly, line.target, told.source

    initial, yearly, target, words = seeded(read)
    figures = re.search(r"passe de (\d+)\s% à (\d+)\s% fin 2028, puis à (\d+)\s% fin 2031", words).groups()
    table = [re.search(r"\d+", one).group() for one in (initial, target)]
    second = re.findall(r"(\d+)\s%", yearly)[1]
    assert figures == (table[0], second, table[1])


def test_the_stages_follow_one_another_and_a_late_signature_is_explained(seeded):
    def read(session):
        item = session.scalars(select(Item).where(Item.title == TITLE)).one()
        return lifecycle.life(session, item.contract_id, clock.today())

    life = seeded(read)
    planned = [one for one in life.stages.values() if one.planned_from and one.planned_to]
    assert [one.stage for one in planned][-1] is Stage.SIGNATURE
    for before, after in pairwise(planned):
        assert before.planned_to <= after.planned_from
    assert life.signed_late is (planned[-1].planned_to > life.dates.starts_on)
