"""What goes out comes back the same, in each format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents import reading, tables
from portal.domain.imports import cells
from portal.domain.imports.building import Context
from portal.domain.imports.columns import Column, recognised
from portal.domain.imports.outgoing import ACTIONS, PLAN, Out, Sheet, plan_sheet
from portal.domain.imports.pieces import Piece, PieceKind, Understood
from portal.domain.imports.source import Format
from portal.domain.imports.understanding import understand
from portal.domain.objectives.models import Financing, Priority, State

C, K = Column, PieceKind
EXTENSIONS = {Format.XLSX: "xlsx", Format.ODS: "ods", Format.CSV: "csv", Format.DOCX: "docx"}
LETTERS = "abcdeéèàùçœ0123456789 ’'«»%€&<>\"=+@()[]/;,.!?-–_#*"


def line(most: int) -> st.SearchStrategy[str]:
    """Words as people type them on a line: they begin with a capital, formulas and signs of all kinds stand in them."""
    rest = st.text(LETTERS, max_size=most - 2).map(lambda words: " ".join(words.split()))
    return st.builds(lambda first, more: f"{first}{more}", st.sampled_from("ABCÉŒM"), rest)


def words() -> st.SearchStrategy[str]:
    """A text of some paragraphs."""
    return st.lists(line(80), min_size=1, max_size=3).map("\n\n".join)


DAYS = st.dates(date(2026, 1, 1), date(2032, 12, 31))
REASON = st.sampled_from(("Le médecin attendu n’est pas arrivé.", "Faute de candidats depuis un an."))


@st.composite
def an_action(draw: st.DrawFn) -> Mapping[Column, str]:
    state = draw(st.sampled_from(State))
    first = draw(st.none() | DAYS)
    last = draw(st.none() | st.dates(first or date(2026, 1, 1), date(2033, 1, 1)))
    money = draw(st.sampled_from(Financing))
    said = {
        C.ACTION: draw(line(200)),
        C.LEAD: draw(st.just("") | line(100)),
        C.TEAM: draw(st.just("") | line(100)),
        C.PARTNERS: draw(st.just("") | line(100)),
        C.START: f"{first:%d/%m/%Y}" if first else "",
        C.END: f"{last:%d/%m/%Y}" if last else "",
        C.STATE: state.label,
        C.WHY: draw(REASON) if state in (State.LATE, State.DROPPED) else "",
        C.MONEY: money.label,
        C.UNTIL: f"{draw(DAYS):%d/%m/%Y}" if money is Financing.FUNDED else "",
    }
    return {column: value for column, value in said.items() if value}


@st.composite
def an_objective(draw: st.DrawFn, title: str, branches: Mapping[Column, str]) -> Out:
    labels = draw(st.lists(line(100), max_size=3, unique_by=str.casefold))
    acting = draw(st.lists(an_action(), max_size=4, unique_by=lambda one: one[C.ACTION].casefold()))
    sheet = {
        C.OBJECTIVE: title,
        C.EXPECTED: draw(line(120)),
        C.PLAIN: draw(words()),
        C.TECHNICAL: draw(words()),
        C.PRIORITY: draw(st.sampled_from(Priority)).label,
        C.SCHEME: draw(st.just("") | line(100)),
        C.WATCH: draw(st.just("") | line(200)),
    }
    return Out(
        branches,
        {column: value for column, value in sheet.items() if value},
        acting,
        [
            {C.INDICATOR: label, C.INITIAL: draw(line(30)), C.TARGET: "30", C.YEARLY: "36 ; 34"}
            for label in labels
        ],
    )


@st.composite
def plans(draw: st.DrawFn) -> list[Out]:
    titles = draw(st.lists(line(120), min_size=1, max_size=5, unique_by=str.casefold))
    strategic = draw(st.lists(line(60), min_size=1, max_size=2, unique_by=str.casefold))
    plain = draw(st.just("") | line(80))
    top = {C.ORIENTATION: "Bien vivre ici", **({C.ORIENTATION_PLAIN: plain} if plain else {})}
    places: list[Mapping[Column, str]] = [{**top, C.STRATEGIC: one} for one in strategic]
    if draw(st.booleans()):
        places.append({})
    chosen = sorted((draw(st.integers(0, len(places) - 1)), title) for title in titles)
    return [draw(an_objective(title, places[place])) for place, title in chosen]


def returned(understood: Understood) -> list[Out]:
    """The plan that pieces say."""
    refs = understood.by_ref()
    under: dict[str, list[Piece]] = {}
    for one in understood.of(K.ACTION, K.LINE):
        under.setdefault(one.parent, []).append(one)
    return [_out(one, refs, under.get(one.ref, [])) for one in understood.of(K.OBJECTIVE)]


def _out(piece: Piece, refs: Mapping[str, Piece], under: Sequence[Piece]) -> Out:
    strategic = refs.get(piece.parent)
    branches: dict[Column, str] = {}
    if strategic is not None:
        top = refs[strategic.parent]
        branches = {C.ORIENTATION: top.text, C.STRATEGIC: strategic.text}
        if "plain" in top.said:
            branches[C.ORIENTATION_PLAIN] = top.said["plain"]
    names = {
        C.EXPECTED: "expected",
        C.PLAIN: "plain",
        C.TECHNICAL: "technical",
        C.SCHEME: "scheme",
        C.WATCH: "watch",
    }
    sheet = {C.OBJECTIVE: piece.text, C.PRIORITY: Priority(piece.said["priority"]).label}
    sheet |= {column: piece.said[name] for column, name in names.items() if name in piece.said}
    return Out(
        branches,
        sheet,
        [_action(one) for one in under if one.kind is K.ACTION],
        [
            {
                C.INDICATOR: one.text,
                C.INITIAL: one.said["initial"],
                C.TARGET: one.said["target"],
                C.YEARLY: one.said["yearly"],
            }
            for one in under
            if one.kind is K.LINE
        ],
    )


def _action(piece: Piece) -> Mapping[Column, str]:
    said = piece.said
    days = {
        name: f"{date.fromisoformat(said[name]):%d/%m/%Y}"
        for name in ("starts", "ends", "until")
        if name in said
    }
    found = {
        C.ACTION: piece.text,
        C.LEAD: said.get("lead", ""),
        C.TEAM: said.get("team", ""),
        C.PARTNERS: said.get("partners", ""),
        C.START: days.get("starts", ""),
        C.END: days.get("ends", ""),
        C.STATE: State(said.get("state", State.NOT_STARTED)).label,
        C.WHY: said.get("why", ""),
        C.MONEY: Financing(said.get("money", Financing.UNKNOWN)).label,
        C.UNTIL: days.get("until", ""),
    }
    return {column: found[column] for column in ACTIONS if found[column]}


def read_back(content: bytes, form: Format) -> Understood:
    return understand(reading.read(f"plan.{EXTENSIONS[form]}", content), Context())


@pytest.mark.parametrize("form", [Format.XLSX, Format.ODS, Format.CSV])
@given(out=plans())
@settings(max_examples=12)
def test_a_plan_that_goes_out_as_a_table_comes_back_the_same(form: Format, out: list[Out]) -> None:
    found = read_back(tables.write(plan_sheet(out), form, "Plan d’actions"), form)
    assert returned(found) == out
    assert not found.asides
    assert not [one.doubts for one in found.pieces if one.doubts]


@given(out=plans())
@settings(max_examples=6)
def test_a_plan_that_goes_out_as_a_document_comes_back_the_same(out: list[Out]) -> None:
    found = read_back(tables.write_plan(out, "Plan d’actions"), Format.DOCX)
    assert returned(found) == out
    assert [one.quote for one in found.asides if one.quote != "Plan d’actions"] == []


@pytest.mark.parametrize("form", list(EXTENSIONS))
def test_findings_come_back_the_same(form: Format) -> None:
    head = tuple(
        str(one.label) for one in (C.AXIS, C.FINDING_KIND, C.FINDING, C.PLAIN, C.TECHNICAL, C.EVIDENCE)
    )
    row = (
        "Finances",
        "Point à améliorer",
        "Le déficit se creuse.",
        "L’argent manque.",
        "CAF négative.\n\nFRNG faible.",
        "ERRD 2025",
    )
    found = read_back(tables.write(Sheet(head, (row,)), form, "Diagnostic"), form)
    (piece,) = found.pieces
    assert (piece.kind, piece.text) == (K.TO_IMPROVE, row[2])
    assert piece.said == {"plain": row[3], "technical": row[4], "evidence": row[5]}


@pytest.mark.parametrize("words", ["=SOMME(A1:A9)", "+33 1", "-5", "@nom", "'=a", '=HYPERLINK("http://x")'])
def test_no_cell_goes_out_as_a_formula(words: str) -> None:
    sheet = Sheet(("Objectif", "Action"), (("Dormir", words),))
    written = tables.write(sheet, Format.CSV, "Plan").decode("utf-8-sig").splitlines()[1]
    assert written.replace('"', "").startswith("Dormir;'")
    for form in (Format.XLSX, Format.ODS, Format.CSV):
        (found,) = reading.read(f"a.{EXTENSIONS[form]}", tables.write(sheet, form, "Plan")).parts
        assert found.rows[1].cells[1] == words  # type: ignore[union-attr]


def test_every_title_that_goes_out_is_known_when_it_comes_in() -> None:
    assert [recognised(str(one.label)) for one in Column] == list(Column)
    assert set(PLAN) <= set(Column)


def test_control_a_reader_that_forgets_dates_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    out = [Out({}, {C.OBJECTIVE: "Dormir"}, [{C.ACTION: "Former", C.END: "31/12/2027"}])]
    content = tables.write(plan_sheet(out), Format.CSV, "Plan")
    before = read_back(content, Format.CSV)
    monkeypatch.setattr(cells, "days", lambda _start, _end: ({}, []))
    assert read_back(content, Format.CSV) != before
    assert before.pieces[1].said["ends"] == "2027-12-31"
