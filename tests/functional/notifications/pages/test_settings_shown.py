"""The settings change what their page showed: a box that was not there says nothing."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.notifications.models import NoticeChoice
from portal.domain.participants import service as members
from portal.vocabulary import Role
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_space


def test_what_a_page_did_not_show_is_not_changed_by_it(world: World) -> None:
    client, here = world.client("resident"), "/notifications/reglages"
    fields = client.see(here).form(here)
    assert "lundi" not in fields

    def since(session: Session) -> str:
        members.give_role(session, world.ours["resident"].id, Role.AUTHORITY_AGENT)
        return a_space(session, world.ours)

    later = world.do(since)
    assert client.post(here, data=fields).status_code == 303
    assert world.read(lambda s: s.scalars(select(NoticeChoice)).all()) == []
    page = client.see(here)
    for box in ("@name='lundi'", f"@value='{later}'"):
        assert page.tree.xpath(f"//main//input[@type='checkbox'][{box}][@checked]"), box
    # Control: what it shows is changed.
    fields = page.form(here) | {"espace": world.ours.space_id}
    del fields["lundi"]
    assert client.post(here, data=fields).status_code == 303
    muted = {one.object_id for one in world.read(lambda s: s.scalars(select(NoticeChoice)).all())}
    assert muted == {later, world.ours.contract_id}


def test_a_page_refused_remembers_what_it_showed(world: World) -> None:
    client, here = world.client("family"), "/notifications/reglages"
    fields = client.see(here).form(here)
    again = Page(client.post(here, data=fields | {"cadence": "souvent"}))
    assert again.form(here)["montres"] == fields["montres"] == world.ours.space_id
