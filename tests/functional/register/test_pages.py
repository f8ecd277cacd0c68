"""The register as people read it: sentences, filters, one contribution, receipts, no person."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from portal.blueprints.register import routes
from portal.domain.contributions import service as contributions
from portal.domain.journal.models import JournalLine
from portal.domain.moderation import danger
from portal.domain.register import export, queries, receipts, sealing
from portal.policy.permissions import Permission
from portal.vocabulary import Group, Level, ModerationMode, ReactionValue
from tests.conftest import World
from tests.factories.pages import CheckedClient, Page
from tests.factories.register import fault
from tests.factories.world import a_contribution, a_level, a_space

BODY = "Le dîner est servi trop tôt, à 18 h."


def register_of(world: World, who: str = "family", query: str = "") -> Page:
    return world.client(who).see(f"/contrats/{world.ours.contract_id}/registre{query}")


def download(client: CheckedClient, world: World, kind: str) -> bytes:
    answer = client.get(f"/contrats/{world.ours.contract_id}/registre/telecharger/{kind}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.data)


@pytest.fixture
def words(world: World) -> str:
    return world.do(lambda session: a_contribution(session, world.ours, body=BODY))


def test_it_is_read_in_sentences_and_names_nobody(world: World, words: str) -> None:
    page = register_of(world)
    assert "Une contribution a été publiée." in page.words
    assert "familles et proches · Constat 1 de Tilleuls · Que faut-il changer" in page.words
    assert "Cet espace d’échange s’est ouvert." in page.words
    assert BODY not in page.words
    assert world.ours["family"].id not in page.html


def test_who_raises_a_danger_is_a_sealed_line_and_a_reaction_or_a_member_is_none(
    world: World, words: str
) -> None:
    before = register_of(world)
    assert "scellée" not in before.words
    world.do(
        lambda session: contributions.react(
            session, world.ours["professional"].actor, words, ReactionValue.AGREE
        )
    )
    assert register_of(world).words == before.words
    world.do(lambda session: danger.raise_(session, world.ours["resident"].actor, words))
    page = register_of(world)
    assert "scellée" in page.words
    assert "danger" not in page.words


def test_words_that_nobody_reads_yet_are_sealed_until_they_are_published(world: World) -> None:
    held = world.do(lambda session: a_space(session, world.ours, moderation=ModerationMode.BEFORE))
    waiting = world.do(lambda session: a_contribution(session, world.ours, space_id=held))
    for who in ("family_0", "director"):
        assert waiting not in register_of(world, who).html
    exported = download(world.client("director"), world, "jsonl")
    assert waiting.encode() not in exported


def test_a_small_group_is_told_as_its_card_tells_it(world: World) -> None:
    words = world.do(lambda session: a_contribution(session, world.ours, "staff_rep"))
    page = register_of(world, "director")
    assert "représentants du personnel" not in [one.text_content() for one in page.tree.xpath("//main//li")]
    line = next(one for one in page.tree.xpath("//main//li") if words in etree.tostring(one).decode())
    assert "professionnels" in line.text_content()
    assert "représentants" not in line.text_content()
    assert words not in register_of(world, "director", "?groupe=staff_reps").html
    rows = [json.loads(one) for one in download(world.client("family"), world, "jsonl").splitlines()[1:-1]]
    (folded,) = [row for row in rows if row.get("objet") == words]
    assert "groupe" not in folded
    assert "repli" in folded


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?sorte=paroles", True),
        ("?groupe=families", True),
        ("?groupe=residents", False),
        ("?sorte=textes", False),
        ("?sorte=paroles&groupe=families&sujet={item}", True),
        ("?sujet={other}", False),
        ("?du=2000-01-01&au=2000-12-31", False),
        ("?du=2000-01-01", True),
        ("?du=01/01/2000&au=31/12/2000", False),
        ("?sorte=nimporte&groupe=quoi&sujet=x&du=hier&avant=abc", True),
        ("?avant=1", False),
    ],
)
def test_filters_work_without_scripts(world: World, words: str, query: str, shown: bool) -> None:
    page = register_of(world, query=query.format(item=world.ours.items[0], other=world.ours.items[1]))
    assert (words in page.html) is shown
    if not shown and "avant" not in query and "groupe" not in query:
        assert "Aucune ligne ne correspond" in page.words


def test_it_is_paged_by_cursor_and_no_line_is_lost(world: World) -> None:
    ids = [world.do(lambda session: a_contribution(session, world.ours)) for _ in range(queries.PAGE + 5)]
    client, url, seen = world.client("family"), f"/contrats/{world.ours.contract_id}/registre", set()
    query = "?sorte=paroles"
    for _ in range(5):
        page = client.see(url + query)
        seen |= {one for one in ids if one in page.html}
        older = page.tree.xpath("//a[@rel='prev']/@href")
        if not older:
            break
        query = older[0]
    assert seen == set(ids)


def test_one_contribution_is_followed_from_word_to_contract(world: World, words: str) -> None:
    page = world.client("family_0").see(f"/contributions/{words}/parcours")
    assert "Une contribution a été publiée." in page.words
    assert world.client("family", world.other).get(f"/contributions/{words}/parcours").status_code == 404


def test_levels_say_the_group_and_the_level(world: World) -> None:
    world.do(lambda session: a_level(session, world.ours, Group.RESIDENTS, Level.CONCERTATION))
    page = register_of(world, query="?sorte=niveaux")
    assert "Niveau du groupe « résidents et personnes accompagnées » : concertation" in page.words


def test_a_receipt_is_given_to_its_author_folded_and_proves(world: World, words: str) -> None:
    client = world.client("family")
    page = client.see(f"/contributions/{words}/envoyee")
    (code,) = page.tree.xpath("//details//strong/text()")
    assert receipts.read(code) is not None
    mine = client.see(f"/contrats/{world.ours.contract_id}/mes-contributions")
    assert mine.tree.xpath("//details//strong/text()") == [code]
    check = f"/contrats/{world.ours.contract_id}/registre/verifier?recu="
    yes = world.client("resident").see(check + code.lower().replace("-", " "))
    assert "Oui, cette ligne est dans le registre" in yes.words
    assert "Une contribution a été publiée." in yes.words
    # Whoever holds the code learns that the line exists, not which words it is, nor of which group.
    assert words not in yes.html
    assert "familles" not in " ".join(yes.tree.xpath("//main//text()"))
    other = receipts.code(3, "0" * 64)
    assert "Non, cette ligne n’est pas" in world.client("resident").see(check + other).words
    short = world.client("resident").see(check + code[:-1]).words
    assert "mal écrit" in short
    assert "a 24 lettres et chiffres" in short
    elsewhere = f"/contrats/{world.other.contract_id}/registre/verifier?recu={code}"
    assert "Non, cette ligne" in world.client("family", world.other).see(elsewhere).words


def test_a_receipt_of_the_right_length_with_a_wrong_sign_is_told_so(world: World, words: str) -> None:
    (code,) = (
        world.client("family").see(f"/contributions/{words}/envoyee").tree.xpath("//details//strong/text()")
    )
    wrong = code[:-1] + ("2" if code[-1] == "3" else "3")
    check = f"/contrats/{world.ours.contract_id}/registre/verifier?recu="
    page = world.client("family").see(check + wrong)
    assert "au moins un n’est pas le bon" in page.words
    assert "Un reçu a 24" not in page.words
    # The point is to mend it: what was typed is still there.
    assert page.tree.xpath("//input[@name='recu']/@value") == [wrong]


def test_a_code_computed_for_a_sealed_line_opens_nothing(world: World, words: str) -> None:
    """The hash of every line is public: whoever computes its code learns neither its kind nor its day."""
    resident = world.ours["resident"].actor
    world.do(lambda s: danger.raise_(s, resident, words))
    sealed = world.read(lambda s: s.query(JournalLine).filter_by(kind="danger_raised").one())
    code = receipts.code(sealed.seq, sealed.hash)
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/registre/verifier?recu={code}")
    assert "Non, cette ligne" in page.words


def test_the_sealed_export_is_verified_by_the_program_alone(world: World, words: str, tmp_path) -> None:
    exported = download(world.client("resident"), world, "jsonl")
    assert fault(exported) is None
    rows = [json.loads(one) for one in exported.splitlines()]
    head = world.read(lambda s: queries.head(s, world.ours.contract_id))
    assert (rows[0]["lignes"], rows[0]["tete"]) == (head.seq, head.hash)
    assert len(rows) == head.seq + 2
    hashes = world.read(
        lambda s: [
            row.hash
            for row in s.query(JournalLine)
            .filter_by(contract_id=world.ours.contract_id)
            .order_by(JournalLine.seq)
        ]
    )
    assert [row["empreinte"] for row in rows[1:-1]] == hashes
    told = exported.decode()
    assert BODY not in told
    for person in world.ours.people.values():
        assert person.id not in told
        assert person.account_id not in told


def test_the_export_tells_no_reaction_and_no_member(world: World, words: str) -> None:
    world.do(
        lambda session: contributions.react(
            session, world.ours["professional"].actor, words, ReactionValue.AGREE
        )
    )
    world.do(lambda session: danger.raise_(session, world.ours["resident"].actor, words))
    rows = [json.loads(one) for one in download(world.client("director"), world, "jsonl").splitlines()[1:-1]]
    assert ["scelle" in row for row in rows[-2:]] == [False, True]
    assert {row.get("sorte") for row in rows} & {"reaction_changed", "member_added", "member_left"} == set()


def test_tables_for_people_hold_the_same_lines(world: World, words: str) -> None:
    client = world.client("family")
    rows = list(csv.reader(io.StringIO(download(client, world, "csv").decode("utf-8-sig")), delimiter=";"))
    book = zipfile.ZipFile(io.BytesIO(download(client, world, "ods")))
    assert book.namelist()[0] == "mimetype"
    assert book.testzip() is None
    assert not [name for name in book.namelist() if "Basic" in name or "script" in name.lower()]
    tree = etree.fromstring(book.read("content.xml"))
    cells = [
        [cell.xpath("string(.)") for cell in row]
        for row in tree.iter("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-row")
    ]
    assert cells == rows
    assert ["Une contribution a été publiée.", "", "familles et proches"] in [row[2:5] for row in rows]
    assert world.ours["family"].id not in str(rows)


def test_a_cell_is_never_a_formula() -> None:
    (piece,) = export.comma_separated([["=1+1", "-2", "@x", "+3", "mots"]])
    assert piece.decode("utf-8-sig") == "'=1+1;'-2;'@x;'+3;mots\r\n"


def test_a_register_too_long_for_a_spreadsheet_says_so_kindly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ODS_ROWS", 3)
    answer = world.client("family").get(f"/contrats/{world.ours.contract_id}/registre/telecharger/ods")
    assert answer.status_code == 403
    assert "CSV" in Page(answer).words


def test_keys_and_program_are_for_everybody(world: World, instance) -> None:
    nobody = world.client(None)
    told = nobody.get("/registre/cles?forme=json").get_json()
    (key,) = told["cles"]
    assert key["id"] == sealing.seal_of(instance).public.id
    written = nobody.get("/registre/cles").get_data(as_text=True)
    assert written == f"Clé du portail, empreinte\u00a0:\n{key['empreinte']}\n{key['pem']}"
    assert key["empreinte"].replace(" ", "") == key["id"]
    assert nobody.get("/registre/verifier.py").data == routes.VERIFIER.read_bytes()


def test_what_is_read_of_the_keys_is_a_file_that_the_verifier_takes(
    world: World, words: str, tmp_path: Path
) -> None:
    (tmp_path / "cles.txt").write_bytes(world.client(None).get("/registre/cles").data)
    (tmp_path / "export.jsonl").write_bytes(download(world.client("family"), world, "jsonl"))
    command = [sys.executable, "-I", str(routes.VERIFIER), "export.jsonl", "--cle", "cles.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    page = register_of(world, "family", "/verifier")
    # The same signs on the page as in the answer of the program, and what each word means.
    said = done.stdout.splitlines()[0].removeprefix("Intact, signé par la clé que vous donnez, ")
    assert f"Clé du portail, empreinte : {said}" in page.words
    for word in ("Empreinte", "Reçu", "Registre", "Tête du registre"):
        assert word in [one.text_content() for one in page.tree.xpath("//main//dt")]
        assert word in world.client(None).see("/glossaire").words


def test_the_key_is_private_kept_and_may_be_replaced(instance, tmp_path) -> None:
    first = sealing.seal_of(instance).public
    file = instance / sealing.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert sealing.seal_of(instance).public == first
    file.unlink()
    second = sealing.seal_of(instance).public
    assert second.id != first.id
    assert [(key.id, key.current) for key in sealing.public_keys(instance)] == [
        (second.id, True),
        (first.id, False),
    ]
    file.write_bytes(b"abc")
    with pytest.raises(sealing.KeyUnreadableError):
        sealing.seal_of(instance)


def test_an_empty_register_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "page", lambda *_a, **_k: queries.PageView((), None))
    assert "Le registre est encore vide" in register_of(world).words


def test_the_contract_leads_to_its_register(world: World) -> None:
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}")
    assert page.tree.xpath(f"//a[@href='/contrats/{world.ours.contract_id}/registre']")
    assert Permission.REGISTER_READ


def test_days_that_are_reversed_or_unreadable_are_told(world: World, words: str) -> None:
    page = register_of(world, query="?du=2026-12-31&au=2026-01-01")
    assert "La fin vient avant le début" in page.words
    assert "Aucune ligne ne correspond" not in page.words
    page = register_of(world, query="?du=2026-13-45")
    assert "La date « 2026-13-45 » n’a pas pu être lue" in page.words
    assert "Une contribution a été publiée." in page.words
    page = register_of(world, query="?du=2020-01-01&au=2020-01-02")
    assert "Aucune ligne ne correspond" in page.words
    assert "Vérifiez les dates" not in page.words
    assert "n’a pas pu être lue" not in register_of(world, query="?du=&au=").words
