"""The forms about duties work without any script, once, on the state that was seen."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from portal.domain.accounts.models import Account
from portal.domain.answers import service as answers
from portal.domain.contracts.models import Contract
from portal.domain.duties import service
from portal.domain.duties.models import DutyCover, DutyExtension, DutyOwner
from portal.domain.duties.service import NewExtension
from portal.domain.spaces import service as spaces
from portal.domain.spaces.models import Space
from portal.kernel import clock
from portal.kernel.dates import day_label
from portal.kernel.errors import RefusedError, StaleError
from portal.vocabulary import Group, RequestState, Role
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_person

DAY = timedelta(days=1)


@pytest.fixture
def ours(world: World) -> World:
    """A house with an elected family member."""

    def elect(session: Session) -> None:
        # Whatever day it is, no delay that is asked here goes beyond the contract.
        session.get_one(Contract, world.ours.contract_id).starts_on = clock.today() - 30 * DAY
        session.get_one(Contract, world.ours.contract_id).ends_on = clock.today() + 1800 * DAY
        world.ours.people["elected"] = a_person(
            session, world.ours, "elue Tilleuls", Group.FAMILIES, (Role.CVS_MEMBER,)
        )

    world.do(elect)
    return world


def test_more_time_is_asked_and_agreed(ours: World) -> None:
    path = f"/espaces/{ours.ours.space_id}/delais"
    far = (clock.today() + 120 * DAY).isoformat()
    asked = {
        "group": "families",
        "until_on": far,
        "reason": "Le conseil se réunit en mai.",
        "contribution": "",
    }
    director, elected = ours.client("director"), ours.client("elected")
    assert director.send(path, op_id="a1", **asked | {"reason": ""}).status_code == 422
    assert director.send(path, op_id="a2", **asked | {"until_on": "demain"}).status_code == 422
    assert director.send(path, op_id="a3", **asked | {"group": ""}).status_code == 422
    assert director.send(path, op_id="a4", **asked).status_code == 303
    assert director.send(path, op_id="a4", **asked).status_code == 303, "sent twice, it acts once"
    assert director.send(path, op_id="a5", **asked).status_code == 409
    (row,) = ours.read(lambda s: s.query(DutyExtension).all())
    page = elected.see(path)
    assert "Accepter ce délai" in page.words
    assert "Accepter ce délai" not in ours.client("family").see(path).words
    decision = f"{path}/decision"
    assert elected.send(decision, op_id="d1", demande=row.id, decision="refuser").status_code == 422
    assert elected.send(decision, op_id="d2", demande=row.id, decision="accepter").status_code == 303
    assert elected.send(decision, op_id="d3", demande=row.id, decision="accepter").status_code == 409
    assert ours.read(lambda s: s.get(DutyExtension, row.id)).state is RequestState.ACCEPTED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("moved", "told"), [("starts_on", "Le contrat aura commencé, le"), ("ends_on", "la fin du contrat")]
)
def test_a_day_beyond_the_contract_is_worth_a_word_to_who_asks_and_to_who_decides(
    ours: World, moved: str, told: str
) -> None:
    path, far = f"/espaces/{ours.ours.space_id}/delais", clock.today() + 120 * DAY

    def move(session):  # type: ignore[no-untyped-def]
        contract = session.get(Contract, ours.ours.contract_id)
        contract.starts_on = contract.ends_on = clock.today() + 1000 * DAY
        setattr(contract, moved, far - 10 * DAY)

    asked = {"group": "families", "until_on": far.isoformat(), "reason": "Le conseil se réunit en mai."}
    director = ours.client("director")
    ours.do(move)
    answer = director.send(path, op_id="a1", **asked)
    assert answer.status_code == 200
    page = Page(answer)
    assert told in page.words
    assert "envoyer la demande telle quelle" in page.words
    assert ours.read(lambda s: s.query(DutyExtension).count()) == 0
    (sure,) = page.tree.xpath("//input[@name='sure']/@value")
    later = (far + DAY).isoformat()
    assert director.send(path, op_id="a2", sure=sure, **asked | {"until_on": later}).status_code == 200
    other = asked | {"group": "residents"}
    assert director.send(path, op_id="a4", sure=sure, **other).status_code == 200, (
        "another group reads it too"
    )
    assert director.send(path, op_id="a3", sure=sure, **asked).status_code == 303, "it asks, it never blocks"
    assert told in ours.client("elected").see(path).words


@pytest.mark.parametrize("before", [False, True], ids=["now", "closed before extensions lapsed"])
def test_more_time_waits_no_longer_than_its_space(ours: World, before: bool) -> None:
    """`before`: a space that was closed before its closing was told to what waited in it."""
    space_id, director = ours.ours.space_id, ours.ours["director"].actor
    wanted = NewExtension(Group.FAMILIES, clock.today() + 120 * DAY, "Il faut un devis.")
    asked = ours.do(lambda s: service.ask_extension(s, director, space_id, wanted).id)
    ours.do(lambda s: spaces.end(s, director, space_id, "Tout le monde a parlé."))
    if before:
        ours.do(lambda s: spaces.close(s, director, s.get_one(Space, space_id), ""))
    else:
        ours.do(lambda s: answers.close(s, director, space_id))
        assert ours.read(lambda s: s.get_one(DutyExtension, asked).state) is RequestState.LAPSED
    page = ours.client("elected").see(f"/espaces/{space_id}/delais").words
    assert "en attente de décision" not in page
    assert f"Sans suite, le {day_label(clock.now())}. Raison : L’espace d’échange a été clos avant" in page
    assert "Accepter ce délai" not in page
    with pytest.raises((RefusedError, StaleError)):
        ours.do(
            lambda s: service.decide_extension(
                s, ours.ours["elected"].actor, space_id, asked, accepted=True, reason=""
            )
        )


def test_more_time_for_one_contribution_moves_that_one(ours: World) -> None:
    first, second = (ours.do(lambda s: a_contribution(s, ours.ours)) for _ in range(2))
    path = f"/espaces/{ours.ours.space_id}/delais"
    far = (clock.today() + 120 * DAY).isoformat()
    director = ours.client("director")
    assert first in director.see(f"{path}?contribution={first}").html
    asked = {"group": "families", "until_on": far, "reason": "Il faut un devis.", "contribution": first}
    assert director.send(path, op_id="a1", **asked).status_code == 303
    wrong = asked | {"group": "professionals", "contribution": second}
    assert director.send(path, op_id="a2", **wrong).status_code == 422, "of another group"
    (row,) = ours.read(lambda s: s.query(DutyExtension).all())
    sent = {"demande": row.id, "decision": "accepter"}
    assert ours.client("elected").send(f"{path}/decision", op_id="d1", **sent).status_code == 303
    tree = director.see(f"/contrats/{ours.ours.contract_id}/devoirs").tree
    shelves = [section.xpath(".//tbody//th/a/@href") for section in tree.xpath("//main//section[.//tbody]")]
    synthesis = f"/espaces/{ours.ours.space_id}/synthese"
    assert shelves == [[f"/contributions/{second}", synthesis], [f"/contributions/{first}"]]


def test_one_entrusts_to_somebody_known_and_never_to_oneself(ours: World) -> None:
    path = f"/contrats/{ours.ours.contract_id}/devoirs/responsables"
    client, me = ours.client("director"), ours.ours["director"].id
    offered = {
        name: {
            str(one.get("value")): " ".join(one.text_content().split())
            for one in client.see(path).tree.xpath(f"//select[@name='{name}']/option[@value!='']")
        }
        for name in ("participant", "absent")
    }
    assert me not in offered["participant"]
    assert me in offered["absent"], "one may be away"
    colleague = ours.ours["second_director"]
    name = ours.read(lambda s: s.get_one(Account, colleague.account_id).name)
    assert offered["participant"][colleague.id].startswith(f"{name} (la direction")
    sent = client.send(path, op_id="s1", acte="confier", participant=me, space="", kind="")
    assert sent.status_code == 422
    assert "une autre personne que vous-même" in Page(sent).words
    assert ours.read(lambda s: s.query(DutyOwner).all()) == []


def test_duties_are_entrusted_covered_and_taken_back(ours: World) -> None:
    path = f"/contrats/{ours.ours.contract_id}/devoirs/responsables"
    client, deputy, moderator = ours.client("director"), ours.ours["deputy"].id, ours.ours["moderator"].id
    today, later = clock.today().isoformat(), (clock.today() + 9 * DAY).isoformat()
    entrusted = {"acte": "confier", "participant": deputy, "space": "", "kind": "suite", "until_on": later}
    assert client.send(path, op_id="a1", acte="confier", participant="").status_code == 422
    assert client.send(path, op_id="a2", **entrusted | {"until_on": "2020-01-01"}).status_code == 422
    assert client.send(path, op_id="a3", **entrusted).status_code == 303
    covered = {
        "acte": "remplacer",
        "absent": deputy,
        "covered_by": moderator,
        "cover_from": today,
        "cover_until": later,
    }
    assert client.send(path, op_id="b1", **covered | {"covered_by": deputy}).status_code == 422
    assert client.send(path, op_id="b2", **covered | {"cover_until": ""}).status_code == 422
    assert client.send(path, op_id="b3", **covered).status_code == 303
    page = client.see(path).words
    assert "(la modération) remplace" in page
    assert "(la suppléance de la direction)" in page
    charge = ours.read(lambda s: s.query(DutyOwner.id).scalar())
    leave = ours.read(lambda s: s.query(DutyCover.id).scalar())
    for number, about in enumerate((charge, leave)):
        taken = {"acte": "reprendre", "charge": about}
        assert client.send(path, op_id=f"c{number}", **taken).status_code == 303
        assert client.send(path, op_id=f"d{number}", **taken).status_code == 409
    assert "Rien n’est confié" in client.see(path).words


def test_who_is_away_covers_nobody_and_is_covered_once(ours: World) -> None:
    path = f"/contrats/{ours.ours.contract_id}/devoirs/responsables"
    client, today = ours.client("director"), clock.today()
    deputy, moderator = ours.ours["deputy"].id, ours.ours["moderator"].id
    second = ours.ours["second_director"].id
    numbers = count()

    def send(absent: str, covered_by: str, first: int, last: int) -> tuple[int, str]:
        days = {
            "cover_from": (today + first * DAY).isoformat(),
            "cover_until": (today + last * DAY).isoformat(),
        }
        who = {"acte": "remplacer", "absent": absent, "covered_by": covered_by}
        sent = client.send(path, op_id=f"r{next(numbers)}", **who, **days)
        return sent.status_code, Page(sent).words if sent.status_code == 422 else ""

    away = "Cette personne est absente ces jours-là. Choisissez-en une autre."
    twice = "Une absence est déjà prévue ces jours-là."
    assert send(deputy, moderator, 5, 9)[0] == 303
    for first, last in ((9, 12), (2, 5), (6, 7), (0, 20)):
        status, words = send(moderator, deputy, first, last)
        assert (status, away in words, twice in words) == (422, True, False), (first, last)
        status, words = send(deputy, second, first, last)
        assert (status, away in words, twice in words) == (422, False, True), (first, last)
    assert ours.read(lambda s: s.query(DutyCover).count()) == 1
    assert send(moderator, deputy, 10, 12)[0] == 303, "the days after"
    assert send(deputy, second, 0, 4)[0] == 303, "the days before"
    leave = ours.read(lambda s: s.query(DutyCover.id).filter_by(covered_by=moderator).scalar())
    assert client.send(path, op_id="t1", acte="reprendre", charge=leave).status_code == 303
    assert send(deputy, second, 5, 9)[0] == 303, "a cover that has ended counts no more"
    status, words = send(moderator, deputy, 0, 3)
    assert (status, away in words) == (422, True)


def test_english_pages_say_the_same(ours: World) -> None:
    ours.do(lambda s: a_contribution(s, ours.ours))
    client = ours.client("director")
    client.send("/langue", langue="en")
    assert "The duties of the contract" in client.see(f"/contrats/{ours.ours.contract_id}/devoirs").words
    assert "Answer a contribution, promised before" in client.see("/ma-semaine").words
    for path in ("propositions", "devoirs/responsables", "engagements"):
        client.see(f"/contrats/{ours.ours.contract_id}/{path}")
    client.see(f"/espaces/{ours.ours.space_id}/delais")
