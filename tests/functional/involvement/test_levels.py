"""Levels: raised at once, lowered after seven days with a reason, never twice by accident."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.involvement import queries
from portal.domain.involvement.queries import RecordView
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.vocabulary import Group, Level
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_level


def path(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/niveaux"


def form_of(world: World, group: Group, name: str = "director") -> dict[str, str]:
    page = world.client(name).see(f"{path(world)}?groupe={group.value}")
    return {field: page.form()[field] for field in ("op_id", "groupe", "seen")}


def records(world: World, group: Group) -> list[RecordView]:
    ours = world.ours
    return world.read(lambda s: queries.of_group(s, ours.contract_id, ours.space_id, group))


def test_the_page_says_what_lowering_does_and_each_level(world: World) -> None:
    page = world.client("director").see(path(world))
    assert (
        "Baisser un niveau prend effet au plus tôt dans 7 jours, et la raison sera lue par le groupe."
        in page.words
    )
    assert "Discuter et proposer : répondre, proposer d’autres mots" in page.words


def test_raising_counts_at_once_and_is_confirmed(world: World) -> None:
    client = world.client("director")
    sent = client.send(path(world), **form_of(world, Group.RESIDENTS), level="3")
    assert sent.status_code == 303
    assert "Le niveau est enregistré" in client.see(sent.location).words
    assert "dès maintenant" in client.see(sent.location).words
    seen = world.client("resident").see(f"/espaces/{world.ours.space_id}")
    assert "Vous pouvez discuter et proposer" in seen.words


def test_lowering_without_a_day_is_dated_seven_days_later(world: World) -> None:
    before = clock.now()
    client = world.client("director")
    sent = client.send(
        path(world), **form_of(world, Group.FAMILIES), level="1", reason="Le temps manque.", effective_on=""
    )
    assert sent.status_code == 303
    (latest, *_older) = records(world, Group.FAMILIES)
    assert latest.level is Level.INFORMATION
    assert latest.effective_at >= before + timedelta(days=7)
    told = client.see(sent.location).words
    assert day_label(latest.effective_at) in told
    assert "Le temps manque." in told
    family = world.client("family").see(f"/espaces/{world.ours.space_id}")
    assert "Vous pouvez discuter et proposer" in family.words


@pytest.mark.parametrize("pressed", [{}, {"apercu": "1"}])
@pytest.mark.parametrize(
    ("group", "level", "days"),
    [
        (Group.FAMILIES, "1", 6),
        (Group.FAMILIES, "1", 0),
        (Group.FAMILIES, "0", -30),
        (Group.RESIDENTS, "3", -1),
    ],
)
def test_a_day_that_cannot_be_kept_is_refused_beside_its_field_and_never_moved(
    world: World, group: Group, level: str, days: int, pressed: dict[str, str]
) -> None:
    typed = (clock.today() + timedelta(days=days)).isoformat()
    answer = world.client("director").send(
        path(world), **form_of(world, group), level=level, reason="Le temps manque.", effective_on=typed, **pressed
    )  # fmt: skip
    assert answer.status_code == 422
    page = Page(answer)
    week = day_label(clock.now() + timedelta(days=7))
    told = {
        Group.FAMILIES: f"Baisser un niveau laisse au moins 7 jours : choisissez le {week} ou après.",
        Group.RESIDENTS: "Écrivez la date d’aujourd’hui, ou une date à venir.",
    }[group]
    (error,) = page.tree.xpath("//*[@id='effective_on-erreur']")
    assert told in " ".join(error.text_content().split())
    assert page.form()["effective_on"] == typed
    assert len(records(world, group)) == 1


@pytest.mark.parametrize(
    ("group", "level", "days"),
    [(Group.FAMILIES, "1", 7), (Group.FAMILIES, "1", 9), (Group.RESIDENTS, "3", 2)],
)
def test_a_day_that_can_be_kept_is_the_day(world: World, group: Group, level: str, days: int) -> None:
    day = clock.today() + timedelta(days=days)
    sent = world.client("director").send(
        path(world), **form_of(world, group), level=level, reason="Le temps manque.", effective_on=day.isoformat()
    )  # fmt: skip
    assert sent.status_code == 303
    (latest, *_older) = records(world, group)
    assert clock.paris(latest.effective_at).date() == day


def test_today_raises_at_once(world: World) -> None:
    typed = clock.today().isoformat()
    sent = world.client("director").send(
        path(world), **form_of(world, Group.RESIDENTS), level="3", effective_on=typed
    )
    assert sent.status_code == 303
    assert records(world, Group.RESIDENTS)[0].effective_at <= clock.now()


def test_lowering_without_a_reason_is_refused_and_the_date_kept(world: World) -> None:
    form = form_of(world, Group.FAMILIES)
    answer = world.client("director").send(path(world), **form, level="2", effective_on="2031-01-15")
    page = Page(answer)
    assert answer.status_code == 422
    assert "Pour baisser un niveau, écrivez la raison." in page.words
    assert page.form()["effective_on"] == "2031-01-15"
    assert len(records(world, Group.FAMILIES)) == 1


def hints(page: Page) -> dict[str, str]:
    """What the form says of each choice, by its label."""
    labels = page.tree.xpath("//label[@class='choice__label']")
    return {str(one.text).strip(): str(one.findtext("span")) for one in labels}


def test_each_choice_says_what_it_opens_or_ends_and_from_when(world: World) -> None:
    page = world.client("director").see(f"{path(world)}?groupe=residents")
    week = day_label(clock.now() + timedelta(days=7))
    assert hints(page) == {
        "S’informer": f"Le groupe ne pourra plus : commenter, réagir. À partir du {week} au plus tôt, avec une raison.",
        "Donner son avis": (
            "C’est le niveau d’aujourd’hui. Le groupe peut : lire, poser une question, commenter, réagir."
        ),
        "Discuter et proposer": (
            "Le groupe pourra aussi : répondre, proposer d’autres mots. "
            "Dès que vous enregistrez, ou à la date que vous choisissez."
        ),
        "Ne participe pas": (
            "Le groupe ne pourra plus lire cet espace ni y participer. "
            f"À partir du {week} au plus tôt, avec une raison. Ses contributions déjà publiées restent."
        ),
    }
    assert "La raison (facultatif)" not in page.words
    assert "Obligatoire pour baisser un niveau, facultative pour monter." in page.words


def test_a_planned_change_is_said_to_be_replaced_before_another_is_recorded(world: World) -> None:
    world.do(lambda s: a_level(s, world.ours, Group.FAMILIES, Level.CONSULTATION))
    page = world.client("director").see(f"{path(world)}?groupe=families")
    assert "Ce que vous enregistrez ici prend sa place." in page.words
    told = hints(page)
    assert set(told) == {"S’informer", "Donner son avis", "Discuter et proposer", "Ne participe pas"}
    assert all(words.endswith("Le changement prévu n’aura pas lieu.") for words in told.values())


def test_the_fourth_level_is_not_offered_nor_accepted(world: World) -> None:
    page = world.client("director").see(f"{path(world)}?groupe=families")
    assert page.tree.xpath("//input[@name='level']/@value") == ["1", "2", "3", "0"]
    answer = world.client("director").send(path(world), **form_of(world, Group.FAMILIES), level="4")
    assert answer.status_code == 422
    assert len(records(world, Group.FAMILIES)) == 1


def test_two_directors_change_the_same_level_and_the_second_sees_the_first(world: World) -> None:
    first, second = form_of(world, Group.FAMILIES), form_of(world, Group.FAMILIES, "second_director")
    sent = world.client("director").send(path(world), **first, level="2", reason="Le temps manque.")
    assert sent.status_code == 303
    late = world.client("second_director").send(path(world), **second, level="1", reason="Ma raison.")
    page = Page(late)
    assert late.status_code == 409
    assert "Un changement est déjà prévu" in page.words
    assert page.form()["reason"].strip() == "Ma raison."
    assert [record.level for record in records(world, Group.FAMILIES)] == [
        Level.CONSULTATION,
        Level.CONCERTATION,
    ]


def test_a_resident_and_a_deputy_are_refused_and_a_foreign_director_finds_nothing(world: World) -> None:
    form = form_of(world, Group.RESIDENTS)
    for name in ("resident", "deputy"):
        client = world.client(name)
        assert "revient" in Page(client.get(path(world))).words
        assert client.send(path(world), **form, level="3").status_code == 403
    stranger = world.client("director", world.other)
    assert stranger.get(path(world)).status_code == 404
    assert stranger.send(path(world), **form, level="3").status_code == 404
    assert len(records(world, Group.RESIDENTS)) == 1
    assert world.client("director").send(path(world), **form, level="3").status_code == 303


def test_the_page_of_levels_lists_what_the_lower_ones_open_and_promise_too(world: World) -> None:
    """Families are at the third level here: they keep what the first two promise."""
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/engagements")
    (row,) = page.tree.xpath(
        f"//section[@aria-labelledby='niveaux-{world.ours.space_id}']//tr[th[contains(., 'Familles')]]"
    )
    opened, owed = (["".join(one.itertext()) for one in cell.xpath(".//li")] for cell in row.xpath("td")[1:3])
    assert opened == ["lire, poser une question", "commenter, réagir", "répondre, proposer d’autres mots"]
    assert owed == [
        "une réponse à chaque question",
        "la suite donnée à chaque avis",
        "une synthèse de ce qui a été dit",
        "les résultats de chaque questionnaire court",
        "une réponse motivée à chaque proposition",
    ]
