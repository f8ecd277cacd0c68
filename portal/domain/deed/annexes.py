"""What comes with the contract: the documents that are attached to it, and how it was built, by reference."""

from __future__ import annotations

from portal import paths
from portal.domain.construction.blocks import Block, Paragraph, Seal, Section, Table
from portal.domain.deed.gathered import Gathered
from portal.domain.deed.words import MORE
from portal.domain.documents import queries, subjects
from portal.domain.documents.models import Subject
from portal.domain.documents.queries import MOST, DocumentView
from portal.kernel.dates import day_label
from portal.kernel.speech import capital, number_words, say

# Documents of spaces are for who reads those spaces: the widest reader may not know of them.
OPEN = tuple(one for one in Subject if one is not Subject.SPACE)


def papers(src: Gathered) -> Section | None:
    """The documents that every member may open, with what each holds; None without any."""
    found = queries.of_subjects(src.session, src.contract_id, OPEN)
    if not found:
        return None
    names = subjects.titles(src.session, src.contract_id, ((one.subject, one.object_id) for one in found))
    rows = tuple(
        (one.title, one.summary, _beside(one, names.get((one.subject, one.object_id), "")), day_label(one.at))
        for one in found
    )
    head = (say("Document"), say("Ce qu’il contient"), say("Joint à"), say("Le"))
    blocks: list[Block] = [
        Paragraph(say("Ces documents se lisent sur le portail.")),
        Table(say("Les documents joints"), head, rows, (3, 4, 3, 2)),
    ]
    if len(found) == MOST:
        blocks.append(Paragraph(MORE))
    return Section("documents-joints", say("Les documents joints"), tuple(blocks))


def _beside(one: DocumentView, title: str) -> str:
    if one.subject is Subject.CONTRACT or not title:
        return capital(one.subject.label)
    return say("%(what)s\u00a0: %(title)s", what=capital(one.subject.label), title=title)


def built(src: Gathered, seal: Seal) -> Section:
    """Where the account of how it was built is read, and on which line of the register this stands."""
    where = say(
        "Le récit de la construction de ce contrat se lit, et s’emporte en PDF ou en texte, à l’adresse %(address)s",
        address=f"{src.portal}{paths.contract(src.contract_id)}/construction",
    )
    line = say(
        "Quand ce document a été fait, le registre du contrat en était à la ligne %(seq)s. "
        "Empreinte de cette ligne\u00a0: %(hash)s",
        seq=number_words(seal.seq),
        hash=seal.hash,
    )
    return Section(
        "construction",
        say("Comment ce contrat a été construit"),
        (Paragraph(where), Paragraph(line, quiet=True)),
    )
