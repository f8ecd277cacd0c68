"""What is sent as a document is known by its bytes, weighs at most ten megabytes, and is never opened as a page."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from portal.blueprints._uploads import BESIDE, UPLOADS
from portal.domain.acts.models import ActRecord, FormalAct
from portal.setup import nginx
from tests.conftest import World
from tests.factories.acts import PDF

TYPED = {
    "sorte": "avis-cvs",
    "held_on": "2026-03-02",
    "body_name": "CVS",
    "stage": "diagnostic",
    "outcome": "favorable",
    "source": "Des mots à garder.",
}
MEGABYTE = 1024 * 1024


def send(world: World, name: str, content: bytes, declared: str = "application/pdf", who: str = "director"):
    return world.client(who).send(
        f"/contrats/{world.ours.contract_id}/actes/nouveau",
        **TYPED,
        op_id="envoi",
        document=(io.BytesIO(content), name, declared),
    )


def kept(world: World) -> list[ActRecord]:
    return world.read(lambda s: list(s.scalars(select(ActRecord))))


@pytest.mark.parametrize(
    ("name", "content", "declared"),
    [
        ("page.html", b"<script>alert(1)</script>", "application/pdf"),
        ("avis.pdf", b"<script>alert(1)</script>", "application/pdf"),
        ("avis.pdf.html", PDF, "application/pdf"),
        ("avis.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
        ("avis.docx", PDF, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("avis.exe", b"MZ", "application/pdf"),
        ("avis.pdf", b"", "application/pdf"),
    ],
)
def test_what_is_not_a_document_is_refused_whatever_it_declares(
    world: World, name: str, content: bytes, declared: str
) -> None:
    sent = send(world, name, content, declared)
    assert sent.status_code == 422
    assert "Des mots à garder." in sent.get_data(as_text=True)
    assert kept(world) == []
    assert world.read(lambda s: s.scalars(select(FormalAct.id)).all()) == []


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.pdf", "C:\\temp\\avis.pdf", "a%0d%0aX-Evil: 1.pdf", "a.php.pdf"]
)
def test_the_name_that_came_is_kept_nowhere(world: World, name: str) -> None:
    assert send(world, name, PDF, "text/html").status_code == 303
    (record,) = kept(world)
    assert record.name == "avis-cvs-2026-03-02.pdf"
    act = world.read(lambda s: s.scalars(select(FormalAct.id)).one())
    taken = world.client("resident").get(f"/contrats/{world.ours.contract_id}/actes/{act}/document")
    assert "X-Evil" not in taken.headers
    assert taken.headers["Content-Type"] == "application/pdf"


def test_a_document_that_is_also_a_page_is_handed_over_as_a_file(world: World) -> None:
    polyglot = b"%PDF-1.4\n<html><body><script>alert(document.cookie)</script></body></html>\n%%EOF"
    assert send(world, "avis.pdf", polyglot, "text/html").status_code == 303
    act = world.read(lambda s: s.scalars(select(FormalAct.id)).one())
    taken = world.client("resident").get(f"/contrats/{world.ours.contract_id}/actes/{act}/document")
    assert taken.data == polyglot
    assert taken.headers["Content-Disposition"].startswith("attachment;")
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert taken.headers["Content-Type"] == "application/pdf"
    assert "default-src 'none'" in taken.headers["Content-Security-Policy"]


def test_ten_megabytes_pass_and_eleven_do_not(world: World) -> None:
    fits = b"%PDF-1.7" + b"\0" * (10 * MEGABYTE - 14) + b"%%EOF\n"
    over = send(world, "avis.pdf", fits + b"\0")
    assert over.status_code == 422
    assert "10\u00a0Mo au plus" in over.get_data(as_text=True)
    much = send(world, "avis.pdf", fits + b"\0" * MEGABYTE)
    assert much.status_code == 413
    assert "10\u00a0Mo au plus" in much.get_data(as_text=True)
    assert kept(world) == []
    assert send(world, "avis.pdf", fits).status_code == 303
    assert [one.size for one in kept(world)] == [10 * MEGABYTE]


def test_nowhere_else_may_a_form_be_that_heavy(world: World) -> None:
    heavy = {"document": (io.BytesIO(b"\0" * MEGABYTE), "avis.pdf")}
    client = world.client("director")
    other = client.send(f"/contrats/{world.ours.contract_id}/propositions", **heavy)
    assert other.status_code == 413
    heavy = {"document": (io.BytesIO(b"\0" * MEGABYTE), "avis.pdf")}
    nobody = world.client(None).post(f"/contrats/{world.ours.contract_id}/actes/nouveau", data=heavy)
    assert nobody.status_code == 413


@pytest.mark.parametrize("endpoint", sorted(UPLOADS))
def test_the_front_server_lets_through_what_the_portal_takes(world: World, endpoint: str) -> None:
    rules = [one.rule for one in world.app.url_map.iter_rules(endpoint) if "POST" in (one.methods or ())]
    places = re.findall(r"location ~ (\S+) \{.*?client_max_body_size (\d+)m;", nginx.TEMPLATE, re.DOTALL)
    assert rules
    for address in (re.sub(r"<[^>]+>", "a" * 26, one) for one in rules):
        (most,) = [int(size) for pattern, size in places if re.search(pattern, address)]
        assert most * MEGABYTE >= UPLOADS[endpoint] + BESIDE


def test_a_record_is_not_read_with_the_list(world: World) -> None:
    send(world, "avis.pdf", PDF)
    (record,) = kept(world)
    assert "content" not in record.__dict__
