"""From where a live page may be opened; an empty list means no start at all."""

from __future__ import annotations

import http.client

import pytest
from flask import Flask
from flask_socketio import SocketIO

from portal.realtime import transport
from portal.realtime.transport import TransportRefusedError, init_transport, origins

REFUSED = [
    "null",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:{port}",
    "http://localhost",
    "http://localhost:1",
    "http://127.0.0.1:{port}.exemple.fr",
    "http://127.0.0.1:{port}@exemple.fr",
    "http://exemple.fr/http://127.0.0.1:{port}",
    "http://exemple.fr",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}x",
    "HTTP://127.0.0.1:{port}",
    "ws://127.0.0.1:{port}",
    "//127.0.0.1:{port}",
    "127.0.0.1:{port}",
    "http://xn--127-0-0-1:{port}",
    "file://",
    "*",
    "http://127.0.0.1:{port} http://exemple.fr",
    "http://127.0.0.1:{port},http://exemple.fr",
    "chrome-extension://abcdef",
    "http://[::1]:{port}",
    "http://127.1:{port}",
    "http://2130706433:{port}",
    "http://0.0.0.0:{port}",
    "http://127.0.0.1:0{port}",
    "https://localhost:{port}",
    "http://LOCALHOST:{port}",
    "http://127.0.0.1.:{port}",
    "http://127.0.0.1:{port}#",
    "http://127.0.0.1:{port}?x",
    "http://127.0.0.1:{port}\\@exemple.fr",
    "http://exemple.fr#127.0.0.1:{port}",
    "http://exemple.fr:{port}",
    "http://0x7f.0.0.1:{port}",
    "http://017700000001:{port}",
    "http://[::ffff:127.0.0.1]:{port}",
    "data:text/html,x",
    "blob:http://127.0.0.1:{port}/x",
    "about:blank",
    "undefined",
    "http://127.0.0.1:{port};http://exemple.fr",
]


def connect(server, origin, *, upgrade):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    headers = {} if origin is None else {"Origin": origin.format(port=server.port)}
    if upgrade:
        headers |= {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        }
    way = "websocket" if upgrade else "polling"
    connection.request("GET", f"/socket.io/?EIO=4&transport={way}", headers=headers)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.live
@pytest.mark.parametrize("origin", REFUSED)
def test_another_origin_is_refused_on_both_transports(live_server, origin):
    assert connect(live_server, origin, upgrade=False) == 400
    assert connect(live_server, origin, upgrade=True) == 400


def test_the_table_is_long_enough_to_mean_something():
    assert len(set(REFUSED)) >= 40


@pytest.mark.live
def test_the_portal_itself_is_accepted(live_server):
    assert connect(live_server, "http://127.0.0.1:{port}", upgrade=False) == 200
    assert connect(live_server, "http://127.0.0.1:{port}", upgrade=True) == 101


@pytest.mark.live
def test_a_handshake_that_no_browser_would_send_is_refused(live_server):
    assert connect(live_server, None, upgrade=True) == 400


@pytest.mark.live
def test_a_forged_host_does_not_widen_the_list(live_server):
    connection = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=5)
    headers = {
        "Host": "exemple.fr",
        "X-Forwarded-Host": "exemple.fr",
        "X-Forwarded-Proto": "http",
        "Origin": "http://exemple.fr",
    }
    connection.request("GET", "/socket.io/?EIO=4&transport=polling", headers=headers)
    assert connection.getresponse().status == 400
    connection.close()


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ("https://portail.exemple.fr", ["https://portail.exemple.fr"]),
        ("https://portail.exemple.fr/", ["https://portail.exemple.fr"]),
        ("https://Portail.Exemple.FR:443", ["https://portail.exemple.fr"]),
        ("http://127.0.0.1:8000", ["http://127.0.0.1:8000"]),
        ("http://[::1]:8000", ["http://[::1]:8000"]),
        ("https://a.fr, https://b.fr", ["https://a.fr", "https://b.fr"]),
    ],
)
def test_origins_are_exact(urls, expected):
    assert origins(urls) == expected


@pytest.mark.parametrize(
    "urls",
    ["", " , ", "*", "https://*.exemple.fr", "portail.exemple.fr", "ftp://a.fr", "https://a.fr/portail"],
)
def test_an_empty_or_wide_list_refuses_to_start(urls):
    with pytest.raises(TransportRefusedError):
        origins(urls)


@pytest.fixture
def bare():
    """An application that nothing else set up."""
    app = Flask("essai")
    app.config.update(PORTAL_URL="http://127.0.0.1:8000", PORTAL_LIVE_ENGINE="stock")
    return app


def test_an_unknown_engine_refuses_to_start(bare):
    bare.config["PORTAL_LIVE_ENGINE"] = "autre"
    with pytest.raises(TransportRefusedError):
        init_transport(bare, SocketIO())


@pytest.mark.parametrize("module", transport.FORBIDDEN_MODULES)
def test_a_module_that_would_replace_the_engine_refuses_to_start(bare, monkeypatch, module):
    find = transport.importlib.util.find_spec
    monkeypatch.setattr(
        transport.importlib.util, "find_spec", lambda name: object() if name == module else find(name)
    )
    with pytest.raises(TransportRefusedError):
        init_transport(bare, SocketIO())


def test_the_server_is_set_as_decided(bare):
    live = SocketIO()
    init_transport(bare, live)
    engine = live.server.eio
    assert live.manage_session is False
    assert engine.cors_allowed_origins == ["http://127.0.0.1:8000"]
    assert engine.max_http_buffer_size == 64 * 1024
    assert engine.http_compression is False
    assert engine.cookie is None
    assert engine.async_mode == "gevent"
    assert engine.async_handlers is False
    assert engine._async["websocket"] is transport.PlainWebSocket
