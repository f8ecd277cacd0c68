"""Words that a person asks to have erased: two persons, a stone, and no byte of them left."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.domain.contributions import queries as contributions
from portal.domain.contributions import service
from portal.domain.contributions.models import ContributionVersion
from portal.domain.contributions.rules import Words
from portal.domain.journal.models import JournalLine, JournalSalt
from portal.domain.journal.verify import verify_database, verify_server
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.participants.models import Operation
from portal.domain.register import service as register
from portal.domain.register.cleaning import NOUN
from portal.extensions import db, unit
from portal.kernel import cleaning as kernel_cleaning
from portal.kernel.cleaning import Cleaner
from portal.vocabulary import Audience, ContributionStatus, ModerationRule, NoticeKind
from tests import stores
from tests.conftest import World
from tests.factories.files import bytes_of
from tests.factories.notices import follow, told
from tests.factories.pages import CheckedClient
from tests.factories.register import fault
from tests.factories.world import a_contribution

pytestmark = pytest.mark.both_stores

CANARY = "kanarieffacable"
BODY = f"Le repas {CANARY} arrive trop tard. " + "Le soir, la salle est froide. " * 60
CORRECTED = f"Le repas {CANARY} arrive bien trop tard."


def press(client: CheckedClient, words: str, step: str) -> int:
    page = client.see(f"/contributions/{words}/effacer")
    fields = page.form(f"/contributions/{words}/effacer")
    fields["seen"] = step
    return client.post(f"/contributions/{words}/effacer", data=fields).status_code


@pytest.fixture
def words(world: World) -> str:
    """Sent by the page (a form is remembered), corrected, among others before and after."""
    for number in range(30):
        world.do(lambda s, n=number: a_contribution(s, world.ours, body=f"Avant {n}. " + "Bruit. " * 150))
    client = world.client("family")
    item = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    page = client.see(f"{item}/contribuer")
    fields = {
        **page.form(),
        "kind": "comment",
        "body": BODY,
        "display": "name",
    }
    answer = client.post(f"{item}/contribuer?seul=1", data=fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    words = answer.headers["Location"].split("/")[2]
    form = client.see(f"/contributions/{words}/corriger").form(f"/contributions/{words}/corriger")
    assert (
        client.post(f"/contributions/{words}/corriger", data={**form, "body": CORRECTED}).status_code == 303
    )
    for number in range(30):
        world.do(lambda s, n=number: a_contribution(s, world.ours, body=f"Après {n}. " + "Bruit. " * 150))
    follow(world)
    return words


@pytest.mark.parametrize(
    ("asks", "confirms"), [("family", {"director", "second_director", "deputy"}), ("director", {"family"})]
)
def test_who_may_confirm_is_told_and_nobody_else(
    world: World, words: str, asks: str, confirms: set[str]
) -> None:
    assert press(world.client(asks), words, "demander") == 303
    follow(world)
    found = {who for who, kind in told(world) if kind == NoticeKind.ERASURE.name}
    assert found == confirms
    page = world.client(min(confirms)).see("/notifications")
    assert "attend votre accord" in page.words
    assert press(world.client(min(confirms)), words, "confirmer") == 303


def erase(world: World, words: str) -> None:
    assert press(world.client("family"), words, "demander") == 303
    assert press(world.client("director"), words, "confirmer") == 303


def test_it_takes_two_persons(world: World, words: str) -> None:
    director = world.client("director")
    page = director.see(f"/contributions/{words}/effacer")
    assert "Ce qui est perdu" in page.words
    assert "Ce qui reste" in page.words
    assert press(director, words, "demander") == 303
    assert press(director, words, "confirmer") == 403
    assert CORRECTED in world.client("resident").see(f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}?apres={_before(world, words)}").words  # fmt: skip
    register_page = f"/contrats/{world.ours.contract_id}/registre"
    waits = "Un effacement attend une confirmation"
    assert waits not in world.client("deputy").see(register_page).words
    assert press(world.client("deputy"), words, "confirmer") == 403
    assert press(director, words, "renoncer") == 303
    assert press(world.client("family"), words, "demander") == 303
    assert waits in world.client("deputy").see(register_page).words
    assert press(world.client("deputy"), words, "confirmer") == 303
    assert "Le texte est effacé" in director.see(f"/contributions/{words}/effacer").title


def _before(world: World, words: str) -> str:
    def find(session):
        row = service.by_id(session, words)
        return contributions.page_start(session, row, Audience.READERS) or words

    return world.read(find)


def test_somebody_else_of_the_space_may_not(world: World, words: str) -> None:
    assert world.client("family_0").get(f"/contributions/{words}/effacer").status_code == 403
    assert world.client("moderator").get(f"/contributions/{words}/effacer").status_code == 403


def test_a_request_may_be_taken_back(world: World, words: str) -> None:
    family = world.client("family")
    assert press(family, words, "demander") == 303
    assert press(family, words, "demander") == 409
    assert press(family, words, "renoncer") == 303
    assert press(world.client("director"), words, "confirmer") == 409


def test_the_stone_the_register_and_the_receipt_remain(world: World, words: str, store: stores.Store) -> None:
    receipt = (
        world.client("family")
        .see(f"/contributions/{words}/envoyee")
        .tree.xpath("//details//strong/text()")[0]
    )
    erase(world, words)
    card = world.read(lambda s: contributions.card(s, words, Audience.READERS))
    assert card is not None
    assert (card.html, card.status, card.stone.erased) == ("", "withdrawn", True)
    assert "Nom" not in card.who
    page = world.client("resident").see(f"/contributions/{words}/parcours")
    assert "effacé, avec l’accord de la personne qui l’a écrit" in page.words
    checked = world.client("resident").see(
        f"/contrats/{world.ours.contract_id}/registre/verifier?recu={receipt}"
    )
    assert "Oui, cette ligne est dans le registre" in checked.words
    assert "Le texte de cette contribution a été effacé depuis" in checked.words
    exported = (
        world.client("family").get(f"/contrats/{world.ours.contract_id}/registre/telecharger/jsonl").data
    )
    assert fault(exported) is None
    verdict = (
        verify_database(store.settings.database)
        if store.settings.on_sqlite
        else verify_server(store.database_url.replace("+psycopg", ""))
    )
    assert verdict.ok, verdict.first_bad


def test_the_page_of_what_was_sent_says_that_the_words_were_erased(world: World, words: str) -> None:
    erase(world, words)
    page = world.client("family").see(f"/contributions/{words}/envoyee")
    assert "Votre texte a été effacé. Sa ligne reste dans le registre" in page.words
    for untrue in (
        "Votre texte est publié",
        "Votre correction est publiée",
        "On vous doit",
        "Vous pouvez corriger",
    ):
        assert untrue not in page.words
    assert "Vérifier" in page.words
    assert not page.tree.xpath("//a[contains(@href, '/corriger') or contains(@href, '/retirer')]")


def test_a_receipt_before_the_erasure_says_nothing_of_one(world: World, words: str) -> None:
    page = world.client("family").see(f"/contributions/{words}/envoyee")
    receipt = page.tree.xpath("//details//strong/text()")[0]
    address = f"/contrats/{world.ours.contract_id}/registre/verifier?recu={receipt}"
    assert "effacé depuis" not in world.client("resident").see(address).words


def test_nothing_that_could_confirm_the_words_remains_in_the_tables(world: World, words: str) -> None:
    erase(world, words)

    def left(session):
        versions = session.query(ContributionVersion).filter_by(contribution_id=words).all()
        seqs = [row.seq for row in session.query(JournalLine).filter_by(object=words) if row.digest]
        salts = session.query(JournalSalt).filter(
            JournalSalt.contract_id == world.ours.contract_id, JournalSalt.seq.in_(seqs)
        )
        operations = session.query(Operation).filter(
            Operation.outcome.contains(words), Operation.participant_id == world.ours["family"].id
        )
        outcomes = [one.outcome for one in operations]
        return (
            [v.source + v.html + v.reason_source + v.reason_html for v in versions],
            salts.count(),
            outcomes,
        )

    texts, salts, outcomes = world.read(left)
    assert texts == ["", ""]
    assert salts == 0
    # What the erasure itself remembers holds nothing of the words.
    assert {one.rsplit("/", 1)[1] for one in outcomes} <= {"effacer"}


def test_hidden_words_keep_the_rule_and_lose_the_sentence(world: World, words: str) -> None:
    def hide(session):
        row = service.by_id(session, words)
        reason = Reason(ModerationRule.NAMES_SOMEONE, f"Retirez « {CANARY} ».")
        moderation.hide(session, world.ours["director"].actor, words, Seen(row.version, row.status), reason)

    world.do(hide)
    erase(world, words)
    card = world.read(lambda s: contributions.card(s, words, Audience.AUTHOR))
    assert card is not None
    assert (card.status, card.stone.rule_label) == ("hidden", ModerationRule.NAMES_SOMEONE.label)
    assert card.stone.sentence == ""
    page = world.client("family").see(f"/contributions/{words}/versions")
    assert CANARY not in page.html


def test_words_that_waited_are_erased_without_a_place(world: World) -> None:
    def waiting(session):
        words = a_contribution(session, world.ours)
        row = service.by_id(session, words)
        row.status, row.shown_version, row.pending = ContributionStatus.PENDING, None, True
        return words

    words = world.do(waiting)
    erase(world, words)
    assert world.read(lambda s: contributions.card(s, words, Audience.READERS)) is None
    assert world.client("family_0").get(f"/contributions/{words}").status_code in (403, 404)


def test_no_file_of_the_database_holds_a_byte_of_the_words(
    world: World, words: str, store: stores.Store, portal_app: Flask
) -> None:
    marks = [CANARY.encode()]
    assert marks[0] in bytes_of(store), "control: the words are there before"
    erase(world, words)
    with portal_app.app_context():
        db.session.remove()
        db.engine.dispose()
        assert Cleaner(unit.bound, store.settings.store, [NOUN]).finish()
    assert [mark for mark in marks if mark in bytes_of(store)] == []
    page = world.client("director").see(f"/contributions/{words}/effacer")
    assert "ont été nettoyés" in page.words


def test_control_without_cleaning_the_files_the_words_stay(
    world: World, words: str, store: stores.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_cleaning, "clean", lambda *_a: True)
    erase(world, words)
    assert CANARY.encode() in bytes_of(store)


def test_no_page_waits_for_the_files_a_job_cleans_them(
    world: World, words: str, store: stores.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr(kernel_cleaning, "clean", lambda *told: asked.append(told))
        erase(world, words)
    assert asked == []
    page = world.client("director").see(f"/contributions/{words}/effacer")
    assert "seront nettoyés" in page.words
    assert world.read(register.uncleaned) == [words]
    assert world.do(lambda s: service.by_id(s, words)).erased
    assert Words(BODY).source not in page.html
