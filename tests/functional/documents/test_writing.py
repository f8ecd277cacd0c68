"""Documents: who attaches what where, versions, what is removed and what stays of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.documents import queries, service
from portal.domain.documents.models import Change, Document, DocumentFile, DocumentVersion, Subject
from portal.domain.documents.rules import MAX_BESIDE, Presented
from portal.domain.facts import FactKind
from portal.domain.journal.models import JournalLine
from portal.domain.participants.models import Participant
from portal.domain.spaces import service as spaces
from portal.domain.spaces.models import Space
from portal.kernel.errors import InvalidError, NotFoundError, RefusedError, StaleError
from tests.conftest import World
from tests.factories.documents import SUMMARY, TITLE, a_document, cleaned, place
from tests.factories.indicators import follow_indicators
from tests.factories.lifecycle import an_authority
from tests.factories.world import a_space

WHY = "Le plan a changé."


def where(world: World, subject: Subject) -> str:
    """The id of a thing of our contract."""
    house = world.ours
    if subject is Subject.INDICATOR:
        return world.do(lambda s: follow_indicators(s, house, "etp-vacants")[0])
    return {
        Subject.CONTRACT: house.contract_id,
        Subject.OBJECTIVE: house.objectives[0],
        Subject.FINDING: house.items[0],
        Subject.STAGE: "diagnostic",
        Subject.REVIEW: "mi-parcours",
        Subject.SPACE: house.space_id,
    }[subject]


def attach(world: World, subject: Subject = Subject.CONTRACT, who: str = "director", **more) -> str:
    beside = place(world.ours, subject, where(world, subject))
    return world.do(lambda s: a_document(s, world.ours, beside, who=who, **more))


def row(world: World, document: str) -> Document:
    return world.read(lambda s: s.get_one(Document, document))


def versions(world: World, document: str) -> list[DocumentVersion]:
    query = select(DocumentVersion).where(DocumentVersion.document_id == document)
    return world.read(lambda s: list(s.scalars(query.order_by(DocumentVersion.number))))


def files(world: World) -> list[DocumentFile]:
    return world.read(lambda s: list(s.scalars(select(DocumentFile))))


def lines(world: World) -> list[str]:
    kinds = [one.value for one in FactKind if one.value.startswith("document_")]
    query = select(JournalLine.kind).where(JournalLine.kind.in_(kinds)).order_by(JournalLine.seq)
    return world.read(lambda s: list(s.scalars(query)))


@pytest.mark.parametrize("subject", list(Subject))
@pytest.mark.parametrize("who", ["director", "deputy"])
def test_a_document_is_attached_to_anything_that_one_writes(world: World, subject: Subject, who: str) -> None:
    found = row(world, attach(world, subject, who))
    assert (found.subject, found.title, found.summary, found.version) == (subject, TITLE, SUMMARY, 1)
    assert lines(world) == ["document_attached"]


@pytest.mark.parametrize("subject", list(Subject))
@pytest.mark.parametrize("who", ["resident", "family", "moderator", "manager"])
def test_nobody_else_attaches(world: World, subject: Subject, who: str) -> None:
    beside = place(world.ours, subject, where(world, subject))
    with pytest.raises(RefusedError):
        world.do(lambda s: a_document(s, world.ours, beside, who=who))
    assert (lines(world), files(world)) == ([], [])


def test_an_authority_attaches_to_its_own_findings_only(world: World) -> None:
    def join(session) -> None:
        ars = an_authority(session, world.ours.contract_id, "ARS des Rives")
        session.get_one(Participant, world.ours["authority"].id).authority_id = ars

    world.do(join)
    for subject in (Subject.FINDING, Subject.OBJECTIVE, Subject.CONTRACT, Subject.SPACE):
        with pytest.raises(RefusedError):
            attach(world, subject, "authority")
    assert files(world) == []


@pytest.mark.parametrize(
    ("subject", "other"),
    [
        (Subject.OBJECTIVE, lambda w: w.other.objectives[0]),
        (Subject.OBJECTIVE, lambda w: w.ours.items[0]),
        (Subject.FINDING, lambda w: w.ours.objectives[0]),
        (Subject.SPACE, lambda w: w.other.space_id),
        (Subject.CONTRACT, lambda w: w.other.contract_id),
        (Subject.STAGE, lambda w: "toujours"),
        (Subject.REVIEW, lambda w: "diagnostic"),
        (Subject.INDICATOR, lambda w: w.ours.items[0]),
    ],
)
def test_what_is_not_of_the_contract_has_no_documents(world: World, subject: Subject, other) -> None:
    with pytest.raises(NotFoundError):
        world.do(lambda s: a_document(s, world.ours, place(world.ours, subject, other(world))))


@pytest.mark.parametrize(
    ("title", "summary", "fields"),
    [
        ("", SUMMARY, {"title"}),
        ("a" * 161, SUMMARY, {"title"}),
        (TITLE, "a" * 301, {"summary"}),
        ("", "a" * 301, {"title", "summary"}),
    ],
)
def test_its_name_is_asked_and_its_sentence_is_short(
    world: World, title: str, summary: str, fields: set[str]
) -> None:
    with pytest.raises(InvalidError) as refused:
        attach(world, title=title, summary=summary)
    assert set(refused.value.errors) == fields
    assert files(world) == []


def test_its_sentence_may_be_written_later(world: World) -> None:
    found = attach(world, summary="")
    director = world.ours["director"].actor
    world.do(
        lambda s: service.describe(s, director, world.ours.contract_id, found, Presented(TITLE, SUMMARY), 1)
    )
    assert row(world, found).summary == SUMMARY
    assert [one.change for one in versions(world, found)] == [Change.ATTACHED, Change.DESCRIBED]
    with pytest.raises(InvalidError):
        world.do(
            lambda s: service.describe(
                s, director, world.ours.contract_id, found, Presented(TITLE, SUMMARY), 2
            )
        )
    assert len(files(world)) == 1


def test_a_new_file_is_the_next_version_and_the_former_stays(world: World) -> None:
    found, director = attach(world), world.ours["director"].actor
    contract = world.ours.contract_id
    world.do(lambda s: service.replace(s, director, contract, found, cleaned(b"neuf"), WHY, 1))
    assert [(one.number, one.change, one.reason) for one in versions(world, found)] == [
        (1, Change.ATTACHED, ""),
        (2, Change.REPLACED, WHY),
    ]
    read = world.read(lambda s: [queries.file(s, found, number).content for number in (1, 2)])
    assert read == [b"Le plan des travaux.", b"neuf"]
    world.do(lambda s: service.restore(s, director, contract, found, 1, 2))
    last = versions(world, found)[-1]
    assert (last.number, last.change, last.was, last.file_id) == (
        3,
        Change.RESTORED,
        1,
        versions(world, found)[0].file_id,
    )
    assert len(files(world)) == 2
    assert lines(world) == ["document_attached", "document_replaced", "document_replaced"]


def test_the_same_file_and_a_silent_change_are_refused(world: World) -> None:
    found, director, contract = attach(world), world.ours["director"].actor, world.ours.contract_id
    for file, reason, field in ((cleaned(), WHY, "document"), (cleaned(b"neuf"), "", "reason")):
        with pytest.raises(InvalidError) as refused:
            world.do(
                lambda s, file=file, reason=reason: service.replace(
                    s, director, contract, found, file, reason, 1
                )
            )
        assert set(refused.value.errors) == {field}
    assert len(files(world)) == 1


def test_who_comes_second_is_told(world: World) -> None:
    found, director, contract = attach(world), world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: service.replace(s, director, contract, found, cleaned(b"neuf"), WHY, 1))
    for act in (
        lambda s: service.replace(s, director, contract, found, cleaned(b"autre"), WHY, 1),
        lambda s: service.describe(s, director, contract, found, Presented("Autre", ""), 1),
        lambda s: service.restore(s, director, contract, found, 1, 1),
        lambda s: service.remove(s, director, contract, found, WHY, 1),
    ):
        with pytest.raises(StaleError) as refused:
            world.do(act)
        assert refused.value.current == 2


def test_removing_erases_every_file_and_leaves_the_reason(world: World) -> None:
    found, director, contract = attach(world), world.ours["director"].actor, world.ours.contract_id
    world.do(lambda s: service.replace(s, director, contract, found, cleaned(b"neuf"), WHY, 1))
    with pytest.raises(InvalidError):
        world.do(lambda s: service.remove(s, director, contract, found, " ", 2))
    world.do(lambda s: service.remove(s, director, contract, found, "Une photo montrait un visage.", 2))
    kept = row(world, found)
    assert (kept.title, kept.summary, kept.file_id) == (TITLE, "", None)
    assert kept.removed_reason == "Une photo montrait un visage."
    assert kept.removed_at is not None
    assert files(world) == []
    assert [(one.file_id, bool(one.sha256), one.size > 0) for one in versions(world, found)] == [
        (None, True, True)
    ] * 2
    assert lines(world)[-1] == "document_removed"
    with pytest.raises(StaleError):
        world.do(lambda s: service.replace(s, director, contract, found, cleaned(b"encore"), WHY, 2))


def test_a_document_of_a_closed_space_is_only_removed(world: World) -> None:
    house = world.ours
    space = world.do(lambda s: a_space(s, house))
    director = house["director"].actor
    found = world.do(lambda s: a_document(s, house, place(house, Subject.SPACE, space)))
    world.do(lambda s: spaces.end(s, director, space, "Nous avons tout entendu."))
    world.do(lambda s: spaces.close(s, director, s.get_one(Space, space), ""))
    with pytest.raises(RefusedError):
        world.do(lambda s: a_document(s, house, place(house, Subject.SPACE, space)))
    world.do(lambda s: service.remove(s, director, house.contract_id, found, WHY, 1))


def test_there_is_a_most(world: World) -> None:
    for number in range(MAX_BESIDE):
        attach(world, title=f"Document {number}")
    with pytest.raises(InvalidError, match=str(MAX_BESIDE)):
        attach(world)


def test_a_contract_holds_so_much_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.domain.documents.rules.MAX_WHOLE", 30)
    attach(world)
    with pytest.raises(InvalidError) as refused:
        attach(world)
    assert set(refused.value.errors) == {"document"}


def test_the_bytes_are_not_read_with_the_list(world: World) -> None:
    attach(world)
    (kept,) = files(world)
    assert not {"content", "preview"} & set(kept.__dict__)


def test_the_document_of_another_contract_is_none_of_ours(world: World) -> None:
    found, other = attach(world), world.other
    with pytest.raises(NotFoundError):
        world.do(lambda s: service.remove(s, other["director"].actor, other.contract_id, found, WHY, 1))
