"""A level is proposed, accepted or refused with a reason; a director sees what a family will see, and an advice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.blueprints.involvement import commitments
from portal.domain.answers import service as answers
from portal.domain.involvement import queries as records
from portal.domain.involvement.models import Involvement, InvolvementProposal
from portal.domain.notifications.models import Notice
from portal.domain.proposals import service as proposals
from portal.domain.proposals.service import NewProposal
from portal.domain.spaces import service as space_service
from portal.domain.spaces.models import Space
from portal.kernel import clock
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.vocabulary import Group, Level, NoticeKind, Phase, RequestState, Role
from tests.conftest import World
from tests.factories.notices import follow, skip, told
from tests.factories.pages import Page
from tests.factories.world import a_level, a_person

REASON = "Les résidents demandent à discuter."


@pytest.fixture
def ours(world: World) -> World:
    """A house with an elected family member; what happened before is no news."""

    def elect(session: Session) -> None:
        world.ours.people["elected"] = a_person(
            session, world.ours, "elue Tilleuls", Group.FAMILIES, (Role.CVS_MEMBER,)
        )

    world.do(elect)
    skip(world)
    return world


def propose(world: World, who: str = "elected", group: Group = Group.RESIDENTS, *, level: Level) -> str:
    command = NewProposal(group, level, REASON, world.ours.space_id)
    return world.do(lambda s: proposals.propose(s, world.ours[who].actor, world.ours.contract_id, command).id)


def decide(world: World, proposal: str, *, accepted: bool, reason: str = "") -> None:
    world.do(
        lambda s: proposals.decide(
            s,
            world.ours["director"].actor,
            world.ours.contract_id,
            proposal,
            accepted=accepted,
            reason=reason,
        )
    )


def test_an_accepted_level_is_recorded_with_its_reference_and_told(ours: World) -> None:
    proposal = propose(ours, level=Level.CONCERTATION)
    follow(ours)
    deciders = {name for name, kind in told(ours) if kind == NoticeKind.PROPOSED.name}
    assert deciders == {"director", "second_director"}
    assert "Répondre à un niveau proposé." in ours.client("director").see("/ma-semaine").words
    decide(ours, proposal, accepted=True)
    row = ours.read(lambda s: s.get(InvolvementProposal, proposal))
    assert row is not None
    assert row.state is RequestState.ACCEPTED
    record = ours.read(lambda s: s.get(Involvement, row.involvement_id))
    assert record is not None
    assert (record.level, record.group) == (Level.CONCERTATION, Group.RESIDENTS)
    # Whoever reads who decided, and why, must not take these words for the direction's.
    assert record.reason == f"Proposé par une personne élue au CVS : « {REASON} »"
    follow(ours)
    assert ("elected", NoticeKind.PROPOSAL_DECIDED.name) in told(ours)
    history = ours.client("resident").see(f"/contrats/{ours.ours.contract_id}/engagements").words
    assert REASON in history
    assert "proposé par une personne élue au CVS" in history
    with pytest.raises(StaleError):
        decide(ours, proposal, accepted=False, reason="Nous disons non.")


def test_the_reason_of_who_accepts_comes_first_and_the_other_is_quoted(ours: World) -> None:
    proposal = propose(ours, "authority", level=Level.CONCERTATION)
    decide(ours, proposal, accepted=True, reason="Le groupe est prêt.")
    row = ours.read(lambda s: s.get(InvolvementProposal, proposal))
    assert row is not None
    record = ours.read(lambda s: s.get(Involvement, row.involvement_id))
    assert record is not None
    assert record.reason.startswith("Le groupe est prêt. Proposé par une autorité")
    assert REASON in record.reason
    history = ours.client("resident").see(f"/contrats/{ours.ours.contract_id}/engagements").words
    assert "Le groupe est prêt. Proposé par" in history


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Le budget le permet", "Le budget le permet. Proposé par"),
        ("Le budget le permet !", "Le budget le permet ! Proposé par"),
        ("Ils ont dit « oui. »", "Ils ont dit « oui. » Proposé par"),
        ("Ils ont dit « oui »", "Ils ont dit « oui ». Proposé par"),
    ],
)
def test_the_reason_of_who_accepts_ends_before_the_other_begins(ours: World, typed: str, told: str) -> None:
    proposal = propose(ours, "authority", level=Level.CONCERTATION)
    decide(ours, proposal, accepted=True, reason=typed)
    record = ours.read(
        lambda s: s.get(Involvement, s.get_one(InvolvementProposal, proposal).involvement_id or "")
    )
    assert record is not None
    assert " ".join(record.reason.split()).startswith(told)


def test_a_refusal_needs_its_reason_which_everybody_reads(ours: World) -> None:
    proposal = propose(ours, "authority", level=Level.INFORMATION)
    with pytest.raises(InvalidError):
        decide(ours, proposal, accepted=False)
    decide(ours, proposal, accepted=False, reason="Le groupe vient de commencer.")
    page = ours.client("family").see(f"/contrats/{ours.ours.contract_id}/propositions").words
    assert "Le groupe vient de commencer." in page
    assert "refusée" in page
    follow(ours)
    assert ("authority", NoticeKind.PROPOSAL_DECIDED.name) in told(ours)
    assert not ours.read(lambda s: s.query(Notice).filter_by(kind=NoticeKind.LEVEL).count())


def test_who_proposes_and_what(ours: World) -> None:
    for who in ("family", "director", "moderator"):
        with pytest.raises(RefusedError):
            propose(ours, who, level=Level.CONCERTATION)
    with pytest.raises(InvalidError):
        propose(ours, level=Level.CONSULTATION)  # it has this level already
    with pytest.raises(InvalidError):
        propose(ours, level=Level.COCONSTRUCTION)
    propose(ours, level=Level.CONCERTATION)
    with pytest.raises(StaleError):
        propose(ours, level=Level.CONCERTATION)


def record(world: World, level: str, group: str = "residents", **typed: str) -> None:
    """The direction records a level by itself, on the page of the levels."""
    client, path = world.client("director"), f"/espaces/{world.ours.space_id}/niveaux"
    (form,) = client.see(f"{path}?groupe={group}").tree.xpath("//form[.//input[@name='seen']]")
    hidden = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    sent = {field: hidden[field] for field in ("op_id", "groupe", "seen")} | typed
    assert client.send(path, **sent, level=level).status_code == 303


@pytest.mark.parametrize(
    ("group", "proposed", "recorded"),
    [
        (Group.RESIDENTS, Level.CONCERTATION, "3"),
        (Group.BOARD, Level.CONSULTATION, "2"),
        (Group.BOARD, Level.CONSULTATION, "3"),
        (Group.FAMILIES, Level.INFORMATION, "1"),
    ],
)
def test_a_level_that_the_direction_records_by_itself_accepts_what_was_proposed(
    ours: World, group: Group, proposed: Level, recorded: str
) -> None:
    proposal = propose(ours, group=group, level=proposed)
    record(ours, recorded, group.value, reason="Le groupe est prêt.")
    row = ours.read(lambda s: s.get_one(InvolvementProposal, proposal))
    kept = ours.read(lambda s: s.get_one(Involvement, row.involvement_id or ""))
    assert (row.state, kept.group, int(kept.level or 0)) == (RequestState.ACCEPTED, group, int(recorded))
    page = ours.client("director").see(f"/contrats/{ours.ours.contract_id}/propositions")
    assert "acceptée" in page.words
    assert "Décidé par la direction" in page.words
    assert "Le groupe est prêt." in page.words
    assert "Accepter ce niveau" not in page.words
    assert "acceptée" in ours.client("resident").see(f"/contrats/{ours.ours.contract_id}/engagements").words
    follow(ours)
    assert ("elected", NoticeKind.PROPOSAL_DECIDED.name) in told(ours)


@pytest.mark.parametrize(
    ("group", "proposed", "recorded"),
    [(Group.RESIDENTS, Level.CONCERTATION, "1"), (Group.FAMILIES, Level.INFORMATION, "2")],
)
def test_a_level_that_is_not_what_was_proposed_leaves_it_waiting(
    ours: World, group: Group, proposed: Level, recorded: str
) -> None:
    proposal = propose(ours, group=group, level=proposed)
    record(ours, recorded, group.value, reason="Un pas après l’autre.")
    assert ours.read(lambda s: s.get_one(InvolvementProposal, proposal).state) is RequestState.ASKED


@pytest.mark.parametrize("level", [Level.CONSULTATION, Level.CONCERTATION])
def test_what_was_given_before_its_proposal_was_closed_can_still_be_accepted(
    ours: World, level: Level
) -> None:
    proposal = propose(ours, group=Group.BOARD, level=Level.CONSULTATION)
    ours.do(lambda s: a_level(s, ours.ours, Group.BOARD, level))
    known = ours.read(lambda s: s.query(Involvement).count())
    path = f"/contrats/{ours.ours.contract_id}/propositions"
    director = ours.client("director")
    sent = director.send(f"{path}/decision", op_id="g1", demande=proposal, decision="accepter")
    assert sent.status_code == 303
    row = ours.read(lambda s: s.get_one(InvolvementProposal, proposal))
    assert row.state is RequestState.ACCEPTED
    assert row.involvement_id
    assert ours.read(lambda s: s.query(Involvement).count()) == known, "nothing is recorded twice"
    assert "Ce niveau était déjà accordé." in director.see(path).words


def test_a_plan_made_before_a_proposal_does_not_give_what_is_proposed_now(ours: World) -> None:
    later = (paris(clock.now()).date() + timedelta(days=60)).isoformat()
    record(ours, "2", Group.BOARD.value, effective_on=later)
    proposal = propose(ours, group=Group.BOARD, level=Level.CONSULTATION)
    path = f"/contrats/{ours.ours.contract_id}/propositions"
    director = ours.client("director")
    sent = director.send(f"{path}/decision", op_id="g1", demande=proposal, decision="accepter")
    assert sent.status_code == 303
    row = ours.read(lambda s: s.get_one(InvolvementProposal, proposal))
    given = ours.read(lambda s: s.get_one(Involvement, row.involvement_id))
    assert given.effective_at <= clock.now()
    assert "Ce niveau était déjà accordé." not in director.see(path).words


def test_a_plan_that_has_come_true_gives_what_was_proposed_after_it(ours: World, monkeypatch: Any) -> None:
    soon = paris(clock.now()).date() + timedelta(days=3)
    record(ours, "2", Group.BOARD.value, effective_on=soon.isoformat())
    proposal = propose(ours, group=Group.BOARD, level=Level.CONSULTATION)
    later = clock.now() + timedelta(days=5)
    monkeypatch.setattr(clock.clock, "now", lambda: later)
    decide(ours, proposal, accepted=True)
    row = ours.read(lambda s: s.get_one(InvolvementProposal, proposal))
    assert row.state is RequestState.ACCEPTED
    assert row.involvement_id


def test_forms_propose_and_decide_without_any_script(ours: World) -> None:
    path = f"/contrats/{ours.ours.contract_id}/propositions"
    sent = {"group": "residents", "level": "3", "reason": REASON, "place": ours.ours.space_id}
    assert ours.client("elected").send(path, op_id="p1", **sent).status_code == 303
    assert ours.client("elected").send(path, op_id="p2", **sent).status_code == 409
    assert ours.client("elected").send(path, op_id="p3", place="").status_code == 422
    proposal = ours.read(lambda s: s.query(InvolvementProposal.id).scalar())
    director, decision = ours.client("director"), f"{path}/decision"
    refused = director.send(decision, op_id="d1", demande=proposal, decision="refuser")
    assert refused.status_code == 422
    assert director.send(decision, op_id="d2", demande=proposal, decision="accepter").status_code == 303
    again = director.send(decision, op_id="d3", demande=proposal, decision="accepter")
    assert again.status_code == 409


def test_what_a_family_will_see_is_what_it_sees(ours: World) -> None:
    path = f"/espaces/{ours.ours.space_id}/niveaux"
    typed = {"groupe": "residents", "level": "3", "seen": "1", "reason": "", "effective_on": ""}
    client = ours.client("director")
    shown = client.send(path, op_id="a1", apercu="1", **typed)
    assert shown.status_code == 200
    words = " ".join(shown.get_data(as_text=True).split())
    before = ours.client("resident").see(f"/espaces/{ours.ours.space_id}").words
    sentence = "Vous pouvez donner votre avis, répondre aux autres et proposer d’autres mots."
    owed = "la suite donnée à chaque avis, et une réponse motivée à chaque proposition, avant le"
    assert sentence in words
    assert owed in words
    assert "Proposer d’autres mots ou un nouvel objectif" in words
    assert owed not in before, "nothing is recorded by looking"
    assert client.send(path, op_id="a2", **typed).status_code == 303
    after = ours.client("resident").see(f"/contrats/{ours.ours.contract_id}").words
    assert sentence in after
    assert owed in after


def test_an_advice_suggests_and_can_be_sent_away(ours: World) -> None:
    path = f"/espaces/{ours.ours.space_id}/niveaux"
    page = ours.client("director").see(f"{path}?groupe=board").words
    assert "Un conseil, vous décidez" in page
    assert "sujets sont encore ouverts" in page
    sent = ours.client("director").send(
        f"{path}/conseil", op_id="c1", conseil="beaucoup-d-ouvert", groupe="board"
    )
    assert sent.status_code == 303
    page = ours.client("director").see(f"{path}?groupe=board").words
    assert "sujets sont encore ouverts" not in page
    assert "sujets sont encore ouverts" in ours.client("second_director").see(f"{path}?groupe=board").words


def test_a_level_that_goes_down_is_worth_a_thought_before_and_after_it_is_recorded(ours: World) -> None:
    path = f"/espaces/{ours.ours.space_id}/niveaux"
    typed = {"groupe": "families", "level": "2", "seen": "1", "effective_on": ""}
    typed["reason"] = "Le budget de l’année est déjà décidé."
    client = ours.client("director")
    advice = "sujets sont encore ouverts, et le groupe pourra moins en dire."
    assert advice not in client.see(f"{path}?groupe=families").words
    shown = client.send(path, op_id="b1", apercu="1", **typed)
    assert advice in Page(shown).words
    assert client.send(path, op_id="b2", **typed).status_code == 303, "it suggests, it never decides"
    after = client.see(f"{path}?fait=families").words
    assert advice in after
    assert "Vous pouvez garder le niveau d’aujourd’hui." in after
    assert advice not in client.see(path).words
    client.send(f"{path}/conseil", op_id="b3", conseil="baisse-ouvert", groupe="families")
    assert advice not in client.see(f"{path}?fait=families").words


def test_a_proposal_lapses_with_the_space_it_was_made_for(ours: World) -> None:
    proposal = propose(ours, level=Level.CONCERTATION)
    director, space_id = ours.ours["director"].actor, ours.ours.space_id
    ours.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    ours.do(lambda s: answers.close(s, director, space_id))
    row = ours.read(lambda s: s.get(InvolvementProposal, proposal))
    assert row is not None
    assert (row.state, row.involvement_id) == (RequestState.LAPSED, None)
    assert "Répondre à un niveau proposé." not in ours.client("director").see("/ma-semaine").words
    follow(ours)
    assert ("elected", NoticeKind.PROPOSAL_DECIDED.name) in told(ours)
    for page in ("propositions", "engagements"):
        words = ours.client("elected").see(f"/contrats/{ours.ours.contract_id}/{page}").words
        assert (
            f"Sans suite, le {day_label(clock.now())}. Raison : L’espace d’échange a été clos avant" in words
        )
        assert "sans suite" in words
        # Nobody decided it: it cannot be told in one breath with « avant qu’une décision soit prise ».
        assert "Décidé par la direction" not in words


def test_what_was_left_waiting_in_a_closed_space_may_only_be_refused(ours: World) -> None:
    proposal = propose(ours, level=Level.CONCERTATION)

    def close_before_proposals_lapsed(session: Session) -> None:
        space = session.get(Space, ours.ours.space_id)
        assert space is not None
        space.phase = Phase.CLOSED

    ours.do(close_before_proposals_lapsed)
    director = ours.client("director")
    assert "Répondre à un niveau proposé." not in director.see("/ma-semaine").words
    path = f"/contrats/{ours.ours.contract_id}/propositions"
    assert 'value="accepter"' not in director.see(path).html
    with pytest.raises(RefusedError):
        decide(ours, proposal, accepted=True)
    sent = director.send(
        f"{path}/decision", op_id="z1", demande=proposal, decision="refuser", decision_reason="C’est fini."
    )
    assert sent.status_code == 303
    row = ours.read(lambda s: s.get(InvolvementProposal, proposal))
    assert row is not None
    assert row.state is RequestState.REFUSED


def offer(world: World, command: NewProposal) -> str:
    ours = world.ours
    return world.do(lambda s: proposals.propose(s, ours["elected"].actor, ours.contract_id, command).id)


def test_the_whole_history_is_read_page_by_page(ours: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commitments, "HISTORY", 3)
    house, reasons = ours.ours, [f"La raison est la {number}e de la liste." for number in range(8)]
    for reason in reasons:
        command = NewProposal(Group.FAMILIES, Level.INFORMATION, reason, house.space_id)
        decide(ours, offer(ours, command), accepted=False, reason="Pas pour le moment.")
    address: str | None = f"/contrats/{house.contract_id}/engagements"
    first = address
    told: list[str] = []
    pages = 0
    while address:
        tree = ours.client("resident").see(address).tree
        entries = tree.xpath("//ol[@class='versions']/li")
        assert 0 < len(entries) <= 3
        told += [" ".join(one.text_content().split()) for one in entries]
        older = tree.xpath("//section[@aria-labelledby='historique']//a[contains(@href, 'avant=')]/@href")
        address = older[0].split("#")[0] if older else None
        pages += 1
        assert pages < 20
    assert [one for one in reasons if any(one in line for line in told)] == reasons
    recorded = ours.read(lambda s: len(records.history(s, house.contract_id)))
    assert len(told) == len(set(told)) == recorded + len(reasons)
    assert ours.client("resident").get(f"{first}?avant={'a' * 26}").status_code == 404
