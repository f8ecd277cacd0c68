"""The results of a short survey are promised for a day: until they are shown, they are a duty like the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from lxml import html
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.duties import queries as duties
from portal.domain.duties import service as decisions
from portal.domain.duties.models import DutyExtension
from portal.domain.duties.queries import Duty
from portal.domain.duties.rules import OVERDUE
from portal.domain.involvement import service as involvement
from portal.domain.involvement.service import NewLevel
from portal.domain.spaces import queries as spaces
from portal.domain.spaces import service as space_service
from portal.domain.spaces.models import Space
from portal.domain.surveys import service as surveys
from portal.domain.surveys.models import Survey
from portal.kernel import calendar, clock
from portal.kernel.dates import day_label
from portal.kernel.errors import RefusedError
from portal.vocabulary import DutyKind, DutyState, Group, Level, RequestState
from tests.conftest import World
from tests.factories.surveys import DAY, a_survey, an_open_survey, version
from tests.factories.world import a_contribution

Move = Callable[[float], None]
RESULTS = "Les résultats d’un questionnaire court"


@pytest.fixture
def survey(world: World) -> str:
    return world.do(lambda session: an_open_survey(session, world.ours))


def promised(world: World, survey_id: str) -> date:
    return world.read(lambda session: session.get_one(Survey, survey_id).promised_on)


def results(world: World) -> list[Duty]:
    def read(session: Session) -> list[Duty]:
        views = spaces.of_contracts(session, [world.ours.contract_id], clock.now())
        return [one for one in duties.duties(session, views, clock.now()) if one.owed.survey_id]

    return world.read(read)


def over(world: World, survey_id: str) -> None:
    """The direction ends the survey before its date, with a reason."""
    director = world.ours["director"].actor
    world.do(
        lambda s: surveys.close(
            s, director, survey_id, "Tout le monde a répondu.", version=version(s, survey_id)
        )
    )


def publish(world: World, survey_id: str) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: surveys.publish(s, director, survey_id, version=version(s, survey_id)))


def owed(world: World, who: str) -> list[str]:
    tree = world.client(who).see(f"/contrats/{world.ours.contract_id}").tree
    lines = tree.xpath("//section[@aria-labelledby='vous-est-du']//li")
    found = [" ".join(one.text_content().split()) for one in lines]
    return [one for one in found if one.startswith(RESULTS)]


def test_nothing_is_promised_by_a_survey_that_nobody_reads_yet(world: World) -> None:
    world.do(lambda session: a_survey(session, world.ours))
    assert results(world) == []


def test_the_duty_has_the_announced_day_then_its_evidence(
    world: World, survey: str, move_clock: Move
) -> None:
    (duty,) = results(world)
    assert (duty.owed.kind, duty.state, duty.due_on) == (
        DutyKind.SURVEY_RESULTS,
        DutyState.TO_DO,
        promised(world, survey),
    )
    move_clock((35 * DAY).total_seconds())
    assert results(world)[0].state is DutyState.LATE
    publish(world, survey)
    (duty,) = results(world)
    assert (duty.state, duty.late) == (DutyState.KEPT, True)
    assert duty.done_on == clock.paris(clock.now()).date()


def test_each_group_that_was_invited_reads_it_and_no_other(world: World, survey: str) -> None:
    (line,) = owed(world, "family")
    assert "à faire" in line
    assert owed(world, "director") == []
    over(world, survey)
    publish(world, survey)
    (line,) = owed(world, "family")
    assert "tenu" in line
    assert "Les résultats sont publiés." in line


def test_a_level_lowered_later_takes_the_promise_from_nobody(
    world: World, survey: str, move_clock: Move
) -> None:
    house = world.ours
    command = NewLevel(Group.FAMILIES, Level.INFORMATION, "Nous avons assez entendu ce groupe.")
    world.do(
        lambda s: involvement.record(s, house["director"].actor, house.contract_id, house.space_id, command)
    )
    move_clock((9 * DAY).total_seconds())
    assert len(owed(world, "family")) == 1


def act_of(world: World) -> str:
    """What the page of duties proposes to do about the survey."""
    tree = world.client("director").see(f"/contrats/{world.ours.contract_id}/devoirs").tree
    (link,) = tree.xpath("//tbody/tr[contains(., 'Les repas')]/td[last()]/a")
    return " ".join(link.text.split())


def test_who_keeps_it_finds_it_on_the_page_of_duties_and_in_the_week(world: World, survey: str) -> None:
    page = world.client("director").see(f"/contrats/{world.ours.contract_id}/devoirs")
    row = page.tree.xpath("//tbody/tr[contains(., 'Les repas')]")
    assert len(row) == 1
    assert "résultats d’un questionnaire court" in html.tostring(row[0], encoding="unicode").lower()
    assert row[0].xpath(f".//a[contains(@href, '/questionnaires/{survey}')]")
    assert act_of(world) == "Voir le questionnaire", "people still answer it"
    week = "Publier les résultats d’un questionnaire court"
    assert week not in world.client("director").see("/ma-semaine").words
    over(world, survey)
    assert act_of(world) == "Voir le questionnaire et publier"
    page = world.client("director").see("/ma-semaine")
    assert week in page.words
    publish(world, survey)
    assert week not in world.client("director").see("/ma-semaine").words


def told_on_the_page(world: World) -> list[str]:
    tree = world.client("director").see(f"/contrats/{world.ours.contract_id}/devoirs").tree
    shelves = tree.xpath("//section[.//tbody/tr[contains(., 'Les repas')]]/h2")
    return [" ".join(one.text_content().split()) for one in shelves]


def before(day: date) -> str:
    return f"Avant le {day_label(day)}"


def test_a_pause_moves_the_day_of_results(world: World, survey: str, move_clock: Move) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    announced = promised(world, survey)
    move_clock((2 * DAY).total_seconds())
    world.do(lambda s: space_service.pause(s, director, space_id, "La grippe est dans la maison."))
    move_clock((16 * DAY).total_seconds())
    world.do(lambda s: space_service.resume(s, director, space_id))
    (duty,) = results(world)
    assert duty.due_on == calendar.next_working(announced + 14 * DAY)
    (shown,) = told_on_the_page(world)
    assert before(duty.due_on) in shown
    move_clock((duty.due_on - announced + 30 * DAY).total_seconds())
    assert results(world)[0].state is DutyState.TO_DO
    for path in ("questionnaires", f"questionnaires/{survey}"):
        page = world.client("family").see(f"/espaces/{space_id}/{path}")
        assert f"Résultats promis pour le {day_label(duty.due_on)}." in page.words
        assert "en retard" not in page.words


def test_a_pause_before_the_announcement_moves_nothing(world: World, move_clock: Move) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: space_service.pause(s, director, space_id, "La grippe est dans la maison."))
    move_clock((5 * DAY).total_seconds())
    world.do(lambda s: space_service.resume(s, director, space_id))
    survey_id = world.do(lambda s: an_open_survey(s, world.ours))
    assert results(world)[0].due_on == promised(world, survey_id)


def agree(world: World, group: Group, until: date) -> None:
    """More time, agreed in the name of a group."""

    def do(session: Session) -> None:
        row = DutyExtension(
            contract_id=world.ours.contract_id,
            space_id=world.ours.space_id,
            group=group,
            until_on=until,
            reason="Le conseil se réunit en mai.",
            by_participant=world.ours["director"].actor.participant_id,
            by_function="la direction",
            at=clock.now(),
        )
        row.decide(world.ours["family"].actor, RequestState.ACCEPTED, "")
        session.add(row)

    world.do(do)


def test_more_time_moves_the_day_for_who_agreed_then_for_all(
    world: World, survey: str, move_clock: Move
) -> None:
    announced = promised(world, survey)
    later = calendar.next_working(announced + 40 * DAY)
    groups = results(world)[0].owed.groups
    assert groups > {Group.FAMILIES}
    agree(world, Group.FAMILIES, later)
    assert results(world)[0].due_on == announced, "the other groups did not agree"
    assert day_label(later) in owed(world, "family")[0]
    assert day_label(announced) in owed(world, "resident")[0]
    for group in groups - {Group.FAMILIES}:
        agree(world, group, later)
    assert results(world)[0].due_on == later
    (shown,) = told_on_the_page(world)
    assert before(later) in shown
    assert day_label(later) in owed(world, "resident")[0]


def test_who_agreed_to_a_later_day_reads_it_was_missed_once_the_nearest_one_was_warned_of(
    world: World, survey: str, move_clock: Move
) -> None:
    announced = promised(world, survey)
    agree(world, Group.FAMILIES, announced + 10 * DAY)
    move_clock((60 * DAY).total_seconds())
    assert "à faire" in owed(world, "family")[0], "nobody was warned yet"
    world.do(lambda s: decisions.note_warning(s, world.ours.space_id, announced, OVERDUE))
    assert "en retard" in owed(world, "family")[0]


def test_a_space_is_not_closed_while_results_are_promised(world: World, survey: str) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    page = world.client("director").see(f"/espaces/{space_id}/cloture")
    assert "résultats d’un questionnaire court ne sont pas encore publiés" in page.words
    with pytest.raises(RefusedError) as refused:
        world.do(lambda s: answers.close(s, director, space_id))
    assert refused.value.code == "engagements"
    assert "questionnaire court" in str(refused.value.sentence)
    world.do(lambda s: answers.close(s, director, space_id, broken_promise="Nous avons manqué de temps."))
    assert [one.state for one in results(world)] == [DutyState.EXPLAINED]


def test_all_that_is_left_is_named_when_a_space_is_to_be_closed(world: World, survey: str) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: a_contribution(s, world.ours))
    world.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    with pytest.raises(RefusedError) as refused:
        world.do(lambda s: answers.close(s, director, space_id))
    told = str(refused.value)
    assert "Il reste 1 contribution sans réponse." in told
    assert "La synthèse de ce qui a été dit n’est pas encore publiée." in told
    assert "Les résultats d’un questionnaire court ne sont pas encore publiés." in told
    assert refused.value.who.startswith("Tenez ces engagements, ou écrivez pourquoi")
    page = world.client("director").see(f"/espaces/{space_id}/cloture")
    assert page.tree.xpath("string(//h2[@id='clore'])") == "Clore sans avoir tenu tous les engagements"


def test_a_space_closed_before_results_were_followed_says_nothing_of_them(world: World, survey: str) -> None:
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    world.do(lambda s: space_service.close(s, director, s.get_one(Space, space_id), ""))
    assert results(world) == []
    assert owed(world, "family") == []
    world.do(lambda s: setattr(s.get_one(Space, space_id), "broken_promise", "Nous avons manqué de temps."))
    assert [one.state for one in results(world)] == [DutyState.EXPLAINED]


def test_results_that_were_published_stay_told_in_a_closed_space(world: World, survey: str) -> None:
    over(world, survey)
    publish(world, survey)
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: space_service.end(s, director, space_id, "Tout le monde a parlé."))
    world.do(lambda s: answers.close(s, director, space_id))
    assert [one.state for one in results(world)] == [DutyState.KEPT]


def test_an_authority_reads_a_calm_state(world: World, survey: str) -> None:
    expected = "Des réponses sont attendues, dans les délais promis."
    for name, path in (("authority", f"/contrats/{world.ours.contract_id}"), ("authority", "/contrats")):
        assert expected in world.client(name).see(path).words
