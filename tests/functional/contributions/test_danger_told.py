"""Who writes that somebody is hit reads whom to call, before sending and on the page of help; nothing is blocked."""

from __future__ import annotations

import pytest

from portal.kernel.ids import new_id
from tests.conftest import World
from tests.factories.pages import Page

WORDS = "On frappe ma mère la nuit, elle a des bleus."
CALLS = ("le 17 ou le 112", "Le 3977 écoute et conseille")


def test_words_of_violence_show_whom_to_call_and_are_sent_all_the_same(world: World) -> None:
    client = world.client("family")
    here = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    form = client.see(f"{here}?type=comment").form() | {"body": WORDS, "op_id": new_id()}
    page = Page(client.post(here, data=form))
    for words in (*CALLS, "dites-le aussi à la direction", "Envoyer quand même"):
        assert words in page.words
    assert client.post(here, data=form | {"sure": "oui", "op_id": new_id()}).status_code == 303


@pytest.mark.parametrize("words", ["Le dîner vient trop tôt.", "Mme Pivert le sait."])
def test_other_words_alarm_nobody(world: World, words: str) -> None:
    client = world.client("family")
    here = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer"
    form = client.see(f"{here}?type=comment").form() | {"body": words, "op_id": new_id()}
    assert "3977" not in client.post(here, data=form).get_data(as_text=True)


def test_the_page_of_help_says_whom_to_call(world: World) -> None:
    words = world.client("family").see("/aide").words
    for told in CALLS:
        assert told in words
