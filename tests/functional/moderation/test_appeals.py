"""A second look: which words, which rule, how to mend; asked by the author, decided by another college."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.domain.contributions.models import Contribution
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.moderation import appeals, readers, service, settings
from portal.domain.moderation.models import Appeal, AppealReader, AppealState, ModerationDecision
from portal.domain.moderation.service import Reason, Seen
from portal.domain.notifications import service as notices
from portal.domain.notifications.models import Notice
from portal.domain.register import service as register
from portal.kernel import clock
from portal.kernel.errors import InvalidError, RefusedError, StaleError
from portal.vocabulary import ContributionStatus, Group, ModerationMode, ModerationRule, NoticeKind, Role
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_person, a_space

CANARY = "Madame Pivert sert le dîner froid."
WORDS = f"Le dîner vient trop tôt. {CANARY} Merci."
WHY = Reason(ModerationRule.NAMES_SOMEONE, "Dites « une personne » à la place du nom.", (CANARY,))


@pytest.fixture
def before(world: World) -> str:
    """A space where words are read before publication; a member of the CVS reads its appeals."""

    def build(session):
        people, ours = world.ours.people, world.ours
        people["reader"] = a_person(session, ours, "lectrice Tilleuls", Group.FAMILIES, (Role.APPEAL_READER,))
        people["other_reader"] = a_person(
            session, ours, "lecteur Tilleuls", Group.BOARD, (Role.APPEAL_READER,)
        )
        space = a_space(session, ours, moderation=ModerationMode.BEFORE)
        readers.name(session, ours["director"].actor, space, people["reader"].id)
        return space

    return world.do(build)


@pytest.fixture
def refused(world: World, before: str) -> str:
    """Words that the direction refused, with the passage that it marked."""

    def build(session):
        said = a_contribution(session, world.ours, body=WORDS, space_id=before)
        service.refuse(session, world.ours["director"].actor, said, Seen(1, ContributionStatus.PENDING), WHY)
        return said

    return world.do(build)


def appeal_on(world: World, contribution_id: str, words: str = "Ce n’est qu’un surnom.") -> str:
    row = world.do(lambda s: appeals.ask(s, world.ours["family"].actor, contribution_id, words))
    return row.id


def promise(world: World, name: str = "reader") -> None:
    world.do(lambda s: readers.promise(s, world.ours[name].actor))


def row(world: World, contribution_id: str) -> Contribution:
    return world.read(
        lambda s: s.scalars(select(Contribution).where(Contribution.id == contribution_id)).one()
    )


def lines(world: World, kind: FactKind) -> int:
    query = select(func.count()).where(JournalLine.kind == kind.value)
    return world.read(lambda s: s.execute(query).scalar_one())


def told(world: World, name: str) -> set[NoticeKind]:
    while world.do(lambda s: notices.follow(s, clock.now())):
        pass
    query = select(Notice.kind).where(Notice.participant_id == world.ours[name].id)
    return world.read(lambda s: set(s.scalars(query)))


def test_the_author_reads_which_words_which_rule_and_how_to_mend(world, refused):
    page = world.client("family").see(f"/contributions/{refused}/decision")
    for words in (CANARY, "Nomme ou désigne une personne", "On ne nomme personne ici", "à la place du nom"):
        assert words in page.words
    assert "Demander un second regard" in page.words
    mend = page.tree.xpath("//a[contains(@href, 'reprendre=')]/@href")
    assert mend, "no way to mend"
    assert "Le dîner vient trop tôt." in world.client("family").get(mend[0]).get_data(as_text=True)


def test_nobody_else_takes_over_words_that_were_refused(world, before, refused):
    address = f"/espaces/{before}/sujets/{world.ours.items[0]}/contribuer?reprendre={refused}"
    assert "Pivert" not in world.client("family_0").get(address).get_data(as_text=True)
    assert world.client("family_0").get(f"/contributions/{refused}/decision").status_code == 404


def test_words_that_are_not_in_the_text_cannot_be_marked(world, before):
    said = world.do(lambda s: a_contribution(s, world.ours, body=WORDS, space_id=before))
    client = world.client("director")
    form = client.see(f"/contributions/{said}/moderer").form()
    sent = {name: form[name] for name in ("op_id", "version", "status")} | {
        "decision": "refuser", "rule": "injure", "sentence": "Changez ces mots.", "quote": "des mots inventés",
    }  # fmt: skip
    answer = client.send(f"/contributions/{said}/moderer", **sent)
    assert answer.status_code == 422
    assert "Ces mots ne sont pas dans le texte." in Page(answer).words
    assert row(world, said).status is ContributionStatus.PENDING


def test_nothing_marked_is_asked_for_again_and_a_whole_text_needs_no_mark(world, before):
    said = world.do(lambda s: a_contribution(s, world.ours, body=WORDS, space_id=before))
    client = world.client("director")
    form = client.see(f"/contributions/{said}/moderer").form()
    sent = {name: form[name] for name in ("op_id", "version", "status")} | {
        "decision": "refuser", "rule": "injure", "sentence": "Changez ce mot.",
    }  # fmt: skip
    answer = client.send(f"/contributions/{said}/moderer", **sent)
    assert answer.status_code == 422
    assert "Cochez les mots qui posent problème." in Page(answer).words
    assert client.send(f"/contributions/{said}/moderer", **(sent | {"rule": "hors-sujet"})).status_code == 303


def test_a_refusal_its_appeal_and_its_reversal(world, before, refused):
    author, reader = world.client("family"), world.client("reader")
    page = author.see(f"/contributions/{refused}/decision")
    form = page.form(f"/contributions/{refused}/recours") | {"words": "Ce n’est qu’un surnom."}
    assert author.post(f"/contributions/{refused}/recours", data=form).status_code == 303
    assert "Un second regard est demandé" in author.see(f"/contributions/{refused}/decision").words
    assert NoticeKind.APPEAL_TO_READ in told(world, "reader")
    assert NoticeKind.APPEAL_FOLLOWED in told(world, "director")
    assert NoticeKind.APPEAL_TO_READ not in told(world, "other_reader")

    here = f"/contrats/{world.ours.contract_id}/recours"
    listed = reader.see(here)
    (address,) = listed.tree.xpath("//a[starts-with(@href, '/recours/')]/@href")
    assert "Pivert" not in reader.see(address).words, "sealed until confidentiality is accepted"
    assert reader.post(here, data=listed.form(here)).status_code == 303
    shown = reader.see(address)
    assert CANARY in shown.words
    assert "Ce n’est qu’un surnom." in shown.words
    verdict = shown.form(address) | {"verdict": "montrer", "reason": "Pivert est le nom du restaurant."}
    assert reader.post(address, data=verdict).status_code == 303

    assert row(world, refused).status is ContributionStatus.PUBLISHED
    thread = world.client("resident").see(f"/espaces/{before}/sujets/{world.ours.items[0]}")
    assert CANARY in thread.words
    assert "La décision a été annulée" in author.see(f"/contributions/{refused}/decision").words
    assert NoticeKind.APPEAL_DECIDED in told(world, "family")
    assert (lines(world, FactKind.APPEAL_MADE), lines(world, FactKind.APPEAL_REVERSED)) == (1, 1)
    moderator = world.client("director").see(f"/contributions/{refused}/moderer")
    assert "Pivert est le nom du restaurant." in moderator.words


def test_a_decision_that_is_upheld_stays_sealed_and_is_appealed_once(world, before, refused):
    appeal = appeal_on(world, refused)
    promise(world)
    reader, family = world.ours["reader"].actor, world.ours["family"].actor
    world.do(lambda s: appeals.decide(s, reader, appeal, AppealState.UPHELD, "Ce nom désigne quelqu’un."))
    assert row(world, refused).status is ContributionStatus.REFUSED
    page = world.client("family").see(f"/contributions/{refused}/decision")
    assert "La décision a été maintenue" in page.words
    assert "Ce nom désigne quelqu’un." in page.words
    assert "/recours" not in "".join(page.tree.xpath("//form/@action"))
    with pytest.raises(StaleError):
        world.do(lambda s: appeals.ask(s, family, refused, ""))


def test_hidden_words_are_shown_again_as_they_were(world, before):
    def build(session):
        director = world.ours["director"].actor
        said = a_contribution(session, world.ours, body=WORDS, space_id=before)
        service.approve(session, director, said, Seen(1, ContributionStatus.PENDING))
        service.hide(session, director, said, Seen(1, ContributionStatus.PUBLISHED), WHY)
        return said

    said = world.do(build)
    published = row(world, said).published_at
    appeal = appeal_on(world, said)
    promise(world)
    world.do(
        lambda s: appeals.decide(
            s, world.ours["reader"].actor, appeal, AppealState.REVERSED, "Rien à redire."
        )
    )
    found = row(world, said)
    assert (found.status, found.published_at) == (ContributionStatus.PUBLISHED, published)


@pytest.mark.parametrize(
    "name", ["director", "deputy", "moderator", "other_reader", "authority", "family", "resident"]
)
def test_nobody_else_reads_or_decides_an_appeal(world, before, refused, name):
    appeal = appeal_on(world, refused)
    promise(world)
    answer = world.client(name).get(f"/recours/{appeal}")
    assert answer.status_code == 403
    assert "Pivert" not in answer.get_data(as_text=True)
    sent = world.client(name).send(
        f"/recours/{appeal}", verdict="montrer", reason="Je décide seule.", op_id="a" * 26
    )
    assert sent.status_code == 403
    assert row(world, refused).status is ContributionStatus.REFUSED


def test_an_appeal_does_not_exist_for_another_house(world, before, refused):
    appeal = appeal_on(world, refused)
    assert world.client("director", world.other).get(f"/recours/{appeal}").status_code == 404


def test_a_reader_of_the_college_that_decided_is_not_the_one(world, before, refused):
    director = world.ours["director"].actor
    appeal = appeal_on(world, refused)
    world.do(lambda s: readers.name(s, director, before, world.ours["other_reader"].id))
    promise(world, "other_reader")
    assert world.client("other_reader").get(f"/recours/{appeal}").status_code == 403
    listed = world.client("other_reader").see(f"/contrats/{world.ours.contract_id}/recours")
    assert not listed.tree.xpath("//a[starts-with(@href, '/recours/')]")


def test_two_readers_decide_and_the_second_sees_what_was_decided(world, before, refused):
    def add(session):
        person = a_person(session, world.ours, "seconde Tilleuls", Group.RESIDENTS, (Role.APPEAL_READER,))
        world.ours.people["second"] = person
        readers.name(session, world.ours["director"].actor, before, person.id)

    world.do(add)
    appeal = appeal_on(world, refused)
    promise(world)
    promise(world, "second")
    second = world.client("second")
    late = second.see(f"/recours/{appeal}").form(f"/recours/{appeal}")
    world.do(
        lambda s: appeals.decide(s, world.ours["reader"].actor, appeal, AppealState.UPHELD, "Maintenu ici.")
    )
    answer = second.post(
        f"/recours/{appeal}", data=late | {"verdict": "montrer", "reason": "Ma raison à moi."}
    )
    page = Page(answer)
    assert answer.status_code == 409
    assert "Maintenu ici." in page.words
    assert "Ma raison à moi." in page.words
    assert row(world, refused).status is ContributionStatus.REFUSED


def test_words_are_sealed_before_confidentiality_is_accepted(world, before, refused):
    appeal = appeal_on(world, refused)
    with pytest.raises(RefusedError) as refusal:
        world.do(
            lambda s: appeals.decide(
                s, world.ours["reader"].actor, appeal, AppealState.UPHELD, "Vu et relu ici."
            )
        )
    assert refusal.value.code == "confidentialite"


def test_a_verdict_without_a_reason_is_asked_for_again(world, before, refused):
    appeal = appeal_on(world, refused)
    promise(world)
    reader = world.client("reader")
    form = reader.see(f"/recours/{appeal}").form(f"/recours/{appeal}")
    answer = reader.post(f"/recours/{appeal}", data=form | {"verdict": "montrer", "reason": " "})
    assert answer.status_code == 422
    assert "liront" in Page(answer).words or "lira votre raison" in Page(answer).words


def test_who_may_be_named(world, before):
    director, ours = world.ours["director"].actor, world.ours

    def build(session):
        agent = a_person(
            session, ours, "agente Tilleuls", Group.AUTHORITIES, (Role.AUTHORITY_AGENT, Role.APPEAL_READER)
        )
        judge = a_person(session, ours, "juge Tilleuls", Group.FAMILIES, (Role.MODERATOR, Role.APPEAL_READER))
        return agent.id, judge.id

    agent, judge = world.do(build)
    for chosen in (agent, judge, ours["family"].id, world.other["director"].id):
        with pytest.raises(InvalidError):
            world.do(lambda s, chosen=chosen: readers.name(s, director, before, chosen))
    wanted = settings.Settings(authority_readers=True, authority_reason="Le CVS l’a demandé.")
    world.do(lambda s: settings.settle(s, director, wanted, version=0))
    assert isinstance(world.do(lambda s: readers.name(s, director, before, agent)), AppealReader)
    page = world.client("director").see(f"/espaces/{before}/recours")
    assert "Le CVS l’a demandé." in page.words


def test_an_authority_needs_a_reason_that_everybody_reads(world):
    client, here = world.client("director"), f"/contrats/{world.ours.contract_id}/moderation"
    form = client.see(here).form(here)
    answer = client.post(here, data=form | {"authority_readers": "y"})
    assert answer.status_code == 422
    stale = form | {"personal_contact": "la cadre de santé", "review_days": "5"}
    assert client.post(here, data=stale).status_code == 303
    again = client.post(here, data=stale | {"op_id": "b" * 26, "personal_contact": "le médecin"})
    assert again.status_code == 409
    assert "la cadre de santé" in Page(again).words


def test_the_direction_names_a_reader_on_the_page_and_ends_it(world, before):
    client, here = world.client("director"), f"/espaces/{before}/recours"
    page = client.see(here)
    assert "Lectrice Tilleuls" in page.words
    chosen = world.ours["other_reader"].id
    token = {"csrf_token": client.token, "op_id": "c" * 26, "reader": chosen}
    assert client.post(here, data=token).status_code == 303
    assert "Lecteur Tilleuls" in client.see(here).words
    ended = {"csrf_token": client.token, "op_id": "d" * 26, "ended": chosen}
    assert client.post(here, data=ended).status_code == 303
    query = select(AppealReader).where(AppealReader.participant_id == chosen)
    assert world.read(lambda s: s.scalars(query).one()).ended_at is not None


def test_sealed_words_reach_no_reader_and_no_reader_of_appeals_of_another_space(world, before, refused):
    """Canary: every page that a member may open, before and after an appeal."""
    other = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    world.do(lambda s: readers.name(s, world.ours["director"].actor, other, world.ours["other_reader"].id))
    promise(world, "other_reader")
    appeal = appeal_on(world, refused)
    contract = f"/contrats/{world.ours.contract_id}"
    pages = [
        contract, f"{contract}/recours", f"{contract}/registre", f"{contract}/mes-contributions", "/notifications",
        f"/espaces/{before}", f"/espaces/{before}/sujets/{world.ours.items[0]}", f"/contributions/{refused}",
        f"/contributions/{refused}/versions", f"/contributions/{refused}/fil", f"/contributions/{refused}/decision",
        f"/contributions/{refused}/moderer", f"/contributions/{refused}/parcours", f"/recours/{appeal}",
        f"/espaces/{before}/sujets/{world.ours.items[0]}/moi",
    ]  # fmt: skip
    for name in ("resident", "family_0", "board", "authority", "other_reader"):
        client = world.client(name)
        for page in pages:
            body = client.get(page, follow_redirects=True).get_data(as_text=True)
            assert "Pivert" not in body, (name, page)
            assert "à la place du nom" not in body, (name, page)
    # The control: whoever may read finds the canary with the same search.
    assert "Pivert" in world.client("director").get(f"/contributions/{refused}/moderer").get_data(
        as_text=True
    )


def test_erased_words_are_not_appealed_and_leave_nothing_in_the_appeal(world, before, refused):
    appeal_on(world, refused, f"Mais si : {CANARY}")
    family, director = world.ours["family"].actor, world.ours["director"].actor
    world.do(lambda s: register.ask_erasure(s, family, refused))
    world.do(lambda s: register.confirm_erasure(s, director, refused))
    kept = world.read(
        lambda s: (s.scalars(select(Appeal)).one(), s.scalars(select(ModerationDecision)).one())
    )
    assert (kept[0].words, kept[1].passages, kept[1].sentence) == ("", "", "")
    promise(world)
    with pytest.raises(StaleError):
        world.do(
            lambda s: appeals.decide(
                s, world.ours["reader"].actor, kept[0].id, AppealState.REVERSED, "Trop tard."
            )
        )


def test_the_decider_appeals_nothing_for_the_author(world, before, refused):
    with pytest.raises(RefusedError):
        world.do(lambda s: appeals.ask(s, world.ours["director"].actor, refused, ""))


def test_the_thread_leads_its_author_alone_to_the_decision(world, before, refused):
    here, link = f"/espaces/{before}/sujets/{world.ours.items[0]}", f"/contributions/{refused}/decision"
    for page in (here, f"/contributions/{refused}/fil"):
        found = world.client("family").see(page).tree.xpath(f"//*[@data-viewer]//a[@href='{link}']")
        assert [one.get("data-act") for one in found] == ["decision"], page
    assert not world.client("family_0").see(here).tree.xpath(f"//a[@href='{link}']")
    assert not world.client("director").see(here).tree.xpath(f"//a[@href='{link}']")


def test_words_that_stand_have_no_decision_to_read(world, before):
    here = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    world.do(lambda s: a_contribution(s, world.ours))
    page = world.client("family").see(here)
    assert page.tree.xpath("//*[@data-viewer]//li[@data-own]")
    assert not page.tree.xpath("//a[@data-act='decision']")
