"""The context of a socket's event opens without asking the database: what fails there is never given back."""

from __future__ import annotations

import pytest

from portal.blueprints import _sessions

COOKIE = {"Cookie": "polyphonie=un-jeton"}


def without_database(_token):
    raise ConnectionError("planted")


def test_an_event_opens_its_context_without_the_database(portal_app, monkeypatch):
    monkeypatch.setattr(_sessions, "_from_row", without_database)
    with portal_app.test_request_context("/socket.io/?EIO=4&transport=websocket", headers=COOKIE):
        pass


def test_a_page_reads_its_session(portal_app, monkeypatch):
    """Control: the same cookie on a page asks for the row."""
    monkeypatch.setattr(_sessions, "_from_row", without_database)
    with pytest.raises(ConnectionError), portal_app.test_request_context("/contrats", headers=COOKIE):
        pass
