"""The documents of the demonstration stand where the file says, with what each is shown by."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from portal.domain.documents.models import Change, Document, DocumentFile, DocumentVersion, Subject
from portal.kernel.files.kinds import FileKind


def test_four_documents_are_attached_and_one_has_two_versions(seeded) -> None:
    def work(session: Session):
        files = select(DocumentFile).options(undefer(DocumentFile.preview), undefer(DocumentFile.content))
        return (
            {one.subject: one for one in session.scalars(select(Document))},
            {one.id: one for one in session.scalars(files)},
            list(session.scalars(select(DocumentVersion).order_by(DocumentVersion.number))),
        )

    documents, files, versions = seeded(work)
    kinds = {subject: files[one.file_id].kind for subject, one in documents.items()}
    assert kinds == {
        Subject.CONTRACT: FileKind.PDF,
        Subject.OBJECTIVE: FileKind.PNG,
        Subject.FINDING: FileKind.CSV,
        Subject.STAGE: FileKind.TXT,
    }
    assert documents[Subject.STAGE].summary == ""
    assert all(one.summary for subject, one in documents.items() if subject is not Subject.STAGE)
    assert versions[-1].change is Change.REPLACED
    assert versions[-1].document_id == documents[Subject.FINDING].id
    assert {one.kind for one in files.values() if one.preview} == {FileKind.PDF, FileKind.PNG}
    assert all(one.words for one in files.values() if one.kind is not FileKind.PNG)
