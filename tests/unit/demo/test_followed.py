"""The contracts that the persona of the agency follows: enough that the page lives, each with a reason of its own."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.accounts.models import Account
from portal.domain.figures import participation
from portal.domain.figures.participation import Scope
from portal.domain.participants import personas
from portal.domain.portfolio import queries, rules
from portal.domain.spaces.models import Space
from portal.domain.syntheses import together
from portal.domain.syntheses.models import Synthesis
from portal.kernel import clock
from portal.vocabulary import Group


def followed(seeded):
    def read(session):
        account = session.scalars(select(Account.id).where(Account.email.startswith("sophie@"))).one()
        return queries.followed(session, queries.follows(session, account), clock.now())

    return seeded(read)


def test_the_agency_follows_seven_contracts_with_their_establishments(seeded):
    found = followed(seeded)
    assert len(found) == 7
    assert all(one.sites for one in found)
    assert all(site.finess_et.startswith("99") and site.department for one in found for site in one.sites)
    assert {bool(one.signed_on) for one in found} == {True, False}
    assert all(one.parties for one in found)


def test_there_is_something_to_look_at_for_different_reasons(seeded):
    looks = rules.five((one.situation for one in followed(seeded)), clock.today())
    assert len(looks) == rules.FIVE
    assert len({reason.why for look in looks for reason in look.reasons}) >= 4


def test_one_space_of_hers_tells_authorities_the_synthesis_only(seeded):
    ids = [one.id for one in followed(seeded)]
    told = seeded(
        lambda s: list(s.scalars(select(Space.authorities_read_words).where(Space.contract_id.in_(ids))))
    )
    assert sorted(set(told)) == [False, True]


def test_a_persona_of_several_contracts_has_one_door_in_the_first(seeded):
    (door,) = [one for one in seeded(personas.personas) if one.slug == "sophie"]
    assert "Rives" in door.contract


def test_a_published_synthesis_is_told_with_true_quotes_and_is_in_the_account(seeded):
    def read(session):
        (row,) = session.scalars(select(Synthesis))
        (told,) = together.written(session, row.contract_id, frozenset())
        quoted = [
            (piece.citation.quote, piece.citation.stone)
            for part in told.parts
            for piece in part.pieces
            if piece.citation is not None
        ]
        figures = participation.told(session, Scope(row.contract_id))
        return [part.heading for part in told.parts], quoted, figures

    headings, quoted, figures = seeded(read)
    assert len(headings) == 2
    assert "chanter avec les autres" in [quote for quote, _stone in quoted]
    assert not any(stone for _quote, stone in quoted)
    assert figures.contributions.total == figures.answers.given == 11
    assert figures.contributors.by_group[Group.RESIDENTS] == 5
    assert figures.contributors.total == 10
