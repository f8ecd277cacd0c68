"""The demonstration, once seeded: everybody speaks, every fate is met, nothing is in the future."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.demo.loader import load_contract
from portal.demo.seed import MARK, contract_data, seed
from portal.domain.accounts.models import Account
from portal.domain.answers.models import Answer
from portal.domain.beginnings import queries as beginnings
from portal.domain.beginnings import rules
from portal.domain.contracts import sites
from portal.domain.contracts.models import Contract, ContractAuthority, DatabaseMark, Item, Scope
from portal.domain.contributions.models import Contribution, ContributionVersion, Reaction
from portal.domain.involvement.models import Involvement
from portal.domain.journal.models import JournalHead, JournalLine
from portal.domain.moderation import settings
from portal.domain.moderation.models import ModerationDecision
from portal.domain.organisations.models import Establishment
from portal.domain.participants.models import Participant, ParticipantRole, Seat
from portal.domain.predecessors import queries as predecessors
from portal.domain.predecessors.models import Outcome, PredecessorKind
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.models import Space
from portal.domain.texts import queries as texts
from portal.domain.texts.models import TextVersion
from portal.domain.trame_parts import queries as trame_parts
from portal.domain.trame_parts.rules import Standing
from portal.kernel import clock, reasons
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    Display,
    Fate,
    Group,
    Level,
    ModerationMode,
    ModerationRule,
    Phase,
    ReactionValue,
    Register,
    Role,
    ShownScope,
    SpaceObject,
)

FEW = 5
CLAIM = re.compile(
    "(?:ajouté les mots|écrit noir sur blanc\N{NO-BREAK SPACE}:) «\N{NO-BREAK SPACE}(?P<words>[^»]+)\N{NO-BREAK SPACE}»"
)


def read(unit, query):
    return unit(lambda session: [tuple(row) for row in session.execute(query)])


def column(unit, query):
    return unit(lambda session: list(session.scalars(query)))


@pytest.fixture(scope="module")
def contracts(seeded):
    """Ids of the main contract and of the other organisation's."""
    found = dict(read(seeded, select(Contract.title, Contract.id)))
    return [next(found[title] for title in found if name in title) for name in ("Rives", "Mélèze")]


def test_a_second_seeding_writes_nothing(unit):
    assert seed(unit)
    before = column(unit, select(func.count()).select_from(Contribution))
    assert not seed(unit)
    assert column(unit, select(func.count()).select_from(Contribution)) == before
    assert column(unit, select(DatabaseMark.name)) == [MARK]


def test_a_database_in_use_is_left_alone(unit):
    unit(lambda s: load_contract(s, contract_data("melezes"), demonstration=False, at=clock.now()))
    assert not seed(unit)
    assert column(unit, select(DatabaseMark.name)) == []


def test_the_main_contract_gathers_sixty_people_and_folds_one_place_only(seeded, contracts):
    people = Counter(
        read(
            seeded,
            select(Participant.group, Establishment.name)
            .outerjoin(Establishment, Establishment.id == Participant.establishment_id)
            .where(Participant.contract_id == contracts[0]),
        )
    )
    assert people.total() >= 60
    for place in ("Les Tilleuls", "Les Grands Saules"):
        assert people[Group.RESIDENTS, place] >= FEW
        assert people[Group.FAMILIES, place] >= FEW
    small = [
        (group, place)
        for (group, place), count in people.items()
        if place and not group.institutional and count < FEW
    ]
    assert small == [(Group.PROFESSIONALS, "Le Clos des Cerisiers")]


def test_every_group_has_its_persona_and_there_are_two_directors(seeded, contracts):
    rows = read(
        seeded,
        select(Participant.group, ParticipantRole.role)
        .join(Seat, Seat.participant_id == Participant.id)
        .join(Account, Account.id == Seat.account_id)
        .outerjoin(ParticipantRole, ParticipantRole.participant_id == Participant.id)
        .where(Participant.contract_id == contracts[0], Account.persona.is_not(None)),
    )
    assert {group for group, _ in rows} == set(Group)
    assert [role for _, role in rows].count(Role.DIRECTOR) == 2
    assert column(seeded, select(Account.id).where(Account.password_hash.is_not(None))) == []


def test_the_two_contracts_share_no_account_and_no_place(seeded, contracts):
    mine = Participant.contract_id.in_(contracts)
    seats = select(Seat.account_id).join(Participant, Participant.id == Seat.participant_id).where(mine)
    assert max(Counter(column(seeded, seats)).values()) == 1
    rows = read(seeded, select(Participant.contract_id, Participant.establishment_id).where(mine).distinct())
    places = [place for _, place in rows if place]
    assert len(places) == len(set(places))
    sizes = Counter(column(seeded, select(Participant.contract_id)))
    assert sizes[contracts[1]] >= 8


def test_the_perimeter_of_the_main_contract_says_what_changes_and_who_answers_for_what(seeded, contracts):
    found = seeded(lambda s: sites.perimeter(s, contracts[0]))
    assert (found.before, found.after, found.scope) == (331, 333, Scope.DEPARTMENT)
    assert {one.department for one in found.sites} == {"98"}
    assert sum(bool(one.change) for one in found.sites) == 3
    assert all(one.competences for one in found.parties)


def test_everybody_speaks_in_every_kind_and_way(seeded, contracts):
    said = seeded(
        lambda s: [
            (row.group, row.kind, row.status, row.display)
            for row in s.scalars(select(Contribution).where(Contribution.contract_id == contracts[0]))
        ]
    )
    assert len(said) >= 80
    for values, words in zip(
        zip(*said, strict=True), (Group, ContributionKind, ContributionStatus, Display), strict=True
    ):
        assert set(values) == set(words)


def test_threads_anchors_and_corrections_are_there(seeded):
    assert len(column(seeded, select(Contribution.id).where(Contribution.anchor_paragraph.is_not(None)))) >= 8
    roots = column(seeded, select(Contribution.root_id).where(Contribution.root_id.is_not(None)))
    assert max(Counter(roots).values()) >= 2
    waiting = read(
        seeded,
        select(Contribution.version, Contribution.shown_version).where(
            Contribution.pending, Contribution.status == ContributionStatus.PUBLISHED
        ),
    )
    assert waiting == [(2, 1)]
    corrected = column(seeded, select(Contribution.shown_version).where(Contribution.shown_version > 1))
    assert len(corrected) >= 2


def test_every_fate_and_several_rules_are_met(seeded):
    assert set(column(seeded, select(Answer.fate).where(Answer.fate.is_not(None)))) == set(Fate)
    rules = set(column(seeded, select(ModerationDecision.rule).where(ModerationDecision.rule.is_not(None))))
    assert rules >= {ModerationRule.NAMES_SOMEONE, ModerationRule.HEALTH, ModerationRule.OFF_TOPIC}


def test_the_other_contract_lives_too(seeded, contracts):
    said = Counter(column(seeded, select(Contribution.contract_id)))
    assert said[contracts[1]] >= 6


def test_spaces_are_open_moderate_both_ways_and_give_groups_different_levels(seeded, contracts):
    found = read(
        seeded,
        select(Space.id, Space.phase, Space.moderation).where(
            Space.contract_id == contracts[0], Space.object != SpaceObject.TRAME
        ),
    )
    assert [phase for _, phase, _ in found] == [Phase.OPEN, Phase.OPEN]
    assert {mode for _, _, mode in found} == set(ModerationMode)
    levels = [
        dict(seeded(lambda s, id_=id_: spaces.view(s, id_, clock.now())).target.levels) for id_, _, _ in found
    ]
    assert all(set(one) == set(Group) and len(set(one.values())) == 3 for one in levels)
    assert levels[0] != levels[1]


def test_several_contributions_show_the_three_reactions_and_others_fold(seeded):
    cells = Counter(read(seeded, select(Reaction.contribution_id, Reaction.value)))
    about = {id_ for id_, _ in cells}
    shown = [id_ for id_ in about if all(cells[id_, value] >= FEW for value in ReactionValue)]
    assert len(shown) >= 4
    assert any(count < FEW for count in cells.values())


def test_labels_fold_where_few_people_share_them(seeded):
    assert set(column(seeded, select(Contribution.shown_scope))) == set(ShownScope)


def test_nothing_happens_in_the_future_nor_before_the_opening(seeded):
    now = clock.now()
    opened = dict(read(seeded, select(Space.id, Space.opens_at)))
    sent = read(seeded, select(Contribution.space_id, Contribution.created_at))
    assert all(opened[space_id] < at < now for space_id, at in sent)
    for table in (ContributionVersion, Answer, ModerationDecision):
        assert all(at < now for at in column(seeded, select(table.at)))
    days = {at.date() for _, at in sent}
    assert len(days) >= 20
    assert max(days) >= (now - timedelta(days=1)).date()


def test_an_anchor_quotes_the_paragraph_it_points_at(seeded):
    def anchors(session):
        written = texts.current(session, list(session.scalars(select(Item.id))))
        rows = session.scalars(select(Contribution).where(Contribution.anchor_paragraph.is_not(None)))
        return [
            (
                written[row.item_id, row.anchor_register].paragraph(row.anchor_paragraph).plain,
                row.anchor_quote,
            )
            for row in rows
        ]

    assert all(paragraph == quote for paragraph, quote in seeded(anchors))


def test_each_journal_counts_its_lines(seeded, contracts):
    heads = dict(read(seeded, select(JournalHead.contract_id, JournalHead.seq)))
    assert heads == Counter(column(seeded, select(JournalLine.contract_id)))
    assert set(heads) >= set(contracts)


def test_words_that_an_answer_says_were_added_are_in_the_text_of_its_item(seeded):
    """« Nous avons ajouté les mots « … » »: a second version holds them, with its reason."""

    def claims(session):
        rows = session.execute(
            select(Contribution.item_id, Answer.source, Answer.at).join(
                Answer, Answer.contribution_id == Contribution.id
            )
        )
        return [(item, claim["words"], at) for item, source, at in rows if (claim := CLAIM.search(source))]

    def histories(session, item_id):
        return [version for register in Register for version in texts.history(session, item_id, register)]

    found = seeded(claims)
    assert len(found) == 2
    for item_id, words, answered_at in found:
        holding = [
            version
            for version in seeded(lambda s, item_id=item_id: histories(s, item_id))
            if any(words in part.plain for part in version.paragraphs)
        ]
        assert [version.number for version in holding] == [2], words
        assert holding[0].reason
        assert holding[0].at < answered_at


def test_every_change_of_a_text_has_its_reason_and_its_hand(seeded):
    rows = read(
        seeded,
        select(TextVersion.number, TextVersion.reason, TextVersion.by_function).where(TextVersion.number > 1),
    )
    assert len(rows) == 14
    assert all(reason for _, reason, _by in rows)
    # Ten by the direction; two parts of the trame, each with its two texts, by the authorities that write them together.
    assert Counter(by for _, _reason, by in rows) == {
        "la direction": 10,
        "Agence régionale de santé Val-et-Rivières": 2,
        "Conseil départemental du Val-Doux": 2,
    }


def test_two_authorities_write_parts_of_the_trame_and_the_direction_takes_one(seeded, contracts):
    parts = seeded(lambda s: trame_parts.of_blocks(s, contracts[0]))
    found = [seeded(lambda s, one=one: trame_parts.part(s, contracts[0], one)) for one in parts.values()]
    assert Counter(one.standing for one in found) == {Standing.SAME: 1, Standing.DIFFERENT: 1}
    about = Space.object == SpaceObject.TRAME
    ((space_id, phase),) = read(seeded, select(Space.id, Space.phase).where(about))
    assert phase is Phase.OPEN
    levels = seeded(lambda s: spaces.view(s, space_id, clock.now())).target.levels
    assert {group for group, level in levels.items() if level is Level.CONCERTATION} == {
        Group.MANAGEMENT,
        Group.AUTHORITIES,
    }
    said = column(seeded, select(Contribution.item_id).where(Contribution.space_id == space_id))
    assert set(said) == set(parts.values())


def test_every_level_says_by_whom_and_why(seeded):
    levels = select(Involvement).where(Involvement.level.is_not(None))
    rows = seeded(lambda session: session.scalars(levels).all())
    assert len(rows) > 40
    for row in rows:
        assert row.by_function, row.group
        assert reasons.tells(row.reason), (row.contract_id, row.space_id, row.group)
        assert "\u00a0" in row.reason or not re.search(r" [:;?!»]|« ", row.reason)
    # Each group of a space reads its own.
    space = seeded(lambda session: session.scalars(select(Space.id).limit(1)).one())
    told = [row.reason for row in rows if row.space_id == space]
    assert len(set(told)) == len(told)


def test_the_first_contract_says_who_follows_it_in_each_authority(seeded, contracts):
    authorities = select(ContractAuthority).where(ContractAuthority.contract_id == contracts[0])
    rows = seeded(lambda session: session.scalars(authorities).all())
    assert rows
    for row in rows:
        assert row.referent_function
        assert row.referent_contact


def test_each_contract_says_whom_to_speak_to_and_where_an_alert_goes(seeded, contracts):
    for contract_id in contracts:
        known, version = seeded(lambda session, wanted=contract_id: settings.of(session, wanted))
        assert version == 1
        assert known.personal_contact
        assert known.alert_text
        # A number that is nobody's: 01 99 00 is kept for fiction; 3977 is the only real one.
        for number in re.findall(r"\d[\d ]{3,}\d", f"{known.alert_text} {known.alert_address}"):
            assert number.startswith("01 99 00") or number == "3977"
        assert "01 99 00" in known.alert_address


def test_one_contract_is_on_its_first_day(seeded):
    contract_id = seeded(
        lambda s: s.scalars(select(Contract.id).where(Contract.title.contains("Source-Vive"))).one()
    )
    known = seeded(lambda s: beginnings.known(s, contract_id))
    assert (known.sites, known.authorities) == (True, True)
    assert not any((known.scope, known.trame, known.findings, known.objectives, known.levels))
    assert {one.state for one in rules.steps(known, [])} == {rules.StepState.TO_DO}
    personas = (
        select(Account.persona)
        .join(Seat, Seat.account_id == Account.id)
        .join(Participant, Participant.id == Seat.participant_id)
        .where(Participant.contract_id == contract_id, Account.persona.is_not(None))
    )
    assert len(column(seeded, personas)) == 2


def test_the_main_contract_comes_from_another_one(seeded, contracts):
    told = seeded(lambda s: predecessors.predecessor(s, contracts[0]))
    assert told.kind is PredecessorKind.TRIPARTITE
    counts = seeded(lambda s: predecessors.counts(s, contracts[0]))
    assert set(counts) == set(Outcome) - {Outcome.ASIDE}
    page = seeded(lambda s: predecessors.page(s, contracts[0]))
    linked = [one for one in page.commitments if one.now.outcome in (Outcome.KEPT, Outcome.CHANGED)]
    assert len(linked) == 4
    assert all(one.now.objective for one in linked)
