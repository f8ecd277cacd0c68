"""The pages of documents: a file is sent, refused beside its field, read, replaced, removed; handed over as a file."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from portal.domain.documents.models import Document, DocumentFile, Subject
from portal.extensions import db
from portal.vocabulary import Group, Level
from tests.conftest import World
from tests.factories import sent_files as sent
from tests.factories.documents import SUMMARY, TITLE, a_document, place, spent
from tests.factories.world import a_space

ANSWER = {"title": TITLE, "summary": SUMMARY, "op_id": "envoi"}


def here(world: World, *parts: str) -> str:
    return "/".join((f"/contrats/{world.ours.contract_id}/documents", *parts))


def on(world: World, *parts: str) -> str:
    """The documents of the contract itself."""
    return here(world, "du-contrat", *parts)


def send(
    world: World,
    content: bytes,
    who: str = "director",
    name: str = "IMG_Dupont.jpg",
    url: str = "",
    **more: str,
):
    file = (io.BytesIO(content), name, "text/html")
    return world.client(who).send(url or on(world, "joindre"), **(ANSWER | more), document=file)


def kept(world: World) -> list[DocumentFile]:
    return world.read(lambda s: list(s.scalars(select(DocumentFile))))


def only(world: World) -> str:
    return world.read(lambda s: s.scalars(select(Document.id)).one())


def page(world: World, url: str, who: str = "resident") -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def test_a_picture_is_attached_and_read_by_all(world: World) -> None:
    assert send(world, sent.a_jpeg()).status_code == 303
    url = here(world, only(world))
    told = page(world, url)
    for words in (TITLE, SUMMARY, "JPG de", "L’image, en petit"):
        assert words in told
    assert "Dupont" not in told
    assert TITLE in page(world, here(world))
    assert TITLE in page(world, on(world))
    assert sent.AUTHOR.encode() not in kept(world)[0].words.encode()


def test_what_is_handed_over_is_a_file_and_nothing_else(world: World) -> None:
    send(world, sent.a_pdf())
    url = here(world, only(world))
    taken = world.client("resident").get(f"{url}/fichier")
    assert taken.headers["Content-Type"] == "application/pdf"
    assert taken.headers["Content-Disposition"] == 'attachment; filename="plan-des-travaux-v1.pdf"'
    shown = world.client("resident").get(f"{url}/apercu?version=1")
    assert shown.headers["Content-Type"] == "image/jpeg"
    for answer in (taken, shown):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store, private"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; sandbox")
        assert "script-src" not in policy
    assert "sandbox" not in world.client("resident").get(url).headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "/fichier", "/apercu", "/fichier?version=1"])
def test_outside_the_contract_nothing_exists(world: World, path: str) -> None:
    send(world, sent.a_png())
    url = here(world, only(world)) + path
    assert world.client("resident").get(url).status_code == 200
    stranger = world.client("director", world.other)
    for asked in (here(world, "a" * 26) + path, url):
        answer = stranger.get(asked)
        assert answer.status_code == 404
        assert "Cette page n’existe pas" in answer.get_data(as_text=True)
    borrowed = url.replace(world.ours.contract_id, world.other.contract_id)
    assert stranger.get(borrowed).status_code == 404


def heavy() -> bytes:
    return b"%PDF-1.7" + b"\0" * (50 * sent.MEGABYTE)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "heavy": (heavy, "trop lourd"),
    "macros": (sent.docm, "macros"),
    "bomb": (
        lambda: sent.with_parts(sent.a_docx(), {"word/media/a.bin": b"\0" * (30 * sent.MEGABYTE)}),
        "énorme",
    ),
    "pixels": (lambda: sent.declared_png(60_000, 60_000), "50\u00a0millions de points"),
    "page": (lambda: b"<svg onload='alert(1)'/>", "page du web"),
    "program": (lambda: b"MZ\x90\0", "programme"),
    "locked": (lambda: sent.a_pdf(password="secret"), "mot de passe"),
    "unfolding": (
        lambda: sent.with_parts(sent.a_docx(), {"word/document.xml": sent.LAUGHS}),
        "bloquer un ordinateur",
    ),
    "empty": (lambda: b"", "vide"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_refused_beside_its_field_and_nothing_is_kept(world: World, name: str) -> None:
    make, sentence = HOSTILE[name]
    content, start = make(), spent()
    answer = send(world, content)
    assert spent() - start < 2
    assert answer.status_code == 422
    told = answer.get_data(as_text=True)
    assert sentence in told.split('id="document-erreur"')[1].split("</p>")[0]
    assert SUMMARY in told
    assert kept(world) == []
    assert world.read(lambda s: s.scalars(select(Document.id)).all()) == []


def test_far_too_heavy_is_told_without_being_read(world: World) -> None:
    answer = send(world, b"\0" * (61 * sent.MEGABYTE))
    assert answer.status_code == 413
    assert "20\u00a0Mo au plus" in answer.get_data(as_text=True)
    assert kept(world) == []


def test_a_file_is_asked_for(world: World) -> None:
    client = world.client("director")
    answer = client.send(on(world, "joindre"), **ANSWER)
    assert answer.status_code == 422
    assert "Choisissez un fichier." in answer.get_data(as_text=True)


def test_the_same_sending_attaches_once(world: World) -> None:
    for _ in range(2):
        assert send(world, sent.a_png()).status_code == 303
    assert len(kept(world)) == 1


def test_another_sending_under_the_same_id_is_told(world: World) -> None:
    send(world, sent.a_png())
    answer = send(world, sent.a_png(), title="Autre document")
    assert answer.status_code == 409
    assert "Votre premier envoi a déjà été enregistré" in answer.get_data(as_text=True)
    assert len(kept(world)) == 1


def test_a_sentence_still_to_be_written_is_said(world: World) -> None:
    send(world, sent.a_png(), summary="")
    assert "à écrire" in page(world, here(world, only(world)))
    assert "à écrire" in page(world, here(world))


def test_a_file_is_replaced_taken_again_and_removed(world: World) -> None:
    send(world, b"Le premier plan.")
    url, client = here(world, only(world)), world.client("director")
    new = (io.BytesIO(b"Le second plan."), "a.txt")
    assert (
        client.send(f"{url}/remplacer", version="1", reason="Il a changé.", document=new).status_code == 303
    )
    assert world.client("resident").get(f"{url}/fichier").data == b"Le second plan."
    assert world.client("resident").get(f"{url}/fichier?version=1").data == b"Le premier plan."
    assert "Reprendre cette version" in page(world, url, "director")
    assert "Reprendre cette version" not in page(world, url)
    assert client.send(f"{url}/reprendre", version="2", number="1").status_code == 303
    assert world.client("resident").get(f"{url}/fichier").data == b"Le premier plan."
    assert "effacés pour toujours" in page(world, f"{url}/retirer", "director")
    assert client.send(f"{url}/retirer", version="3", reason="Il est périmé.").status_code == 303
    told = page(world, url)
    assert "Il est périmé." in told
    assert "Document retiré" in told
    assert world.client("resident").get(f"{url}/fichier?version=1").status_code == 404
    assert TITLE not in page(world, here(world))
    assert "Il est périmé." in page(world, on(world))


def test_who_comes_second_reads_both_states(world: World) -> None:
    send(world, b"Le premier plan.")
    url, client = here(world, only(world)), world.client("director")
    client.send(f"{url}/presenter", version="1", title="Plan du jardin", summary="")
    answer = client.send(f"{url}/presenter", version="1", title="Plan de la cour", summary="Une phrase.")
    assert answer.status_code == 409
    told = answer.get_data(as_text=True)
    assert "Plan du jardin" in told
    assert "Plan de la cour" in told
    new = (io.BytesIO(b"Le second plan."), "a.txt")
    assert (
        client.send(f"{url}/remplacer", version="1", reason="Il a changé.", document=new).status_code == 409
    )
    assert client.send(f"{url}/retirer", version="1", reason="Il est périmé.").status_code == 409
    assert client.send(f"{url}/reprendre", version="1", number="1").status_code == 409


@pytest.mark.parametrize("path", ["remplacer", "presenter", "retirer"])
def test_who_does_not_write_is_told_why(world: World, path: str) -> None:
    send(world, sent.a_png())
    url = here(world, only(world), path)
    assert world.client("director").get(url).status_code == 200
    assert world.client("family").get(url).status_code == 403


def test_the_documents_of_a_space_follow_the_space(world: World) -> None:
    house = world.ours
    quiet = {Group.FAMILIES: Level.CONSULTATION}
    space = world.do(lambda s: a_space(s, house, levels=quiet))
    found = world.do(
        lambda s: a_document(s, house, place(house, Subject.SPACE, space), title="Ordre du jour")
    )
    url = here(world, found)
    for path in ("", "/fichier"):
        assert world.client("family").get(url + path).status_code == 200
        assert world.client("resident").get(url + path).status_code == 403
    assert "Ordre du jour" in page(world, here(world), "family")
    assert "Ordre du jour" not in page(world, here(world), "resident")
    assert world.client("resident").get(f"/espaces/{space}/documents").status_code == 403


@pytest.mark.parametrize("many", [10, 60])
def test_the_list_asks_the_same_of_the_database_whatever_there_is(world: World, many: int) -> None:
    def fill(session) -> None:
        for number in range(many):
            item = [*world.ours.items, *world.ours.objectives][number % 5]
            kind = Subject.FINDING if number % 5 < 3 else Subject.OBJECTIVE
            a_document(session, world.ours, place(world.ours, kind, item), title=f"Document {number}")

    world.do(fill)
    client = world.client("resident")
    client.get(here(world))
    asked: list[str] = []
    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    client.get(here(world))
    assert len(asked) <= QUERIES, asked


QUERIES = 10


def test_the_list_is_paged_and_filtered(world: World) -> None:
    def fill(session) -> None:
        for number in range(25):
            a_document(session, world.ours, title=f"Document {number:02}")
        a_document(session, world.ours, place(world.ours, Subject.STAGE, "diagnostic"), title="Compte rendu")

    world.do(fill)
    first = page(world, here(world))
    assert "Document 24" in first
    assert "Document 00" not in first
    older = first.split("?avant=")[1].split('"')[0]
    assert "Document 00" in page(world, f"{here(world)}?avant={older}")
    narrow = page(world, f"{here(world)}?sur=etape")
    assert "Compte rendu" in narrow
    assert "Document 24" not in narrow


@pytest.mark.parametrize(
    ("subject", "object_id", "url"),
    [
        (
            Subject.OBJECTIVE,
            lambda w: w.ours.objectives[0],
            lambda w: f"/contrats/{w.ours.contract_id}/objectifs/{w.ours.objectives[0]}",
        ),
        (
            Subject.FINDING,
            lambda w: w.ours.items[0],
            lambda w: f"/contrats/{w.ours.contract_id}/diagnostic/constats/{w.ours.items[0]}",
        ),
        (Subject.CONTRACT, lambda w: w.ours.contract_id, lambda w: f"/contrats/{w.ours.contract_id}"),
        (Subject.SPACE, lambda w: w.ours.space_id, lambda w: f"/espaces/{w.ours.space_id}"),
        (Subject.STAGE, lambda w: "diagnostic", lambda w: f"/contrats/{w.ours.contract_id}/vie"),
        (Subject.REVIEW, lambda w: "final", lambda w: f"/contrats/{w.ours.contract_id}/vie"),
    ],
)
def test_the_page_of_a_thing_shows_its_documents(world: World, subject: Subject, object_id, url) -> None:
    assert "Joindre un document" in page(world, url(world), "director")
    assert "Joindre un document" not in page(world, url(world), "resident")
    found = world.do(lambda s: a_document(s, world.ours, place(world.ours, subject, object_id(world))))
    told = page(world, url(world), "resident")
    assert TITLE in told
    assert here(world, found) in told
