"""A formal act is recorded by who may, read by every member, corrected with a reason, taken back behind a stone."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.acts import queries, service
from portal.domain.acts.models import ActOutcome, FormalAct, FormalActVersion
from portal.domain.acts.service import Correction
from portal.domain.contracts.models import Contract
from portal.domain.journal.models import JournalLine
from portal.kernel import clock
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from portal.vocabulary import ActKind, Group, NoticeKind, Role, Stage
from tests.conftest import World
from tests.factories.acts import PDF, an_act, new_act
from tests.factories.notices import follow, skip, told
from tests.factories.world import a_person
from tests.functional.pages.test_queries import questions

DAY = "2026-03-02"


@pytest.fixture
def ours(world: World) -> World:
    """A house with an elected family member; what happened before is no news."""

    def elect(session: Session) -> None:
        world.ours.people["elected"] = a_person(
            session, world.ours, "elue Tilleuls", Group.FAMILIES, (Role.CVS_MEMBER,)
        )

    world.do(elect)
    skip(world)
    return world


def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/actes"


def typed(world: World, **more: Any) -> dict[str, Any]:
    """The form of an opinion of the CVS as a person fills it."""
    return {
        "sorte": "avis-cvs",
        "op_id": "acte-1",
        "held_on": DAY,
        "body_name": "CVS de la résidence Les Tilleuls",
        "establishment": world.ours.establishment_id,
        "stage": "diagnostic",
        "outcome": "favorable-reserves",
        "source": "Le CVS approuve le diagnostic.\n\n- Le dîner est trop tôt.",
    } | more


def only(world: World) -> str:
    """The id of the only act."""
    found: str = world.read(lambda s: s.scalars(select(FormalAct.id)).one())
    return found


def test_from_the_empty_page_to_the_document_in_a_reader_s_hand(ours: World) -> None:
    empty = ours.client("resident").see(here(ours)).words
    assert "Aucun acte officiel n’est encore enregistré" in empty
    assert "Ces actes ne sont pas enregistrés ici pour le moment : Avis du CVS Consultation du CSE" in empty
    assert "Un niveau d’implication ne remplace aucun de ces actes." in empty
    elected = ours.client("elected")
    # Only one kind is hers to record: no question about which.
    page = elected.see(f"{here(ours)}/nouveau")
    assert page.title == "Enregistrer : avis du CVS"
    assert "une personne élue au CVS" in page.words
    sent = elected.send(f"{here(ours)}/nouveau", **typed(ours, document=(io.BytesIO(PDF), "avis signé.pdf")))
    assert (sent.status_code, sent.location) == (303, f"{here(ours)}?fait=enregistre")
    act = only(ours)
    follow(ours)
    heard = {name for name, kind in told(ours) if kind == NoticeKind.ACT.name}
    assert {"resident", "family", "authority", "director", "board"} <= heard
    assert "elected" not in heard
    listed = ours.client("resident").see(here(ours)).words
    assert "Étape : diagnostic" in listed
    assert "Avis du CVS, lundi 2 mars 2026" in listed
    assert "Enregistré par une personne élue au CVS" in listed
    read = ours.client("authority").see(f"{here(ours)}/{act}").words
    assert "Favorable avec réserves" in read
    assert "Maison Tilleuls" in read
    assert "Le dîner est trop tôt." in read
    taken = ours.client("family").get(f"{here(ours)}/{act}/document")
    assert taken.data == PDF
    assert taken.headers["Content-Type"] == "application/pdf"
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert taken.headers["Content-Disposition"] == f'attachment; filename="avis-cvs-{DAY}.pdf"'
    register = ours.client("resident").see(f"/contrats/{ours.ours.contract_id}/registre?sorte=actes").words
    assert "Un acte officiel a été enregistré." in register
    assert "elue" not in register.lower()


def test_sent_twice_it_is_recorded_once(ours: World) -> None:
    director = ours.client("director")
    for _ in range(2):
        sent = director.send(f"{here(ours)}/nouveau", **typed(ours, document=(io.BytesIO(PDF), "avis.pdf")))
        assert sent.status_code == 303
    only(ours)


@pytest.mark.parametrize(
    ("who", "kind", "allowed"),
    [
        ("director", ActKind.CVS, True),
        ("director", ActKind.BOARD, True),
        ("deputy", ActKind.CSE, True),
        ("elected", ActKind.CVS, True),
        ("elected", ActKind.BOARD, False),
        ("elected", ActKind.DEPARTMENT, False),
        ("authority", ActKind.DEPARTMENT, True),
        ("authority", ActKind.CVS, False),
        ("moderator", ActKind.CVS, False),
        ("resident", ActKind.CVS, False),
        ("board", ActKind.BOARD, False),
        ("staff_rep", ActKind.CSE, False),
        ("manager", ActKind.OTHER, False),
    ],
)
def test_each_body_s_act_has_those_who_record_it(
    ours: World, who: str, kind: ActKind, *, allowed: bool
) -> None:
    outcome = ActOutcome.FAVOURABLE if kind in (ActKind.CVS, ActKind.CSE) else ActOutcome.ADOPTED
    sent = ours.client(who).send(
        f"{here(ours)}/nouveau",
        **typed(ours, sorte=kind.value, outcome=outcome.value, body_name="Une instance"),
    )
    assert sent.status_code == (303 if allowed else 403)
    assert ours.read(lambda s: len(s.scalars(select(FormalAct.id)).all())) == int(allowed)
    paper = new_act(kind, outcome=outcome, establishment_id=ours.ours.establishment_id)
    act = ours.do(lambda s: an_act(s, ours.ours, command=paper))
    for door in ("corriger", "reprendre"):
        assert ours.client(who).get(f"{here(ours)}/{act}/{door}").status_code == (200 if allowed else 403)


def test_a_vote_that_an_authority_records_is_said_to_be_hers(ours: World) -> None:
    ours.client("authority").send(
        f"{here(ours)}/nouveau",
        **typed(
            ours,
            sorte=ActKind.DEPARTMENT.value,
            outcome=ActOutcome.ADOPTED.value,
            body_name="Commission permanente",
        ),
    )
    assert "Enregistré par une autorité, le" in ours.client("resident").see(here(ours)).words
    reader = ours.client("resident")
    reader.send("/langue", langue="en")
    assert "Recorded by an authority, on" in reader.see(here(ours)).words


def test_outside_the_contract_nothing_of_it_exists(ours: World) -> None:
    act = ours.do(lambda s: an_act(s, ours.ours))
    other = f"/contrats/{ours.other.contract_id}/actes/{act}"
    for path in (other, f"{other}/document", f"{other}/corriger", f"{other}/reprendre"):
        assert ours.client("director", ours.other).get(path).status_code == 404
        assert ours.client("director").get(path).status_code == 404
    with pytest.raises(NotFoundError):
        ours.do(
            lambda s: service.take_back(
                s, ours.other["director"].actor, ours.other.contract_id, act, "Non.", seen=1
            )
        )


def test_a_correction_keeps_the_former_version_and_its_document(ours: World) -> None:
    act = ours.do(lambda s: an_act(s, ours.ours))
    director = ours.client("director")
    form = director.see(f"{here(ours)}/{act}/corriger").form(f"{here(ours)}/{act}/corriger")
    assert form["version"] == "1"
    assert form["held_on"] == DAY
    fields = {
        **form,
        "op_id": "c1",
        "outcome": "favorable",
        "document": (io.BytesIO(b"%PDF-2 %%EOF"), "b.pdf"),
    }
    without = director.send(f"{here(ours)}/{act}/corriger", **fields)
    assert without.status_code == 422
    fields["document"] = (io.BytesIO(b"%PDF-2 %%EOF"), "b.pdf")
    sent = director.send(
        f"{here(ours)}/{act}/corriger", **{**fields, "reason": "Le relevé disait favorable."}
    )
    assert sent.status_code == 303
    page = ours.client("resident").see(f"{here(ours)}/{act}").words
    assert "Raison de la correction : Le relevé disait favorable." in page
    assert "Corrigé par la direction" in page
    assert "Favorable avec réserves" in page
    assert ours.client("resident").get(f"{here(ours)}/{act}/document").data == b"%PDF-2 %%EOF"
    assert ours.client("resident").get(f"{here(ours)}/{act}/document?version=1").data == PDF
    assert ours.client("resident").get(f"{here(ours)}/{act}/document?version=7").status_code == 404


@pytest.mark.parametrize("words", ["Adopté.", "Oui", ""])
def test_what_is_optional_may_be_as_short_as_one_likes(ours: World, words: str) -> None:
    sent = ours.client("director").send(f"{here(ours)}/nouveau", **typed(ours, source=words))
    assert sent.status_code == 303
    (kept,) = ours.read(lambda s: s.scalars(select(FormalAct.source)).all())
    assert kept == words


def test_two_who_correct_meet(ours: World) -> None:
    act = ours.do(lambda s: an_act(s, ours.ours))
    change = Correction(new_act(source="Autrement dit, non."), "Une faute.", 1)
    first, second = (ours.ours[name].actor for name in ("director", "second_director"))
    ours.do(lambda s: service.correct(s, first, ours.ours.contract_id, act, change))
    with pytest.raises(StaleError):
        ours.do(lambda s: service.correct(s, second, ours.ours.contract_id, act, change))
    late = ours.client("deputy").send(
        f"{here(ours)}/{act}/corriger",
        **typed(ours, reason="Trop tard.", version="1", source="Mes mots à moi."),
    )
    assert late.status_code == 409
    assert "Mes mots à moi." in late.get_data(as_text=True)
    assert 'name="version" type="hidden" value="2"' in late.get_data(as_text=True).replace(
        'id="version" ', ""
    )


def test_nothing_changed_is_no_version(ours: World) -> None:
    act = ours.do(lambda s: an_act(s, ours.ours, command=new_act()))
    with pytest.raises(InvalidError):
        ours.do(
            lambda s: service.correct(
                s, ours.ours["director"].actor, ours.ours.contract_id, act, Correction(new_act(), "Rien.", 1)
            )
        )
    assert ours.read(lambda s: s.scalars(select(FormalActVersion.act_id)).all()) == []


def test_taken_back_it_leaves_a_stone_and_no_document(ours: World) -> None:
    act = ours.do(lambda s: an_act(s, ours.ours))
    director = ours.client("director")
    refused = director.send(f"{here(ours)}/{act}/reprendre", version="1", reason="", op_id="r0")
    assert refused.status_code == 422
    sent = director.send(
        f"{here(ours)}/{act}/reprendre", version="1", reason="Enregistré dans le mauvais contrat.", op_id="r1"
    )
    assert sent.status_code == 303
    for path in (here(ours), f"{here(ours)}/{act}"):
        page = ours.client("resident").see(path).words
        assert "Acte retiré" in page
        assert "Enregistré dans le mauvais contrat." in page
        assert "dîner plus tardif" not in page
    for path in ("document", "document?version=1"):
        assert ours.client("director").get(f"{here(ours)}/{act}/{path}").status_code == 404
    again = director.send(
        f"{here(ours)}/{act}/reprendre", version="1", reason="Encore une erreur.", op_id="r2"
    )
    assert again.status_code == 409
    assert ours.read(lambda s: queries.kinds(s, ours.ours.contract_id)) == frozenset()
    kinds = ours.read(
        lambda s: s.scalars(
            select(JournalLine.kind).where(JournalLine.object == act).order_by(JournalLine.seq)
        ).all()
    )
    assert kinds == ["act_recorded", "act_taken_back"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("held_on", ""),
        ("held_on", "2999-01-01"),
        ("held_on", "hier"),
        ("body_name", " "),
        ("body_name", "x" * 161),
        ("outcome", "adopte"),
        ("outcome", ""),
        ("stage", "jamais"),
        ("stage", "signature"),
        ("establishment", "a" * 26),
        ("source", "é" * 5001),
    ],
)
def test_what_cannot_be_recorded_gives_the_words_back(ours: World, field: str, value: str) -> None:
    words = {"source": "Des mots à garder."} | {field: value}
    sent = ours.client("director").send(f"{here(ours)}/nouveau", **typed(ours, **words))
    assert sent.status_code == 422
    assert 'aria-invalid="true"' in sent.get_data(as_text=True) or "field--invalid" in sent.get_data(
        as_text=True
    )
    assert words["source"] in sent.get_data(as_text=True)


def test_a_day_is_written_as_people_write_it_where_there_is_no_calendar(ours: World) -> None:
    year, month, day = DAY.split("-")
    sent = ours.client("director").send(
        f"{here(ours)}/nouveau", **typed(ours, held_on=f"{day}/{month}/{year}")
    )
    assert sent.status_code == 303
    assert ours.read(lambda s: s.scalars(select(FormalAct.held_on)).one()).isoformat() == DAY


def test_the_list_goes_on_by_stage_and_date(ours: World) -> None:
    today = clock.paris(clock.now()).date()
    stages = [Stage.DIAGNOSTIC, Stage.OPINIONS, Stage.LAUNCH]

    def many(session: Session) -> None:
        session.get_one(Contract, ours.ours.contract_id).stage = Stage.OPINIONS
        for number in range(45):
            day = today - timedelta(days=number % 7)
            an_act(session, ours.ours, command=new_act(held_on=day, stage=stages[number % 3]))

    ours.do(many)

    def pages(session: Session) -> list[tuple[str, Stage, date]]:
        seen, before = [], None
        while True:
            found, before = queries.page(session, ours.ours.contract_id, before=before)
            seen += [(one.id, one.now.stage, one.now.held_on) for one in found]
            if before is None:
                return seen

    seen = ours.read(pages)
    assert len({one[0] for one in seen}) == 45
    order = [(list(Stage).index(stage), day) for _id, stage, day in seen]
    assert order == sorted(order, reverse=True)
    page = ours.client("resident").see(here(ours))
    assert "Voir les actes plus anciens" in page.words


def test_the_contract_leads_to_its_acts(ours: World) -> None:
    page = ours.client("resident").see(f"/contrats/{ours.ours.contract_id}")
    assert page.tree.xpath(f"//a[@href='{here(ours)}']")


def test_a_refusal_says_who_records(ours: World) -> None:
    with pytest.raises(RefusedError) as refused:
        ours.do(lambda s: an_act(s, ours.ours, "resident"))
    assert refused.value.code == "role"


def test_the_page_asks_as_little_for_many_acts_as_for_two(ours: World) -> None:
    client = ours.client("director")

    def asked() -> int:
        client.see(here(ours))
        with questions() as seen:
            client.see(here(ours))
        return len(seen)

    ours.do(lambda s: [an_act(s, ours.ours) for _ in range(2)])
    few = asked()
    ours.do(lambda s: [an_act(s, ours.ours) for _ in range(15)])
    assert asked() == few <= 8
