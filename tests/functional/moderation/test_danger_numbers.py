"""Once words are read by nobody any more, their reader still learns whom to call, and no alert is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.domain.moderation import reports, settings
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Reason, Seen
from portal.domain.moderation.settings import Settings
from portal.domain.register import service as register
from portal.vocabulary import ContributionStatus, ModerationMode, ModerationRule
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space

SAID = "On frappe ma mère la nuit."
CIRCUIT = "La plateforme d’alerte de l’agence"
NUMBERS = ("15 (SAMU)", "17 (police)", "112", "114", "3977", "119")


def withdrawn(world: World, one: str) -> None:
    world.do(lambda s: reports.withdraw(s, world.ours["family"].actor, one))


def hidden(world: World, one: str) -> None:
    seen = Seen(1, ContributionStatus.PUBLISHED)
    reason = Reason(ModerationRule.NAMES_SOMEONE, "Une personne se reconnaît.")
    world.do(lambda s: moderation.hide(s, world.ours["moderator"].actor, one, seen, reason))


def erased(world: World, one: str) -> None:
    world.do(lambda s: register.ask_erasure(s, world.ours["family"].actor, one))
    world.do(lambda s: register.confirm_erasure(s, world.ours["director"].actor, one))


def refused(world: World, one: str) -> None:
    seen = Seen(1, ContributionStatus.PENDING)
    reason = Reason(ModerationRule.NAMES_SOMEONE, "Une personne se reconnaît.")
    world.do(lambda s: moderation.refuse(s, world.ours["moderator"].actor, one, seen, reason))


@pytest.fixture
def circuit(world: World) -> None:
    """What the direction wrote of the authority's alert channel."""
    told = Settings(alert_text=CIRCUIT)
    world.do(lambda s: settings.settle(s, world.ours["director"].actor, told, version=0))


@pytest.mark.parametrize("become", [withdrawn, hidden, erased])
def test_an_alert_on_words_that_are_gone_since_is_not_lost(
    world: World, circuit: None, become: Callable[[World, str], None]
) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours, body=SAID))
    reader, here = world.client("resident"), f"/contributions/{one}/danger"
    form = reader.see(here).form(here)
    become(world, one)
    page = reader.see(here)
    assert [one for one in NUMBERS if one not in page.words] == []
    assert CIRCUIT in page.words
    assert SAID not in page.words
    assert ("l’alerte ne les montre à personne" in page.words) is (become is not hidden)
    assert reader.post(here, data=form).status_code == 303
    assert "Alerte donnée le" in world.client("moderator").see(here).words
    listed = world.client("director").see("/ma-semaine").words
    assert "Une personne est peut-être en danger" in listed
    assert ("Décider de ces mots" in world.client("moderator").see(here).words) is (become is hidden)


def test_of_words_that_nobody_read_a_refusal_says_whom_to_call(world: World, circuit: None) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    one = world.do(lambda s: a_contribution(s, world.ours, space_id=space, body=SAID))
    here = f"/contributions/{one}/danger"
    for become in (None, refused):
        if become is not None:
            become(world, one)
        answer = world.client("resident").get(here)
        words = Page(answer).words
        assert answer.status_code == 403
        assert [one for one in NUMBERS if one not in words] == []
        assert "Vous pouvez en parler à" in words
        assert CIRCUIT in words
        assert SAID not in words


def test_who_came_to_report_words_that_are_gone_may_still_give_an_alert(world: World) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours, body=SAID))
    hidden(world, one)
    answer = world.client("resident").get(f"/contributions/{one}/signaler")
    assert answer.status_code == 403
    assert Page(answer).tree.xpath(f"//main//a[@href='/contributions/{one}/danger']")


def test_a_page_that_came_too_late_says_whom_to_call(world: World) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours, body=SAID))
    here = f"/contributions/{one}/danger"
    answer = world.client("resident").post(here, data={"csrf_token": "perdu", "op_id": "a" * 26})
    assert answer.status_code == 400
    assert [one for one in NUMBERS if one not in Page(answer).words] == []


def test_other_refusals_speak_of_no_danger(world: World) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    for path in (f"/espaces/{world.ours.space_id}/niveaux", f"/contributions/{one}/signaler"):
        answer = world.client("resident").get(path)
        assert answer.status_code == 403
        assert "3977 : maltraitances" not in Page(answer).words


@pytest.mark.parametrize("become", [withdrawn, hidden, erased])
def test_the_place_of_words_that_are_gone_leads_who_read_them_to_the_alert(
    world: World, become: Callable[[World, str], None]
) -> None:
    one = world.do(lambda s: a_contribution(s, world.ours, body=SAID))
    reader, here = world.client("resident"), f"/contributions/{one}/danger"
    where = f"/contributions/{one}/fil"
    link = f"//main//div[contains(@class, 'stone')]//a[@href='{here}']"
    assert not reader.see(where).tree.xpath(link), "words that are read have their own way"
    become(world, one)
    assert reader.see(where).tree.xpath(link)
    assert reader.see(here).tree.xpath(f"//form[@action='{here}']")


@pytest.mark.parametrize("become", [withdrawn, refused])
def test_words_that_nobody_read_have_no_such_way(world: World, become: Callable[[World, str], None]) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    one = world.do(lambda s: a_contribution(s, world.ours, space_id=space, body=SAID))
    become(world, one)
    author = world.client("family").get(f"/contributions/{one}/fil", follow_redirects=True)
    assert author.status_code == 200
    assert f"/contributions/{one}/danger" not in author.text
