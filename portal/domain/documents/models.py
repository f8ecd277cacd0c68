"""Documents as they read now, each of their versions, and their files; a removed document keeps its place, not its files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import UtcDateTime, Word, moment, public_id
from portal.kernel.files.kinds import FileKind
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class Subject(Labelled):
    """What a document is beside; the value is its word in addresses."""

    CONTRACT = "contrat", say("le contrat")
    OBJECTIVE = "objectif", say("un objectif")
    FINDING = "constat", say("un constat")
    INDICATOR = "indicateur", say("un indicateur")
    STAGE = "etape", say("une étape")
    REVIEW = "bilan", say("un bilan")
    SPACE = "espace", say("un espace d’échange")


class Change(Labelled):
    """What made a version of a document."""

    ATTACHED = "joint", say("joint")
    REPLACED = "remplace", say("nouveau fichier")
    DESCRIBED = "presente", say("présentation récrite")
    RESTORED = "repris", say("version reprise")


class Document(Base):
    """A document beside one subject of a contract (`object_id`: an id, or the value of a stage or a review).

    `cleaned_at` says since when the files of the database hold nothing of what was removed.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_place", "contract_id", "subject", "object_id", "at"),
        Index("ix_document_list", "contract_id", "at", "id"),
    )

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    subject: Mapped[Subject] = mapped_column(Word(Subject))
    object_id: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str] = mapped_column(String(300))
    file_id: Mapped[str | None] = mapped_column(ForeignKey("document_file.id"))
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[moment]
    by_function: Mapped[str] = mapped_column(String(120))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by: Mapped[str] = mapped_column(String(120), default="")
    removed_reason: Mapped[str] = mapped_column(String(300), default="")
    cleaned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DocumentVersion(Base):
    """A document as it read from one day on; `was` is the version that was taken again."""

    __tablename__ = "document_version"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change: Mapped[Change] = mapped_column(Word(Change))
    was: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(160))
    summary: Mapped[str] = mapped_column(String(300))
    file_id: Mapped[str | None] = mapped_column(ForeignKey("document_file.id"))
    # What the file was stays known once it is gone.
    kind: Mapped[FileKind] = mapped_column(Word(FileKind))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(300))
    by_participant: Mapped[str] = mapped_column(String(ID_LENGTH))
    by_function: Mapped[str] = mapped_column(String(120))
    at: Mapped[moment]


class DocumentFile(Base):
    """The bytes of a version, read only to hand them over; `left` and `told` are lists of words."""

    __tablename__ = "document_file"

    id: Mapped[public_id]
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), index=True)
    kind: Mapped[FileKind] = mapped_column(Word(FileKind))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    left: Mapped[str] = mapped_column(String(120))
    told: Mapped[str] = mapped_column(String(120))
    has_preview: Mapped[bool]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    preview: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
