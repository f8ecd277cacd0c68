"""The formal acts of the demonstration are recorded by who may, each with what its body said."""

from __future__ import annotations

from portal.demo.acts import one_line
from portal.domain.acts.documents import checked


def test_the_document_of_an_act_is_a_document() -> None:
    made = one_line("Relevé de conclusions (inventé)")
    assert checked("avis.pdf", made).content == made
    start = int(made.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert made[start:].startswith(b"xref\n0 6\n")
    places = [int(line[:10]) for line in made[start:].split(b"\n")[3:8]]
    assert [made[place : place + 7] for place in places] == [b"%d 0 obj" % number for number in range(1, 6)]
