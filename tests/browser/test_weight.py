"""What a slow telephone must fetch before the first page of a space can be read."""

from __future__ import annotations

import gzip
import os

import pytest
from playwright.sync_api import Response

from tests.browser.people import Person

pytestmark = pytest.mark.browser

KILO = 1024
MOST = {"page": 100 * KILO, "style": 14 * KILO, "base script": 20 * KILO}


def weight(kind: str, body: bytes) -> int:
    """Bytes on the line: what is compressed already stays as it is."""
    return len(body) if kind == "font" else len(gzip.compress(body, 6))


def weights(fetched: list[tuple[str, str, bytes]]) -> dict[str, int]:
    """The weight of a first visit: all of it, its style, the script that every page has."""
    known = [(kind, address, weight(kind, body)) for kind, address, body in fetched]
    return {
        "page": sum(bytes_ for _kind, _address, bytes_ in known),
        "style": sum(bytes_ for kind, _address, bytes_ in known if kind == "stylesheet"),
        "base script": sum(
            bytes_ for kind, address, bytes_ in known if kind == "script" and "/live-" not in address
        ),
    }


def too_heavy(found: dict[str, int]) -> dict[str, int]:
    """What is over its limit."""
    return {name: bytes_ for name, bytes_ in found.items() if bytes_ > MOST[name]}


def test_the_first_page_of_a_space_is_light(resident: Person, record_property) -> None:
    resident.enters()
    space = f"/espaces/{resident.portal.space('la vie de tous')}"
    fetched: list[tuple[str, str, bytes]] = []

    def note(response: Response) -> None:
        if "/socket.io" not in response.url:
            fetched.append((response.request.resource_type, response.url, response.body()))

    page = resident.context.browser.new_context(storage_state=resident.context.storage_state()).new_page()
    page.on("response", note)
    page.goto(f"{resident.portal.url}{space}", wait_until="networkidle")
    page.context.close()

    found = weights(fetched)
    for name, bytes_ in found.items():
        record_property(f"{name} (gzip bytes)", bytes_)
    kinds = {kind for kind, _address, _body in fetched}
    assert {"document", "stylesheet", "script", "font"} <= kinds
    assert too_heavy(found) == {}

    # Controls: half a picture more, a second library, a second style sheet.
    noise = os.urandom(60 * KILO)
    assert "page" in too_heavy(weights([*fetched, ("image", "/x.jpg", noise)]))
    assert "base script" in too_heavy(weights([*fetched, ("script", "/static/dist/app-2.js", noise)]))
    assert "style" in too_heavy(weights([*fetched, ("stylesheet", "/static/dist/app-2.css", noise)]))
