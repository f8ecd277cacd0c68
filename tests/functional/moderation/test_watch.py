"""What watches moderation: public counts, lateness told, reports, danger, and words that nobody edits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.facts import FactKind
from portal.domain.figures import moderation as figures
from portal.domain.journal.models import JournalLine, JournalSalt
from portal.domain.journal.rules import seal
from portal.domain.moderation import danger, reports, service
from portal.domain.moderation.models import DangerAlert, DangerChannel, Report, ReportOutcome
from portal.domain.moderation.service import Reason, Seen
from portal.domain.notifications import reminders
from portal.domain.notifications import service as notices
from portal.domain.notifications.models import Notice
from portal.domain.register import queries
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.kernel.errors import RefusedError, StaleError
from portal.vocabulary import ContributionStatus, ModerationMode, ModerationRule, NoticeChoiceKind, NoticeKind
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space

PENDING, PUBLISHED = ContributionStatus.PENDING, ContributionStatus.PUBLISHED
OF_A_REPORT = JournalLine.kind == FactKind.CONTRIBUTION_REPORTED.value
WHY = Reason(ModerationRule.INSULT, "Dites-le sans insulter.")


@pytest.fixture
def before(world: World) -> str:
    """A space where words are read before publication."""
    return world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))


@pytest.fixture
def said(world: World) -> str:
    """Published words."""
    return world.do(lambda s: a_contribution(s, world.ours, body="Des mots publiés ici."))


def told(world: World, name: str) -> list[NoticeKind]:
    while world.do(lambda s: notices.follow(s, clock.now())):
        pass
    query = select(Notice.kind).where(Notice.participant_id == world.ours[name].id)
    return world.read(lambda s: list(s.scalars(query)))


def send_report(world: World, name: str, contribution_id: str, words: str = ""):
    client, here = world.client(name), f"/contributions/{contribution_id}/signaler"
    form = client.see(here).form(here) | {"rule": "injure", "words": words}
    return client.post(here, data=form)


def test_everybody_reads_how_many_were_set_aside_and_for_which_rule(world, before):
    director = world.ours["director"].actor

    def refuse(session, rule):
        one = a_contribution(session, world.ours, space_id=before)
        service.refuse(session, director, one, Seen(1, PENDING), Reason(rule, "Changez ces mots."))

    for rule in (ModerationRule.INSULT, ModerationRule.INSULT, ModerationRule.OFF_TOPIC):
        world.do(lambda s, rule=rule: refuse(s, rule))
    page = world.client("resident").see(f"/espaces/{before}")
    assert "3 contributions refusées ou masquées" in page.words
    assert "2 Propos injurieux ou menaçants" in page.words
    assert "1 Sans lien avec le sujet" in page.words


def test_words_that_wait_too_long_are_told_and_counted_and_never_publish_themselves(
    world, before, move_clock
):
    waiting = world.do(lambda s: a_contribution(s, world.ours, space_id=before))
    assert "attend sa relecture" not in world.client("resident").see(f"/espaces/{before}").words
    move_clock(timedelta(days=12).total_seconds())
    page = world.client("resident").see(f"/espaces/{before}")
    assert "Une contribution attend sa relecture depuis plus de 5 jours ouvrés." in page.words
    for _again in range(2):
        world.do(lambda s: reminders.remind(s, clock.now()))
    for name in ("director", "deputy", "moderator"):
        assert told(world, name).count(NoticeKind.REVIEW_LATE) == 1
    assert NoticeKind.REVIEW_LATE not in told(world, "resident")
    row = world.read(lambda s: s.scalars(select(Contribution).where(Contribution.id == waiting)).one())
    assert (row.status, row.shown_version) == (PENDING, None)


def test_the_queue_begins_with_what_waits_for_longest(world, before):
    from portal.domain.contributions import service as contributions
    from portal.domain.contributions.rules import Words

    first = world.do(lambda s: a_contribution(s, world.ours, "family", "Le premier.", space_id=before))
    world.do(lambda s: a_contribution(s, world.ours, "family_0", "Le second.", space_id=before))
    page = world.client("director").see(f"/espaces/{before}/moderation")
    assert "Le premier." in page.words
    world.do(
        lambda s: contributions.correct(s, world.ours["family"].actor, first, Words("Le premier, corrigé."))
    )
    page = world.client("director").see(f"/espaces/{before}/moderation")
    assert "Le second." in page.words
    assert "Le premier, corrigé." not in page.words


def test_who_reported_already_reads_so_and_when_and_what_was_decided(world, said):
    here = f"/contributions/{said}/signaler"
    # Two pages were open: the second form comes late, and its words are given back.
    client = world.client("resident")
    late = client.see(here).form(here) | {"rule": "injure", "words": "Encore ces mots."}
    assert send_report(world, "resident", said).status_code == 303
    page = client.see(here)
    day = day_label(clock.now())
    assert f"Vous avez déjà signalé cette contribution C’était le {day}." in page.words
    assert not page.tree.xpath(f"//form[@action='{here}']")
    again = client.post(here, data=late)
    assert again.status_code == 409
    assert "Encore ces mots." in Page(again).words
    assert world.client("professional").see(here).tree.xpath(f"//form[@action='{here}']"), (
        "another's is another's"
    )
    world.do(lambda s: reports.keep(s, world.ours["director"].actor, said))
    assert "La modération l’a regardée : la contribution reste publiée." in client.see(here).words


def test_a_report_reaches_the_queue_without_who_made_it(world, said):
    answer = send_report(world, "resident", said, "Regardez ces mots.")
    assert answer.status_code == 303
    assert "Personne ne saura que c’est vous" in world.client("resident").see(answer.location).words
    assert "Signalées" in world.client("director").see(f"/espaces/{world.ours.space_id}/moderation").words
    page = world.client("director").see(f"/contributions/{said}/moderer")
    assert "Par moins de 5 personnes." in page.words
    assert "Regardez ces mots." in page.words
    for hidden in (world.ours["resident"].id, "Résident ou résidente"):
        assert hidden not in page.html
    # The line that says it was reported is sealed: under the seal too, neither group nor person.
    (line,) = world.read(lambda s: list(s.scalars(select(JournalLine).where(OF_A_REPORT))))
    assert (line.group, line.commit) == ("", "")
    assert NoticeKind.REPORTED in told(world, "director")
    register = world.client("director").see(f"/contrats/{world.ours.contract_id}/registre")
    assert "signalée" not in register.words


def test_one_person_reports_once_and_five_are_counted(world, said):
    for number in range(5):
        name = f"resident_{number}" if number < 5 else "resident"
        world.do(
            lambda s, name=name: reports.report(s, world.ours[name].actor, said, ModerationRule.INSULT, "")
        ) if number < 4 else world.do(
            lambda s: reports.report(s, world.ours["resident"].actor, said, ModerationRule.HEALTH, "")
        )
        shown = world.read(lambda s: figures.reported(s, said))
        assert shown == (5 if number == 4 else None)
    with pytest.raises(StaleError):
        world.do(lambda s: reports.report(s, world.ours["resident"].actor, said, ModerationRule.INSULT, ""))
    late = {"op_id": "tard", "rule": "injure", "words": ""}
    assert world.client("resident").send(f"/contributions/{said}/signaler", **late).status_code == 409


def test_more_reports_of_the_same_words_add_neither_line_nor_notice(world, said):
    query = select(func.count()).where(JournalLine.kind == FactKind.CONTRIBUTION_REPORTED.value)
    for name in ("resident", "family_0", "professional"):
        assert send_report(world, name, said).status_code == 303
        # One more for each would count who reported.
        assert world.read(lambda s: s.execute(query).scalar_one()) == 1
        assert told(world, "director").count(NoticeKind.REPORTED) == 1
    send_report(world, "resident", world.do(lambda s: a_contribution(s, world.ours, item=1)))
    assert world.read(lambda s: s.execute(query).scalar_one()) == 2


def test_the_author_reports_nothing_of_their_own(world, said):
    with pytest.raises(RefusedError):
        world.do(lambda s: reports.report(s, world.ours["family"].actor, said, ModerationRule.INSULT, ""))


def test_who_reported_is_told_what_was_decided_and_nobody_else(world, said):
    send_report(world, "resident", said)
    client, here = world.client("director"), f"/contributions/{said}/moderer"
    form = client.see(here).form(f"/contributions/{said}/signalement")
    assert client.post(f"/contributions/{said}/signalement", data=form).status_code == 303
    assert NoticeKind.REPORT_DECIDED in told(world, "resident")
    assert NoticeKind.REPORT_DECIDED not in told(world, "resident_0")
    kept = world.read(lambda s: s.scalars(select(Report)).one())
    assert kept.settled_at is not None
    send_report(world, "family_0", said)
    director = world.ours["director"].actor
    world.do(lambda s: service.hide(s, director, said, Seen(1, PUBLISHED), WHY))
    assert NoticeKind.REPORT_DECIDED in told(world, "family_0")


def test_danger_opens_the_procedure_and_keeps_the_words(world, said):
    reader, here = world.client("resident"), f"/contributions/{said}/danger"
    page = reader.see(here)
    for number in ("15", "17", "112", "3977", "119"):
        assert number in page.words
    given = reader.post(here, data=page.form(here))
    assert given.status_code == 303
    assert "La direction et la modération sont prévenues" in reader.see(given.headers["Location"]).words
    assert NoticeKind.DANGER in told(world, "director")
    assert NoticeKind.DANGER not in told(world, "family")
    moderator = world.client("moderator")
    form = moderator.see(here).form(f"{here}/prevenu") | {"channel": "3977"}
    assert moderator.post(f"{here}/prevenu", data=form).status_code == 303
    shown = moderator.see(here)
    assert "la modération" in shown.words
    version = world.read(lambda s: s.scalars(select(ContributionVersion)).one())
    assert version.source == "Des mots publiés ici."
    alert = world.read(lambda s: s.scalars(select(DangerAlert)).one())
    assert set(world.read(lambda s: danger.steps(s, alert.id))) == {DangerChannel.ABUSE_LINE}


def test_readers_never_see_an_alert(world, said):
    world.do(lambda s: danger.raise_(s, world.ours["moderator"].actor, said))
    contract = world.ours.contract_id
    for page in (
        f"/espaces/{world.ours.space_id}", f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}",
        f"/contrats/{contract}/registre", f"/contributions/{said}/parcours",
    ):  # fmt: skip
        tree = world.client("family_0").see(page).tree
        for always in tree.xpath("//details[@class='about-oneself']"):
            # Whom to call is said on every form, alert or none.
            always.drop_tree()
        assert "danger" not in tree.text_content().lower(), page


def test_a_personal_situation_points_to_somebody(world, before):
    from portal.domain.moderation import settings

    director = world.ours["director"].actor
    wanted = settings.Settings(personal_contact="la cadre de santé, le matin")
    world.do(lambda s: settings.settle(s, director, wanted, version=0))
    one = world.do(lambda s: a_contribution(s, world.ours, space_id=before))
    why = Reason(ModerationRule.PERSONAL, "Une personne vous recevra.")
    world.do(lambda s: service.refuse(s, director, one, Seen(1, PENDING), why))
    page = world.client("family").see(f"/contributions/{one}/decision")
    assert "la cadre de santé, le matin" in page.words
    assert "01 99 00 00 00" in page.words
    assert not page.tree.xpath("//a[contains(@href, 'reprendre=')]")


WORDS = ("source", "html", "reason_source", "reason_html")


@pytest.mark.parametrize("column", WORDS)
def test_the_database_refuses_edited_words(world, said, column):
    change = text(f"UPDATE contribution_version SET {column} = 'Autre chose.'")
    with pytest.raises(DBAPIError, match="never edited"):
        world.do(lambda s: s.execute(change))
    world.do(lambda s: s.execute(text("UPDATE contribution_version SET public = true")))
    emptied = text("UPDATE contribution_version SET " + ", ".join(f"{name} = ''" for name in WORDS))
    world.do(lambda s: s.execute(emptied))
    assert world.read(lambda s: s.execute(select(func.max(ContributionVersion.source))).scalar_one()) == ""


def test_nobody_but_the_author_changes_words_whatever_the_address(world, said):
    """Every address about a contribution, with every field that could carry words, by all who keep the space."""
    own = {"corriger", "retirer"}
    addresses = {
        rule.rule.split("/")[-1]
        for rule in world.app.url_map.iter_rules()
        if "contribution_id" in rule.arguments and "POST" in (rule.methods or ())
    }
    assert own < addresses
    fields = dict.fromkeys(
        ("body", "source", "reason", "sentence", "words", "quote", "text", "introduction"), "D’autres mots."
    )
    for name in ("director", "deputy", "moderator", "resident", "authority"):
        for rule in world.app.url_map.iter_rules():
            if rule.arguments == {"contribution_id"} and "POST" in (rule.methods or ()):
                path = rule.rule.replace("<id:contribution_id>", said)
                world.client(name).send(path, **fields, sure="oui", version="1", status="published", op_id="")
    sources = world.read(
        lambda s: set(
            s.scalars(select(ContributionVersion.source).where(ContributionVersion.contribution_id == said))
        )
    )
    assert sources <= {"Des mots publiés ici.", ""}


def test_a_page_of_the_decision_shows_both_states_when_two_decide(world, before):
    one = world.do(lambda s: a_contribution(s, world.ours, space_id=before))
    client, here = world.client("second_director"), f"/contributions/{one}/moderer"
    form = client.see(here).form(here) | {
        "decision": "refuser",
        "rule": "hors-sujet",
        "sentence": "Ma phrase.",
    }
    world.do(lambda s: service.approve(s, world.ours["director"].actor, one, Seen(1, PENDING)))
    answer = client.post(here, data=form)
    page = Page(answer)
    assert answer.status_code == 409
    assert page.tree.xpath("//textarea[@name='sentence']")[0].text.strip() == "Ma phrase."
    assert "Masquer" in page.words


def test_a_mute_does_not_silence_danger(world, said):
    quiet = world.ours["director"].id
    world.do(lambda s: notices.choose(s, quiet, world.ours.space_id, NoticeChoiceKind.MUTED))
    world.do(lambda s: danger.raise_(s, world.ours["resident"].actor, said))
    assert NoticeKind.DANGER in told(world, "director")


def test_a_danger_stands_first_until_somebody_was_told(world, said, before):
    waiting = world.do(lambda s: a_contribution(s, world.ours, space_id=before))
    for one in (said, waiting):
        world.do(lambda s, one=one: danger.raise_(s, world.ours["moderator"].actor, one))
    queue = f"/espaces/{world.ours.space_id}/moderation"
    for name in ("director", "deputy"):
        page = world.client(name).see("/ma-semaine")
        first, second = page.tree.xpath("//ol/li/h2")[:2]
        assert first.text == second.text
        assert first.text.startswith("Une personne est peut-être en danger")
    for name in ("director", "moderator"):
        page = world.client(name).see(queue)
        assert (
            page.tree.xpath("//main//h2")[0].text_content().strip() == "Une personne est peut-être en danger"
        )
        assert page.tree.xpath(f"//main//a[@href='/contributions/{said}/danger']")
        assert not page.tree.xpath(f"//main//a[@href='/contributions/{waiting}/danger']")
    world.do(lambda s: danger.told(s, world.ours["deputy"].actor, said, DangerChannel.DIRECTION))
    assert "peut-être en danger" not in world.client("director").see(queue).words
    page = world.client("director").see("/ma-semaine")
    assert page.tree.xpath("//ol//a/@href")[0] == f"/contributions/{waiting}/danger"
    assert len(page.tree.xpath("//ol//a[contains(@href, '/danger')]")) == 1


def test_two_who_examine_the_same_report_see_both_states(world, said):
    send_report(world, "resident", said)
    client, here = world.client("second_director"), f"/contributions/{said}/signalement"
    form = client.see(f"/contributions/{said}/moderer").form(here)
    world.do(lambda s: reports.keep(s, world.ours["director"].actor, said))
    answer = client.post(here, data=form)
    page = Page(answer)
    assert answer.status_code == 409
    assert "Ce signalement a déjà été examiné." in page.words
    assert "Faut-il masquer cette contribution" in page.title
    assert "Des mots publiés ici." in page.words


def test_words_taken_back_leave_nothing_to_examine(world, said):
    reporter, author = world.ours["resident"].actor, world.client("family")
    world.do(lambda s: reports.report(s, reporter, said, ModerationRule.INSULT, ""))
    here = f"/contributions/{said}/retirer"
    assert author.send(here, **author.see(here).form(here)).status_code == 303
    (row,) = world.read(lambda s: list(s.scalars(select(Report))))
    assert (row.outcome, row.settled_at is not None) == (ReportOutcome.WITHDRAWN, True)
    assert NoticeKind.REPORT_DECIDED in told(world, "resident")


def test_the_register_does_not_tell_that_words_taken_back_were_reported(world, said):
    """A sealed line just after that of the words would say that one person had reported them."""
    other = world.do(lambda s: a_contribution(s, world.ours, item=1))
    world.do(lambda s: reports.report(s, world.ours["resident"].actor, said, ModerationRule.INSULT, ""))
    added = {}
    for one in (other, said):
        before = world.read(lambda s: queries.head(s, world.ours.contract_id)).seq
        world.do(lambda s, one=one: reports.withdraw(s, world.ours["family"].actor, one))
        added[one] = world.read(lambda s: queries.head(s, world.ours.contract_id)).seq - before
    assert added == {other: 1, said: 1}


def test_a_report_that_was_examined_is_not_told_again_when_words_are_taken_back(world, said):
    world.do(lambda s: reports.report(s, world.ours["resident"].actor, said, ModerationRule.INSULT, ""))
    world.do(lambda s: reports.keep(s, world.ours["director"].actor, said))
    assert told(world, "resident").count(NoticeKind.REPORT_DECIDED) == 1
    world.do(lambda s: reports.withdraw(s, world.ours["family"].actor, said))
    assert told(world, "resident").count(NoticeKind.REPORT_DECIDED) == 1


def test_the_register_seals_the_words_that_a_decision_means(world, said):
    director = world.ours["director"].actor
    why = Reason(ModerationRule.INSULT, "Dites-le sans insulter.", ("Des mots publiés ici.",))
    world.do(lambda s: service.hide(s, director, said, Seen(1, PUBLISHED), why))

    def sealed(session):
        line = session.scalars(select(JournalLine).where(JournalLine.kind == "contribution_hidden")).one()
        salt = session.get_one(JournalSalt, (line.contract_id, line.seq)).salt
        return line.digest, seal(salt, "injure Dites-le sans insulter. Des mots publiés ici.")

    digest, expected = world.read(sealed)
    assert digest == expected
