"""What is looked up: entries, their words, and how far the journal of each contract was read.

The index decides nothing: whatever it finds is asked again of what it stands for, with the rights of who asks.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import Word, moment
from portal.kernel.ids import ID_LENGTH
from portal.kernel.speech import say
from portal.vocabulary import Labelled


class Kind(Labelled):
    """What a result is; the value is its word in addresses."""

    OBJECTIVE = "objectif", say("Objectifs")
    FINDING = "constat", say("Constats")
    ACTION = "action", say("Actions")
    INDICATOR = "indicateur", say("Indicateurs")
    BLOCK = "trame", say("Textes de la trame")
    PART = "partie-de-trame", say("Parties de trame en discussion")
    DOCUMENT = "document", say("Documents")
    CONTRIBUTION = "contribution", say("Contributions publiées")
    ANSWER = "reponse", say("Réponses")
    BRANCH = "orientation", say("Orientations et objectifs stratégiques")
    COMMITMENT = "contrat-d-avant", say("Engagements du contrat d’avant")
    WORD = "glossaire", say("Mots expliqués")


class SearchScope(Base):
    """Who reads what is in it: all members of a contract, or those who read one of its spaces."""

    __tablename__ = "search_scope"
    __table_args__ = (UniqueConstraint("contract_id", "space_id"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    space_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")


class SearchState(Base):
    """How far a contract is looked up: `seq` of its journal, and where its first reading is (`building`, empty when done)."""

    __tablename__ = "search_state"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    building: Mapped[str] = mapped_column(String(80), default="")


class SearchEntry(Base):
    """One thing that can be found; `owner_id` is what it is read anew with (an action: its objective).

    `folded` holds its words in their order, without accents, for words that are asked for exactly. `version`
    is the one whose words these are: another one is not found by them.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("contract_id", "kind", "object_id"),
        Index("ix_search_entry_owner", "owner_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id"))
    scope: Mapped[int] = mapped_column(ForeignKey("search_scope.number"))
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    object_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    owner_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    version: Mapped[int]
    at: Mapped[moment]
    digest: Mapped[str] = mapped_column(String(64))
    folded: Mapped[str] = mapped_column(Text)


class SearchWord(Base):
    """A stem of an entry and how much it counts there. The scope comes first: what is not readable is not even walked over."""

    __tablename__ = "search_word"
    __table_args__ = (Index("ix_search_word_entry", "entry"), {"sqlite_with_rowid": False})

    scope: Mapped[int] = mapped_column(
        ForeignKey("search_scope.number"), primary_key=True, autoincrement=False
    )
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    entry: Mapped[int] = mapped_column(ForeignKey("search_entry.id"), primary_key=True, autoincrement=False)
    weight: Mapped[int]


class SearchPaper(Base):
    """The words of the file of a document, the first ones; gone with the document. `tried_at`: read, even in vain."""

    __tablename__ = "search_paper"

    # Files are erased by who removes a document: their words go in the same write.
    file_id: Mapped[str] = mapped_column(ForeignKey("document_file.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text, default="")
    tried_at: Mapped[moment]
