"""« Équilibre des voix »: words first, folded, with an invitation for those who may send one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.blueprints.figures.silences import Nudge
from portal.domain.answers import changes
from portal.domain.answers import service as answers
from portal.domain.answers.models import AnswerChange
from portal.domain.answers.service import NewAnswer
from portal.domain.spaces.models import Space
from portal.domain.spaces.subjects import Subject
from portal.domain.texts import service as text_service
from portal.domain.texts.service import NewWords
from portal.kernel import clock
from portal.vocabulary import Fate, Group, ItemKind, Level, Register, Role, SpaceObject
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import LEVELS, a_contribution, a_level, a_person, a_space
from tests.functional.pages.test_queries import questions


@pytest.fixture
def ours(world: World) -> World:
    """A house whose space has been open for a week: six residents spoke of its first subject, two families."""

    def live(session: Session) -> None:
        week_ago = clock.now() - timedelta(days=7)
        session.execute(update(Space).where(Space.id == world.ours.space_id).values(opens_at=week_ago))
        for name in ("resident", "resident_0", "resident_1", "resident_2", "resident_3", "resident_4"):
            a_contribution(session, world.ours, name, f"Le dîner, selon {len(name)}.")
        for name in ("family", "family_0"):
            a_contribution(session, world.ours, name)
        world.ours.people["facilitator"] = a_person(
            session, world.ours, "animatrice Tilleuls", Group.PROFESSIONALS, (Role.FACILITATOR,)
        )

    world.do(live)
    return world


def page(world: World, who: str, query: str = "") -> str:
    return world.client(who).see(f"/contrats/{world.ours.contract_id}/equilibre{query}").words


def test_it_says_who_spoke_in_words_then_in_a_table(ours: World) -> None:
    read = page(ours, "family")
    assert "8 contributions sont publiées." in read
    assert "La direction a répondu à aucune" not in read
    assert "En image" in read
    assert "En chiffres" in read
    # Two pictures, each with its scale.
    assert "Les personnes La barre la plus longue est celle du plus grand groupe." in read
    assert "Les contributions Toute la largeur, ce sont toutes les contributions publiées." in read
    # Two families: neither they nor what would let them be found.
    assert "moins de 5, ou non montré" in read
    for space in (f"?espace={ours.ours.space_id}", ""):
        assert (
            ours.client("authority").get(f"/contrats/{ours.ours.contract_id}/equilibre{space}").status_code
            == 200
        )


def test_where_nothing_is_answered_yet_it_says_so(ours: World) -> None:
    words = ours.client("director").see(f"/contrats/{ours.ours.contract_id}/equilibre").words
    assert "La direction n’a encore répondu à aucune contribution." in words
    assert "a déjà répondu" not in words


def test_no_share_is_made_of_the_groups_that_are_told_alone(ours: World) -> None:
    def three_more(session: Session) -> None:
        for number in range(5):
            a_person(session, ours.ours, f"soignante {number}", Group.PROFESSIONALS)
        for number in range(3):
            ours.ours.people[f"carer_{number}"] = a_person(
                session, ours.ours, f"cuisinière {number}", Group.PROFESSIONALS
            )
            a_contribution(session, ours.ours, f"carer_{number}")

    ours.do(three_more)
    seen = ours.client("family").see(f"/contrats/{ours.ours.contract_id}/equilibre")
    assert "et au moins 5 contributions sur 11." in seen.words.replace("\u00a0", " ")
    (bar,) = seen.tree.xpath("//figure/ul[2]/li[contains(., 'Résidents')]//path[2]/@d")
    assert bar == "M0 6h182", "five elevenths of the bar: the whole is all that is published"


def test_a_space_of_another_contract_is_not_shown(ours: World) -> None:
    here = f"/contrats/{ours.ours.contract_id}/equilibre?espace="
    for unknown in (ours.other.space_id, "a" * 26, "rien"):
        assert ours.client("director").get(f"{here}{unknown}").status_code == 404


def test_a_space_that_one_does_not_read_explains_what_is_open(ours: World) -> None:
    here = f"/contrats/{ours.ours.contract_id}/equilibre"
    alone = ours.do(lambda s: a_space(s, ours.ours, words_told=False))
    ours.do(lambda s: a_level(s, ours.ours, Group.AUTHORITIES, Level.CONSULTATION, space_id=alone))
    draft = ours.do(lambda s: a_space(s, ours.ours, opened=False))
    for who, space in (("authority", alone), ("family", draft)):
        client = ours.client(who)
        answer, there = client.get(f"{here}?espace={space}"), client.get(f"/espaces/{space}")
        assert answer.status_code == there.status_code == 403
        page = Page(answer)
        why = Page(there).tree.xpath("//*[contains(@class, 'notice')]//p/text()")[0]
        assert why in page.tree.text_content(), "the same reason as on the space itself"
        links = page.tree.xpath("//main//a/@href")
        assert here in links, "the balance of the whole contract is open"
        assert (f"/contrats/{ours.ours.contract_id}/syntheses" in links) is (who == "authority")
    assert ours.client("authority").get(here).status_code == 200


def test_words_that_changed_the_text_are_counted_by_group_of_five(ours: World) -> None:
    def change(session: Session) -> None:
        director = ours.ours["director"].actor
        said = [
            a_contribution(session, ours.ours, f"resident_{number}", "Plus tard, le dîner.")
            for number in range(5)
        ]
        words = NewWords("Premier paragraphe, changé.\n\nSecond paragraphe.", 1, "On l’a demandé.")
        text_service.revise(
            session, director, ours.ours.contract_id, ours.ours.items[0], Register.PLAIN, words
        )
        offered = changes.offered(session, ours.ours.items, clock.now() - timedelta(days=9))
        for one in said:
            answers.give(
                session,
                director,
                one,
                NewAnswer("Oui, dès lundi.", Fate.KEPT, version=1, changes=(offered[0].ref,)),
            )

    ours.do(change)
    read = page(ours, "family")
    assert "Au moins 5 contributions ont changé un texte du contrat." in read


def test_words_of_another_subject_are_not_words_that_one_changed(ours: World) -> None:
    def change(session: Session) -> None:
        director, item = ours.ours["director"].actor, ours.ours.items[1]
        said = [a_contribution(session, ours.ours, f"resident_{number}") for number in range(5)]
        words = NewWords("Premier paragraphe, changé.\n\nSecond paragraphe.", 1, "On l’a demandé.")
        text_service.revise(session, director, ours.ours.contract_id, item, Register.PLAIN, words)
        offered, *_more = changes.offered(session, [item], clock.now() - timedelta(days=9))
        for one in said:
            given = answers.give(session, director, one, NewAnswer("Oui, dès lundi.", Fate.KEPT, version=1))
            # As answers given before the rule may stand.
            session.add(
                AnswerChange(
                    answer_id=given.id, text_id=offered.ref.text_id, to_version=2, from_version=1,
                    paragraph=offered.ref.paragraph, item_id=item, register=Register.PLAIN, linked_at=clock.now(),
                )
            )  # fmt: skip

    ours.do(change)
    assert "Au moins 5 contributions ont changé" not in page(ours, "family")


def test_those_who_prepare_are_told_of_silence_and_nobody_else(ours: World) -> None:
    told = "Seules la direction et l’animation lisent ces lignes."
    for who, sees in (("director", True), ("facilitator", True), ("moderator", False), ("family", False)):
        assert (told in page(ours, who)) is sees, who
    read = page(ours, "director")
    assert "Familles et proches · Que faut-il changer" in read
    assert "Sur chaque sujet pris à part : moins de 5 personnes de ce groupe, ou aucune." in read
    # Residents spoke of the first subject: it is not among those that miss their words.
    resident = read[read.index("Résidents et personnes accompagnées · ") :]
    about = "Constat 2 · Vie quotidienne · Constat 2 de Tilleuls Constat 3 · Vie quotidienne"
    assert f"Peu ou pas d’avis de ce groupe sur : {about} · Constat 3 de Tilleuls" in resident
    families = read[read.index("Familles et proches · Que faut-il changer") :]
    assert "Constat 1 · Vie quotidienne · Constat 1 de Tilleuls" in families
    assert "aucune famille" not in read.lower()


def test_three_nudges_at_most_the_largest_silent_groups_first(ours: World) -> None:
    def crowd(session: Session) -> None:
        for number in range(12):
            a_person(session, ours.ours, f"soignante {number}", Group.PROFESSIONALS)
        for number in range(5):
            a_person(session, ours.ours, f"elue {number}", Group.STAFF_REPS)
        other = a_space(session, ours.ours)
        week_ago = clock.now() - timedelta(days=7)
        session.execute(update(Space).where(Space.id == other).values(opens_at=week_ago))

    ours.do(crowd)
    seen = ours.client("director").see(f"/contrats/{ours.ours.contract_id}/equilibre")
    titles = [
        " ".join(one.text_content().split()) for one in seen.tree.xpath("//*[@aria-labelledby='peu']//h3")
    ]
    assert len(titles) == 3
    assert titles[0].startswith("Professionnels"), "the largest first"
    assert len({one.split(" · ")[0] for one in titles}) == 3, "one each before a second one"
    # True of one space too, and where there is only one: it does not say where.
    rest = "De ces groupes aussi, peu ou pas d’avis\u00a0: "
    assert rest in seen.html
    assert "Ailleurs" not in seen.words
    others = seen.html.split(rest)[1].split("</summary>")[0]
    assert others == "résidents et personnes accompagnées."
    # A group that is told above is not named again.
    for title in titles:
        assert title.split(" · ")[0].lower() not in others.lower()
    english = ours.client("director")
    english.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    read = english.see(f"/contrats/{ours.ours.contract_id}/equilibre").words
    told = read.split("From these groups too, few or no words: ")[1].split(".")[0]
    assert told == "residents and people supported"


def test_when_the_groups_are_the_same_elsewhere_it_says_so(ours: World) -> None:
    def another(session: Session) -> None:
        for _ in range(3):
            other = a_space(session, ours.ours)
            week_ago = clock.now() - timedelta(days=7)
            session.execute(update(Space).where(Space.id == other).values(opens_at=week_ago))

    ours.do(another)
    read = page(ours, "director")
    assert "De ces groupes aussi" not in read
    assert "De ces mêmes groupes, peu ou pas d’avis non plus dans d’autres espaces d’échange" in read


def test_each_silent_objective_is_named_with_its_number_and_its_title(ours: World) -> None:
    def build(session: Session) -> str:
        space = a_space(session, ours.ours, on=SpaceObject.OBJECTIVES)
        week_ago = clock.now() - timedelta(days=7)
        session.execute(update(Space).where(Space.id == space).values(opens_at=week_ago))
        for number in range(5):
            a_person(session, ours.ours, f"elue {number}", Group.STAFF_REPS)
        return space

    space = ours.do(build)
    client, here = ours.client("director"), f"/contrats/{ours.ours.contract_id}/equilibre"
    said = [
        " ".join(one.text_content().split())
        for one in client.see(f"{here}?espace={space}").tree.xpath("//*[@aria-labelledby='peu']//li//li")
    ]
    assert said[:2] == ["Objectif 1 · Objectif 1 de Tilleuls", "Objectif 2 · Objectif 2 de Tilleuls"]
    # Everywhere at once: what does not come first is a step away, with its subjects too.
    others = client.see(here).tree.xpath("//*[@aria-labelledby='peu']//details//li/ul")
    assert others
    assert all("Objectif" in one.text_content() or "Constat" in one.text_content() for one in others)


def test_beyond_a_few_subjects_one_reads_how_many_others_there_are() -> None:
    about = tuple(Subject(ItemKind.OBJECTIVE, number, "Vie", f"Objectif {number}") for number in range(9))
    nudge = Nudge(space=None, group=Group.FAMILIES, subjects=about, whole=True)  # type: ignore[arg-type]
    assert [one.number for one in nudge.first_subjects] == [0, 1, 2]
    assert nudge.more == 6


def test_nought_and_four_are_told_alike(ours: World) -> None:
    def silence(read: str) -> str:
        start = read.index("Peu ou pas d’avis Seules")
        return read[start : read.index("En image", start)]

    before = silence(page(ours, "director"))
    ours.do(lambda s: [a_contribution(s, ours.ours, f"family_{number}", item=1) for number in range(4)])
    assert silence(page(ours, "director")) == before


def test_the_week_proposes_an_invitation_that_can_be_printed(ours: World) -> None:
    week = ours.client("facilitator").see("/ma-semaine")
    (door,) = week.tree.xpath("//a[contains(@href, '/inviter')]/@href")
    about = Group(door.rsplit("=", 1)[1])
    assert f"Inviter un groupe dont on a peu ou pas d’avis : {about.label}." in week.words
    read = ours.client("facilitator").see(door).words
    assert "Votre avis nous manque" in read
    assert "Que faut-il changer dans la vie de tous les jours ?" in read
    assert f"/espaces/{ours.ours.space_id}" in read
    families = ours.client("director").see(f"/espaces/{ours.ours.space_id}/inviter?groupe=families").words
    assert "Pour : familles et proches." in families
    assert "Vous pouvez donner votre avis, répondre aux autres et proposer d’autres mots." in families
    assert ours.client("family").get(door).status_code == 403
    assert ours.client("moderator").get(door).status_code == 403


def test_a_space_that_has_just_opened_is_left_in_peace(world: World) -> None:
    assert "Inviter un groupe" not in world.client("director").see("/ma-semaine").words


def test_nobody_is_invited_without_a_level(ours: World) -> None:
    levels = {group: level for group, level in LEVELS.items() if group.institutional}
    alone = ours.do(lambda s: a_space(s, ours.ours, levels=levels | {Group.BOARD: Level.CONSULTATION}))
    assert "Aucun groupe à inviter" in ours.client("director").see(f"/espaces/{alone}/inviter").words


def test_the_page_asks_as_little_for_many_words_as_for_few(ours: World) -> None:
    client = ours.client("director")
    path = f"/contrats/{ours.ours.contract_id}/equilibre"

    def asked(where: str) -> int:
        client.see(where)
        with questions() as seen:
            client.see(where)
        return len(seen)

    few = asked(path), asked("/ma-semaine")
    ours.do(lambda s: [a_contribution(s, ours.ours, body=f"Remarque {number}.") for number in range(20)])
    ours.do(lambda s: a_space(s, ours.ours))
    many = asked(path), asked("/ma-semaine")
    assert many[0] == few[0] <= 14
    assert many[1] <= few[1] + 1
