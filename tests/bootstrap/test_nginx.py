"""The configuration of the local nginx: who is sent where, with what, and when nobody is there."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from portal.setup import machine, nginx
from portal.setup.speech import SetupError
from tests.bootstrap.gate import Gate, gate, without_stickiness


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """Nginx in front of three servers, on plain HTTP, met directly."""
    with gate(tmp_path_factory.mktemp("nginx")) as running:
        yield running


KINDS = {
    "plain": nginx.Front("127.0.0.1", 8000, [1, 2]),
    "IPv6": nginx.Front("::1", 8000, [1, 2]),
    "TLS before it": nginx.Front("127.0.0.1", 8000, list(range(1, 17)), https=True, proxies=1),
    "few files": nginx.Front("127.0.0.1", 8000, [1, 2], connections=512),
}


@pytest.mark.parametrize("kind", KINDS)
def test_nginx_accepts_the_configuration(kind: str, tmp_path: Path):
    asked = KINDS[kind]._replace(account=nginx.plain_account())
    file = nginx.write(asked, tmp_path / "nginx")
    done = subprocess.run(
        [*nginx.command(nginx.require(), file.parent), "-t"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_configuration_names_no_place_and_keeps_no_trace_of_visits(kind: str):
    text = nginx.configuration(KINDS[kind])
    assert not re.search(r"(?m)^\s*(?:pid|\w+_temp_path|include|root|alias)\s+/", text)
    assert re.findall(r"access_log\s+(\S+);", text) == ["off"]
    assert "@" not in text.replace("@resting", "").replace("@too_long", "")


def test_the_same_digits_always_reach_the_same_process(front: Gate):
    for digits in ("00", "5b", "ff"):
        assert len({front.ask(route=digits).port for _ in range(12)}) == 1


def test_control_without_its_line_the_same_digits_reach_several(tmp_path: Path):
    with gate(tmp_path, without_stickiness) as planted:
        assert len({planted.ask(route="5b").port for _ in range(12)}) > 1


def test_people_are_shared_out_between_all(front: Gate):
    reached = [front.ask(route=f"{digits:02x}").port for digits in range(256)]
    shares = [reached.count(worker.port) for worker in front.workers]
    assert min(shares) > 256 / 3 / 2.5, shares


def test_a_first_visit_is_given_its_digits_and_keeps_its_process(front: Gate):
    drawn = set()
    for _ in range(12):
        first = front.ask()
        assert re.fullmatch("[0-9a-f]{2}", first.route)
        assert front.ask(route=first.route).port == first.port
        assert front.ask(route=first.route).route == ""
        drawn.add(first.route)
    assert len(drawn) > 1


@pytest.mark.parametrize("forged", ["zz", "0", "5B", "5b5b", "..", "%00"])
def test_digits_that_we_did_not_give_are_drawn_again(front: Gate, forged: str):
    assert re.fullmatch("[0-9a-f]{2}", front.ask(route=forged).route)


def test_the_cookie_says_nothing_more_and_is_closed_to_scripts(tmp_path: Path, front: Gate):
    plain = front.ask().headers["Set-Cookie"]
    assert re.fullmatch(
        r"polyphonie_route=[0-9a-f]{2}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax", plain
    )
    assert "SameSite=Lax; Secure" in nginx.configuration(KINDS["TLS before it"])


def test_files_that_others_may_keep_carry_no_cookie(front: Gate):
    assert front.ask("/static/dist/base.css").route == ""
    assert front.ask("/socket.io/?EIO=4").route != ""


def test_a_person_cannot_choose_the_address_they_come_from(front: Gate):
    sent = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Proxy": "http://elsewhere"}
    seen = front.ask(headers=sent).json["headers"]
    # The portal reads one value from the right: the one that nginx saw itself.
    assert seen["X-Forwarded-For"].split(", ")[-1] == "127.0.0.1"
    assert seen["X-Forwarded-Proto"] == "http"
    assert "Proxy" not in seen


def test_behind_the_operators_own_server_its_words_count(tmp_path: Path):
    with gate(tmp_path, proxies=1, https=True) as behind:
        sent = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https", "Host": "cpom.exemple.fr"}
        seen = behind.ask(headers=sent).json["headers"]
    assert seen["X-Forwarded-For"].split(", ")[-2:] == ["198.51.100.7", "127.0.0.1"]
    assert seen["X-Forwarded-Proto"].split(", ")[-2:] == ["https", "http"]
    assert seen["Host"] == "cpom.exemple.fr"


def test_a_socket_is_opened_through(front: Gate):
    sent = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    assert front.ask("/socket.io/?EIO=4&transport=websocket", headers=sent).status == 101
    assert "Upgrade" not in front.ask("/socket.io/?EIO=4&transport=polling").json["headers"]


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/contributions/x/repondre", 256 * 1024, 200),
        ("/contributions/x/repondre", 400 * 1024, 413),
        ("/contrats/abc234/actes/nouveau", 10 * 1024 * 1024, 200),
        ("/contrats/abc234/actes/nouveau", 12 * 1024 * 1024, 413),
        ("/contrats/abc234/propositions", 400 * 1024, 413),
        ("/socket.io/?EIO=4", 64 * 1024, 200),
        ("/socket.io/?EIO=4", 64 * 1024 + 1, 413),
    ],
)
def test_what_is_too_long_stops_here(front: Gate, path: str, length: int, status: int):
    answer = front.ask(path, method="POST", body=b"x" * length)
    assert answer.status == status
    if status == 413:
        check_page(answer, "Ce message est trop long", "This message is too long")


def test_when_one_process_dies_another_answers_then_it_is_used_again(tmp_path: Path):
    with gate(tmp_path) as front:
        home = front.ask(route="5b").port
        dead = next(worker for worker in front.workers if worker.port == home)
        dead.stop()
        posts = front.posts()
        others = [front.ask(route="5b") for _ in range(10)]
        assert {answer.status for answer in others} == {200}
        assert home not in {answer.port for answer in others}
        assert len({answer.port for answer in others}) == 1
        # A form that could not be handed over is given to another, once.
        assert front.ask(route="5b", method="POST", body=b"mot").status == 200
        assert front.posts() == posts + 1
        dead.start()
        assert eventually(lambda: front.ask(route="5b").port == home)


def test_a_form_that_was_handed_over_is_never_sent_twice(front: Gate):
    before = front.posts()
    answer = front.ask("/dies", route="5b", method="POST", body=b"mot")
    assert answer.status == 503
    assert front.posts() == before + 1


def test_when_nobody_is_there_the_page_says_so_in_plain_words(tmp_path: Path):
    with gate(tmp_path) as front:
        for worker in front.workers:
            worker.stop()
        answer = front.ask("/contrats")
        for worker in front.workers:
            worker.start()
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    check_page(answer, "Le portail redémarre", "The portal is starting again")


def check_page(answer, french: str, english: str):
    """Both languages, each said to be so; nothing kept, nothing guessed, nothing promised."""
    text = answer.body.decode()
    assert text.startswith("<!doctype html><html lang=fr>")
    assert text.index(f"<h1>{french}</h1>") < text.index("<div lang=en>") < text.index(f"<h2>{english}</h2>")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert not re.search("reste|gardé|enregistré|kept|saved", text)


def test_pages_are_short_enough_and_hold_nothing_that_nginx_would_read():
    for page in (nginx.RESTING, nginx.TOO_LONG):
        assert len(page.encode()) < 2048
        assert not set('"$\\@') & set(page)


def test_a_caller_who_sends_half_a_request_keeps_nobody_waiting(front: Gate):
    with closing(socket.create_connection(("127.0.0.1", front.port))) as half:
        half.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        before = front.posts()
        assert front.ask().status == http.client.OK
        assert front.posts() == before


def test_without_nginx_the_sentence_says_what_to_type(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nginx, "OUT_OF_PATH", ())
    with pytest.raises(SetupError, match="apt-get install --no-install-recommends nginx"):
        nginx.require()


@pytest.mark.skipif(os.name == "nt", reason="Debian's packages")
def test_debian_is_asked_not_to_start_what_it_installs(tmp_path: Path):
    policy = tmp_path / "policy-rc.d"
    with machine.no_service_starts(policy):
        assert subprocess.run([policy], check=False).returncode == 101
    assert not policy.exists()
    policy.write_text("theirs", encoding="ascii")
    with machine.no_service_starts(policy):
        assert policy.read_text(encoding="ascii") == "theirs"
    assert policy.exists()


def eventually(condition, seconds: float = 10.0) -> bool:
    import time

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_a_resting_connection_is_left_by_nginx_before_its_worker_ends_it(kind: str):
    written = nginx.configuration(KINDS[kind])
    upstream = written[written.index("upstream workers") : written.index("server {\n")]
    (seconds,) = re.findall(r"keepalive_timeout (\d+)s;", upstream)
    source = (Path(nginx.__file__).parents[1] / "serveur.py").read_text(encoding="utf-8")
    (worker,) = re.findall(r'"keepalive": (\d+)', source)
    assert int(seconds) + 2 <= int(worker)
