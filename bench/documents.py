"""How long a very long document takes, and whether the rest of the portal goes on meanwhile.

    python bench/documents.py

Control: the same work held by one who lets nobody else go on must be seen.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.documents import docx, pdf
from portal.documents.plain import Data, plain
from portal.domain.construction.blocks import Difference, Document, Seal, Section, Table
from portal.domain.texts.changes import Change
from portal.kernel.speech import say
from portal.languages import language

BEAT = 0.005
PASSAGES, ROWS, COLUMNS = 60, 1000, 5
WORDS = "Le dîner est servi à dix-neuf heures dans la salle. " * 40


def long_document() -> Data:
    changes = ((Change("kept", WORDS), Change("added", WORDS), Change("removed", WORDS)),)
    rows = tuple(tuple("Un mot ou deux" for _ in range(COLUMNS)) for _ in range(ROWS))
    head = tuple(say("Groupe") for _ in range(COLUMNS))
    passages = Section(
        "passages", say("Les désaccords"), tuple(Difference(WORDS, changes) for _ in range(PASSAGES))
    )
    table = Section("table", say("Les pauses"), (Table(say("Les pauses"), head, rows),))
    document = Document(
        say("Le calendrier"),
        "Contrat",
        say("Tout le contrat"),
        date(2026, 11, 22),
        (passages, table),
        Seal(1, "a" * 64),
    )
    return plain(document, language("fr"))


def beside(work: Callable[[], object]) -> tuple[float, float]:
    """The seconds that the work took, and the share of beats that others had meanwhile."""
    beats, over = [0], threading.Event()

    def heart() -> None:
        while not over.is_set():
            beats[0] += 1
            time.sleep(BEAT)

    other = threading.Thread(target=heart)
    other.start()
    beats[0], begun = 0, time.perf_counter()
    work()
    took = time.perf_counter() - begun
    found = beats[0]
    over.set()
    other.join()
    return took, found / max(took / BEAT, 1)


def hold() -> None:
    """One who lets nobody else go on, as long as a file takes."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(10)
    try:
        end = time.perf_counter() + 1
        while time.perf_counter() < end:
            pass
    finally:
        sys.setswitchinterval(before)


def main() -> int:
    data = long_document()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        print(f"pages : {pdf.pages(data, place)}")
        for name, work in (
            ("pdf", lambda: pdf.pdf(data, place)),
            ("docx", lambda: docx.docx(data, lambda _bars: b"")),
        ):
            took, share = beside(work)
            print(f"{name} : {took:.2f} s, les autres avancent {share:.0%} du temps")
    _took, share = beside(hold)
    print(f"contrôle, quelqu’un qui retient tout : {share:.0%}")
    return 0 if share < 0.2 else 1


if __name__ == "__main__":
    raise SystemExit(main())
