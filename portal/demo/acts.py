"""The formal acts of the demonstration, recorded by fictional people, with a document made here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.acts import service
from portal.domain.acts.documents import checked
from portal.domain.acts.models import ActOutcome
from portal.domain.acts.service import NewAct
from portal.kernel import clock
from portal.vocabulary import ActKind, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.demo.words import Play

HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
CATALOGUE = "<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>"
PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    "/Resources << /Font << /F1 5 0 R >> >> >>"
)


def record(
    play: Play, contract_id: str, places: Mapping[str, str], entries: Iterable[Mapping[str, Any]]
) -> None:
    """Record these acts, each on its day; « document » is the one line that its document says."""
    for entry in entries:
        at = play.moment(entry["jour"], entry["heure"])
        line = entry.get("document")
        command = NewAct(
            kind=word(ActKind, entry["sorte"]),
            stage=word(Stage, entry["etape"]),
            held_on=clock.paris(at).date() - timedelta(days=entry["jours_avant"]),
            body=entry["instance"],
            establishment_id=places[entry["etablissement"]] if "etablissement" in entry else None,
            outcome=word(ActOutcome, entry["dit"]),
            source=entry["texte"],
            document=checked("document.pdf", one_line(line)) if line else None,
        )
        service.record(play.session, play.people[entry["par"]].actor, contract_id, command, at=at)


def one_line(words: str) -> bytes:
    """A PDF of one page that says these words."""
    said = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252", "replace")
    drawn = b"BT /F1 14 Tf 60 760 Td (" + said + b") Tj ET"
    parts = [
        CATALOGUE.encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE.encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        HELVETICA.encode(),
    ]
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return bytes(written)
