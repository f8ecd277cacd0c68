"""A server that runs keeps what is looked up true by itself."""

from __future__ import annotations

import urllib.request

import pytest
import server as running

pytestmark = pytest.mark.live


def found(server, world, document_id: str, words: str) -> bool:
    asked = urllib.request.Request(
        f"{server.url}/contrats/{world.contract_id}/recherche?q={words}",
        headers={"Cookie": f"{running.COOKIE}={world['family'].token}", "Accept-Language": "fr"},
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return document_id in answer.read().decode()


def test_a_document_is_found_by_a_word_far_inside_its_file(live_server, world):
    far = "La cour sera refaite. " * 40 + "Une palissade fermera le jardin."
    done = live_server.act("attach", world["director"].participant_id, words=far)
    assert running.until(lambda: found(live_server, world, done["id"], "chambres"), 15.0)
    assert running.until(lambda: found(live_server, world, done["id"], "palissade"), 15.0)
