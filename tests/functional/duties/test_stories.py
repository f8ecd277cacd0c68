"""Duties as people live them: a director who closes too early, a level lowered, more time, an absence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.duties import clocks, queries, service
from portal.domain.duties.models import DutyWarning
from portal.domain.duties.service import NewCover, NewExtension, NewOwner
from portal.domain.involvement import service as involvement
from portal.domain.notifications.models import Notice
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service as space_service
from portal.domain.spaces.models import SpacePause
from portal.kernel import clock
from portal.kernel.clock import paris
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.vocabulary import (
    ContributionKind,
    DutyKind,
    DutyState,
    Fate,
    Group,
    Level,
    NoticeKind,
    Phase,
    RequestState,
    Role,
)
from tests.conftest import World
from tests.factories.notices import follow, remind, skip, told
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution, a_level, a_person

DAY = timedelta(days=1)
Move = Callable[[float], None]


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


def answer(world: World, contribution: str, who: str = "director") -> None:
    command = NewAnswer("Merci. Nous le ferons.", Fate.KEPT)
    world.do(lambda s: answers.give(s, world.ours[who].actor, contribution, command))


def states(world: World) -> dict[str, DutyState]:
    """The state of each duty of our space today, by contribution."""

    def read(session: Session) -> dict[str, DutyState]:
        now = clock.now()
        views = spaces.of_contracts(session, [world.ours.contract_id], now)
        found = queries.duties(session, views, now)
        return {one.owed.contribution_id: one.state for one in found if one.owed.contribution_id}

    return world.read(read)


def kinds(world: World) -> dict[str, DutyKind]:
    """What each contribution is owed."""

    def read(session: Session) -> dict[str, DutyKind]:
        now = clock.now()
        views = spaces.of_contracts(session, [world.ours.contract_id], now)
        found = queries.duties(session, views, now)
        return {one.owed.contribution_id: one.owed.kind for one in found if one.owed.contribution_id}

    return world.read(read)


def due(world: World, group: Group | None = None) -> date:
    def read(session: Session) -> date:
        now = clock.now()
        space = spaces.view(session, world.ours.space_id, now)
        assert space is not None
        return clocks.of(session, [space], now).due_on(space, group)

    return world.read(read)


def later(move: Move, days: float) -> None:
    move(days * DAY.total_seconds())


def test_a_director_who_closes_too_early(ours: World, move_clock: Move) -> None:
    kept, unkept = (ours.do(lambda s: a_contribution(s, ours.ours)) for _ in range(2))
    director, space_id = ours.ours["director"].actor, ours.ours.space_id
    answer(ours, kept)
    ours.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    with pytest.raises(RefusedError) as refused:
        ours.do(lambda s: answers.close(s, director, space_id))
    assert refused.value.code == "engagements"
    assert states(ours) == {kept: DutyState.KEPT, unkept: DutyState.TO_DO}
    later(move_clock, 90)
    assert states(ours)[unkept] is DutyState.LATE
    with pytest.raises(RefusedError):
        ours.do(lambda s: answers.close(s, director, space_id))
    ours.do(lambda s: service.explain(s, director, unkept, "Le car est en panne."))
    assert states(ours)[unkept] is DutyState.EXPLAINED
    with pytest.raises(RefusedError, match="synthèse"):
        ours.do(lambda s: answers.close(s, director, space_id))
    ours.do(lambda s: a_synthesis(s, ours.ours))
    ours.do(lambda s: answers.close(s, director, space_id))
    space = ours.read(lambda s: spaces.view(s, space_id, clock.now()))
    assert space is not None
    assert (space.phase, space.broken_promise) == (Phase.CLOSED, "")


def test_what_is_explained_for_the_whole_space_stays_explained(ours: World) -> None:
    unkept = ours.do(lambda s: a_contribution(s, ours.ours))
    director, space_id = ours.ours["director"].actor, ours.ours.space_id
    ours.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    ours.do(lambda s: answers.close(s, director, space_id, broken_promise="Il a manqué du temps."))
    assert states(ours) == {unkept: DutyState.EXPLAINED}


def test_an_explanation_is_read_by_all_told_to_its_author_and_may_still_be_answered(
    ours: World, move_clock: Move
) -> None:
    words = ours.do(lambda s: a_contribution(s, ours.ours))
    skip(ours)
    later(move_clock, 90)
    client = ours.client("director")
    page = client.see(f"/contributions/{words}/explication")
    form = page.form(f"/contributions/{words}/explication") if hasattr(page, "form") else {}
    sent = client.send(
        f"/contributions/{words}/explication", op_id=form.get("op_id", "a" * 26), body="Le car est en panne."
    )
    assert sent.status_code == 303
    read = ours.client("resident").see(f"/espaces/{ours.ours.space_id}/sujets/{ours.ours.items[0]}").words
    assert "Engagement non tenu, expliqué par la direction" in read
    assert "Le car est en panne." in read
    follow(ours)
    assert ("family", NoticeKind.EXPLAINED.name) in told(ours)
    with pytest.raises(StaleError):
        ours.do(lambda s: service.explain(s, ours.ours["director"].actor, words, "Encore une fois."))
    answer(ours, words)
    assert states(ours)[words] is DutyState.KEPT


def test_nobody_explains_without_words_and_nothing_is_owed_to_the_direction(
    ours: World, move_clock: Move
) -> None:
    theirs = ours.do(lambda s: a_contribution(s, ours.ours))
    own = ours.do(lambda s: a_contribution(s, ours.ours, "manager"))
    later(move_clock, 90)
    director = ours.ours["director"].actor
    with pytest.raises(InvalidError):
        ours.do(lambda s: service.explain(s, director, theirs, "  "))
    with pytest.raises(RefusedError):
        ours.do(lambda s: service.explain(s, director, own, "Parce que."))
    with pytest.raises(RefusedError):
        ours.do(lambda s: service.explain(s, ours.ours["family"].actor, theirs, "Parce que."))
    assert set(states(ours)) == {theirs}


def test_a_level_lowered_leaves_the_duty(ours: World, move_clock: Move) -> None:
    proposal = ours.do(lambda s: a_contribution(s, ours.ours, kind=ContributionKind.PROPOSAL))
    ours.do(lambda s: a_level(s, ours.ours, Group.FAMILIES, Level.INFORMATION, "Moins de temps."))
    later(move_clock, 8)
    ours.do(lambda s: involvement.apply_due(s, clock.now()))
    question = ours.do(lambda s: a_contribution(s, ours.ours, kind=ContributionKind.QUESTION))
    with pytest.raises(RefusedError):
        ours.do(lambda s: a_contribution(s, ours.ours))
    assert kinds(ours) == {proposal: DutyKind.MOTIVATED_ANSWER, question: DutyKind.ANSWER}
    assert set(states(ours).values()) == {DutyState.TO_DO}


def ask(
    world: World, until: date, group: Group = Group.FAMILIES, reason: str = "Le conseil se réunit en mai."
) -> str:
    command = NewExtension(group, until, reason)
    return world.do(
        lambda s: service.ask_extension(s, world.ours["director"].actor, world.ours.space_id, command).id
    )


def decide(world: World, who: str, extension: str, *, accepted: bool, reason: str = "") -> RequestState:
    return world.do(
        lambda s: (
            service.decide_extension(
                s, world.ours[who].actor, world.ours.space_id, extension, accepted=accepted, reason=reason
            ).state
        )
    )


def test_a_slip_of_the_year_is_seen_before_the_group_reads_it(ours: World) -> None:
    promised = due(ours, Group.FAMILIES)
    with pytest.raises(InvalidError) as caught:
        ask(ours, promised + 365 * DAY)
    assert "Vérifiez l’année" in str(caught.value.errors["until_on"][0])
    assert ask(ours, promised + 180 * DAY)


def test_more_time_moves_nothing_until_the_group_agrees(ours: World) -> None:
    promised = due(ours, Group.FAMILIES)
    extension = ask(ours, promised + 40 * DAY)
    assert due(ours, Group.FAMILIES) == promised
    follow(ours)
    assert ("elected", NoticeKind.EXTENSION_ASKED.name) in told(ours)
    assert not [
        one for one in told(ours) if one[1] == NoticeKind.EXTENSION_ASKED.name and one[0] != "elected"
    ]
    for who in ("family", "director", "staff_rep", "resident"):
        with pytest.raises(RefusedError):
            decide(ours, who, extension, accepted=True)
    assert decide(ours, "elected", extension, accepted=True) is RequestState.ACCEPTED
    assert due(ours, Group.FAMILIES) >= promised + 40 * DAY
    assert due(ours, Group.RESIDENTS) == due(ours) == promised, "agreed for one group only"
    follow(ours)
    assert ("director", NoticeKind.EXTENSION_DECIDED.name) in told(ours)
    with pytest.raises(StaleError):
        decide(ours, "elected", extension, accepted=False, reason="Nous disons non.")


def test_more_time_refused_needs_a_reason_and_moves_nothing(ours: World) -> None:
    promised = due(ours, Group.PROFESSIONALS)
    extension = ask(ours, promised + 40 * DAY, Group.PROFESSIONALS)
    with pytest.raises(RefusedError):
        decide(ours, "elected", extension, accepted=False, reason="Pas notre groupe.")
    with pytest.raises(InvalidError):
        decide(ours, "staff_rep", extension, accepted=False)
    assert decide(ours, "staff_rep", extension, accepted=False, reason="Trop tard.") is RequestState.REFUSED
    assert due(ours, Group.PROFESSIONALS) == promised
    assert "Trop tard." in ours.client("professional").see(f"/espaces/{ours.ours.space_id}/delais").words


@pytest.mark.parametrize("group", [Group.RESIDENTS, Group.MANAGEMENT])
def test_more_time_is_asked_only_of_who_can_agree(ours: World, group: Group) -> None:
    with pytest.raises(InvalidError):
        ask(ours, due(ours) + 40 * DAY, group)


def test_more_time_is_later_than_what_is_promised_and_asked_once(ours: World) -> None:
    with pytest.raises(InvalidError):
        ask(ours, due(ours))
    with pytest.raises(InvalidError):
        ask(ours, due(ours) + 9 * DAY, reason=" ")
    with pytest.raises(InvalidError):
        ask(ours, due(ours) + 9 * DAY, reason=".")
    ask(ours, due(ours) + 40 * DAY)
    with pytest.raises(StaleError):
        ask(ours, due(ours) + 50 * DAY)


def test_a_pause_gives_its_time_back(ours: World, move_clock: Move) -> None:
    director, space_id = ours.ours["director"].actor, ours.ours.space_id
    promised = due(ours)
    ours.do(lambda s: space_service.pause(s, director, space_id, "La grippe est dans la maison."))
    later(move_clock, 10)
    ours.do(lambda s: space_service.resume(s, director, space_id))
    # Each of the two days was moved to the next working one: four days at most.
    assert abs(due(ours) - promised - 10 * DAY) <= 4 * DAY
    (pause,) = ours.read(lambda s: s.query(SpacePause).all())
    assert pause.until is not None
    assert pause.reason == "La grippe est dans la maison."
    later(move_clock, 20)
    ours.do(lambda s: space_service.pause(s, director, space_id, "Encore la grippe."))
    later(move_clock, 60)
    ours.do(lambda s: space_service.advance_due(s, clock.now()))
    pauses = ours.read(lambda s: s.query(SpacePause).order_by(SpacePause.since).all())
    assert [one.until is not None for one in pauses] == [True, True], "the end of the space ends its pause"
    assert pauses[1].until < clock.now() - 25 * DAY


def test_directors_are_warned_before_anybody_reads_lateness(ours: World, move_clock: Move) -> None:
    ours.do(lambda s: a_contribution(s, ours.ours))
    day = due(ours, Group.FAMILIES)
    left = (day - paris(clock.now()).date()).days
    later(move_clock, left + 1.2)
    ours.do(lambda s: space_service.advance_due(s, clock.now()))
    path = f"/contrats/{ours.ours.contract_id}"
    page = ours.client("director").see(f"{path}/devoirs")
    assert "en retard" in page.words
    badges = [one.text_content() for one in page.tree.xpath("//main//p/span[starts-with(@class, 'badge')]")]
    assert badges == ["En retard\N{NO-BREAK SPACE}: 2"]
    for who in ("family", "authority"):
        assert "en retard" not in ours.client(who).see(path).words
    remind(ours, clock.now())
    warned = {name for name, kind in told(ours) if kind == NoticeKind.DUTY.name}
    assert warned == {"director", "second_director", "deputy"}
    assert "en retard" in ours.client("family").see(path).words
    assert "en retard" in ours.client("family").see(f"/espaces/{ours.ours.space_id}").words
    assert "Des réponses promises sont en retard." in ours.client("authority").see("/contrats").words
    assert "Ce qui vous est dû" not in ours.client("resident").see(path).words


def test_each_warning_is_given_once_a_stage(ours: World) -> None:
    ours.do(lambda s: a_contribution(s, ours.ours))
    now, day = clock.now(), due(ours)
    start = paris(now).date()

    def count() -> int:
        return ours.read(lambda s: s.query(Notice).filter_by(kind=NoticeKind.DUTY).count())

    seen = []
    for left in (15, 14, 13, 8, 7, 3, 2, 1, 0, -1, -2):
        for _twice in range(2):
            remind(ours, now + ((day - start).days - left) * DAY)
        seen.append(count() // 3)
    assert seen == [0, 1, 1, 1, 2, 3, 3, 4, 5, 6, 6]
    stages = ours.read(lambda s: {one.stage for one in s.query(DutyWarning).all()})
    assert stages == {14, 7, 3, 1, 0, -1}


def test_who_covers_is_warned_in_place_of_who_is_away(ours: World) -> None:
    ours.do(lambda s: a_contribution(s, ours.ours))
    director, today = ours.ours["director"].actor, clock.today()
    away = NewCover(ours.ours["director"].id, ours.ours["moderator"].id, today, today + 90 * DAY)
    ours.do(lambda s: service.cover(s, director, ours.ours.contract_id, away))
    follow(ours)
    assert ("moderator", NoticeKind.CHARGED.name) in told(ours)
    remind(ours, clock.now() + 54 * DAY)
    warned = {name for name, kind in told(ours) if kind == NoticeKind.DUTY.name}
    assert warned == {"moderator", "second_director", "deputy"}
    assert "Répondre à" in ours.client("second_director").see("/ma-semaine").words


def test_what_is_entrusted_leaves_the_week_of_the_others(ours: World) -> None:
    ours.do(lambda s: a_contribution(s, ours.ours))
    director, contract_id = ours.ours["director"].actor, ours.ours.contract_id
    assert "Répondre à une contribution" in ours.client("director").see("/ma-semaine").words
    charge = ours.do(lambda s: service.entrust(s, director, contract_id, NewOwner(ours.ours["deputy"].id)).id)
    assert "Tout est fait" in ours.client("director").see("/ma-semaine").words
    assert "Répondre à une contribution" in ours.client("deputy").see("/ma-semaine").words
    ours.do(lambda s: service.take_back(s, director, contract_id, charge))
    assert "Tout est fait" in ours.client("deputy").see("/ma-semaine").words
    with pytest.raises(InvalidError):
        ours.do(lambda s: service.entrust(s, director, contract_id, NewOwner(ours.ours["family"].id)))
    deputy = ours.ours["deputy"].actor
    with pytest.raises(RefusedError):
        ours.do(lambda s: service.entrust(s, deputy, contract_id, NewOwner(ours.ours["deputy"].id)))


def test_a_family_has_no_week_to_conduct(ours: World) -> None:
    assert "Rien à conduire" in ours.client("family").see("/ma-semaine").words


def test_the_page_of_duties_filters_and_turns(ours: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    first, second, third = (ours.do(lambda s: a_contribution(s, ours.ours)) for _ in range(3))
    question = ours.do(lambda s: a_contribution(s, ours.ours, kind=ContributionKind.QUESTION))
    answer(ours, first)
    client, path = ours.client("director"), f"/contrats/{ours.ours.contract_id}/devoirs"

    def shown(query: str = "") -> list[str]:
        tree = client.see(path + query).tree
        return [one.rsplit("/", 1)[1] for one in tree.xpath("//tbody//th/a/@href")]

    synthesis = "synthese"
    assert shown() == [second, third]
    assert shown(f"?apres={third}") == [question, synthesis]
    assert shown("?genre=synthese") == [synthesis]
    assert shown("?genre=reponse") == [question]
    assert shown("?etat=tenu") == [first]
    assert shown("?etat=en-retard") == []
    assert shown(f"?responsable={ours.ours['director'].id}") == [second, third]
    assert shown(f"?responsable={ours.ours['deputy'].id}") == []
    assert shown("?responsable=moi&espace=inconnu&genre=rien") == [second, third]
    assert ours.client("family").get(path).status_code == 403
    assert ours.client("moderator").get(path).status_code == 200
